import { nextWorkingTime } from '../oncall/working-hours.ts';
import type { By } from './by.ts';
import { clock } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import { fireNextStep, lateMsMax, nextStepOf } from './escalation.ts';
import type { Fact } from './facts.ts';
import type { Incident, NudgeRule, Nudges } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { type Rung, roleRungs, updateRungs } from './rungs.ts';
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

const fresh = { ignored: 0, rung: 0, notBeforeAt: null, stopped: false } as const;

const stateOf = (incident: Incident, rule: NudgeRule) => incident.nudges.rules[rule] ?? fresh;

/** The message of the standing nudge goes when it is answered, superseded, or over. */
export const retractStanding = (before: Incident): Effect[] => {
  const place = before.nudges.standing?.place;
  return place ? [{ kind: 'retract', place }] : [];
};

const ladders: Record<NudgeRule, (incident: Incident) => { dueAt: number; rungs: Rung[] } | null> = {
  'no-commander': (incident) => roleRungs(incident, 'commander'),
  'update-due': updateRungs,
  'no-comms': (incident) => roleRungs(incident, 'comms'),
};

/**
 * When each rule speaks next. Before the acknowledgement only the escalation speaks; nudges keep `spacingMs` apart;
 * a snooze holds a rule back; SEV3-4 wait for the working hours of whoever is asked.
 */
export function nudgeDues(incident: Incident): Due[] {
  if (!isOpen(incident) || !incident.acknowledged || !incident.channel || incident.isTest) return [];
  const waiting = rules.flatMap((rule) => {
    const state = stateOf(incident, rule);
    const ladder = state.stopped ? null : ladders[rule](incident);
    const rung = ladder?.rungs[state.rung];
    if (!ladder || !rung) return [];
    const naturalAt = Math.max(ladder.dueAt + rung.afterMs, state.notBeforeAt ?? 0);
    const at = spaced(incident, naturalAt, rung);
    const fire = (now: number) => speak(incident, rule, now);
    return [{ naturalAt, due: { rule: `${rule}-${ladder.dueAt}-${state.rung}`, at, fire } }];
  });
  // Whoever has waited longest goes first, so that a rule which repeats as often as the spacing allows silences no other.
  return waiting.sort((a, b) => a.naturalAt - b.naturalAt).map(({ due }) => due);
}

function spaced(incident: Incident, at: number, rung: Rung): number {
  const { nudges, workingHours } = incident.policy;
  const apart =
    incident.nudges.lastAt === null ? at : Math.max(at, incident.nudges.lastAt + nudges.spacingMs);
  const holder = rung.to && Object.values(incident.roles).find((held) => held.user === rung.to);
  const zone = (holder ? holder.timeZone : null) ?? workingHours.timeZone;
  return incident.severity >= 3 ? nextWorkingTime(apart, workingHours, zone) : apart;
}

/** One rung of one rule. Ignored `ignoredMax` times it stops, or at SEV1-2 (comms excepted) escalates instead. */
function speak(incident: Incident, rule: NudgeRule, now: number): Fact[] {
  const ladder = ladders[rule](incident);
  const state = stateOf(incident, rule);
  if (!ladder) return [];
  const rung = currentRung(ladder, state.rung, now);
  const at = ladder.rungs[rung];
  if (!at) return [];
  const lastRung = rung === ladder.rungs.length - 1;
  const nudged: NudgeFact = {
    type: 'nudged',
    rule,
    rung,
    dueAt: ladder.dueAt,
    via: at.via,
    to: at.to,
    lastRung,
  };
  const usedUp = state.ignored >= incident.policy.nudges.ignoredMax;
  const escalates = incident.severity <= 2 && rule !== 'no-comms';
  if (usedUp && !escalates) return [{ type: 'nudge-stopped', by: clock, rule, ignored: state.ignored }];
  if (at.via !== 'page' && !(usedUp && rung === 0)) return [nudged];
  const why =
    rule === 'no-commander'
      ? ({ why: 'no-commander' } as const)
      : ({ why: 'no-update', dueAt: ladder.dueAt } as const);
  return [nudged, ...(nextStepOf(incident) ? fireNextStep(incident, now, why) : [])];
}

