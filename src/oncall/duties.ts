import { type Address, sameAddress } from './address.ts';

/** Who is asked in PagerDuty: an escalation policy by its levels, or a schedule for each place. Ids. */
export type PagerDutySource = { policy: string } | { primary: string; secondary?: string };

/** One duty as PagerDuty says it, epoch ms; null: always. Level 1 is paged first. */
export type Duty = { level: number; member: Address; from: number | null; until: number | null };

/** What PagerDuty answered: every duty that touches the time up to (not including) `until`, epoch ms. */
export type Duties = { list: readonly Duty[]; until: number };

/** Whoever is on call at one moment, level by level, nobody twice and no level empty; until that changes. */
export type Levels = { levels: Address[][]; until: number };

/** So many duties of one source are kept; the time after them is asked for later. */
export const dutiesMax = 500;

/** After the time that was asked for, whoever was last on call stays it: an old answer is better than none. */
export function levelsAt({ list, until: known }: Duties, at: number): Levels {
  const asked = Math.min(at, known - 1);
  const levels = new Map<number, Address[]>();
  const seen: Address[] = [];
  for (const { level, member } of list.filter((duty) => holdsAt(duty, asked)).sort(byLevel)) {
    if (seen.some((other) => sameAddress(other, member))) continue;
    seen.push(member);
    levels.set(level, [...(levels.get(level) ?? []), member]);
  }
  const edges = list.flatMap(({ from, until }) => [from, until]).filter((edge) => edge !== null && edge > at);
  return { levels: [...levels.values()], until: Math.min(...(edges as number[])) };
}

const holdsAt = ({ from, until }: Duty, at: number): boolean =>
  (from === null || from <= at) && (until === null || at < until);

/** Whose turn it is comes before whoever a policy names at all times; then always in the same order. */
const byLevel = (a: Duty, b: Duty): number =>
  a.level - b.level ||
  Number(a.from === null) - Number(b.from === null) ||
  a.member.value.localeCompare(b.member.value);

/** Known so far ahead, an answer that says the same again is no news: the time that was asked for moves every day. */
const aheadMsMin = 21 * 86_400_000;

/** Does the answer say of the time from `at` on what is known already? */
export function saysTheSame(known: Duties | undefined, answer: Duties, at: number): boolean {
  if (!known || known.until - at < aheadMsMin) return false;
  const until = Math.min(known.until, answer.until);
  return JSON.stringify(withinOf(known, at, until)) === JSON.stringify(withinOf(answer, at, until));
}

/** Duties of that time, cut to it: what is longer ago, or further away, need not agree. */
const withinOf = ({ list }: Duties, from: number, until: number): string[] =>
  list
    .filter((duty) => (duty.from ?? 0) < until && (duty.until ?? until) > from)
    .map((duty) => {
      const end = Math.min(duty.until ?? until, until);
      return `${duty.level} ${duty.member.kind} ${duty.member.value} ${Math.max(duty.from ?? 0, from)} ${end}`;
    })
    .sort();

/** Without what is over, and at most `dutiesMax` of them: the soonest. */
export function boundedDuties({ list, until }: Duties, at: number): Duties {
  const ahead = list
    .filter((duty) => duty.until === null || duty.until > at)
    .sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
  const dropped = ahead[dutiesMax];
  return {
    list: ahead.slice(0, dutiesMax),
    until: dropped?.from ? Math.max(at + 1, Math.min(until, dropped.from)) : until,
  };
}

/** `PagerDuty policy PABC123`, `PagerDuty schedules PABC123 and PXYZ789` */
export function sourceName(source: PagerDutySource): string {
  if ('policy' in source) return `PagerDuty policy ${source.policy}`;
  const { primary, secondary } = source;
  return secondary === undefined
    ? `PagerDuty schedule ${primary}`
    : `PagerDuty schedules ${primary} and ${secondary}`;
}

/** How old the answers of one team's source are, epoch ms. */
export interface SourceState {
  team: string;
  /** Null: it never answered. */
  answeredAt: number | null;
  /** Since when it has not answered; null: the last question was answered. */
  failingSince: number | null;
  /** What is wrong and what helps, in words. */
  problem: string | null;
}
