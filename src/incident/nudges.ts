import { nextWorkingTime } from '../oncall/working-hours.ts';
import type { By } from './by.ts';
import { clock } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import { fireNextStep, lateMsMax, nextStepOf } from './escalation.ts';
import type { Fact } from './facts.ts';
import type { Incident, NudgeRule, NudgeState, Nudges } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { type Ladder, type Rung, roleRungs, updateRungs } from './rungs.ts';
import type { Decision, Topic } from './topic.ts';

export type NudgeCommand =
  | { type: 'snooze-nudge'; by: By; rule: NudgeRule; untilAt: number }
  | { type: 'stop-nudge'; by: By; rule: NudgeRule };

export type NudgeFact =
  | {
      type: 'nudged';
      rule: NudgeRule;
      rung: number;
      dueAt: number;
      via: Rung['via'];
      /** Whom it mentions or reaches by DM; null: the whole channel. */
      to: string | null;
      /** This was the last rung for this due time, and nothing came of it. */
      lastRung: boolean;
    }
  | { type: 'nudge-snoozed'; by: By; rule: NudgeRule; untilAt: number }
  | { type: 'nudge-stopped'; by: By; rule: NudgeRule; ignored: number };

/** Precedence when two are due at once: commander, then update, then comms (product.md section 7). */
const rules: readonly NudgeRule[] = ['no-commander', 'update-due', 'no-comms'];

const fresh: NudgeState = { ignored: 0, rung: 0, dueAt: null, notBeforeAt: null, stopped: false };

const stateOf = (incident: Incident, rule: NudgeRule): NudgeState => incident.nudges.rules[rule] ?? fresh;

/** The message of the standing nudge goes when it is answered, superseded, or over. */
export const retractStanding = (before: Incident): Effect[] => {
  const place = before.nudges.standing?.place;
  return place ? [{ kind: 'retract', place }] : [];
};

const ladders: Record<NudgeRule, (incident: Incident) => Ladder | null> = {
  'no-commander': (incident) => roleRungs(incident, 'commander'),
  'update-due': updateRungs,
  'no-comms': (incident) => roleRungs(incident, 'comms'),
};

/**
 * When each rule speaks next. Before the acknowledgement only the escalation speaks; nudges keep `spacingMs` apart
 * (a page waits for no nudge); a snooze holds a rule back; SEV3-4 wait for the working hours of whoever is asked.
 */
export function nudgeDues(incident: Incident): Due[] {
  if (!isOpen(incident) || !incident.acknowledged || !incident.channel) return [];
  const { spacingMs } = incident.policy.nudges;
  const waiting = rules.flatMap((rule, precedence) => {
    const next = upcoming(incident, rule);
    if (!next) return [];
    const { dueAt, index, rung, wantedAt } = next;
    const fire = (now: number) => speak(incident, rule, now);
    const due: Due = { rule: `${rule}-${dueAt}-${index}`, at: spaced(incident, wantedAt, rung), fire };
    // Precedence, but whoever has waited a spacing longer goes first: a rule that repeats silences no other for good.
    return [{ rank: wantedAt + precedence * spacingMs, due }];
  });
  return waiting.sort((a, b) => a.rank - b.rank).map(({ due }) => due);
}

/** The rung of a rule that speaks next, and when it wants to. */
function upcoming(incident: Incident, rule: NudgeRule) {
  const ladder = ladders[rule](incident);
  const state = stateOf(incident, rule);
  if (!ladder || state.stopped) return null;
  const begun = state.dueAt === ladder.dueAt ? state.rung : 0;
  const first = ladder.rungs[begun];
  const index = first?.via === 'dm' && first.to === null ? begun + 1 : begun;
  const rung = ladder.rungs[index];
  if (!rung) return null;
  return { ...ladder, index, rung, wantedAt: Math.max(ladder.dueAt + rung.afterMs, state.notBeforeAt ?? 0) };
}

function spaced(incident: Incident, at: number, rung: Rung): number {
  if (rung.via === 'page') return at;
  const { nudges, workingHours } = incident.policy;
  const apart =
    incident.nudges.lastAt === null ? at : Math.max(at, incident.nudges.lastAt + nudges.spacingMs);
  const holder = rung.to && Object.values(incident.roles).find((held) => held.user === rung.to);
  const zone = (holder ? holder.timeZone : null) ?? workingHours.timeZone;
  return incident.severity >= 3 ? nextWorkingTime(apart, workingHours, zone) : apart;
}

/**
 * One rung of one rule. Ignored `ignoredMax` times it stops, or at SEV1-2 (comms excepted) pages the next person
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
  const escalates = incident.severity <= 2 && rule !== 'no-comms' && !incident.isTest;
  if (usedUp && !escalates) return [{ type: 'nudge-stopped', by: clock, rule, ignored }];
  const pagesInstead = usedUp && speaks.afterMs === 0 && rungs.every(({ via }) => via !== 'page');
  if (speaks.via !== 'page' && !pagesInstead) return [nudged];
  const why =
    rule === 'no-commander' ? ({ why: 'no-commander' } as const) : ({ why: 'no-update', dueAt } as const);
  return [nudged, ...(nextStepOf(incident) ? fireNextStep(incident, now, why) : [])];
}

/** A heads-up whose moment has passed is skipped; after downtime the rest resumes at its lowest rung, never in a burst. */
function currentRung({ dueAt, rungs, index }: Ladder & { index: number }, now: number): number {
  const isHeadsUp = (rungs[index]?.afterMs ?? 0) < 0;
  return isHeadsUp && now >= dueAt && index + 1 < rungs.length ? index + 1 : index;
}

