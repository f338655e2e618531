import { acknowledgeFacts, resume } from './acknowledgement.ts';
import { alertCount, isOnlyAlert, isOutdated, othersFire, withAlert, withNews } from './alert-links.ts';
import { type By, clock, userOf } from './by.ts';
import { sourceOf } from './declaring.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { AlertLink, Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { lateMsMax, namedTarget, stepsOf, tellingAt } from './ladder.ts';
import type { PageOrder } from './page-order.ts';
import { echoOf, isEcho, isSameMoment } from './paging-echo.ts';
import { isOwnNote } from './paging-out.ts';
import { whenEnded } from './refusal.ts';
import { gradeByMachine, raiseByMachine } from './severity.ts';
import type { Severity } from './severity-scale.ts';
import type { Decision, Topic } from './topic.ts';

/** What an alert system says of one of its alerts. Times epoch ms, its own clock. Text as it came, cleaned. */
export interface AlertNews {
  id: string;
  title: string;
  url: string | null;
  /** The service's name there. */
  service: string;
  at: number;
  createdAt: number;
  severity: Severity;
  severityReason: string;
  /** Names of the people it told. */
  assignees: string[];
}

export type AlertCommand =
  /** Another alert of this service: it belongs here. Also a known one that fires again. */
  | { type: 'attach-alert'; by: By; alert: AlertNews }
  /** News of a linked one. `at`: its own time; older news is recorded and changes nothing. */
  | { type: 'note-alert'; by: By; id: string; to: AlertLink['state']; at: number; unacknowledged: boolean }
  | { type: 'note-alert-severity'; by: By; id: string; severity: Severity; reason: string; at: number }
  /** Escalated, reassigned, delegated, annotated …: worth a line in the timeline, no change of state. */
  | {
      type: 'note-alert-remark';
      by: By;
      id: string;
      text: string;
      at: number;
      /** Whom it was escalated to, or who was asked to respond: names there. */
      to?: string[];
      /** Whose phones ring because of it: names there. */
      calls?: string[];
    }
  /** "Keep open", pressed under "all alerts are resolved". */
  | { type: 'keep-open'; by: By };

export type AlertFact =
  | { type: 'alert-attached'; by: By; alert: AlertNews; happenedAt: number }
  | {
      type: 'alert-changed';
      by: By;
      id: string;
      to: AlertLink['state'];
      happenedAt: number;
      /** Newer news had already arrived. */
      outdated: boolean;
    }
  /** `graded`: it says how bad the alert is. */
  | {
      type: 'alert-remark';
      by: By;
      id: string;
      text: string;
      happenedAt: number;
      graded?: boolean;
      /** Whom PagerDuty calls because of it, by their names there. */
      calls?: string[];
    }
  /** `quiet`: said a moment ago, an alert that flaps does not repeat it. */
  | { type: 'alerts-cleared'; acknowledged: boolean; cancelAt: number | null; quiet?: boolean }
  /** It fired again soon after the incident was over: somebody is paged and offered **Reopen**. */
  | { type: 'fired-again'; alert: AlertNews }
  | { type: 'kept-open'; by: By };

type Attach = Extract<AlertCommand, { type: 'attach-alert' }>;
type Note = Extract<AlertCommand, { type: 'note-alert' }>;
type Grade = Extract<AlertCommand, { type: 'note-alert-severity' }>;

function attach(incident: Incident, { alert, by }: Attach, now: number): Decision {
  const known = incident.alerts[alert.id];
  // The webhook of what we opened there ourselves, and have heard of already.
  if (known?.ours && known.state === 'triggered' && isSameMoment(known.at, alert.at)) return [];
  if (known?.told?.reopens) return echoOf(incident, alert.id, alert.at, known.told.to);
  const attached: AlertFact = { type: 'alert-attached', by, alert, happenedAt: alert.at };
  if (isOutdated(incident.alerts[alert.id], 'triggered', alert.at)) return [attached];
  if (!isOpen(incident)) return [attached, ...firedAgain(incident, alert, now)];
  const { severity, severityReason: reason } = alert;
  // Most alerts of a storm are as bad as what stands, and not the first: nothing is worked out for them.
  const mayLower = severity > incident.severity && isOnlyAlert(incident, alert.id);
  if (severity >= incident.severity && !mayLower) return [attached];
  const after = evolveAttached(incident, attached, now);
  return [attached, ...graded(after, { by, id: alert.id, severity, reason, at: alert.at }, now)];
}

