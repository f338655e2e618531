import { Temporal } from 'temporal-polyfill';

/**
 * A restriction on `days` (ISO: 1 is Monday, 7 Sunday), wall clock, `09:00`. `to` at or before `from` is on the next
 * day: from 22:00 to 06:00 is a night, from 00:00 to 00:00 a whole day.
 */
export type Hours = { days: readonly number[]; from: string; to: string };

/** Whether the hours hold, and since and until when, epoch ms. */
type Window = { open: boolean; from: number; until: number };

/** A week meets every weekday; a night may have begun the day before, and one more day closes the last one. */
const daysBack = 8;
const daysAhead = 8;

/**
 * The stretch around `at` (epoch ms) in which the hours hold, or do not. Windows that touch are one: Saturday and
 * Sunday are a weekend. A stretch longer than a week is cut a week before and after `at`.
 */
export function windowAt(hours: Hours, timeZone: string, at: number): Window {
  const windows = windowsAround(hours, timeZone, at);
  const inside = windows.find(({ from, until }) => from <= at && at < until);
  if (inside) return { open: true, ...inside };
  const before = windows.findLast(({ until }) => until <= at);
  const after = windows.find(({ from }) => from > at);
  if (!before || !after) throw new Error('hours without a single day');
  return { open: false, from: before.until, until: after.from };
}

type Stretch = { from: number; until: number };

function windowsAround({ days, from, to }: Hours, timeZone: string, at: number): Stretch[] {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const moment = (day: Temporal.PlainDate, time: string): number =>
    day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
  const stretches: Stretch[] = [];
  for (let offset = -daysBack; offset <= daysAhead; offset++) {
    const day = today.add({ days: offset });
    if (!days.includes(day.dayOfWeek)) continue;
    const stretch = { from: moment(day, from), until: moment(to > from ? day : day.add({ days: 1 }), to) };
    const last = stretches.at(-1);
    if (last && last.until >= stretch.from) last.until = Math.max(last.until, stretch.until);
    else if (stretch.until > stretch.from) stretches.push(stretch);
  }
  return stretches;
}
