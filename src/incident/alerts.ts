import { acknowledgeFacts, resume } from './acknowledgement.ts';
import type { By } from './by.ts';
import { sourceOf } from './declaring.ts';
import type { Effect } from './effects.ts';
import { type PageOrder, stepsOf } from './escalation.ts';
import type { Fact } from './facts.ts';
import type { AlertLink, Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { raiseByMachine } from './severity.ts';
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
  | { type: 'note-alert-remark'; by: By; id: string; text: string; at: number }
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
  | { type: 'alert-remark'; by: By; id: string; text: string; happenedAt: number }
  | { type: 'alerts-cleared'; acknowledged: boolean; cancelAt: number | null }
  /** It fired again soon after the incident was resolved: somebody is paged and offered **Reopen**. */
  | { type: 'fired-again'; alert: AlertNews }
  | { type: 'kept-open'; by: By };

const isFiring = (link: AlertLink): boolean => link.state !== 'resolved';

/** How many linked alerts still fire, of how many. */
export function alertCount(incident: Incident): { firing: number; total: number } {
  const links = Object.values(incident.alerts);
  return { firing: links.filter(isFiring).length, total: links.length };
}

function attach(
  incident: Incident,
  command: Extract<AlertCommand, { type: 'attach-alert' }>,
  now: number,
): Decision {
  const { alert, by } = command;
  const known = incident.alerts[alert.id];
  const attached: AlertFact = { type: 'alert-attached', by, alert, happenedAt: alert.at };
  if (known && known.at > alert.at) return [attached];
  if (!isOpen(incident)) return [attached, ...firedAgain(incident, alert, now)];
  const after = evolveAttached(incident, attached);
  return [attached, ...raiseByMachine(after, by, alert.severity, alert.severityReason, now)];
}

/** An alert for an incident that is over: somebody must look, whether it is reopened or not. */
function firedAgain(incident: Incident, alert: AlertNews, now: number): Fact[] {
  const [first] = stepsOf(incident);
  if (!first || first.action === 'ticket') return [{ type: 'fired-again', alert }];
  const order: PageOrder = {
    orderedAt: now,
    action: first.action,
    target: { kind: 'named', name: first.target },
    reason: { why: 'fired-again' },
    step: null,
    nextAt: null,
  };
  const ordered: Fact = {
    type: 'page-ordered',
    by: { kind: 'clock' },
    order,
    next: incident.escalation.next,
    lateMs: 0,
  };
  return [{ type: 'fired-again', alert }, ordered];
}

function evolveAttached(incident: Incident, fact: Extract<AlertFact, { type: 'alert-attached' }>): Incident {
  const { alert } = fact;
  const known = incident.alerts[alert.id];
  if (known && known.at > alert.at) return incident;
  return {
    ...incident,
    alerts: { ...incident.alerts, [alert.id]: { state: 'triggered', at: alert.at } },
    alertSource: incident.alertSource ?? sourceOf(alert),
    escalation: { ...incident.escalation, heldAt: null },
  };
}

function note(
  incident: Incident,
  command: Extract<AlertCommand, { type: 'note-alert' }>,
  now: number,
): Decision {
  const { by, id, to, at } = command;
  const known = incident.alerts[id];
  const outdated = known !== undefined && known.at > at;
  const changed: AlertFact = { type: 'alert-changed', by, id, to, happenedAt: at, outdated };
  if (outdated || !isOpen(incident)) return [changed];
  const after = evolveChanged(incident, changed);
  if (to === 'acknowledged' && !incident.acknowledged) return [changed, ...acknowledgeFacts(after, by)];
  if (command.unacknowledged && incident.acknowledged) {
    return [changed, ...resume(after, incident.acknowledged.by, by, 'pagerduty', now)];
  }
  return to === 'resolved' && alertCount(after).firing === 0 ? [changed, ...cleared(after, now)] : [changed];
}

/** PagerDuty resolving never closes ours: it asks, or, if nobody acknowledged, the ladder holds and says so. */
function cleared(incident: Incident, now: number): Fact[] {
  const acknowledged = incident.acknowledged !== null;
  const cancelAt = acknowledged ? null : now + incident.policy.escalation.clearedAfterMs;
  return [{ type: 'alerts-cleared', acknowledged, cancelAt }];
}

function evolveChanged(incident: Incident, fact: Extract<AlertFact, { type: 'alert-changed' }>): Incident {
  if (fact.outdated) return incident;
  const link = { state: fact.to, at: fact.happenedAt };
  const refires = fact.to !== 'resolved';
  return {
    ...incident,
    alerts: { ...incident.alerts, [fact.id]: link },
    escalation: { ...incident.escalation, heldAt: refires ? null : incident.escalation.heldAt },
  };
}

export const alerts: Topic<AlertCommand, AlertFact> = {
  decide: {
    'attach-alert': attach,
    'note-alert': note,
    'note-alert-severity': (incident, command, now) => {
      const { by, id, at, severity, reason } = command;
      const remark: Fact = { type: 'alert-remark', by, id, text: `priority now: ${reason}`, happenedAt: at };
      return [remark, ...(isOpen(incident) ? raiseByMachine(incident, by, severity, reason, now) : [])];
    },
    'note-alert-remark': (_incident, command) => [
      { type: 'alert-remark', by: command.by, id: command.id, text: command.text, happenedAt: command.at },
    ],
    'keep-open': (incident, command) => (isOpen(incident) ? [{ type: 'kept-open', by: command.by }] : []),
  },
  evolve: {
    'alert-attached': (incident, fact) => evolveAttached(incident, fact),
    'alert-changed': evolveChanged,
    'alert-remark': (incident) => incident,
    'alerts-cleared': (incident, fact, at) => ({
      ...incident,
      escalation: { ...incident.escalation, heldAt: fact.acknowledged ? null : at },
    }),
    'kept-open': (incident) => incident,
    'fired-again': (incident) => incident,
  },
  effects: {
    'alert-attached': (_fact, after) => refreshed(after),
    'alert-changed': (fact, after) => (fact.outdated ? [] : refreshed(after)),
    'alert-remark': () => [],
    'alerts-cleared': (fact, after) => [
      ...refreshed(after),
      ...(after.channel ? [{ kind: 'say', about: fact } as const] : []),
    ],
    'kept-open': (fact) => [{ kind: 'say', about: fact }],
    'fired-again': (fact) => [{ kind: 'say', about: fact }],
  },
};

/** Wherever the incident shows: its card, its line, or the storm it is listed in. */
function refreshed(incident: Incident): Effect[] {
  if (incident.visibility === 'line') return [{ kind: 'announcement' }];
  if (incident.visibility === 'storm')
    return [{ kind: 'storm-message', head: incident.stormOf ?? incident.id }];
  return [{ kind: 'card' }];
}