function decideStop(incident: Incident, command: Extract<NudgeCommand, { type: 'stop-nudge' }>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const { rule, by } = command;
  const state = stateOf(incident, rule);
  return state.stopped
    ? { refused: 'nudge-gone', rule }
    : [{ type: 'nudge-stopped', by, rule, ignored: state.ignored }];
}

function decideSnooze(
  incident: Incident,
  { by, rule, untilAt }: Extract<NudgeCommand, { type: 'snooze-nudge' }>,
  now: number,
): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  if (stateOf(incident, rule).stopped) return { refused: 'nudge-gone', rule };
  return untilAt <= now ? { refused: 'stale' } : [{ type: 'nudge-snoozed', by, rule, untilAt }];
}

export const nudgeTopic: Topic<NudgeCommand, NudgeFact> = {
  decide: { 'snooze-nudge': decideSnooze, 'stop-nudge': decideStop },
  evolve: {
    nudged: evolveNudged,
    'nudge-snoozed': (incident, fact) => ({
      ...incident,
      nudges: withRule(quietened(incident, fact.rule), fact.rule, { ...fresh, notBeforeAt: fact.untilAt }),
    }),
    'nudge-stopped': (incident, fact) => ({
      ...incident,
      nudges: withRule(quietened(incident, fact.rule), fact.rule, {
        ...stateOf(incident, fact.rule),
        stopped: true,
      }),
    }),
  },
  effects: {
    nudged: (fact, _after, before) => [
      { kind: 'nudge', rule: fact.rule, rung: fact.rung, dueAt: fact.dueAt },
      ...retractStanding(before),
      ...(fact.rule === 'update-due' && fact.lastRung ? [{ kind: 'card' } as const] : []),
    ],
    'nudge-snoozed': (fact, _after, before) => silence(fact.rule, before),
    'nudge-stopped': (fact, _after, before) => [...silence(fact.rule, before), { kind: 'say', about: fact }],
  },
};

/**
 * After the last rung the rule waits for its next due time: the next update's, or the same interval again. After a rung
 * that was late the next one keeps its distance.
 */
function evolveNudged(
  incident: Incident,
  fact: Extract<NudgeFact, { type: 'nudged' }>,
  at: number,
): Incident {
  const rungs = ladders[fact.rule](incident)?.rungs ?? [];
  const afterMs = rungs[fact.rung]?.afterMs ?? 0;
  const lateMs = at - (fact.dueAt + afterMs);
  const gapMs = (rungs[fact.rung + 1]?.afterMs ?? 0) - afterMs;
  const { ignored } = stateOf(incident, fact.rule);
  const state: NudgeState = fact.lastRung
    ? { ...fresh, ignored: ignored + 1 }
    : {
        ...fresh,
        ignored,
        rung: fact.rung + 1,
        dueAt: fact.dueAt,
        notBeforeAt: afterMs >= 0 && lateMs > lateMsMax ? at + gapMs : null,
      };
  const nudges: Nudges = {
    ...withRule(incident.nudges, fact.rule, state),
    standing: { rule: fact.rule, rung: fact.rung, dueAt: fact.dueAt, place: null },
    // The beat of the clock is no delay: else five minutes would become six by and by.
    lastAt: lateMs > lateMsMax ? at : fact.dueAt + afterMs,
  };
  return fact.lastRung ? nextRound({ ...incident, nudges }, fact, at - afterMs) : { ...incident, nudges };
}

/** `spokenForAt`: the due time this round was really about, later than planned when the clock was (epoch ms). */
function nextRound(
  incident: Incident,
  fact: Extract<NudgeFact, { type: 'nudged' }>,
  spokenForAt: number,
): Incident {
  if (fact.rule === 'update-due') {
    const cadenceMs = incident.policy.severities[incident.severity].updateEveryMs;
    const dueAt = cadenceMs === null ? null : Math.max(fact.dueAt, spokenForAt) + cadenceMs;
    return { ...incident, updates: { ...incident.updates, dueAt } };
  }
  // A vacancy asks again after the same interval, counted from this nudge.
  const role = fact.rule === 'no-commander' ? ('commander' as const) : ('comms' as const);
  return { ...incident, vacantSince: { ...incident.vacantSince, [role]: spokenForAt } };
}

const withRule = (nudges: Nudges, rule: NudgeRule, state: NudgeState): Nudges => ({
  ...nudges,
  rules: { ...nudges.rules, [rule]: state },
});

const quietened = (incident: Incident, rule: NudgeRule): Nudges =>
  incident.nudges.standing?.rule === rule ? { ...incident.nudges, standing: null } : incident.nudges;

const silence = (rule: NudgeRule, before: Incident): Effect[] =>
  before.nudges.standing?.rule === rule ? retractStanding(before) : [];
