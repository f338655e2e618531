import { conversationOf } from '../find.ts';
import type { Channel, User, Workspace } from '../workspace.ts';

/** What stands at the right of the conversation. */
export type Side =
  | { kind: 'thread'; ts: string }
  | { kind: 'profile'; userId: string }
  | { kind: 'details' | 'pagerduty' | 'weather' | 'log' | 'stories' };

/** What one browser tab shows; all of it stands in its address. */
export interface Sight {
  user: User;
  /** Null: the app's Home. */
  channel: Channel | null;
  side: Side | null;
  /** So many messages, the newest. */
  last: number;
}

/** Messages that a page shows unless it is asked for more. */
export const lastDefault = 100;
const lastMax = 20_000;
const plainSides = ['details', 'pagerduty', 'weather', 'log', 'stories'] as const;

/** Reads the address. A channel that is not there, or not for these eyes, is the one where everybody is. */
export function sightFrom(ws: Workspace, user: User, place: string, query: (key: string) => string): Sight {
  const channel = place === 'home' ? null : channelFor(ws, user, place);
  const last = Number(query('last'));
  return {
    user,
    channel,
    side: sideFrom(ws, query),
    last: Number.isInteger(last) && last > 0 ? Math.min(last, lastMax) : lastDefault,
  };
}

function sideFrom(ws: Workspace, query: (key: string) => string): Side | null {
  if (query('thread') !== '') return { kind: 'thread', ts: query('thread') };
  if (ws.users.has(query('profile'))) return { kind: 'profile', userId: query('profile') };
  const kind = plainSides.find((one) => one === query('side'));
  return kind ? { kind } : null;
}

function channelFor(ws: Workspace, user: User, place: string): Channel {
  const wanted = place === 'dm' ? conversationOf(ws, user, 'dm') : ws.channels.get(place);
  if (wanted && maySee(user, wanted)) return wanted;
  const all = [...ws.channels.values()].filter((one) => !one.isIm && maySee(user, one));
  const found = all.find(({ isGeneral }) => isGeneral) ?? all[0];
  return found ?? conversationOf(ws, user, 'dm');
}

/** Private channels and direct messages are for their members alone. */
export function maySee(user: User, channel: Channel): boolean {
  return !channel.isPrivate || channel.members.has(user.id);
}

/** The address of a sight; `parts` say what is different there. */
export function hrefTo(sight: Sight, parts: Partial<Sight> = {}): string {
  const { user, channel, side, last } = { ...sight, ...parts };
  return `/as/${user.name}/in/${channel?.id ?? 'home'}${queryOf({ side, last })}`;
}

/** Where this sight's live stream is; it goes on from the room's `revision`. */
export function liveHref({ user, channel, side, last }: Sight, revision: number): string {
  const query = queryOf({ side, last });
  return `/as/${user.name}/live/${channel?.id ?? 'home'}${query}${query === '' ? '?' : '&'}since=${revision}`;
}

function queryOf({ side, last }: Pick<Sight, 'side' | 'last'>): string {
  const query = new URLSearchParams();
  if (side?.kind === 'thread') query.set('thread', side.ts);
  else if (side?.kind === 'profile') query.set('profile', side.userId);
  else if (side) query.set('side', side.kind);
  if (last !== lastDefault) query.set('last', String(last));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A message's element in a list: `m` in the conversation, `t` in the thread. */
export function elementId(list: 'm' | 't', ts: string): string {
  return `${list}-${ts.replace('.', '-')}`;
}
