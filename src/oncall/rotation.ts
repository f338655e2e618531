import { Temporal } from 'temporal-polyfill';
import { type Address, sameAddress } from './address.ts';

/** A plain weekly list: in week k person `k mod n` is on call. */
export type Rotation = {
  /** The date of the first handover, `2026-01-05`. Its weekday is the weekday of every handover. */
  startsOn: string;
  /** Wall-clock time of the handover in `timeZone`, `09:00`. */
  handoverAt: string;
  /** IANA name, `Europe/Berlin`. */
  timeZone: string;
  primary: readonly Address[];
  /** Absent: the next person of `primary`. */
  secondary?: readonly Address[];
};

/** Who is on call up to (not including) `until`, epoch ms. Null: the list names nobody for that place. */
type Shift = { primary: Address | null; secondary: Address | null; until: number };

export type OnCall = Shift & { next: Shift };

/**
 * Who is on call at `at` (epoch ms), and who takes over. The handover keeps its wall-clock time, so the week in
 * which the clocks change has 167 or 169 hours; a handover inside the skipped hour happens when it ends. Weeks are
 * counted backwards from `startsOn` too: a start in the future must not mean that nobody is woken.
 */
export function onCallAt(rotation: Rotation, at: number): OnCall {
  const known = lastAnswers.get(rotation);
  if (known && known.since <= at && at < known.answer.until) return known.answer;
  const week = weekOf(rotation, at);
  const answer = { ...shift(rotation, week), next: shift(rotation, week + 1) };
  lastAnswers.set(rotation, { since: handoverOf(rotation, week), answer });
  return answer;
}

/** One page asks many times within the same week, and each answer costs dozens of calendar operations. */
const lastAnswers = new WeakMap<Rotation, { since: number; answer: OnCall }>();

function weekOf(rotation: Rotation, at: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(rotation.timeZone)
    .toPlainDate();
  const days = Temporal.PlainDate.from(rotation.startsOn).until(local, { largestUnit: 'days' }).days;
  const week = Math.floor(days / 7);
  return at < handoverOf(rotation, week) ? week - 1 : week;
}

function handoverOf(rotation: Rotation, week: number): number {
  const date = Temporal.PlainDate.from(rotation.startsOn).add({ days: week * 7 });
  const plainTime = Temporal.PlainTime.from(rotation.handoverAt);
  return date.toZonedDateTime({ timeZone: rotation.timeZone, plainTime }).epochMilliseconds;
}

function shift(rotation: Rotation, week: number): Shift {
  const primary = turn(rotation.primary, week);
  const secondary = rotation.secondary ? turn(rotation.secondary, week) : turn(rotation.primary, week + 1);
  const alone = primary !== null && secondary !== null && sameAddress(primary, secondary);
  return { primary, secondary: alone ? null : secondary, until: handoverOf(rotation, week + 1) };
}

function turn(list: readonly Address[], week: number): Address | null {
  if (list.length === 0) return null;
  return list[((week % list.length) + list.length) % list.length]!;
}
