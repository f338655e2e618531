/** A copy that the schedule made. */
export interface Copy {
  name: string;
  /** When it was made, epoch ms. */
  at: number;
  bytes: number;
}

/** A day of them at one every 15 minutes, and the last one of each of the 30 days that have any (reliability.md 3.9). */
const latestKept = 96;
const daysKept = 30;
/** All of them together. A large database keeps fewer: the disk is the database's too. */
const bytesKept = 20 * 1024 ** 3;
/** Whatever their size: the last one, and the one before it. */
const keptAtLeast = 2;

/** `2026-03-02T02-00-00-000Z`: sorts by time, legal in every file system. */
export const stampOf = (at: number): string => new Date(at).toISOString().replace(/[:.]/g, '-');

/** Epoch ms; null: the name has no stamp. */
export function stampedAt(name: string): number | null {
  const found = /(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.db$/.exec(name);
  return found ? Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}.${found[5]}Z`) : null;
}

const dayOf = (at: number): number => Math.floor(at / 86_400_000);

/**
 * Which of the scheduled copies go, so that what stays is within the bounds above and, together, within `bytesMax`. First
 * those between the days, the oldest first, then the oldest days.
 */
export function outlived(copies: readonly Copy[], bytesMax = bytesKept): Copy[] {
  const newestFirst = copies.toSorted((a, b) => b.at - a.at);
  const lastOfDay = new Map<number, Copy>();
  for (const copy of newestFirst) {
    if (!lastOfDay.has(dayOf(copy.at))) lastOfDay.set(dayOf(copy.at), copy);
  }
  const daily = new Set([...lastOfDay.values()].slice(0, daysKept));
  const latest = new Set(newestFirst.slice(0, latestKept));
  const kept = newestFirst.filter((copy) => daily.has(copy) || latest.has(copy));
  let bytes = kept.reduce((sum, copy) => sum + copy.bytes, 0);
  const untouchable = new Set(newestFirst.slice(0, keptAtLeast));
  const oldestFirst = kept.toReversed().filter((copy) => !untouchable.has(copy));
  const given = new Set<Copy>();
  for (const copy of [...oldestFirst.filter((one) => !daily.has(one)), ...oldestFirst]) {
    if (bytes <= bytesMax) break;
    if (given.has(copy)) continue;
    given.add(copy);
    bytes -= copy.bytes;
  }
  return copies.filter((copy) => !kept.includes(copy) || given.has(copy));
}
