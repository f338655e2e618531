import { Temporal } from 'temporal-polyfill';
import { type Address, sameAddress } from '../oncall/address.ts';
import { type Rotation, turnAt } from '../oncall/rotation.ts';
import { places, type Schedule, shiftAt } from '../oncall/schedule.ts';
import { surveyOf } from '../oncall/survey.ts';
import type { Config } from './config.ts';
import type { Finding } from './finding.ts';

/** Is somebody always primary, is every rotation asked at some time, and is nobody their own secondary? */
export function checkSchedules(config: Config): Finding[] {
  const alone = Object.entries(config.teams).flatMap(([team, { onCall }]) =>
    onCall?.secondary ? checkBackup(team, onCall.primary, onCall.secondary) : [],
  );
  const uncovered = Object.entries(config.teams).flatMap(([team, { onCall }]) =>
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
  return [...uncovered, ...alone];
}

const weekMs = 7 * 86_400_000;
/** The hours of a year differ by how its clocks are changed; a list is through with its turns long before. */
const weeksLookedAt = 54;
/** Far more than turns and hours make in a year. */
const stretchesMax = 50_000;

/**
 * A secondary who is the primary at the same time leaves that place empty where their rotation has nobody else to step
 * in: then the list has a backup on paper only.
 */
function checkBackup(team: string, primary: readonly Rotation[], secondary: readonly Rotation[]): Finding[] {
  return secondary.flatMap((rotation, index) => {
    const [first, ...others] = rotation.members;
    if (!first || !others.every((other) => sameAddress(other, first))) return [];
    const isToo = primary.some(({ members }) => members.some((one) => sameAddress(one, first)));
    const from = isToo ? firstAlone({ primary, secondary }, rotation, first) : null;
    return from === null
      ? []
      : [backupFinding(first, from, rotation, ['teams', team, 'onCall', 'secondary', index])];
  });
}

/** When somebody is first primary, and the only one of the secondary rotation that is asked then; epoch ms. */
function firstAlone(
  schedule: Pick<Schedule, 'primary' | 'secondary'>,
  rotation: Rotation,
  who: Address,
): number | null {
  const from = firstHandoverOf(rotation);
  for (let at = from, looked = 0; looked < stretchesMax && at < from + weeksLookedAt * weekMs; looked++) {
    const shift = shiftAt(schedule, at);
    const asked = schedule.secondary?.find((one) => turnAt(one, at).order.length > 0);
    if (asked === rotation && shift.secondary === null && shift.primary && sameAddress(shift.primary, who))
      return at;
    at = shift.until;
  }
  return null;
}

const startOf = ({ startsOn, timeZone }: Rotation): number =>
  Temporal.PlainDate.from(startsOn).toZonedDateTime(timeZone).epochMilliseconds;

/** `2026-01-05 09:00` */
const moment = (at: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');

const firstHandoverOf = ({ startsOn, handoverAt, timeZone }: Rotation): number =>
  Temporal.PlainDate.from(startsOn).toZonedDateTime({ timeZone, plainTime: handoverAt }).epochMilliseconds;

function gapFinding(gap: { from: number; until: number }, { timeZone }: Rotation, path: string[]): Finding {
  return {
    path,
    wrong: `names nobody from ${moment(gap.from, timeZone)} to ${moment(gap.until, timeZone)} (${timeZone})`,
    cure: 'widen the hours, or add a rotation without hours at the end',
  };
}

const idleFinding = (path: Finding['path']): Finding => ({
  path,
  wrong: 'is never asked: the rotations before it cover all its hours',
  cure: 'take it out, put it first, or give those before it fewer hours',
});

const backupFinding = (who: Address, at: number, { timeZone }: Rotation, path: Finding['path']): Finding => ({
  path,
  wrong: `names only ${who.value}, who is primary at the same time, first ${moment(at, timeZone)} (${timeZone}): nobody is their own backup`,
  cure: 'add somebody else to it, or leave secondary out: then whoever is next in primary is asked',
});
