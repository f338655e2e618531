import type { Command } from './incident/commands.ts';

/** What we read of a Slack message, from an event or from history. Slack's own names. */
export interface SlackMessage {
  ts?: string;
  subtype?: string;
  text?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  username?: string;
  bot_profile?: { name?: string };
  thread_ts?: string;
  edited?: { ts?: string };
  files?: { id?: string; name?: string; permalink?: string }[];
  topic?: string;
  purpose?: string;
  name?: string;
  reply_count?: number;
  latest_reply?: string;
  /** As history shows them. */
  reactions?: ShownReaction[];
  /** Of `message_changed` and `message_deleted`. */
  message?: SlackMessage;
  previous_message?: SlackMessage;
  deleted_ts?: string;
  attachments?: { fallback?: string; title?: string; text?: string }[];
}

/** People who reacted with one emoji. Of many Slack names only some; `count` is all of them. */
export interface ShownReaction {
  name?: string;
  users?: string[];
  count?: number;
}

export interface Told {
  command: Command;
  cause: string;
}

interface Us {
  botId: string;
  botUser: string;
}

/** Slack's timestamp as epoch ms. */
export const timeOf = (ts: string): number => Math.round(Number(ts) * 1000);

/**
 * A command that is mentioned later than this is not obeyed any more: Slack delivers what nobody answered for six minutes,
 * and whoever wrote it long ago may want something else by now.
 */
export const commandFreshMs = 7 * 60_000;

/** What follows our name, whatever it is displayed as; null where we are not named at all. */
export function addressed(text: string, botUser: string): { isFirst: boolean; command: string } | null {
  const found = new RegExp(`<@${botUser}(?:\\|[^>]*)?>[\\s:,]*`).exec(text);
  if (!found) return null;
  const isFirst = text.slice(0, found.index).trim() === '';
  return { isFirst, command: text.slice(found.index + found[0].length).trim() };
}

/** Written by us: our own chatter is not content. */
const isOurs = (message: SlackMessage, us: Us): boolean =>
  message.user === us.botUser || (message.bot_id !== undefined && message.bot_id === us.botId);

/** Other apps put their words into attachments as often as into the text. */
function textOf(message: SlackMessage): string {
  const attached = (message.attachments ?? []).map(
    ({ title, text, fallback }) => [title, text].filter(Boolean).join(': ') || (fallback ?? ''),
  );
  return [message.text ?? '', ...attached].filter((text) => text !== '').join('\n');
}

const authorOf = (message: SlackMessage) => ({
  user: message.bot_id ? null : (message.user ?? null),
  app: message.bot_id ? (message.username ?? message.bot_profile?.name ?? 'an app') : null,
});

const files = (message: SlackMessage) =>
  (message.files ?? []).map(({ id, name, permalink }) => ({
    id: id ?? '',
    name: name ?? 'a file',
    link: permalink ?? '',
  }));

const changes = {
  channel_topic: 'topic',
  group_topic: 'topic',
  channel_purpose: 'purpose',
  group_purpose: 'purpose',
  channel_name: 'name',
  group_name: 'name',
  channel_archive: 'archive',
  channel_unarchive: 'unarchive',
} as const;

const isChange = (subtype: string): subtype is keyof typeof changes => Object.hasOwn(changes, subtype);

const presences: Record<string, boolean> = {
  channel_join: true,
  group_join: true,
  channel_leave: false,
  group_leave: false,
};

/**
 * What a message means for the incident of its channel, each with the cause that makes event and history one:
 * `msg:<channel>:<ts>`, `…:<edited ts>` for a revision, `…:deleted`. Our own messages mean nothing.
 */
export function commandsOf(channel: string, message: SlackMessage, us: Us): Told[] {
  if (message.subtype === 'message_changed' && message.message) {
    // A deleted message that has replies leaves a tombstone in its place.
    if (message.message.subtype === 'tombstone') {
      return deletion(channel, { ...message, deleted_ts: message.message.ts }, us);
    }
    return revision(channel, message.message, message.previous_message, us);
  }
  if (message.subtype === 'message_deleted') return deletion(channel, message, us);
  const { ts } = message;
  if (!ts || isOurs(message, us) || message.subtype === 'tombstone') return [];
  const cause = `msg:${channel}:${ts}`;
  const happenedAt = timeOf(ts);
  const subtype = message.subtype ?? '';
  const joined = Object.hasOwn(presences, subtype) ? presences[subtype] : undefined;
  if (joined !== undefined && message.user) {
    return [{ command: { type: 'record-presence', user: message.user, joined, happenedAt }, cause }];
  }
  if (isChange(subtype)) {
    const what = changes[subtype];
    const text = message.topic ?? message.purpose ?? message.name ?? message.text ?? '';
    const user = message.user ?? '';
    return [{ command: { type: 'record-channel-change', channel, ts, user, what, text, happenedAt }, cause }];
  }
  const posted: Told = {
    command: {
      type: 'record-message',
      channel,
      ts,
      author: authorOf(message),
      text: textOf(message),
      threadTs: message.thread_ts && message.thread_ts !== ts ? message.thread_ts : null,
      files: files(message),
      happenedAt,
    },
    cause,
  };
  // History shows the last revision only: it is recorded as one, under the cause its own event would have had.
  return message.edited?.ts ? [posted, ...revision(channel, message, undefined, us)] : [posted];
}

function revision(channel: string, message: SlackMessage, before: SlackMessage | undefined, us: Us): Told[] {
  const { ts, edited } = message;
  if (!ts || isOurs(message, us)) return [];
  // Unfurled links and the like also arrive as changes: without a new text it is no revision.
  if (!edited?.ts || (before && textOf(before) === textOf(message))) return [];
  const command = {
    type: 'record-edit',
    channel,
    ts,
    author: authorOf(message),
    text: textOf(message),
    happenedAt: timeOf(edited.ts),
  } as const;
  return [{ command, cause: `msg:${channel}:${ts}:${edited.ts}` }];
}

function deletion(channel: string, message: SlackMessage, us: Us): Told[] {
  const ts = message.deleted_ts ?? message.previous_message?.ts;
  if (!ts || (message.previous_message && isOurs(message.previous_message, us))) return [];
  const happenedAt = timeOf(message.ts ?? ts);
  return [
    { command: { type: 'record-deletion', channel, ts, happenedAt }, cause: `msg:${channel}:${ts}:deleted` },
  ];
}
