import { blockErrors } from '../blockkit.ts';
import type { Json } from '../json.ts';
import { compact, isObject, textAt } from '../json.ts';
import { edit, findMessage, messageJson, permalink, post, remove } from '../messages.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { Channel, Message, Workspace } from '../workspace.ts';
import { nextTs } from '../workspace.ts';
import type { Method } from './method.ts';
import { flag, messageAt, objectList, ownChannel, seenChannel } from './method.ts';

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel', 'is_inactive');
    const message = messageAt(channel, textAt(args, 'ts'));
    if (!isOwn(ws, message)) return refuse('cant_delete_message');
    remove(ws, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': (ws, args) => {
    const channel = seenChannel(ws, args);
    const message = messageAt(channel, textAt(args, 'message_ts'));
    return { channel: channel.id, permalink: permalink(ws, channel, message) };
  },
};

/** Text and blocks as a message is made of them. `blocks` is undefined where the caller sent none. */
interface Content {
  text: string;
  blocks: Json[] | undefined;
}

/** Judges what a message consists of; the same rules hold for posts, updates, ephemerals and response URLs. */
export function contentOf(args: Json, textLengthMax: number): Content {
  const markdown = textAt(args, 'markdown_text');
  const text = textAt(args, 'text');
  if (markdown && (text || args.blocks !== undefined)) return refuse('markdown_text_conflict');
  if (markdown.length > LIMITS.markdownTextLength) return refuse('msg_too_long');
  if (text.length > textLengthMax) return refuse('msg_too_long');
  if (objectList(args.attachments).length > LIMITS.attachments) return refuse('too_many_attachments');
  const blocks = args.blocks === undefined ? undefined : objectList(args.blocks);
  const errors = blockErrors(blocks ?? [], 'message');
  if (errors.length > 0) return refuse('invalid_blocks', { errors, response_metadata: { messages: errors } });
  return { text: text || markdown, blocks };
}

/** Message metadata, checked; undefined where none was sent, null where `{}` clears it. */
function metadataOf(args: Json): Json | null | undefined {
  const metadata = args.metadata;
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) return refuse('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return null;
  if (textAt(metadata, 'event_type') === '' || !isObject(metadata.event_payload)) {
    return refuse('invalid_metadata_schema');
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > LIMITS.metadataBytes) return refuse('metadata_too_large');
  return metadata;
}

function isOwn(ws: Workspace, message: Message): boolean {
  return message.botId === ws.app.botId;
}

/** Threads hang on a parent that exists and is no reply itself. */
function threadOf(channel: Channel, args: Json): string | undefined {
  const threadTs = textAt(args, 'thread_ts');
  if (!threadTs) return undefined;
  const parent = findMessage(channel, threadTs);
  return parent && parent.threadTs === null ? threadTs : refuse('cannot_reply_to_message');
}

function postMessage(ws: Workspace, args: Json): Json {
  const channel = postable(ws, args);
  const { text, blocks } = contentOf(args, LIMITS.postTextLength);
  if (!text && !blocks?.length && !objectList(args.attachments).length) return refuse('no_text');
  const message = post(ws, channel, {
    userId: ws.app.userId,
    botId: ws.app.botId,
    appId: ws.app.id,
    text,
    blocks,
    metadata: metadataOf(args) ?? undefined,
    threadTs: threadOf(channel, args),
    isBroadcast: flag(args, 'reply_broadcast') && textAt(args, 'thread_ts') !== '',
  });
  return { channel: channel.id, ts: message.ts, message: messageJson(ws, channel, message, true) };
}

/** Where the bot may post: where it is a member, or in any public channel with `chat:write.public`. */
function postable(ws: Workspace, args: Json): Channel {
  const channel = seenChannel(ws, args);
  if (!channel.isPrivate && !channel.isArchived && ws.scopes.has('chat:write.public')) return channel;
  return ownChannel(ws, args);
}

/**
 * Text without blocks removes the blocks, blocks without text keep the text, and `(edited)` shows only on messages
 * updated by text (reference page of chat.update).
 */
function update(ws: Workspace, args: Json): Json {
  const channel = ownChannel(ws, args, 'channel', 'is_inactive');
  const message = messageAt(channel, textAt(args, 'ts'));
  if (!isOwn(ws, message)) return refuse('cant_update_message');
  const { text, blocks } = contentOf(args, LIMITS.updateTextLength);
  if (!text && blocks === undefined && args.metadata === undefined) return refuse('no_text');
  if (isRich(message.blocks) && blocks && blocks.length > 0 && !isRich(blocks))
    return refuse('block_mismatch');
  edit(ws, channel, message, {
    text: text || undefined,
    blocks: blocks ?? (text ? [] : undefined),
    metadata: metadataOf(args),
    isMarked: text !== '' && !blocks?.length,
    by: ws.app.userId,
  });
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: updatedJson(messageJson(ws, channel, message, true)),
  };
}

/** What chat.update shows of the message: neither its place nor its thread. */
function updatedJson({
  type,
  subtype,
  user,
  text,
  bot_id,
  app_id,
  team,
  blocks,
  edited,
  metadata,
}: Json): Json {
  return compact({ type, subtype, user, text, bot_id, app_id, team, blocks, edited, metadata });
}

function isRich(blocks: Json[]): boolean {
  return blocks.some(({ type }) => type === 'rich_text');
}

function postEphemeral(ws: Workspace, args: Json): Json {
  const channel = ownChannel(ws, args);
  const userId = textAt(args, 'user');
  if (!channel.members.has(userId)) return refuse('user_not_in_channel');
  const { text, blocks } = contentOf(args, LIMITS.postTextLength);
  if (!text && !blocks?.length) return refuse('no_text');
  return {
    message_ts: showEphemeral(ws, channel, userId, text, blocks ?? [], threadOf(channel, args) ?? null),
  };
}

/** Puts a message before one person's eyes only. Returns its `ts`. */
export function showEphemeral(
  ws: Workspace,
  channel: Channel,
  userId: string,
  text: string,
  blocks: Json[],
  threadTs: string | null,
): string {
  const ts = nextTs(ws, channel);
  const version = ws.nextNumber();
  ws.ephemerals.push({
    ts,
    channelId: channel.id,
    userId,
    text,
    blocks,
    threadTs,
    isDeleted: false,
    version,
  });
  return ts;
}
