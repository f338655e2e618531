import { Temporal } from 'temporal-polyfill';

/** A time as people write it, read; or why not. `at` epoch ms. */
export type When = { at: number } | { problem: 'unreadable' | 'past' | 'far' };

/** Whose clock it is: an IANA zone, and when a day's work ends there (`17:00`), which is what "by friday" means. */
export interface Zone {
  timeZone: string;
  dayEndsAt: string;
}

/** Nobody plans further ahead; a longer way is a slip of the finger. */
const daysAheadMax = 730;
/** A day without its year that was longer ago than this means the next one: "9 Jan", written in November. */
const daysBackMax = 183;
const dayMs = 86_400_000;

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const monthNames = 'january february march april may june july august september october november december';
const months = monthNames.split(' ');

const unreadable: When = { problem: 'unreadable' };

/**
 * `2026-03-09`, `9 Mar`, `Mar 9 2027`, `friday` (the next one, never today), `today`, `tomorrow`, `in 3d`, `in 2 weeks`,
 * `in 45m`, the days with or without a time (`friday 15:00`). A day alone means the end of its working day, for today
 * also the end of the evening. `now` epoch ms.
 */
export function readWhen(text: string, now: number, zone: Zone): When {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replace(/,/g, ' ')
    .replace(/\s+/g, ' ');
  const ahead = /^(?:in )?(\d{1,4}) ?(m|h|d|w)(?:in|inute|our|ay|eek|ins|inutes|ours|ays|eeks)?$/.exec(words);
  if (ahead && (ahead[2] === 'm' || ahead[2] === 'h'))
    return within(now + Number(ahead[1]) * unitMs[ahead[2]]!, now);
  const timed = /^(.+?)(?: at)? ([01]?\d|2[0-3]):([0-5]\d)$/.exec(words);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone.timeZone).toPlainDate();
  const day = ahead ? daysAhead(today, ahead[1]!, ahead[2]!) : readDay(timed?.[1] ?? words, today);
  if (!day) return unreadable;
  const moment = (time: string): number =>
    day.toZonedDateTime({ timeZone: zone.timeZone, plainTime: Temporal.PlainTime.from(time) })
      .epochMilliseconds;
  if (timed) return within(moment(`${timed[2]!.padStart(2, '0')}:${timed[3]}`), now);
  const endsAt = moment(zone.dayEndsAt);
  return within(day.equals(today) && endsAt <= now ? moment('23:59') : endsAt, now);
}

const within = (at: number, now: number): When => {
  if (at <= now) return { problem: 'past' };
  return at - now > daysAheadMax * dayMs ? { problem: 'far' } : { at };
};

const daysAhead = (today: Temporal.PlainDate, number: string, unit: string): Temporal.PlainDate =>
  today.add({ days: Number(number) * (unit === 'w' ? 7 : 1) });

function readDay(words: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (words === 'today') return today;
  if (words === 'tomorrow') return today.add({ days: 1 });
  const weekday = named(words, weekdays);
  if (weekday !== null) return today.add({ days: ((weekday + 1 - today.dayOfWeek + 6) % 7) + 1 });
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const written =
    /^(?<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<month>[a-z]+)(?: (?<year>\d{4}))?$/.exec(words) ??
    /^(?<month>[a-z]+) (?<day>\d{1,2})(?:st|nd|rd|th)?(?: (?<year>\d{4}))?$/.exec(words);
  const { day, month = '', year } = written?.groups ?? {};
  const number = named(month, months);
  if (number === null) return null;
  if (year !== undefined) return dayOf(Number(year), number + 1, Number(day));
  const thisYear = dayOf(today.year, number + 1, Number(day));
  const isLongAgo = thisYear !== null && thisYear.until(today).days > daysBackMax;
  return isLongAgo || thisYear === null ? dayOf(today.year + 1, number + 1, Number(day)) : thisYear;
}

/** Its place in the list, written out or by at least its first three letters; null when it is none of them. */
function named(word: string, names: readonly string[]): number | null {
  if (word.length < 3) return null;
  const index = names.findIndex((name) => name.startsWith(word));
  return index < 0 ? null : index;
}

/** Null when the calendar has no such day. */
function dayOf(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return null;
  }
}
