import { nextWorkingTime } from '../oncall/working-hours.ts';
import { clock } from './by.ts';
import type { Due } from './due.ts';
import type { Fact } from './facts.ts';
import { type Incident, isOpen, type NudgeRule, nudgeRules } from './incident.ts';
import { fireNextStep, nextStepOf } from './ladder.ts';
import { ladderOf, rowOf } from './nudge-rules.ts';
import { stateOf } from './nudge-state.ts';
import type { NudgeFact } from './nudges.ts';
import type { Ladder, Rung } from './rungs.ts';

/** Commander, update, comms; whatever comes after those is of equal weight. */
const precedenceMax = 3;

interface Upcoming extends Ladder {
  rule: NudgeRule;
  /** Which of its rungs speaks next. */
  index: number;
  rung: Rung;
  /** A rung before it has spoken for the same due time. */
  isBegun: boolean;
  /** Its own time, before it makes room for others and for the night. */
  wantedAt: number;
}

/**
 * When each rule speaks next. Before the acknowledgement only the escalation speaks; nudges keep `spacingMs` apart
 * (a page waits for no nudge); a snooze holds a rule back; SEV3-4 wait for the working hours of whoever is asked.
 */
export const nudgeDues = (incident: Incident): Due[] =>
  inOrder(incident).map((next) => ({
    rule: `${next.rule}-${next.dueAt}-${next.index}`,
    at: spaced(incident, next),
    fire: (now) => speak(incident, next.rule, now),
  }));

/** A nudge that will come if nothing changes: to whom, when, and the due time it is about, epoch ms. */
export interface PlannedNudge {
  rule: NudgeRule;
  rung: Rung;
  at: number;
  dueAt: number;
  /** It would come earlier, and waits for somebody's working hours. */
  waitsForWork: boolean;
}

/** What the clock will say next, each rule once, as far apart as they will be. */
export function plannedNudges(incident: Incident): PlannedNudge[] {
  const planned = inOrder(incident).map((next) => {
    const at = spaced(incident, next);
    const { rule, dueAt, rungs } = next;
    const rung = rungs[currentRung(next, at)] ?? next.rung;
    return { rule, rung, at, dueAt, waitsForWork: at > apart(incident, next) };
  });
  let lastAt = Number.NEGATIVE_INFINITY;
  return planned
    .sort((a, b) => a.at - b.at)
    .map((one) => {
      if (one.rung.via === 'page') return one;
      lastAt = Math.max(one.at, lastAt + incident.policy.nudges.spacingMs);
      return { ...one, at: lastAt };
    });
}

/**
 * Precedence, but whoever has waited a spacing longer goes first: a rule that repeats silences no other for good. Only
 * what comes after commander, update and comms does not interrupt a ladder of theirs that has begun.
 */
function inOrder(incident: Incident): Upcoming[] {
  const { spacingMs } = incident.policy.nudges;
  const waiting = speaking(incident).flatMap((rule) => upcoming(incident, rule) ?? []);
  const precedence = ({ rule }: Upcoming) => Math.min(nudgeRules.indexOf(rule), precedenceMax);
  const waited = (next: Upcoming) => next.wantedAt + precedence(next) * spacingMs;
  // A night that held all of them up made none of them wait longer than another.
  const own = (next: Upcoming) => inHours(incident, next, next.wantedAt) + precedence(next) * spacingMs;
  const isFirst = (next: Upcoming) => precedence(next) < precedenceMax;
  const begun = Math.max(0, ...waiting.filter((next) => isFirst(next) && next.isBegun).map(own));
  const rank = (next: Upcoming) => (isFirst(next) ? own(next) : Math.max(own(next), begun + 1));
  return waiting.sort((a, b) => rank(a) - rank(b) || waited(a) - waited(b));
}