/**
 * An alert for an incident that is over: somebody must look, whether it is reopened or not. Once within
 * `pagerdutyGraceMs`: the alerts of one outage come together.
 */
function firedAgain(incident: Incident, alert: AlertNews, now: number): Fact[] {
  const askedAt = incident.firedAgainAt ?? Number.NEGATIVE_INFINITY;
  const { pagerdutyGraceMs } = incident.policy.escalation;
  if (askedAt >= incident.statusAt && now - askedAt < pagerdutyGraceMs) return [];
  const [rung] = stepsOf(incident);
  const first = rung && tellingAt(incident, rung, now);
  if (!first || first.action === 'ticket') return [{ type: 'fired-again', alert }];
  const order: PageOrder = {
    orderedAt: now,
    action: first.action,
    target: namedTarget(first),
    reason: { why: 'fired-again' },
    step: null,
    nextAt: null,
  };
  const ordered: Fact = { type: 'page-ordered', by: clock, order, next: incident.escalation.next, lateMs: 0 };
  return [{ type: 'fired-again', alert }, ordered];
}

function note(incident: Incident, command: Note, now: number): Decision {
  const { by, id, to, at } = command;
  if (isEcho(incident.alerts[id], to, at)) return echoOf(incident, id, at, to);
  const outdated = isOutdated(incident.alerts[id], to, at);
  const changed: AlertFact = { type: 'alert-changed', by, id, to, happenedAt: at, outdated };
  if (!isOpen(incident)) return [changed];
  if (to === 'resolved') {
    if (outdated || othersFire(incident, id)) return [changed];
    return [changed, ...cleared(evolveChanged(incident, changed, now), now)];
  }
  return [changed, ...handed(incident, evolveChanged(incident, changed, now), command, now)];
}

/**
 * Who has it, says PagerDuty. That is news of its own: an acknowledgement that comes after the resolve it preceded still
 * counts, and one that was given back since has at least ended triage.
 */
function handed(incident: Incident, after: Incident, command: Note, now: number): Fact[] {
  const { by, at } = command;
  const held = incident.acknowledged;
  const isOld = at < (incident.alerts[command.id]?.handedAt ?? Number.NEGATIVE_INFINITY);
  if (!command.unacknowledged) {
    const [taken, ...started] = acknowledgeFacts(after, by);
    return taken && !held && !isOld ? [taken, ...started] : started;
  }
  const isTakenSince = held && userOf(held.by) !== null && held.at > at && now - at > lateMsMax;
  if (!held || isOld || isTakenSince) return [];
  if (alertCount(after).firing > 0) return resume(after, held.by, by, 'pagerduty', now);
  const free = { ...after, acknowledged: null };
  return [{ type: 'unacknowledged', by, from: held.by, reason: 'pagerduty' }, ...cleared(free, now)];
}

/**
 * PagerDuty resolving never closes ours: it asks, or, if nobody acknowledged, the ladder holds and says so. Without a
 * channel there is nobody to ask: it holds, and goes by itself.
 */
function cleared(incident: Incident, now: number): Fact[] {
  const { clearedAfterMs, pagerdutyGraceMs } = incident.policy.escalation;
  const isHandled = incident.acknowledged !== null || isPagedOnly(incident);
  const acknowledged = isHandled && incident.visibility === 'channel';
  const quiet = now - (incident.clearedSaidAt ?? Number.NEGATIVE_INFINITY) < pagerdutyGraceMs;
  const cancelAt = acknowledged ? null : now + clearedAfterMs;
  return [{ type: 'alerts-cleared', acknowledged, cancelAt, ...(quiet && { quiet }) }];
}

/** Nothing fired but our own page there: that somebody resolves it says nothing of the incident. */
const isPagedOnly = ({ alerts }: Incident): boolean =>
  Object.values(alerts).every((link) => link.ours === true);

/**
 * How bad an alert is, as of `at`. Worse than what stands: raised. Better: lowered only where this is the one alert
 * there is. Older news than we have, a resolved alert, and a severity that a person set change nothing.
 */
function graded(after: Incident, news: Omit<Grade, 'type'>, now: number): Fact[] {
  const { by, id, severity, reason, at } = news;
  const link = after.alerts[id];
  if (link?.state === 'resolved' || at < (link?.gradedAt ?? Number.NEGATIVE_INFINITY)) return [];
  return alertCount(after).total === 1
    ? gradeByMachine(after, by, severity, reason, now)
    : raiseByMachine(after, by, severity, reason, now);
}

