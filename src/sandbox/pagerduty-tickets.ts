import type { Clock } from '../clock.ts';
import {
  type Account,
  type EscalationPolicy,
  type PagerDutyUser,
  policyReference,
  type Service,
  serviceOf,
  userReference,
  wokenAt,
} from './pagerduty-account.ts';
import {
  envelope,
  type Incident,
  type IncidentEvent,
  incidentData,
  type Reference,
  userNamed,
} from './pagerduty-events.ts';
import type { Webhook } from './pagerduty-webhook.ts';

export interface Remark {
  id: string;
  at: number;
  by: Reference;
  text: string;
}

/** What PagerDuty knows of an incident besides what its webhooks say. */
export interface Ticket {
  incident: Incident;
  service: Service;
  policy: EscalationPolicy;
  /** From 1; 0 while nobody of the policy was woken. */
  level: number;
  /** How often the policy has begun anew. */
  rounds: number;
  /** Assigned to people by hand: the policy does not go on. */
  isDirect: boolean;
  alerts: { id: string; key: string; title: string; severity: string; at: number; details: unknown }[];
  notes: Remark[];
  statusUpdates: Remark[];
  acknowledgers: { user: Reference; at: number }[];
  responders: { user: PagerDutyUser; message: string; state: 'pending' | 'accepted' | 'declined' }[];
  resolution: string | null;
  changedAt: number;
  changedBy: Reference;
  resolvedAt: number | null;
  /** Aborted when the level has done its work. */
  waiting: AbortController | null;
}

/** Somebody's phone rang. */
export interface Paged {
  at: number;
  /** Handle. */
  who: string;
  incidentId: string;
  title: string;
  urgency: 'high' | 'low';
  why: 'assigned' | 'responder';
  /** Of the escalation policy, from 1; 0: no level of it. */
  level: number;
}

export interface Desk {
  clock: Clock;
  account: Account;
  webhook: Webhook;
  /** By id. */
  tickets: Map<string, Ticket>;
  pages: Paged[];
  /** Last number given to an incident, note or event. */
  last: number;
  /** False: somebody switched the webhook subscription off. */
  isSubscribed: boolean;
}

/** Sends an event to the webhook. Resolves, with the event's id, when the first attempt has been answered. */
export async function publish(
  desk: Desk,
  event: Omit<IncidentEvent, 'id' | 'at'>,
  key: string,
): Promise<string> {
  desk.last += 1;
  const id = `01SANDBOX${String(desk.last).padStart(17, '0')}`;
  const body = envelope({ ...event, id, at: desk.clock.now() });
  if (desk.isSubscribed) await desk.webhook.send(id, key, event.type, body);
  return id;
}

/** Changes the incident and tells the webhook. */
export async function change(
  desk: Desk,
  ticket: Ticket,
  what: string,
  agent: Reference,
  fields: Partial<Incident>,
): Promise<void> {
  const { incident } = ticket;
  if (fields.status !== undefined && fields.status !== incident.status) {
    Object.assign(ticket, { changedAt: desk.clock.now(), changedBy: agent });
  }
  Object.assign(incident, fields);
  const type = `incident.${what}`;
  await publish(desk, { type, resource: 'incident', agent, data: incidentData(incident) }, incident.id);
}

export interface Opening {
  title: string;
  service: Reference;
  urgency: 'high' | 'low';
  priority: Reference | null;
  /** Handles or names; null: whoever the service's policy says. */
  assignees: readonly string[] | null;
  incidentKey: string | null;
  /** Instead of the service's. */
  policy?: EscalationPolicy | null;
}

/** A new incident with its first alert: whom the policy says is woken, and the webhook hears of it. */
export async function openTicket(
  desk: Desk,
  opening: Opening,
  agent: Reference,
  alert: AlertSaid | null = null,
): Promise<Ticket> {
  const ticket = newTicket(desk, opening, agent);
  if (alert) addAlert(desk, ticket, opening.title, alert);
  desk.tickets.set(ticket.incident.id, ticket);
  if (opening.assignees) ticket.incident.assignees = opening.assignees.map(userNamed);
  else standAt(desk, ticket, 1);
  page(desk, ticket);
  await change(desk, ticket, 'triggered', agent, {});
  return ticket;
}