/** The rules that may speak now, in precedence. */
function speaking(incident: Incident): readonly NudgeRule[] {
  if (!isOpen(incident) || !incident.channel || incident.paused) return [];
  if (incident.acknowledged) return nudgeRules;
  const { next, heldAt } = incident.escalation;
  return next === null && heldAt === null ? nudgeRules.filter((rule) => rowOf(rule).unacknowledged) : [];
}

/** The rung of a rule that speaks next, and when it wants to. */
function upcoming(incident: Incident, rule: NudgeRule): Upcoming | null {
  const ladder = ladderOf(incident, rule);
  const state = stateOf(incident, rule);
  if (!ladder || state.stopped) return null;
  const row = rowOf(rule);
  if ('once' in row && row.once && state.askedAt !== undefined) return null;
  const begun = state.dueAt === ladder.dueAt ? state.rung : 0;
  const first = ladder.rungs[begun];
  const index = first?.via === 'dm' && first.to === null ? begun + 1 : begun;
  const rung = ladder.rungs[index];
  if (!rung) return null;
  const wantedAt = Math.max(ladder.dueAt + rung.afterMs, state.notBeforeAt ?? 0);
  return { ...ladder, rule, index, rung, isBegun: begun > 0, wantedAt };
}

/** As early as it keeps its distance; a page keeps none. */
function apart({ policy, nudges }: Incident, { rung, wantedAt }: Upcoming): number {
  const { lastAt } = nudges;
  return rung.via === 'page' || lastAt === null
    ? wantedAt
    : Math.max(wantedAt, lastAt + policy.nudges.spacingMs);
}

const spaced = (incident: Incident, next: Upcoming): number => inHours(incident, next, apart(incident, next));

/** `at`, or at SEV3-4 when whoever is asked works next. */
function inHours(incident: Incident, { rule, rung }: Upcoming, at: number): number {
  if (rung.via === 'page' || incident.severity < 3 || rowOf(rule).anyHour) return at;
  const { workingHours } = incident.policy;
  const holder = rung.to && Object.values(incident.roles).find((held) => held.user === rung.to);
  const zone = (holder ? holder.timeZone : null) ?? workingHours.timeZone;
  return nextWorkingTime(at, workingHours, zone);
}

/**
 * One rung of one rule. Ignored `ignoredMax` times it stops, or at SEV1-2 (where its row says so) pages the next person
 * whenever it is due again, unless its ladder ends in a page anyway.
 */
function speak(incident: Incident, rule: NudgeRule, now: number): Fact[] {
  const next = upcoming(incident, rule);
  if (!next) return [];
  const { dueAt, rungs } = next;
  const rung = currentRung(next, now);
  const speaks = rungs[rung] ?? next.rung;
  const lastRung = rung === rungs.length - 1;
  const { ignored } = stateOf(incident, rule);
  const nudged: NudgeFact = { type: 'nudged', rule, rung, dueAt, via: speaks.via, to: speaks.to, lastRung };
  const usedUp = ignored >= incident.policy.nudges.ignoredMax;
  const escalates = incident.severity <= 2 && !incident.isTest ? rowOf(rule).escalates : undefined;
  if (usedUp && !escalates) return [{ type: 'nudge-stopped', by: clock, rule, ignored }];
  const pagesInstead = usedUp && speaks.afterMs === 0 && rungs.every(({ via }) => via !== 'page');
  if (speaks.via !== 'page' && !pagesInstead) return [nudged];
  const why = rowOf(rule).escalates?.(dueAt);
  return [nudged, ...(why && nextStepOf(incident) ? fireNextStep(incident, now, why) : [])];
}

/** A heads-up whose moment has passed is skipped; after downtime the rest resumes at its lowest rung, never in a burst. */
function currentRung({ dueAt, rungs, index }: Upcoming, now: number): number {
  const isHeadsUp = (rungs[index]?.afterMs ?? 0) < 0;
  return isHeadsUp && now >= dueAt && index + 1 < rungs.length ? index + 1 : index;
}
