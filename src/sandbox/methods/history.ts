import type { Json } from '../json.ts';
import { textAt } from '../json.ts';
import { findMessage, messageJson, repliesTo } from '../messages.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { Channel, Message, Workspace } from '../workspace.ts';
import type { Method } from './method.ts';
import { cursorJson, flag, ownChannel, page } from './method.ts';

const PAGES = { standard: 100, max: LIMITS.historyPage } as const;
const TS = /^\d+(\.\d+)?$/;

export const historyMethods: Readonly<Record<string, Method>> = {
  /** Newest first, without thread replies unless they were broadcast. */
  'conversations.history': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel', 'not_in_channel');
    const inRange = rangeOf(args);
    const shown: Message[] = [];
    for (let at = channel.messages.length - 1; at >= 0; at--) {
      const message = channel.messages[at]!;
      if ((message.threadTs === null || message.isBroadcast) && inRange(message)) shown.push(message);
    }
    return answer(ws, channel, shown, args, { pin_count: channel.pins.length });
  },
  /** The parent and its replies, oldest first. The parent is always there, whatever the range. */
  'conversations.replies': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel', 'not_in_channel');
    const asked = findMessage(channel, textAt(args, 'ts')) ?? refuse('thread_not_found');
    const parent = asked.threadTs ? (findMessage(channel, asked.threadTs) ?? asked) : asked;
    const replies = repliesTo(channel, parent.ts).filter(rangeOf(args));
    return answer(ws, channel, [parent, ...replies], args, {});
  },
};

function answer(ws: Workspace, channel: Channel, messages: Message[], args: Json, more: Json): Json {
  const { items, nextCursor } = page(messages, args, PAGES);
  const withMetadata = flag(args, 'include_all_metadata');
  return {
    messages: items.map((message) => messageJson(ws, channel, message, withMetadata)),
    has_more: nextCursor !== '',
    ...more,
    ...(nextCursor ? cursorJson(nextCursor) : {}),
  };
}

/** `oldest` and `latest` are exclusive unless `inclusive` is set. */
function rangeOf(args: Json): (message: Message) => boolean {
  const oldest = textAt(args, 'oldest') || '0';
  const latest = textAt(args, 'latest');
  if (!TS.test(oldest)) return refuse('invalid_ts_oldest');
  if (latest && latest !== 'now' && !TS.test(latest)) return refuse('invalid_ts_latest');
  const from = micros(oldest);
  const until = latest && latest !== 'now' ? micros(latest) : Number.POSITIVE_INFINITY;
  const inclusive = flag(args, 'inclusive');
  return ({ ts }) => {
    const at = micros(ts);
    return inclusive ? at >= from && at <= until : at > from && at < until;
  };
}

/** Exact: a `ts` has 16 digits, which a double of seconds cannot hold apart. */
function micros(ts: string): number {
  const [whole = '0', part = ''] = ts.split('.');
  return Number(whole) * 1_000_000 + Number(part.slice(0, 6).padEnd(6, '0'));
}
