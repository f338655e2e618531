import type { PagerDuty } from './pagerduty.ts';
import { userReference } from './pagerduty-account.ts';
import {
  acknowledgeTicket,
  answerRequest,
  assignTicket,
  noteTicket,
  reopenTicket,
  resolveTicket,
  setTicketPriority,
  unacknowledgeTicket,
} from './pagerduty-acts.ts';
import { type Incident, priorityNamed, type Reference, serviceNamed, userNamed } from './pagerduty-events.ts';
import { type Desk, escalateTicket, openTicket, type Ticket } from './pagerduty-tickets.ts';

export interface Alert {
  title: string;
  /** A name, or id and name. */
  service: string | { id: string; summary: string };
  urgency?: 'high' | 'low';
  /** `P1` ... `P5`. */
  priority?: string;
  /** Names of those whom PagerDuty wakes. Without: whoever the service's escalation policy says, if it has one. */
  assignees?: readonly string[];
  incidentKey?: string;
  /** What the monitoring adds; REST shows it with the alert. */
  details?: unknown;
}

/** By whom; without it the service itself acts. */
export interface By {
  by?: string;
}

/** By the incident, its id or its key. Throws where there is none. */
export function ticketOf({ tickets }: Desk, incident: Incident | string): Ticket {
  const wanted = typeof incident === 'string' ? incident : incident.id;
  const ticket =
    tickets.get(wanted) ?? [...tickets.values()].findLast((one) => one.incident.incidentKey === wanted);
  if (!ticket) throw new Error(`PagerDuty has no incident ${wanted}`);
  return ticket;
}

function agentOf(desk: Desk, service: Reference, by: By | undefined): Reference {
  if (!by?.by) return service;
  const user = desk.account.users.find(({ name }) => name === by.by);
  return user ? userReference(user) : userNamed(by.by);
}

export type Act =
  | 'trigger'
  | 'acknowledge'
  | 'unacknowledge'
  | 'resolve'
  | 'merge'
  | 'reopen'
  | 'escalate'
  | 'escalateToLevel'
  | 'reassign'
  | 'priority'
  | 'annotate'
  | 'respond';

/** What people, and the monitoring, do in PagerDuty itself. */
export function incidentActs(desk: Desk): Pick<PagerDuty, Act> {
  /** Finds the ticket and the one who acts, then acts. */
  const act =
    <A extends unknown[]>(run: (desk: Desk, ticket: Ticket, agent: Reference, ...rest: A) => Promise<void>) =>
    (incident: Incident, by: By | undefined, ...rest: A) =>
      run(desk, ticketOf(desk, incident), agentOf(desk, incident.service, by), ...rest);
  const merge = act((_, ticket, agent, into: Incident) =>
    resolveTicket(desk, ticket, agent, { mergedInto: into }),
  );
  const assign = act((_, ticket, agent, to: readonly string[], what: 'reassigned' | 'escalated') =>
    assignTicket(desk, ticket, to, agent, what),
  );
  const level = act((_, ticket, agent, to: number) => escalateTicket(desk, ticket, to, agent));
  const priority = act((_, ticket, agent, name: string | null) =>
    setTicketPriority(desk, ticket, name === null ? null : priorityNamed(name), agent),
  );
  const note = act((_, ticket, agent, text: string) => noteTicket(desk, ticket, text, agent));
  return {
    trigger: (alert) => triggered(desk, alert),
    acknowledge: (incident, by) => act(acknowledgeTicket)(incident, by),
    unacknowledge: (incident, by) => act(unacknowledgeTicket)(incident, by),
    resolve: (incident, by) => act((_, ticket, agent) => resolveTicket(desk, ticket, agent))(incident, by),
    merge: (incident, into, by) => merge(incident, by, into),
    reopen: (incident, by) => act((_, ticket, agent) => reopenTicket(desk, ticket, agent))(incident, by),
    escalate: (incident, { to, by }) => assign(incident, { by }, to, 'escalated'),
    escalateToLevel: (incident, to, by) => level(incident, by, to),
    reassign: (incident, { to, by }) => assign(incident, { by }, to, 'reassigned'),
    priority: (incident, name, by) => priority(incident, by, name),
    annotate: (incident, content, by) => note(incident, by, content),
    respond: (incident, who, state) => answerRequest(desk, ticketOf(desk, incident), who, state),
  };
}

async function triggered(desk: Desk, alert: Alert & By): Promise<Incident> {
  const service = serviceNamed(knownService(desk, alert.service));
  const hasPolicy = desk.account.services.some(({ id }) => id === service.id);
  const opening = {
    title: alert.title,
    service,
    urgency: alert.urgency ?? 'high',
    priority: alert.priority === undefined ? null : priorityNamed(alert.priority),
    assignees: alert.assignees ?? (hasPolicy ? null : []),
    incidentKey: alert.incidentKey ?? null,
  } as const;
  const { details = null } = alert;
  const by = agentOf(desk, service, alert);
  const { incident } = await openTicket(desk, opening, by, { severity: 'critical', details });
  return incident;
}

function knownService({ account }: Desk, service: Alert['service']): Alert['service'] {
  if (typeof service !== 'string') return service;
  const known = account.services.find(({ name }) => name === service);
  return known ? { id: known.id, summary: known.name } : service;
}
