import { Temporal } from 'temporal-polyfill';
import type { Rotation } from '../oncall/rotation.ts';
import { places } from '../oncall/schedule.ts';
import { surveyOf } from '../oncall/survey.ts';
import type { Config } from './config.ts';
import type { Finding } from './finding.ts';

/** Is somebody always primary, and is every rotation asked at some time? */
export function checkSchedules(config: Config): Finding[] {
  return Object.entries(config.teams).flatMap(([team, { onCall }]) =>
    places.flatMap((place) => {
      const rotations = onCall?.[place] ?? [];
      const path = ['teams', team, 'onCall', place];
      const [first] = rotations;
      if (!first || (rotations.length === 1 && !first.hours)) return [];
      const { gap, idle } = surveyOf(rotations, startOf(first));
      return [
        // Without a secondary the escalation goes on to the next step; without a primary nobody is woken.
        ...(gap && place === 'primary' ? [gapFinding(gap, first, path)] : []),
        ...idle.map((index) => idleFinding([...path, index])),
      ];
    }),
  );
}

const startOf = ({ startsOn, timeZone }: Rotation): number =>
  Temporal.PlainDate.from(startsOn).toZonedDateTime(timeZone).epochMilliseconds;

function gapFinding(gap: { from: number; until: number }, { timeZone }: Rotation, path: string[]): Finding {
  const words = (at: number): string =>
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .replace('T', ' ');
  return {
    path,
    wrong: `names nobody from ${words(gap.from)} to ${words(gap.until)} (${timeZone})`,
    cure: 'widen the hours, or add a rotation without hours at the end',
  };
}

const idleFinding = (path: Finding['path']): Finding => ({
  path,
  wrong: 'is never asked: the rotations before it cover all its hours',
  cure: 'take it out, put it first, or give those before it fewer hours',
});
