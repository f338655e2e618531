import { Temporal } from 'temporal-polyfill';
import { windowAt } from './hours.ts';
import type { Rotation } from './rotation.ts';

/** What a list of rotations lacks. */
export type Survey = {
  /** The first stretch in which nobody is on call, epoch ms; null when there is none. */
  gap: { from: number; until: number } | null;
  /** Positions of the rotations that are never asked, because those before them always are. */
  idle: number[];
};

const weekMs = 7 * 86_400_000;
/** Every zone changes its clocks within a year. */
const weeksLookedAt = 54;

/**
 * Looks at the year from `from` (epoch ms) on. Hours repeat every week as long as no clock is changed, so a week is
 * looked through only when its clocks stand to each other as in no week before.
 */
export function surveyOf(rotations: readonly Rotation[], from: number): Survey {
  let gap: Survey['gap'] = null;
  const asked = new Set<number>();
  const seen = new Set<string>();
  for (let week = 0; week < weeksLookedAt; week++) {
    const startsAt = from + week * weekMs;
    const clocks = clocksOf(rotations, startsAt);
    if (seen.has(clocks)) continue;
    seen.add(clocks);
    for (let at = startsAt; at < startsAt + weekMs; ) {
      const { index, until } = firstOpen(rotations, at);
      if (index === null) gap ??= { from: at, until };
      else asked.add(index);
      at = until;
    }
  }
  return { gap, idle: rotations.flatMap((_, index) => (asked.has(index) ? [] : [index])) };
}

/** How far each rotation's clock is from UTC at both ends of the week. */
const clocksOf = (rotations: readonly Rotation[], startsAt: number): string =>
  rotations
    .flatMap(({ timeZone }) =>
      [startsAt, startsAt + weekMs].map(
        (at) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).offset,
      ),
    )
    .join();

/** The position of the first rotation whose hours hold, null when none do; until one of those looked at changes. */
function firstOpen(rotations: readonly Rotation[], at: number): { index: number | null; until: number } {
  let until = at + weekMs;
  for (const [index, { hours, timeZone }] of rotations.entries()) {
    if (!hours) return { index, until };
    const window = windowAt(hours, timeZone, at);
    until = Math.min(until, window.until);
    if (window.open) return { index, until };
  }
  return { index: null, until };
}
