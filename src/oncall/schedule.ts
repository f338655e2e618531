import { type Address, sameAddress } from './address.ts';
import { type Rotation, turnAt } from './rotation.ts';

export const places = ['primary', 'secondary'] as const;
export type Place = (typeof places)[number];

/** Who is on call for a team. In each place the first rotation whose hours hold is the one that counts. */
export type Schedule = {
  primary: readonly Rotation[];
  /** Absent: whoever follows the primary in their rotation. */
  secondary?: readonly Rotation[];
};

/** Somebody stands in, from `from` up to (not including) `until`, epoch ms. Of several in force the last counts. */
export type Cover = { place: Place; member: Address; from: number; until: number };

/** Who is on call up to (not including) `until`, epoch ms. Null: nobody stands in that place. */
export type Shift = { primary: Address | null; secondary: Address | null; until: number };

export type OnCall = Shift & { next: Shift };

/** So many stretches are looked through for one in which somebody else is on call: half a year of days. */
const stretchesMax = 200;

/**
 * Who is on call at `at` (epoch ms), and who takes over. Nobody stands in both places, and nobody who is covered is
 * asked in the other place meanwhile: the next of the rotation steps in.
 */
export function onCallAt(schedule: Schedule, at: number, covers: readonly Cover[] = []): OnCall {
  const now = shiftAt(schedule, at, covers);
  const first = shiftAt(schedule, now.until, covers);
  let next = first;
  for (let looked = 0; looked < stretchesMax && sameShift(next, now); looked++) {
    next = shiftAt(schedule, next.until, covers);
  }
  return { ...now, next: sameShift(next, now) ? first : next };
}

const sameShift = (a: Shift, b: Shift): boolean => places.every((place) => sameMember(a[place], b[place]));

const sameMember = (a: Address | null, b: Address | null): boolean =>
  a === null || b === null ? a === b : sameAddress(a, b);

function shiftAt(schedule: Schedule, at: number, covers: readonly Cover[]): Shift {
  const first = stretchAt(schedule.primary, at);
  const second = schedule.secondary ? stretchAt(schedule.secondary, at) : first;
  const standIn = (place: Place): Address | null =>
    covers.findLast((cover) => cover.place === place && cover.from <= at && at < cover.until)?.member ?? null;
  const primary = standIn('primary') ?? first.order[0] ?? null;
  const away = [standIn('primary') && first.order[0], primary].filter((member) => member != null);
  const free = (member: Address): boolean => !away.some((other) => sameAddress(other, member));
  const cover = standIn('secondary');
  const inTurn = schedule.secondary ? second.order[0] : first.order[1];
  const rest = cover && inTurn ? second.order.filter((member) => !sameAddress(member, inTurn)) : second.order;
  const secondary = [...(cover ? [cover] : []), ...rest].find(free) ?? null;
  const changes = covers.flatMap(({ from, until }) => [from, until]).filter((change) => change > at);
  return { primary, secondary, until: Math.min(first.until, second.until, ...changes) };
}

/** Whose turn it is in the first rotation that is open; until anything changes that could matter. */
function stretchAt(rotations: readonly Rotation[], at: number): { order: readonly Address[]; until: number } {
  let until = Number.POSITIVE_INFINITY;
  for (const rotation of rotations) {
    const turn = turnAt(rotation, at);
    until = Math.min(until, turn.until);
    if (turn.order.length > 0) return { order: turn.order, until };
  }
  return { order: [], until };
}
