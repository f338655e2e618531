import type { Json } from './json.ts';
import { isObject, parseJson, textAt } from './json.ts';
import { edit, findMessage, post, remove } from './messages.ts';
import { contentOf, showEphemeral } from './methods/chat.ts';
import { refusalOf, refuse } from './refuse.ts';
import { LIMITS, RESPONSE_URL } from './rules.ts';
import type { Channel, Ephemeral, ResponseUrl, Workspace } from './workspace.ts';

const KEYS: ReadonlySet<string> = new Set([
  'text',
  'blocks',
  'attachments',
  'response_type',
  'replace_original',
  'delete_original',
  'thread_ts',
  'metadata',
  'unfurl_links',
  'unfurl_media',
  'mrkdwn',
  'parse',
  'link_names',
]);

/** Makes a response URL: five uses within thirty minutes. */
export function newResponseUrl(ws: Workspace, url: Omit<ResponseUrl, 'createdAt' | 'uses'>): string {
  const id = `R${ws.nextNumber().toString(36)}`;
  ws.responseUrls.set(id, { ...url, createdAt: ws.clock.now(), uses: 0 });
  return `${ws.baseUrl}/respond/${id}`;
}

/** A POST to a response URL: HTTP status and body as Slack answers. */
export function useResponseUrl(ws: Workspace, id: string, body: string): { status: number; json: Json } {
  const url = ws.responseUrls.get(id);
  if (!url) return no(404, 'invalid_url');
  if (ws.clock.now() - url.createdAt > RESPONSE_URL.lifeMs) return no(404, 'expired_url');
  if (url.uses >= RESPONSE_URL.usesMax) return no(404, 'used_url');
  const json = parseJson(body);
  if (!isObject(json)) return no(400, 'invalid_payload');
  const channel = ws.channels.get(url.channelId);
  if (!channel) return no(404, 'channel_not_found');
  try {
    answer(ws, channel, url, json);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal) return { status: 400, json: refusal };
    throw thrown;
  }
  url.uses += 1;
  return { status: 200, json: { ok: true } };
}

function no(status: number, error: string): { status: number; json: Json } {
  return { status, json: { ok: false, error } };
}

/**
 * Carries out what an app answered, inline or through a response URL: a new ephemeral message (default), one for
 * everybody (`in_channel`), or a change of the message that was clicked.
 */
export function answer(
  ws: Workspace,
  channel: Channel,
  { userId, source }: Pick<ResponseUrl, 'userId' | 'source'>,
  json: Json,
): void {
  const unknown = Object.keys(json).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) {
    refuse('invalid_arguments', {
      response_metadata: { messages: unknown.map((key) => `[ERROR] unknown argument: ${key}`) },
    });
  }
  if (json.delete_original === true) {
    deleteSource(ws, channel, source ?? refuse('no_original'));
    return;
  }
  const { text, blocks } = contentOf(json, LIMITS.postTextLength);
  if (!text && !blocks?.length) refuse('no_text');
  const threadTs = textAt(json, 'thread_ts') || undefined;
  if (json.replace_original === true && source) {
    replaceSource(ws, channel, source, text, blocks);
  } else if (json.response_type === 'in_channel') {
    const { botId, userId: botUserId, id: appId } = ws.app;
    post(ws, channel, { userId: botUserId, botId, appId, text, blocks, threadTs });
  } else {
    showEphemeral(ws, channel, userId, text, blocks ?? [], threadTs ?? null);
  }
}

type Source = NonNullable<ResponseUrl['source']>;

function ephemeralAt(ws: Workspace, channel: Channel, ts: string): Ephemeral | undefined {
  return ws.ephemerals.find((one) => one.channelId === channel.id && one.ts === ts);
}

function deleteSource(ws: Workspace, channel: Channel, source: Source): void {
  if (source.isEphemeral) {
    const ephemeral = ephemeralAt(ws, channel, source.ts);
    if (ephemeral) ephemeral.isDeleted = true;
    return;
  }
  const message = findMessage(channel, source.ts);
  if (message) remove(ws, channel, message);
}

function replaceSource(
  ws: Workspace,
  channel: Channel,
  source: Source,
  text: string,
  blocks: Json[] | undefined,
): void {
  if (source.isEphemeral) {
    const ephemeral = ephemeralAt(ws, channel, source.ts);
    const version = ws.nextNumber();
    if (ephemeral) Object.assign(ephemeral, { text, blocks: blocks ?? [], isDeleted: false, version });
    return;
  }
  const message = findMessage(channel, source.ts) ?? refuse('message_not_found');
  edit(ws, channel, message, { text, blocks: blocks ?? [], isMarked: !blocks?.length, by: ws.app.userId });
}
