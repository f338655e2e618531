import type { TimelineItem } from './timeline.ts';

/** Where an entry stands, however many others come: when it happened (epoch ms) and, within a moment, its row. */
export interface Position {
  at: number;
  seq: number;
}

/**
 * What somebody looks at: the latest entries, or those before, after, or from a position on, at most `size` of them.
 * Positions do not move when entries arrive, so no page skips or repeats one. `isHidden`: the hidden ones instead.
 */
export interface PageRequest {
  from: 'latest' | { side: 'before' | 'after' | 'at'; position: Position };
  size: number;
  isHidden: boolean;
}

/** `older` and `newer`: how many entries there are on either side. */
export interface Page {
  items: TimelineItem[];
  older: number;
  newer: number;
}

const follows = (item: Position, { at, seq }: Position): boolean =>
  item.at > at || (item.at === at && item.seq > seq);

/** `items` in the order in which they happened, as `readTimeline` gives them. */
export function pageOf(items: readonly TimelineItem[], { from, size }: PageRequest): Page {
  const start = startOf(items, from, size);
  const end = from !== 'latest' && from.side === 'before' ? endBefore(items, from.position) : start + size;
  const shown = items.slice(start, end);
  return { items: shown, older: start, newer: Math.max(0, items.length - start - shown.length) };
}

function startOf(items: readonly TimelineItem[], from: PageRequest['from'], size: number): number {
  if (from === 'latest') return Math.max(0, items.length - size);
  const { side, position } = from;
  if (side === 'before') return Math.max(0, endBefore(items, position) - size);
  const isReached = (item: Position): boolean =>
    side === 'after' ? follows(item, position) : !follows(position, item);
  const found = items.findIndex(isReached);
  // What was looked at is gone (hidden, say) and nothing comes after it: then the latest.
  return found < 0 ? Math.max(0, items.length - size) : found;
}

/** How many of them stand before a position. */
function endBefore(items: readonly TimelineItem[], position: Position): number {
  const found = items.findIndex((item) => !follows(position, item));
  return found < 0 ? items.length : found;
}

const sides = { b: 'before', a: 'after', f: 'at' } as const;
const letters = { before: 'b', after: 'a', at: 'f' } as const;

/** `l15`, `b15.m7q2x9a0.12f`, with an `h` at its end for the hidden ones: short, because a choice has room for little. */
export function encodePage({ from, size, isHidden }: PageRequest): string {
  const hidden = isHidden ? 'h' : '';
  if (from === 'latest') return `l${size}${hidden}`;
  const { at, seq } = from.position;
  return `${letters[from.side]}${size}.${at.toString(36)}.${seq.toString(36)}${hidden && `.${hidden}`}`;
}

const latest = /^l(\d{1,2})(h?)$/;
const beside = /^([baf])(\d{1,2})\.(-?[0-9a-z]{1,11})\.([0-9a-z]{1,8})(\.h)?$/;

/** The request again, or null for anything `encodePage` would not have written. */
export function decodePage(text: string): PageRequest | null {
  const end = latest.exec(text);
  if (end) return { from: 'latest', size: Math.max(1, Number(end[1])), isHidden: end[2] === 'h' };
  const parts = beside.exec(text);
  if (!parts) return null;
  const [, letter = 'f', size, at = '', seq = '', hidden] = parts;
  const position = { at: Number.parseInt(at, 36), seq: Number.parseInt(seq, 36) };
  const side = sides[letter as keyof typeof sides];
  return { from: { side, position }, size: Math.max(1, Number(size)), isHidden: hidden !== undefined };
}