/** A heads-up whose moment has passed is skipped; after downtime the rest resumes at its lowest rung, never in a burst. */
function currentRung(ladder: { dueAt: number; rungs: Rung[] }, rung: number, now: number): number {
  const isHeadsUp = (ladder.rungs[rung]?.afterMs ?? 0) < 0;
  return isHeadsUp && now >= ladder.dueAt && rung + 1 < ladder.rungs.length ? rung + 1 : rung;
}

function decideStop(incident: Incident, command: Extract<NudgeCommand, { type: 'stop-nudge' }>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const { rule, by } = command;
  const state = stateOf(incident, rule);
  return state.stopped
    ? { refused: 'nudge-gone', rule }
    : [{ type: 'nudge-stopped', by, rule, ignored: state.ignored }];
}

export const nudgeTopic: Topic<NudgeCommand, NudgeFact> = {
  decide: {
    'snooze-nudge': (incident, command, now) => {
      if (!isOpen(incident)) return whenEnded(incident);
      if (command.untilAt <= now) return { refused: 'stale' };
      return [{ type: 'nudge-snoozed', by: command.by, rule: command.rule, untilAt: command.untilAt }];
    },
    'stop-nudge': decideStop,
  },
  evolve: {
    nudged: evolveNudged,
    'nudge-snoozed': (incident, fact) => ({
      ...incident,
      nudges: withRule(quietened(incident, fact.rule), fact.rule, {
        ...stateOf(incident, fact.rule),
        notBeforeAt: fact.untilAt,
        rung: 0,
      }),
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
    ],
    'nudge-snoozed': (fact, _after, before) => silence(fact.rule, before),
    'nudge-stopped': (fact, _after, before) => [...silence(fact.rule, before), { kind: 'say', about: fact }],
  },
};

/**
 * After the last rung the rule waits for its next due time: the next update's, or the same interval again. A rung that
 * was late moves the whole ladder, so that the rungs after it keep their distance.
 */
function evolveNudged(
  incident: Incident,
  fact: Extract<NudgeFact, { type: 'nudged' }>,
  at: number,
): Incident {
  const ladder = ladders[fact.rule](incident);
  const plannedAt = fact.dueAt + (ladder?.rungs[fact.rung]?.afterMs ?? 0);
  const lateMs = at - plannedAt > lateMsMax ? at - plannedAt : 0;
  const state = stateOf(incident, fact.rule);
  const nudges: Nudges = {
    ...withRule(incident.nudges, fact.rule, {
      ...state,
      notBeforeAt: null,
      rung: fact.lastRung ? 0 : fact.rung + 1,
      ignored: fact.lastRung ? state.ignored + 1 : state.ignored,
    }),
    standing: { rule: fact.rule, rung: fact.rung, dueAt: fact.dueAt, place: null },
    lastAt: at,
  };
  return moveDue({ ...incident, nudges }, fact, lateMs, at);
}

function moveDue(
  incident: Incident,
  fact: Extract<NudgeFact, { type: 'nudged' }>,
  lateMs: number,
  at: number,
): Incident {
  if (fact.rule === 'update-due') {
    const cadenceMs = incident.policy.severities[incident.severity].updateEveryMs ?? 0;
    const dueAt = fact.lastRung ? Math.max(fact.dueAt + cadenceMs, at) : fact.dueAt + lateMs;
    return { ...incident, updates: { ...incident.updates, dueAt } };
  }
  // A vacancy asks again after the same interval, counted from this nudge.
  const role = fact.rule === 'no-commander' ? ('commander' as const) : ('comms' as const);
  return { ...incident, vacantSince: { ...incident.vacantSince, [role]: at } };
}

const withRule = (
  nudges: Nudges,
  rule: NudgeRule,
  state: NonNullable<Nudges['rules'][NudgeRule]>,
): Nudges => ({ ...nudges, rules: { ...nudges.rules, [rule]: state } });

const quietened = (incident: Incident, rule: NudgeRule): Nudges =>
  incident.nudges.standing?.rule === rule ? { ...incident.nudges, standing: null } : incident.nudges;

const silence = (rule: NudgeRule, before: Incident): Effect[] =>
  before.nudges.standing?.rule === rule ? retractStanding(before) : [];