export interface AlertSaid {
  severity: string;
  /** Custom details, of any shape. */
  details: unknown;
}

export function addAlert(desk: Desk, ticket: Ticket, title: string, { severity, details }: AlertSaid): void {
  const { number, incidentKey: key } = ticket.incident;
  const id = `QA${String(number).padStart(8, '0')}${String(ticket.alerts.length + 1).padStart(4, '0')}`;
  ticket.alerts.push({ id, key, title, severity, at: desk.clock.now(), details });
}

function newTicket(desk: Desk, opening: Opening, agent: Reference): Ticket {
  desk.last += 1;
  const number = desk.last;
  const now = desk.clock.now();
  const service = serviceOf(desk.account, opening.service);
  const incident: Incident = {
    id: `Q${String(number).padStart(13, '0')}`,
    number,
    title: opening.title,
    status: 'triggered',
    urgency: opening.urgency,
    service: opening.service,
    assignees: [],
    priority: opening.priority,
    incidentKey: opening.incidentKey ?? `key-${number}`,
    createdAt: now,
    reopenedAt: null,
    mergedInto: null,
    policy: policyReference(opening.policy ?? service.policy),
  };
  return {
    incident,
    service,
    policy: opening.policy ?? service.policy,
    level: 0,
    rounds: 0,
    isDirect: opening.assignees !== null,
    alerts: [],
    notes: [],
    statusUpdates: [],
    acknowledgers: [],
    responders: [],
    resolution: null,
    changedAt: now,
    changedBy: agent,
    resolvedAt: null,
    waiting: null,
  };
}

/** Assigns those of that level and starts its time. */
export function standAt(desk: Desk, ticket: Ticket, level: number): void {
  const woken = wokenAt(desk.account, ticket.policy, level, desk.clock.now());
  ticket.level = ticket.policy.levels.length > 0 ? level : 0;
  ticket.isDirect = false;
  ticket.incident.assignees = woken.map(userReference);
  ticket.incident.policy = policyReference(ticket.policy);
  wait(desk, ticket);
}

/** After the level's time the next one is woken, unless somebody has taken the incident by then. */
export function wait(desk: Desk, ticket: Ticket): void {
  ticket.waiting?.abort();
  ticket.waiting = null;
  const level = ticket.policy.levels[ticket.level - 1];
  if (!level || ticket.isDirect) return;
  const waiting = new AbortController();
  ticket.waiting = waiting;
  void desk.clock.sleepUntil(desk.clock.now() + level.timeoutMs, waiting.signal).then(() => {
    if (!waiting.signal.aborted) return goOn(desk, ticket);
  });
}

async function goOn(desk: Desk, ticket: Ticket): Promise<void> {
  if (ticket.incident.status !== 'triggered') return;
  const isLast = ticket.level >= ticket.policy.levels.length;
  if (isLast && ticket.rounds >= ticket.policy.repeat) return;
  if (isLast) ticket.rounds += 1;
  await escalateTicket(desk, ticket, isLast ? 1 : ticket.level + 1, ticket.incident.service);
}

export function stop(ticket: Ticket): void {
  ticket.waiting?.abort();
  ticket.waiting = null;
}

/** The phones of everybody assigned ring. */
export function page(desk: Desk, ticket: Ticket): void {
  for (const { id } of ticket.incident.assignees) {
    const user = desk.account.users.find((one) => one.id === id);
    if (user) ring(desk, ticket, user, 'assigned');
  }
}

export function ring(desk: Desk, ticket: Ticket, user: PagerDutyUser, why: Paged['why']): void {
  const { id: incidentId, title, urgency } = ticket.incident;
  const level = why === 'responder' || ticket.isDirect ? 0 : ticket.level;
  desk.pages.push({ at: desk.clock.now(), who: user.name, incidentId, title, urgency, why, level });
}

export function escalateTicket(desk: Desk, ticket: Ticket, level: number, agent: Reference): Promise<void> {
  standAt(desk, ticket, level);
  page(desk, ticket);
  return change(desk, ticket, 'escalated', agent, { status: 'triggered' });
}
