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
  const key = `${timeZone} ${hours.from} ${hours.to} ${hours.days.join()}`;
  const known = spells.get(key)?.find(({ from, until }) => from <= at && at < until);
  const spell = known ?? spellAt(at, hours, timeZone);
  if (!known) remember(key, spell);
  return spell.works ? at : spell.until;
}

/** A stretch of work, or of none, epoch ms; what lies before `from` nobody looked at. */
interface Spell {
  works: boolean;
  from: number;
  until: number;
}

/** Every message asks anew when somebody works next, and each answer costs dozens of calendar operations. */
const spells = new Map<string, Spell[]>();
const spellsMax = 4;
const keysMax = 100;

function remember(key: string, spell: Spell): void {
  if (spells.size >= keysMax) spells.clear();
  spells.set(key, [spell, ...(spells.get(key) ?? [])].slice(0, spellsMax));
}

function spellAt(at: number, hours: WorkingHours, timeZone: string): Spell {
  const today = dayOf(at, timeZone);
  if (isWorkingTime(at, hours, timeZone)) {
    return { works: true, from: at, until: momentOf(today, hours.to, timeZone) };
  }
  for (let ahead = 0; ahead < daysAheadMax; ahead++) {
    const day = today.add({ days: ahead });
    const opensAt = momentOf(day, hours.from, timeZone);
    if (hours.days.includes(day.dayOfWeek) && opensAt >= at) {
      return { works: false, from: at, until: opensAt };
    }
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
