import { type Address, sameAddress } from './address.ts';
import type { Desk } from './desk.ts';
import type { Rotation } from './rotation.ts';
import type { Schedule } from './schedule.ts';

/** Whoever is written otherwise, as the Slack user they turned out to be. */
export type Known = { address: Address; user: string };

/** Whom Slack can be asked about; groups are several, and a phone is nobody there. */
const askable: readonly Address['kind'][] = ['email'];

/** Everybody whom a schedule names, once each. */
export function membersOf(schedule: Schedule | null): Address[] {
  const all = [...(schedule?.primary ?? []), ...(schedule?.secondary ?? [])].flatMap(
    ({ members }) => members,
  );
  return all.filter((one, index) => all.findIndex((other) => sameAddress(one, other)) === index);
}

/** Members who may be in Slack, and nobody knows as whom. */
export const unknownMembers = (schedule: Schedule | null): Address[] =>
  membersOf(schedule).filter(({ kind }) => askable.includes(kind));

const knownAs = <Member extends Address | null>(
  member: Member,
  known: readonly Known[],
): Member | Address => {
  const found = member && known.find(({ address }) => sameAddress(address, member));
  return found ? { kind: 'user', value: found.user } : member;
};

export function scheduleKnown(schedule: Schedule, known: readonly Known[]): Schedule {
  if (known.length === 0) return schedule;
  const inAll = (rotations: readonly Rotation[]): Rotation[] =>
    rotations.map((rotation) => ({
      ...rotation,
      members: rotation.members.map((member) => knownAs(member, known)),
    }));
  const { primary, secondary } = schedule;
  return { ...schedule, primary: inAll(primary), ...(secondary ? { secondary: inAll(secondary) } : {}) };
}

/** The same desk, knowing more people: nobody's turn changes by that. */
export function deskKnowing(desk: Desk, more: readonly Known[]): Desk {
  const known = [...desk.known, ...more];
  const { schedule, shift } = desk;
  return {
    ...desk,
    known,
    schedule: schedule && scheduleKnown(schedule, known),
    covers: desk.covers.map((cover) => ({ ...cover, covered: knownAs(cover.covered, known) })),
    shift: shift && {
      ...shift,
      primary: knownAs(shift.primary, known),
      secondary: knownAs(shift.secondary, known),
    },
  };
}
