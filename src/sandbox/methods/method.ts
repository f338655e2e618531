import type { Json } from '../json.ts';
import { isObject, textAt } from '../json.ts';
import { findMessage } from '../messages.ts';
import { refuse } from '../refuse.ts';
import type { MethodRule } from '../rules.ts';
import type { Channel, Message, Workspace } from '../workspace.ts';

/** A Web API method: takes checked arguments, answers the body without `ok`, or refuses. */
export type Method = (ws: Workspace, args: Json) => Json;

export function flag(args: Json, key: string): boolean {
  return args[key] === true;
}

/** The integer under `key`, or `otherwise`. */
export function integer(args: Json, key: string, otherwise: number): number {
  const value = args[key];
  return typeof value === 'number' ? value : otherwise;
}

/** The conversation under `args[key]`; one that the bot cannot see does not exist. */
export function seenChannel(ws: Workspace, args: Json, key = 'channel'): Channel {
  const channel = ws.channels.get(textAt(args, key));
  if (!channel) return refuse('channel_not_found');
  if (channel.isPrivate && !channel.members.has(ws.app.userId)) return refuse('channel_not_found');
  return channel;
}

/**
 * The conversation under `args[key]`, which the bot is in and can write to. Archiving ejects bots: which of the two
 * errors a method answers then depends on what it looks at first, hence `archived`.
 */
export function ownChannel(ws: Workspace, args: Json, key = 'channel', archived = 'is_archived'): Channel {
  const channel = seenChannel(ws, args, key);
  if (channel.isArchived) return refuse(archived);
  if (!channel.members.has(ws.app.userId)) return refuse('not_in_channel');
  return channel;
}

export function messageAt(channel: Channel, ts: string): Message {
  return findMessage(channel, ts) ?? refuse('message_not_found');
}

/** Refuses unless one of the scopes that the rule asks for, in this kind of conversation, is granted. */
export function needScope(ws: Workspace, rule: MethodRule, kind: 'public' | 'private' | 'im'): void {
  const needed = 'public' in rule.scopes ? rule.scopes[kind] : rule.scopes;
  if (needed.length === 0 || needed.some((scope) => ws.scopes.has(scope))) return;
  refuse('missing_scope', { needed: needed.join(','), provided: [...ws.scopes].join(',') });
}

export function kindOf(channel: Channel): 'public' | 'private' | 'im' {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'private' : 'public';
}

/** One page of a list, and the cursor of the next. Cursors are opaque and only understood here. */
export function page<T>(
  items: readonly T[],
  args: Json,
  { standard, max }: { standard: number; max: number },
): { items: T[]; nextCursor: string } {
  const limit = integer(args, 'limit', standard);
  if (limit < 1 || limit > max) return refuse('invalid_limit');
  const from = decodeCursor(textAt(args, 'cursor'));
  const rest = items.slice(from, from + limit);
  const nextCursor = from + limit < items.length ? encodeCursor(from + limit) : '';
  return { items: rest, nextCursor };
}

function encodeCursor(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64');
}

function decodeCursor(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  return match ? Number(match[1]) : refuse('invalid_cursor');
}

/** `response_metadata` as Slack sends it with lists: an empty cursor on the last page. */
export function cursorJson(nextCursor: string): Json {
  return { response_metadata: { next_cursor: nextCursor } };
}

/** Reads `blocks`-like lists: a JSON list of objects, or a refusal. */
export function objectList(value: unknown): Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isObject)) return refuse('invalid_blocks_format');
  return value;
}
