import { Temporal } from 'temporal-polyfill';
import type { Address } from './address.ts';
import { type Hours, windowAt } from './hours.ts';

/** People who take turns. */
export type Rotation = {
  /** The date of the first handover, `2026-01-05`. For a weekly rotation its weekday is that of every handover. */
  startsOn: string;
  /** Wall-clock time of the handover in `timeZone`, `09:00`. */
  handoverAt: string;
  /** IANA name, `Europe/Berlin`. */
  timeZone: string;
  /** How long a turn is, in hours of the wall clock: 168 is a week, 24 a day. */
  everyHours: number;
  members: readonly Address[];
  /** Nobody of this rotation is on call outside these hours; absent: always. */
  hours?: Hours;
};

/** A stretch in which nothing changes, epoch ms. */
export type Turn = {
  /** Whose turn it is, then whoever follows, everybody once; empty outside the hours. */
  order: readonly Address[];
  from: number;
  until: number;
};

const hourMs = 3_600_000;

/**
 * Whose turn it is at `at` (epoch ms). Turns are counted on the wall clock: a handover keeps its time of day, so the
 * week in which the clocks change has 167 or 169 hours, and a handover inside the skipped hour happens when it ends.
 * Turns are counted backwards from `startsOn` too: a start in the future must not mean that nobody is woken.
 */
export function turnAt(rotation: Rotation, at: number): Turn {
  const known = lastTurns.get(rotation);
  if (known && known.from <= at && at < known.until) return known;
  const turn = freshTurn(rotation, at);
  lastTurns.set(rotation, turn);
  return turn;
}

/** One page asks many times within the same turn, and each answer costs dozens of calendar operations. */
const lastTurns = new WeakMap<Rotation, Turn>();

function freshTurn(rotation: Rotation, at: number): Turn {
  const index = indexAt(rotation, at);
  const [from, until] = [handoverOf(rotation, index), handoverOf(rotation, index + 1)];
  const window = rotation.hours ? windowAt(rotation.hours, rotation.timeZone, at) : null;
  if (!window) return { order: orderOf(rotation.members, index), from, until };
  if (!window.open) return { order: [], from: window.from, until: window.until };
  return {
    order: orderOf(rotation.members, index),
    from: Math.max(from, window.from),
    until: Math.min(until, window.until),
  };
}

const startOf = ({ startsOn, handoverAt }: Rotation): Temporal.PlainDateTime =>
  Temporal.PlainDate.from(startsOn).toPlainDateTime(Temporal.PlainTime.from(handoverAt));

/** Which turn holds, 0 being the first. Where the clocks change a handover may fall on either side of the estimate. */
function indexAt(rotation: Rotation, at: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(rotation.timeZone)
    .toPlainDateTime();
  const elapsedMs = startOf(rotation).until(local, { largestUnit: 'hours' }).total('milliseconds');
  let index = Math.floor(elapsedMs / (rotation.everyHours * hourMs));
  while (handoverOf(rotation, index) > at) index--;
  while (handoverOf(rotation, index + 1) <= at) index++;
  return index;
}

function handoverOf(rotation: Rotation, index: number): number {
  return startOf(rotation)
    .add({ hours: index * rotation.everyHours })
    .toZonedDateTime(rotation.timeZone).epochMilliseconds;
}

function orderOf(members: readonly Address[], index: number): readonly Address[] {
  const first = ((index % members.length) + members.length) % members.length || 0;
  return [...members.slice(first), ...members.slice(0, first)];
}
