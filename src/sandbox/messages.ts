import type { Json } from './json.ts';
import { compact } from './json.ts';
import type { Channel, Message, Workspace } from './workspace.ts';
import { nextTs, seconds } from './workspace.ts';

/** What can happen to messages, whoever does it, and how they look as JSON. */

export interface Draft {
  userId?: string;
  botId?: string;
  appId?: string;
  username?: string;
  subtype?: string;
  text: string;
  blocks?: Json[];
  threadTs?: string;
  isBroadcast?: boolean;
  metadata?: Json;
  files?: Json[];
  extra?: Json;
}

function channelType(channel: Channel): 'channel' | 'group' | 'im' {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'group' : 'channel';
}

/** The message with this ts, or undefined. Binary search: channels hold ten thousand. */
export function findMessage(channel: Channel, ts: string): Message | undefined {
  let low = 0;
  let high = channel.messages.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const message = channel.messages[middle]!;
    if (message.ts === ts) return message;
    if (message.ts < ts) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

export function repliesTo(channel: Channel, ts: string): Message[] {
  return channel.replies.get(ts) ?? [];
}

export function post(ws: Workspace, channel: Channel, draft: Draft): Message {
  const message: Message = {
    ts: nextTs(ws, channel),
    channelId: channel.id,
    userId: draft.userId ?? null,
    botId: draft.botId ?? null,
    appId: draft.appId ?? null,
    username: draft.username ?? null,
    subtype: draft.isBroadcast ? 'thread_broadcast' : (draft.subtype ?? null),
    text: draft.text,
    blocks: withBlockIds(ws, draft.blocks ?? []),
    threadTs: draft.threadTs ?? null,
    isBroadcast: draft.isBroadcast ?? false,
    metadata: draft.metadata ?? null,
    edited: null,
    reactions: new Map(),
    files: draft.files ?? [],
    extra: draft.extra ?? {},
  };
  channel.messages.push(message);
  if (message.threadTs)
    channel.replies.set(message.threadTs, [...repliesTo(channel, message.threadTs), message]);
  publishMessage(ws, channel, message);
  return message;
}

/** Slack gives every block an id where the sender gave none. */
function withBlockIds(ws: Workspace, blocks: Json[]): Json[] {
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? `b${ws.nextNumber().toString(36)}`,
  }));
}

function publishMessage(ws: Workspace, channel: Channel, message: Message): void {
  const root = message.isBroadcast && message.threadTs ? findMessage(channel, message.threadTs) : undefined;
  const event = {
    ...messageJson(ws, channel, message),
    ...(root ? { root: messageJson(ws, channel, root) } : {}),
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channelType(channel),
  };
  ws.publish(event);
  if (mentionsBot(ws, message) && !channel.isIm) {
    const plain = compact({ ...messageJson(ws, channel, message), subtype: undefined });
    ws.publish({ ...plain, type: 'app_mention', channel: channel.id, event_ts: message.ts });
  }
}

/** Slack's own lines name people without mentioning them, and the bot does not mention itself. */
function mentionsBot(ws: Workspace, message: Message): boolean {
  const isSystem = /^(channel|group)_/.test(message.subtype ?? '');
  return !isSystem && message.userId !== ws.app.userId && message.text.includes(`<@${ws.app.userId}>`);
}

/** A line that Slack itself writes: joins, topics, archiving. */
export function postSystem(
  ws: Workspace,
  channel: Channel,
  userId: string,
  subtype: string,
  text: string,
  extra: Json,
): Message {
  return post(ws, channel, { userId, subtype, text, extra });
}

export interface Revision {
  text?: string;
  blocks?: Json[];
  metadata?: Json | null;
  /** Whether "(edited)" is shown and `edited` set. */
  isMarked: boolean;
  by: string;
}

export function edit(ws: Workspace, channel: Channel, message: Message, revision: Revision): void {
  const before = messageJson(ws, channel, message);
  const ts = nextTs(ws, channel);
  if (revision.text !== undefined) message.text = revision.text;
  if (revision.blocks !== undefined) message.blocks = withBlockIds(ws, revision.blocks);
  if (revision.metadata !== undefined) message.metadata = revision.metadata;
  if (revision.isMarked) message.edited = { user: revision.by, ts };
  ws.publish({
    type: 'message',
    subtype: 'message_changed',
    message: messageJson(ws, channel, message),
    previous_message: before,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  });
}

/** Removes a message; one with replies leaves a tombstone behind, as in real Slack. */
export function remove(ws: Workspace, channel: Channel, message: Message): void {
  const before = messageJson(ws, channel, message);
  channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts);
  if (repliesTo(channel, message.ts).length > 0) {
    Object.assign(message, {
      text: 'This message was deleted.',
      blocks: [],
      subtype: 'tombstone',
      files: [],
    });
    Object.assign(message, { metadata: null, userId: 'USLACKBOT', botId: null, appId: null, username: null });
    message.reactions.clear();
  } else {
    channel.messages.splice(channel.messages.indexOf(message), 1);
    if (message.threadTs) forgetReply(channel, message.threadTs, message);
  }
  const ts = nextTs(ws, channel);
  ws.publish({
    type: 'message',
    subtype: 'message_deleted',
    deleted_ts: message.ts,
    previous_message: before,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  });
}

