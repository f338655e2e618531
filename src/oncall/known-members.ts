import { type Address, sameAddress } from './address.ts';
import type { Desk } from './desk.ts';
import type { Duties } from './duties.ts';
import type { Rotation } from './rotation.ts';
import type { Schedule } from './schedule.ts';

/** Whoever is written otherwise, as the Slack user they turned out to be. */
export type Known = { address: Address; user: string };

/** Whom Slack can be asked about; groups are several, and a phone is nobody there. */
const askable: readonly Address['kind'][] = ['email', 'pagerduty'];

/** Who has this e-mail address in PagerDuty, as `pagerduty.users` says: Slack user id -> address. Null: it does not. */
export function writtenAs(email: string, users: Readonly<Record<string, string>>): string | null {
  const wanted = email.toLowerCase();
  return Object.entries(users).find(([, other]) => other.toLowerCase() === wanted)?.[0] ?? null;
}

/** Everybody whom a schedule names, once each. */
export function membersOf(schedule: Schedule | null): Address[] {
  const all = [...(schedule?.primary ?? []), ...(schedule?.secondary ?? [])].flatMap(
    ({ members }) => members,
  );
  all.push(...(schedule?.duties?.list ?? []).map(({ member }) => member));
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
  const { primary, secondary, duties } = schedule;
  return {
    ...schedule,
    primary: inAll(primary),
    ...(secondary ? { secondary: inAll(secondary) } : {}),
    ...(duties && { duties: dutiesKnown(duties, known) }),
  };
}

export const dutiesKnown = ({ list, until }: Duties, known: readonly Known[]): Duties => ({
  list: list.map((duty) => ({ ...duty, member: knownAs(duty.member, known) })),
  until,
});

/** The same desk, knowing more people: nobody's turn changes by that. Whoever is another one by now replaces the first. */
export function deskKnowing(desk: Desk, more: readonly Known[]): Desk {
  const isNews = ({ address }: Known): boolean => more.some((one) => sameAddress(one.address, address));
  const outdated = desk.known.filter(isNews);
  const known = [...desk.known.filter((one) => !isNews(one)), ...more];
  return outdated.length > 0 ? renamed(withKnown(desk, known), outdated, more) : withKnown(desk, known);
}

/** Those who were taken for somebody else. */
function renamed(desk: Desk, outdated: readonly Known[], more: readonly Known[]): Desk {
  const moved = outdated.flatMap(({ address, user }): Known[] => {
    const now = more.find((one) => sameAddress(one.address, address));
    return now && now.user !== user ? [{ address: { kind: 'user', value: user }, user: now.user }] : [];
  });
  return { ...withKnown(desk, moved), known: desk.known };
}

function withKnown(desk: Desk, known: Known[]): Desk {
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