/** It fires (again): the ladder goes on where it was, `restMs` from now at the earliest. */
function released({ escalation }: Incident, at: number, restMs = 0): Incident['escalation'] {
  const { heldAt, next } = escalation;
  if (heldAt === null) return escalation;
  return { ...escalation, heldAt: null, next: next && { ...next, at: Math.max(next.at, at + restMs) } };
}

function evolveAttached(
  incident: Incident,
  { alert }: Extract<AlertFact, { type: 'alert-attached' }>,
  at: number,
): Incident {
  const isOld = isOutdated(incident.alerts[alert.id], 'triggered', alert.at);
  const link: AlertLink = { state: 'triggered', at: alert.at, gradedAt: alert.at };
  return {
    ...withAlert(incident, alert.id, link),
    alertSource: incident.alertSource ?? sourceOf(alert),
    escalation: isOld ? incident.escalation : released(incident, at),
  };
}

function evolveChanged(
  incident: Incident,
  fact: Extract<AlertFact, { type: 'alert-changed' }>,
  at: number,
): Incident {
  const { id, to, happenedAt } = fact;
  const link: AlertLink = {
    ...{ state: to, at: happenedAt },
    ...(to !== 'resolved' && { handedAt: happenedAt }),
  };
  return {
    ...withNews(incident, id, link),
    escalation: to === 'resolved' || fact.outdated ? incident.escalation : released(incident, at),
  };
}

export const alerts: Topic<AlertCommand, AlertFact> = {
  decide: {
    'attach-alert': attach,
    'note-alert': note,
    'note-alert-severity': (incident, command, now) => {
      const { by, id, at, reason } = command;
      const { priorityTold } = incident.alerts[id] ?? {};
      if (priorityTold === command.severity && incident.severity === command.severity) return [];
      const text = `priority now: ${reason}`;
      const remark: Fact = { type: 'alert-remark', by, id, text, happenedAt: at, graded: true };
      return [remark, ...(isOpen(incident) ? graded(incident, command, now) : [])];
    },
    'note-alert-remark': (incident, { by, id, text, at, to, calls = [] }) => {
      const asked = incident.alerts[id]?.asked ?? [];
      const isAsked = to !== undefined && to.length > 0 && to.every((name) => asked.includes(name));
      if (isAsked || isOwnNote(text, incident)) return [];
      const rings = calls.length > 0 && isOpen(incident) && incident.visibility === 'channel';
      return [{ type: 'alert-remark', by, id, text, happenedAt: at, ...(rings && { calls }) }];
    },
    'keep-open': (incident, command) =>
      isOpen(incident) ? [{ type: 'kept-open', by: command.by }] : whenEnded(incident),
  },
  evolve: {
    'alert-attached': evolveAttached,
    'alert-changed': evolveChanged,
    'alert-remark': (incident, fact) => {
      const known = incident.alerts[fact.id];
      if (!fact.graded || !known) return incident;
      const gradedAt = Math.max(known.gradedAt ?? fact.happenedAt, fact.happenedAt);
      return { ...incident, alerts: { ...incident.alerts, [fact.id]: { ...known, gradedAt } } };
    },
    'alerts-cleared': (incident, fact, at) => ({
      ...incident,
      clearedSaidAt: fact.quiet ? incident.clearedSaidAt : at,
      escalation: { ...incident.escalation, heldAt: fact.acknowledged ? null : at },
    }),
    // Somebody wants it open and nobody has it: they get a moment to take it before the ladder goes on.
    'kept-open': (incident, _fact, at) => ({
      ...incident,
      escalation: released(incident, at, incident.policy.escalation.pagerdutyGraceMs),
    }),
    'fired-again': (incident, _fact, at) => ({ ...incident, firedAgainAt: at }),
  },
  effects: {
    'alert-attached': () => [{ kind: 'card' }],
    'alert-changed': () => [{ kind: 'card' }],
    'alert-remark': (fact) => (fact.calls ? [said(fact)] : []),
    'alerts-cleared': (fact) => [{ kind: 'card' }, ...(fact.quiet ? [] : [said(fact)])],
    'kept-open': (fact) => [{ kind: 'card' }, said(fact)],
    'fired-again': (fact) => [said(fact)],
  },
};

const said = (fact: Fact): Effect => ({ kind: 'say', about: fact });
