import { type Address, sameAddress } from './address.ts';
import { type Duties, levelsAt, type PagerDutySource } from './duties.ts';
import { type Rotation, turnAt } from './rotation.ts';

export const places = ['primary', 'secondary'] as const;
export type Place = (typeof places)[number];

/** Who is on call for a team. In each place the first rotation whose hours hold is the one that counts. */
export type Schedule = {
  primary: readonly Rotation[];
  /** Absent: whoever follows the primary in their rotation. */
  secondary?: readonly Rotation[];
  /** A Slack user group that has whoever is on call as its members. */
  userGroup?: string;
  /** PagerDuty says who it is; there are no rotations then. */
  pagerduty?: PagerDutySource;
  /** What it said last; absent: nothing yet. */
  duties?: Duties;
};

/** Somebody stands in, from `from` up to (not including) `until`, epoch ms. Of several in force the last counts. */
export type Cover = { place: Place; member: Address; from: number; until: number };

/** Who is on call up to (not including) `until`, epoch ms. Null: nobody stands in that place. */
export type Shift = {
  primary: Address | null;
  secondary: Address | null;
  until: number;
  /** PagerDuty wakes several at the same level: whoever stands there beside the first. */
  also?: { [At in Place]: readonly Address[] };
};

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
    if (!Number.isFinite(next.until)) break;
    next = shiftAt(schedule, next.until, covers);
  }
  return { ...now, next: sameShift(next, now) ? first : next };
}

const sameShift = (a: Shift, b: Shift): boolean => places.every((place) => sameMember(a[place], b[place]));

const sameMember = (a: Address | null, b: Address | null): boolean =>
  a === null || b === null ? a === b : sameAddress(a, b);

/** Who is on call at `at` (epoch ms), and until when nothing changes; cheaper than `onCallAt`. */
export function shiftAt(schedule: Schedule, at: number, covers: readonly Cover[] = []): Shift {
  const { first, second, isShared, levels } = stretchesAt(schedule, at);
  const standIn = (place: Place): Address | null =>
    covers.findLast((cover) => cover.place === place && cover.from <= at && at < cover.until)?.member ?? null;
  const primary = standIn('primary') ?? first.order[0] ?? null;
  const away = [standIn('primary') && first.order[0], primary].filter((member) => member != null);
  const free = (member: Address): boolean => !away.some((other) => sameAddress(other, member));
  const cover = standIn('secondary');
  const inTurn = isShared ? first.order[1] : second.order[0];
  // Who may not stand there covers nobody: whoever's turn it is keeps it.
  const isCovered = cover !== null && free(cover);
  const rest =
    isCovered && inTurn ? second.order.filter((member) => !sameAddress(member, inTurn)) : second.order;
  const secondary = [...(cover ? [cover] : []), ...rest].find(free) ?? null;
  const changes = covers.flatMap(({ from, until }) => [from, until]).filter((change) => change > at);
  const also = beside(levels, primary, secondary);
  return {
    primary,
    secondary,
    until: Math.min(first.until, second.until, ...changes),
    ...(also && { also }),
  };
}

interface Stretch {
  order: readonly Address[];
  until: number;
}

/** `isShared`: both places are filled from one list. */
interface Stretches {
  first: Stretch;
  second: Stretch;
  isShared: boolean;
  levels: readonly (readonly Address[])[];
}

function stretchesAt({ primary, secondary, pagerduty, duties }: Schedule, at: number): Stretches {
  if (pagerduty) {
    const { levels, until } = duties ? levelsAt(duties, at) : nobodyKnown;
    const [first = [], ...others] = levels;
    return {
      first: { order: first, until },
      second: { order: others.flat(), until },
      isShared: false,
      levels,
    };
  }
  const first = stretchAt(primary, at);
  const second = secondary ? stretchAt(secondary, at) : first;
  return { first, second, isShared: !secondary, levels: [] };
}

const nobodyKnown = { levels: [], until: Number.POSITIVE_INFINITY };

/** Whoever stands at the same level as these two. */
function beside(
  [first = [], second = []]: Stretches['levels'],
  primary: Address | null,
  secondary: Address | null,
): Shift['also'] {
  if (first.length < 2 && second.length < 2) return undefined;
  const isNeither = (one: Address): boolean =>
    [primary, secondary].every((other) => !other || !sameAddress(other, one));
  const isFromSecond = secondary !== null && second.some((one) => sameAddress(one, secondary));
  return {
    primary: first.slice(1).filter(isNeither),
    secondary: isFromSecond ? second.filter(isNeither) : [],
  };
}

/** Whose turn it is in the first rotation that is open; until anything changes that could matter. */
function stretchAt(rotations: readonly Rotation[], at: number): Stretch {
  let until = Number.POSITIVE_INFINITY;
  for (const rotation of rotations) {
    const turn = turnAt(rotation, at);
    until = Math.min(until, turn.until);
    if (turn.order.length > 0) return { order: turn.order, until };
  }
  return { order: [], until };
}
