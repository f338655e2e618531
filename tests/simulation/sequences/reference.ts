import type { Severity, Step, Who } from './steps.ts';

type Status =
  | 'triage'
  | 'investigating'
  | 'identified'
  | 'monitoring'
  | 'resolved'
  | 'closed'
  | 'canceled'
  | 'merged';

/** An incident, as plainly as it can be said. */
export interface Plain {
  title: string;
  status: Status;
  severity: Severity;
  /** A person chose the severity, or confirmed it. */
  isSure: boolean;
  commander: Who | null;
  comms: Who | null;
  /** Who has it; somebody in PagerDuty is `pagerduty`. */
  holder: Who | 'pagerduty' | null;
  isPrivate: boolean;
  mergedInto: number | null;
  /** Where it was before its end. */
  endedFrom: Status | null;
}

const open: readonly Status[] = ['triage', 'investigating', 'identified', 'monitoring'];
export const isOpen = ({ status }: Plain): boolean => open.includes(status);

/** From where a person may go where with `status`. */
const moves: Partial<Record<Status, readonly Status[]>> = {
  triage: ['investigating', 'identified', 'monitoring'],
  investigating: ['identified', 'monitoring'],
  identified: ['investigating', 'monitoring'],
  monitoring: ['investigating', 'identified'],
};

const fresh = (title: string, severity: Severity): Plain => ({
  ...{ title, severity, status: 'investigating', isSure: true, isPrivate: false },
  ...{ commander: null, comms: null, holder: null, mergedInto: null, endedFrom: null },
});

export const declared = (title: string, severity: Severity, isPrivate: boolean): Plain => ({
  ...fresh(title, severity),
  isPrivate,
});

export const alerted = (title: string, severity: Severity): Plain => ({
  ...fresh(title, severity),
  status: 'triage',
  isSure: false,
});

function taken(incident: Plain, holder: Who | 'pagerduty'): Plain {
  if (incident.holder !== null) return incident;
  return { ...incident, holder, status: incident.status === 'triage' ? 'investigating' : incident.status };
}

function graded(incident: Plain, to: Severity, isSure: boolean): Plain {
  const isRaise = to < incident.severity;
  return { ...incident, severity: to, isSure, holder: isRaise ? null : incident.holder };
}

/** A person's word stands. One alert of several makes it worse, and never better. */
function gradedByAlert(incident: Plain, to: Severity, isOnlyAlert: boolean): Plain {
  if (incident.isSure || !(isOnlyAlert || to < incident.severity)) return incident;
  return graded(incident, to, false);
}

function assigned(incident: Plain, role: 'commander' | 'comms', whom: Who | 'nobody', who: Who): Plain {
  if (whom === 'nobody') return { ...incident, [role]: null };
  if (incident[role] === whom) return incident;
  const after = { ...incident, [role]: whom };
  // Whoever takes command has it.
  return role === 'commander' && whom === who ? taken(after, who) : after;
}

const ended = (incident: Plain, status: Status): Plain => ({
  ...incident,
  status,
  endedFrom: incident.status,
});

const back = (incident: Plain): Plain => ({
  ...incident,
  status: incident.endedFrom ?? 'investigating',
  mergedInto: null,
  endedFrom: null,
});

type About = Extract<Step, { on: number }>;

/** What a step has to do with other incidents: what it is merged into, with its number; whether it has other alerts besides. */
interface Besides {
  into?: { id: number; incident: Plain };
  isOnlyAlert?: boolean;
}

/** The incident after a step; the same object where nothing may have changed. */
export function after(incident: Plain, step: About, besides: Besides = {}): Plain {
  if (step.does === 'reopen' || (step.does === 'press' && step.button === 'reopen'))
    return isOpen(incident) ? incident : back(incident);
  if (step.does === 'close')
    return incident.status === 'resolved' ? { ...incident, status: 'closed' } : incident;
  return isOpen(incident) ? whileOpen(incident, step, besides) : incident;
}

function whileOpen(incident: Plain, step: About, { into, isOnlyAlert = true }: Besides): Plain {
  switch (step.does) {
    case 'severity':
      return graded(incident, step.to, true);
    case 'alert priority':
      return gradedByAlert(incident, step.to, isOnlyAlert);
    case 'acknowledge':
      return taken(incident, step.who);
    case 'alert acknowledged':
      return taken(incident, 'pagerduty');
    case 'give back':
      return givenBack(incident, step.who);
    case 'role':
      return assigned(incident, step.role, step.whom, step.who);
    case 'status':
      return moves[incident.status]?.includes(step.to) ? { ...incident, status: step.to } : incident;
    case 'resolve':
      return ended(incident, 'resolved');
    case 'cancel':
      return ended(incident, 'canceled');
    case 'make private':
      return { ...incident, isPrivate: true };
    case 'merge':
      return into && isOpen(into.incident) && (into.incident.isPrivate || !incident.isPrivate)
        ? { ...ended(incident, 'merged'), mergedInto: into.id }
        : incident;
    case 'press':
      return pressed(incident, step);
    default:
      return incident;
  }
}

function givenBack(incident: Plain, who: Who): Plain {
  const { holder, commander } = incident;
  return holder === who || holder === 'pagerduty' || (holder !== null && commander === who)
    ? { ...incident, holder: null }
    : incident;
}

function pressed(incident: Plain, { button, who }: Extract<Step, { does: 'press' }>): Plain {
  switch (button) {
    case 'acknowledge':
    case 'confirm-acknowledge':
      return taken(incident, who);
    case 'unacknowledge':
      return givenBack(incident, who);
    // Take buttons take it from nobody.
    case 'take-command':
      return incident.commander === null ? assigned(incident, 'commander', who, who) : incident;
    case 'take-comms':
      return incident.comms === null ? assigned(incident, 'comms', who, who) : incident;
    case 'reopen':
      return incident;
  }
}
