import type { Json } from '../json.ts';
import { isObject, textAt } from '../json.ts';
import { post } from '../messages.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { StoredFile, Workspace } from '../workspace.ts';
import { newId, seconds } from '../workspace.ts';
import { contentOf } from './chat.ts';
import type { Method } from './method.ts';
import { integer, ownChannel } from './method.ts';

/** The three steps of an upload: a URL, the bytes to that URL (`receiveUpload`), the completion that shares it. */
export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': (ws, args) => {
    const length = integer(args, 'length', 0);
    if (length < 1) return refuse('invalid_arguments', oneMessage('length must be at least 1'));
    const file: StoredFile = {
      id: newId(ws, 'F'),
      name: textAt(args, 'filename'),
      title: textAt(args, 'filename'),
      userId: ws.app.userId,
      createdAt: ws.clock.now(),
      length,
      content: null,
      isComplete: false,
      channels: [],
    };
    ws.files.set(file.id, file);
    return { upload_url: `${ws.baseUrl}/upload/${file.id}`, file_id: file.id };
  },
  'files.completeUploadExternal': complete,
  'files.info': (ws, args) => {
    const file = ws.files.get(textAt(args, 'file'));
    if (!file?.isComplete) return refuse('file_not_found');
    return { file: fileJson(ws, file), comments: [], response_metadata: { next_cursor: '' } };
  },
};

function complete(ws: Workspace, args: Json): Json {
  const wanted = Array.isArray(args.files) ? args.files.filter(isObject) : [];
  if (wanted.length === 0)
    return refuse('invalid_arguments', oneMessage('files must name at least one file'));
  const files = wanted.map((one) => {
    const file = ws.files.get(textAt(one, 'id'));
    if (!file || file.content === null) return refuse('file_not_found');
    if (file.isComplete) return refuse('file_already_completed');
    return { file, title: textAt(one, 'title') || file.name };
  });
  const channel = args.channel_id === undefined ? null : ownChannel(ws, args, 'channel_id');
  const { blocks } = contentOf(args, LIMITS.postTextLength);
  for (const { file, title } of files) Object.assign(file, { isComplete: true, title });
  if (channel) {
    for (const { file } of files) file.channels.push(channel.id);
    post(ws, channel, {
      userId: ws.app.userId,
      botId: ws.app.botId,
      appId: ws.app.id,
      subtype: 'file_share',
      text: textAt(args, 'initial_comment'),
      blocks,
      threadTs: textAt(args, 'thread_ts') || undefined,
      files: files.map(({ file }) => fileJson(ws, file)),
    });
  }
  return { files: files.map(({ file }) => fileJson(ws, file)) };
}

function oneMessage(message: string): Json {
  return { response_metadata: { messages: [`[ERROR] ${message}`] } };
}

/**
 * Takes the bytes that were announced. Multipart (as web-api sends them) and raw bodies are understood.
 * Returns the HTTP status: 404 for an unknown upload, 400 when the length is not the announced one.
 */
export function receiveUpload(ws: Workspace, id: string, body: Buffer, contentType: string): number {
  const file = ws.files.get(id);
  if (!file || file.isComplete) return 404;
  const content = contentType.startsWith('multipart/') ? firstPart(body, contentType) : body;
  if (content === null || content.length !== file.length) return 400;
  file.content = content;
  return 200;
}

function firstPart(body: Buffer, contentType: string): Buffer | null {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const start = body.indexOf('\r\n\r\n');
  if (!boundary || start < 0) return null;
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return end < 0 ? null : body.subarray(start + 4, end);
}

/** A file as messages and `files.info` show it. */
export function fileJson(ws: Workspace, file: StoredFile): Json {
  const extension = file.name.includes('.') ? file.name.slice(file.name.lastIndexOf('.') + 1) : 'text';
  const url = `${ws.baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: seconds(file.createdAt),
    timestamp: seconds(file.createdAt),
    name: file.name,
    title: file.title,
    mimetype: 'text/plain',
    filetype: extension,
    pretty_type: extension,
    user: file.userId,
    user_team: ws.team.id,
    editable: false,
    size: file.length,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: url,
    url_private_download: url,
    permalink: `https://${ws.team.domain}.slack.com/files/${file.userId}/${file.id}/${encodeURIComponent(file.name)}`,
    permalink_public: '',
    has_rich_preview: false,
    file_access: 'visible',
    channels: file.channels,
    groups: [],
    ims: [],
    comments_count: 0,
  };
}
