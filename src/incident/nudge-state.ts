import type { Effect } from './effects.ts';
import type { Incident, NudgeRule, NudgeState, Nudges } from './incident.ts';
import { lateMsMax } from './ladder.ts';
import { ladderOf, rowOf } from './nudge-rules.ts';
import type { NudgeFact } from './nudges.ts';

type Nudged = Extract<NudgeFact, { type: 'nudged' }>;

/** The clock looks every few seconds; later than this it was busy or away. */
export const beatMsMax = 10_000;

export const fresh: NudgeState = { ignored: 0, rung: 0, dueAt: null, notBeforeAt: null, stopped: false };

/**
 * How far a rule has come. With another reason to ask it begins anew; only what a person wanted holds on: their Stop, and
 * their Snooze until its time.
 */
export function stateOf(incident: Incident, rule: NudgeRule): NudgeState {
  const state = incident.nudges.rules[rule];
  if (!state) return fresh;
  const sinceAt = ladderOf(incident, rule)?.sinceAt ?? null;
  const isSameReason = state.sinceAt === undefined || sinceAt === null || state.sinceAt === sinceAt;
  if (isSameReason) return state;
  const isStoppedByHand = state.stopped && state.ignored < incident.policy.nudges.ignoredMax;
  const isSnoozed = state.dueAt === null;
  return { ...fresh, stopped: isStoppedByHand, notBeforeAt: isSnoozed ? state.notBeforeAt : null };
}

export const withRule = (nudges: Nudges, rule: NudgeRule, state: NudgeState): Nudges => ({
  ...nudges,
  rules: { ...nudges.rules, [rule]: state },
});

export const quietened = (incident: Incident, rule: NudgeRule): Nudges =>
  incident.nudges.standing?.rule === rule ? { ...incident.nudges, standing: null } : incident.nudges;

/** What the standing nudge was about is over, or another matter now: it stands no longer. */
export function withoutAnswered(incident: Incident): Incident {
  const { standing } = incident.nudges;
  if (!standing) return incident;
  const ladder = ladderOf(incident, standing.rule);
  const isSameReason = standing.sinceAt === undefined || ladder?.sinceAt === standing.sinceAt;
  return ladder && isSameReason ? incident : { ...incident, nudges: quietened(incident, standing.rule) };
}

/** The message of a nudge goes when it is answered, superseded, or over: at most one is standing. */
export function retractAnswered(before: Incident, after: Incident): Effect[] {
  const place = before.nudges?.standing?.place;
  return place && after.nudges.standing?.place?.ts !== place.ts ? [{ kind: 'retract', place }] : [];
}

/**
 * After the last rung the rule waits for its next due time: the next update's, or the same interval again. After a rung
 * that was late the next one keeps its distance.
 */
export function evolveNudged(incident: Incident, fact: Nudged, at: number): Incident {
  const ladder = ladderOf(incident, fact.rule);
  const rungs = ladder?.rungs ?? [];
  const afterMs = rungs[fact.rung]?.afterMs ?? 0;
  const lateMs = at - (fact.dueAt + afterMs);
  const gapMs = (rungs[fact.rung + 1]?.afterMs ?? 0) - afterMs;
  const before = stateOf(incident, fact.rule);
  const { ignored } = before;
  const reason = ladder?.sinceAt ?? null;
  // The due time this round was really about, later than planned when the clock was.
  const spokenForAt = at - afterMs;
  const state: NudgeState = fact.lastRung
    ? { ...fresh, ignored: ignored + 1, sinceAt: reason, askedAt: spokenForAt }
    : {
        ...fresh,
        ignored,
        ...(before.askedAt !== undefined && { askedAt: before.askedAt }),
        sinceAt: reason,
        rung: fact.rung + 1,
        dueAt: fact.dueAt,
        notBeforeAt: afterMs >= 0 && lateMs > lateMsMax ? at + gapMs : null,
      };
  const { rule, rung, dueAt } = fact;
  const nudges: Nudges = {
    ...withRule(incident.nudges, rule, state),
    standing: { rule, rung, dueAt, place: null, sinceAt: reason },
    // The beat of the clock is no delay: else five minutes would become six by and by.
    lastAt: lateMs > beatMsMax ? at : dueAt + afterMs,
  };
  const after = { ...incident, nudges };
  return fact.lastRung && 'ladder' in rowOf(rule)
    ? nextUpdateDue(after, Math.max(dueAt, spokenForAt))
    : after;
}

/** An update that nobody wrote is due again a cadence later. */
function nextUpdateDue(incident: Incident, spokenForAt: number): Incident {
  const cadenceMs = incident.policy.severities[incident.severity].updateEveryMs;
  const dueAt = cadenceMs === null ? null : spokenForAt + cadenceMs;
  return { ...incident, updates: { ...incident.updates, dueAt } };
}