function forgetReply(channel: Channel, parentTs: string, reply: Message): void {
  const left = repliesTo(channel, parentTs).filter((other) => other !== reply);
  if (left.length > 0) channel.replies.set(parentTs, left);
  else channel.replies.delete(parentTs);
}

/** False when this person reacted so already. */
export function react(ws: Workspace, channel: Channel, message: Message, name: string, by: string): boolean {
  const users = message.reactions.get(name) ?? [];
  if (users.includes(by)) return false;
  message.reactions.set(name, [...users, by]);
  publishReaction(ws, channel, message, name, by, 'reaction_added');
  return true;
}

/** False when there was no such reaction of this person. */
export function unreact(
  ws: Workspace,
  channel: Channel,
  message: Message,
  name: string,
  by: string,
): boolean {
  const users = message.reactions.get(name) ?? [];
  if (!users.includes(by)) return false;
  const left = users.filter((user) => user !== by);
  if (left.length > 0) message.reactions.set(name, left);
  else message.reactions.delete(name);
  publishReaction(ws, channel, message, name, by, 'reaction_removed');
  return true;
}

function publishReaction(
  ws: Workspace,
  channel: Channel,
  message: Message,
  reaction: string,
  user: string,
  type: 'reaction_added' | 'reaction_removed',
): void {
  ws.publish({
    type,
    user,
    reaction,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    ...(message.userId ? { item_user: message.userId } : {}),
    event_ts: nextTs(ws, channel),
  });
}

/** False when it is pinned already. */
export function pin(ws: Workspace, channel: Channel, message: Message, by: string): boolean {
  if (channel.pins.some(({ ts }) => ts === message.ts)) return false;
  const at = ws.clock.now();
  channel.pins.push({ ts: message.ts, by, at });
  const json = messageJson(ws, channel, message);
  ws.publish({
    type: 'pin_added',
    user: by,
    channel_id: channel.id,
    item: {
      type: 'message',
      channel: channel.id,
      created: seconds(at),
      created_by: by,
      message: { ...pickPinned(json), permalink: permalink(ws, channel, message), pinned_to: [channel.id] },
    },
    ...(message.userId ? { item_user: message.userId } : {}),
    pin_count: channel.pins.length,
    pinned_info: { channel: channel.id, pinned_by: by, pinned_ts: seconds(at) },
    event_ts: nextTs(ws, channel),
  });
  return true;
}

function pickPinned(json: Json): Json {
  const { app_id, bot_id, team, text, ts, type, user } = json;
  return compact({ app_id, bot_id, team, text, ts, type, user });
}

export function permalink(ws: Workspace, channel: Channel, message: Message): string {
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  return `https://${ws.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
}

/** A message as the Web API and events show it. Metadata only where `withMetadata` is asked for. */
export function messageJson(ws: Workspace, channel: Channel, message: Message, withMetadata = false): Json {
  const replies = message.threadTs ? [] : repliesTo(channel, message.ts);
  const pinnedTo = channel.pins.some(({ ts }) => ts === message.ts) ? [channel.id] : undefined;
  return compact({
    type: 'message',
    subtype: message.subtype ?? undefined,
    user: message.userId ?? undefined,
    username: message.username ?? undefined,
    text: message.text,
    ts: message.ts,
    bot_id: message.botId ?? undefined,
    app_id: message.appId ?? undefined,
    team: message.userId && !message.subtype ? teamOf(ws, message.userId) : undefined,
    blocks: message.blocks.length > 0 ? message.blocks : undefined,
    files: message.files.length > 0 ? message.files : undefined,
    upload: message.files.length > 0 ? false : undefined,
    edited: message.edited ?? undefined,
    thread_ts: message.threadTs ?? (replies.length > 0 ? message.ts : undefined),
    parent_user_id: replyParentUser(channel, message),
    metadata: withMetadata ? (message.metadata ?? undefined) : undefined,
    pinned_to: pinnedTo,
    reactions: message.reactions.size > 0 ? reactionsJson(message) : undefined,
    ...threadJson(replies),
    ...message.extra,
  });
}

/** The workspace where its author is at home. */
const teamOf = (ws: Workspace, userId: string): string => ws.users.get(userId)?.teamId ?? ws.team.id;

function replyParentUser(channel: Channel, message: Message): string | undefined {
  if (!message.threadTs || message.isBroadcast) return undefined;
  return findMessage(channel, message.threadTs)?.userId ?? undefined;
}

function reactionsJson(message: Message): Json[] {
  return [...message.reactions].map(([name, users]) => ({ name, users, count: users.length }));
}

function threadJson(replies: Message[]): Json {
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map(({ userId }) => userId).filter((id) => id !== null))];
  return {
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: last.ts,
    is_locked: false,
    subscribed: false,
  };
}
