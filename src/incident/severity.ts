import { standDown } from './acknowledgement.ts';
import type { By } from './by.ts';
import { userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, SeverityBefore } from './incident.ts';
import { isAnnounced, isOpen } from './incident.ts';
import { askPerson, fireNextStep, lowered, restarted } from './ladder.ts';
import { whenEnded } from './refusal.ts';
import type { Severity } from './severity-scale.ts';
import { cleanLine } from './text.ts';
import type { Decision, Topic } from './topic.ts';

export type SeverityCommand = {
  type: 'change-severity';
  by: By;
  to: Severity;
  /** Why, in the words of the person or the rule. */
  reason: string;
};

export type SeverityFact = {
  type: 'severity-changed';
  by: By;
  from: Severity;
  to: Severity;
  reason: string;
  provisional: boolean;
  /** Who had it before a raise took the acknowledgement away. */
  acknowledgedBefore: By | null;
  /** The change before this one was taken back; `severityBy` is who had set it then. */
  undone?: { severityBy: By };
};

/** The reason of a severity that a person chose in the declaration. */
export const setWhenDeclared = 'set when declared';

/**
 * Changing severity. Machines never override a person. Naming the same severity confirms a provisional one. A raise
 * needs a new acknowledgement and starts the new ladder; the acknowledger and the raiser count as reached and are asked.
 */
function change(incident: Incident, command: SeverityCommand, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const { by, to } = command;
  const user = userOf(by);
  if (user === null && userOf(incident.severityBy) !== null) return { refused: 'severity-set-by-person' };
  if (to === incident.severity && !(incident.provisional && user)) {
    return { refused: 'same-severity', severity: to };
  }
  const isRaise = to < incident.severity;
  const changed: SeverityFact = {
    type: 'severity-changed',
    by,
    from: incident.severity,
    to,
    reason: cleanLine(command.reason),
    provisional: user === null,
    acknowledgedBefore: isRaise ? (incident.acknowledged?.by ?? null) : null,
  };
  if (!isRaise) return [changed];
  const after = evolveSeverity(incident, changed, now);
  const asked = confirmers(incident, by).map((one) => askPerson(after, one, { why: 'raised', by }, now));
  return [changed, ...asked, ...fireNextStep(after, now, { why: 'raised', by })];
}

/** Who already knows: the acknowledger before the raise, and the person who raised. */
function confirmers(incident: Incident, by: By): string[] {
  const acknowledger = incident.acknowledged && userOf(incident.acknowledged.by);
  return [...new Set([acknowledger, userOf(by)].filter((user) => user !== null))];
}

/** As it was before the last change: the acknowledgement that a raise took is back, and the old ladder goes on. */
function restored(incident: Incident, fact: SeverityFact, at: number): Incident {
  const before = incident.severityBefore;
  const back: Incident = {
    ...incident,
    severity: fact.to,
    severityReason: fact.reason,
    severityBy: fact.undone?.severityBy ?? fact.by,
    provisional: fact.provisional,
    severityBefore: undefined,
  };
  if (!before || fact.to === fact.from) return back;
  const cadenceMs = back.policy.severities[fact.to].updateEveryMs;
  const { last } = incident.updates;
  const owedAt = last && last.at > before.at && cadenceMs !== null ? last.at + cadenceMs : before.updateDueAt;
  const dueAt = cadenceMs === null || owedAt === null ? null : Math.max(owedAt, at);
  const held = incident.acknowledged ?? (before.acknowledged && { ...before.acknowledged, lastSeenAt: at });
  const escalation = { ...incident.escalation, startedAt: before.startedAt, askedStillOnItAt: null };
  const isRaiseUndone = fact.to > fact.from;
  const next = before.next && { ...before.next, at: Math.max(before.next.at, at) };
  return {
    ...back,
    acknowledged: held,
    updates: { ...incident.updates, dueAt },
    // A raise taken back pages nobody: what the old policy had due meanwhile is not made up for.
    escalation: isRaiseUndone ? lowered({ ...back, escalation }, at) : { ...escalation, next },
  };
}

const beforeOf = (incident: Incident, at: number): SeverityBefore => ({
  at,
  severity: incident.severity,
  severityReason: incident.severityReason,
  severityBy: incident.severityBy,
  provisional: incident.provisional,
  acknowledged: incident.acknowledged,
  startedAt: incident.escalation.startedAt,
  next: incident.escalation.next,
  updateDueAt: incident.updates.dueAt,
});

function evolveSeverity(incident: Incident, fact: SeverityFact, at: number): Incident {
  if (fact.undone) return restored(incident, fact, at);
  const changed: Incident = {
    ...incident,
    severityBefore: beforeOf(incident, at),
    severity: fact.to,
    severityReason: fact.reason,
    severityBy: fact.by,
    provisional: fact.provisional,
    // What was one line in the announce channel is an incident now.
    visibility: incident.visibility === 'line' && fact.to < fact.from ? 'channel' : incident.visibility,
  };
  if (fact.to === fact.from) return changed;
  const cadenceMs = changed.policy.severities[fact.to].updateEveryMs;
  const isRaise = fact.to < fact.from;
  const last = incident.updates.last?.at ?? at;
  const dueAt = cadenceMs === null ? null : isRaise ? at + cadenceMs : Math.max(last + cadenceMs, at);
  const promised = incident.updates.dueAt;
  const updates = {
    ...changed.updates,
    dueAt: isRaise && promised !== null && dueAt !== null ? Math.min(promised, dueAt) : dueAt,
  };
  if (!isRaise) return { ...changed, updates, escalation: lowered(changed, at) };
  const known = confirmers(incident, fact.by);
  const escalation = restarted(changed, at);
  return {
    ...changed,
    updates,
    acknowledged: null,
    escalation: {
      ...escalation,
      reached: [
        ...escalation.reached,
        ...known.map((user) => ({ user, at, severity: fact.to, how: 'raised' as const })),
      ],
    },
  };
}

export const severity: Topic<SeverityCommand, SeverityFact> = {
  decide: { 'change-severity': change },
  evolve: { 'severity-changed': evolveSeverity },
  effects: {
    'severity-changed': (fact, after, before) => {
      const everywhere: Effect[] = [{ kind: 'card' }, { kind: 'topic' }, { kind: 'say', about: fact }];
      // Whoever was asked because of the raise must not go on being asked.
      if (fact.undone) everywhere.push(...standDown(after));
      if (!isAnnounced(after)) return everywhere;
      const raised = fact.to < fact.from;
      const told: Effect[] =
        raised || (fact.undone && fact.to !== fact.from)
          ? [{ kind: 'announcement-reply', about: fact, broadcast: raised && !fact.undone && fact.to <= 2 }]
          : [];
      const opened: Effect[] = before.visibility === 'line' && raised ? [{ kind: 'open-channel' }] : [];
      return [...everywhere, ...opened, { kind: 'announcement' }, ...told];
    },
  },
};

/** Facts of a machine's finding, when it is worse than what stands and no person has set the severity. */
export const raiseByMachine = (
  incident: Incident,
  by: By,
  to: Severity,
  reason: string,
  now: number,
): Fact[] => (to < incident.severity ? gradeByMachine(incident, by, to, reason, now) : []);

/** Facts of a machine's finding, worse or better than what stands, unless a person has set the severity. */
export function gradeByMachine(
  incident: Incident,
  by: By,
  to: Severity,
  reason: string,
  now: number,
): Fact[] {
  const decision = change(incident, { type: 'change-severity', by, to, reason }, now);
  return Array.isArray(decision) ? decision : [];
}
