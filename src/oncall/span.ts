import { readWhen, type When, type Zone } from './when.ts';

/** From when to when, epoch ms, and what was written after it; or why not, with the words that are no time. */
export type Span =
  | { from: number; until: number; rest: string }
  | { problem: Extract<When, { problem: string }>['problem']; typed: string };

const length = /^(?:for )?(\d{1,4}) ?(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?=\s|$)/i;
const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const dayMs = 86_400_000;
/** `tomorrow 09:00`, `9 mar 2027 09:00`: a time is at most this many words. */
const wordsMax = 4;

/**
 * `2h`, `for 3 days`, `until 22:00`, `from 18:00 to 22:00`, `friday 18:00 to saturday 09:00`, `18:00-22:00`; a bare time is the
 * next one, or, for a stretch that runs already, from now on.
 */
export function readSpan(text: string, now: number, zone: Zone): Span {
  const words = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/(\d{1,2}:\d{2}) ?[-–] ?(?=\d{1,2}:\d{2})/, '$1 to ');
  const found = length.exec(words);
  if (found) {
    const ms = Number(found[1]) * (unitMs[(found[2] ?? '').charAt(0).toLowerCase()] ?? 0);
    return { from: now, until: now + ms, rest: words.slice(found[0].length).trim() };
  }
  const until = /^(?:until|till) (.+)$/i.exec(words)?.[1];
  if (until !== undefined) {
    const end = firstTime(until, now, zone);
    return 'at' in end ? { from: now, until: end.at, rest: end.rest } : end;
  }
  const both = /^(?:from )?(.+?) (?:to|until|till|-|–) (.+)$/i.exec(words);
  if (!both) return { problem: 'unreadable', typed: words };
  const [, first = '', last = ''] = both;
  return between(first, last, now, zone);
}

function between(first: string, last: string, now: number, zone: Zone): Span {
  const begun = isClockTime(first) ? readWhen(`tomorrow ${first}`, now - dayMs, zone) : null;
  if (begun && 'at' in begun && begun.at <= now) {
    const end = firstTime(last, begun.at, zone);
    if ('at' in end && end.at > now) return { from: now, until: end.at, rest: end.rest };
  }
  const start = timeOf(first, now, zone);
  if ('problem' in start) return { problem: start.problem, typed: first };
  const end = firstTime(last, start.at, zone);
  return 'at' in end ? { from: start.at, until: end.at, rest: end.rest } : end;
}

const isClockTime = (words: string): boolean => /^\d{1,2}:\d{2}$/.test(words);

/** The most words that are a time after `now`; what follows them is the rest. */
function firstTime(
  text: string,
  now: number,
  zone: Zone,
): { at: number; rest: string } | Extract<Span, { problem: string }> {
  const words = text.split(' ');
  let problem: Extract<Span, { problem: string }> = { problem: 'unreadable', typed: text };
  for (let taken = Math.min(wordsMax, words.length); taken > 0; taken -= 1) {
    const typed = words.slice(0, taken).join(' ');
    const read = timeOf(typed, now, zone);
    if ('at' in read) return { at: read.at, rest: words.slice(taken).join(' ') };
    if (read.problem !== 'unreadable') problem = { problem: read.problem, typed };
  }
  return problem;
}

/** A bare `09:00` is the next one. */
function timeOf(words: string, now: number, zone: Zone): When {
  if (!isClockTime(words)) return readWhen(words, now, zone);
  const today = readWhen(`today ${words}`, now, zone);
  return 'problem' in today && today.problem === 'past' ? readWhen(`tomorrow ${words}`, now, zone) : today;
}
