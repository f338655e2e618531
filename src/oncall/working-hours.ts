import { Temporal } from 'temporal-polyfill';

/** Working time on `days` (ISO: 1 is Monday, 7 Sunday) from `from` up to (not including) `to`, wall clock, `09:00`. */
export type WorkingHours = { days: number[]; from: string; to: string };

/** A week from any day meets every weekday; one more day for a start after today's hours. */
const daysAheadMax = 8;

/** Whether `at` (epoch ms) is working time for somebody in `timeZone` (IANA name). */
export function isWorkingTime(at: number, hours: WorkingHours, timeZone: string): boolean {
  const day = dayOf(at, timeZone);
  if (!hours.days.includes(day.dayOfWeek)) return false;
  return at >= momentOf(day, hours.from, timeZone) && at < momentOf(day, hours.to, timeZone);
}

/**
 * `at` itself when it is working time, else the start of the next working day, epoch ms. Throws on hours without
 * a single day: the configuration refuses those.
 */
export function nextWorkingTime(at: number, hours: WorkingHours, timeZone: string): number {
  if (isWorkingTime(at, hours, timeZone)) return at;
  const today = dayOf(at, timeZone);
  for (let ahead = 0; ahead < daysAheadMax; ahead++) {
    const day = today.add({ days: ahead });
    const opensAt = momentOf(day, hours.from, timeZone);
    if (hours.days.includes(day.dayOfWeek) && opensAt >= at) return opensAt;
  }
  throw new Error('working hours without a working day');
}

function dayOf(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function momentOf(day: Temporal.PlainDate, time: string, timeZone: string): number {
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}

/**
 * `time` (`10:00`, wall clock) on the first working day after the day of `at`, epoch ms. Throws on hours without a
 * single day, as above.
 */
export function nextWorkingMorning(at: number, time: string, hours: WorkingHours, timeZone: string): number {
  const today = dayOf(at, timeZone);
  for (let ahead = 1; ahead <= daysAheadMax; ahead++) {
    const day = today.add({ days: ahead });
    if (hours.days.includes(day.dayOfWeek)) return momentOf(day, time, timeZone);
  }
  throw new Error('working hours without a working day');
}
