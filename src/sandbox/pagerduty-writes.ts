import type { Json } from './json.ts';
import { isObject, objectAt, objectsAt, textAt } from './json.ts';
import { type EscalationPolicy, type PagerDutyUser, userReference, wokenAt } from './pagerduty-account.ts';
import {
  acknowledgeTicket,
  askResponders,
  assignTicket,
  delegateTicket,
  noteTicket,
  reopenTicket,
  resolveTicket,
  setTicketPriority,
  unacknowledgeTicket,
  updateTicket,
} from './pagerduty-acts.ts';
import { priorityNamed, type Reference, reference } from './pagerduty-events.ts';
import { type Asked, ticketAsked } from './pagerduty-reads.ts';
import { refuseCall } from './pagerduty-refuse.ts';
import { PAGERDUTY_LIMITS } from './pagerduty-rules.ts';
import { incidentShape, noteShape, statusUpdateShape } from './pagerduty-shapes.ts';
import { type Desk, escalateTicket, openTicket, type Ticket } from './pagerduty-tickets.ts';

export interface Wanted extends Asked {
  /** The fields, already judged by name and kind. */
  body: Json;
  /** The one of the `From` header. */
  user: PagerDutyUser;
}

/** PagerDuty answers a call before its webhook goes out, and whether that arrives does not change the answer. */
function afterwards(telling: Promise<unknown>): void {
  void telling;
}

export function updateIncident(wanted: Wanted): Json {
  const { desk, body, user } = wanted;
  const ticket = ticketAsked(wanted);
  const agent = userReference(user);
  if (!['incident', 'incident_reference'].includes(textAt(body, 'type'))) refuseCall('invalid', 'type');
  if (ticket.incident.mergedInto !== null) refuseCall('merged');
  if (body.status !== undefined) afterwards(toStatus(desk, ticket, agent, body));
  if (body.priority !== undefined) {
    afterwards(setTicketPriority(desk, ticket, priorityAsked(desk, body.priority), agent));
  }
  if (body.escalation_level !== undefined) {
    afterwards(escalateTicket(desk, ticket, levelAsked(ticket, body.escalation_level), agent));
  }
  if (body.escalation_policy !== undefined) afterwards(delegate(desk, ticket, agent, body));
  if (body.assignments !== undefined) {
    if (ticket.incident.status === 'resolved') refuseCall('resolved');
    afterwards(assignTicket(desk, ticket, peopleAsked(desk, body), agent));
  }
  if (typeof body.title === 'string') ticket.incident.title = body.title;
  return { incident: incidentShape(ticket) };
}

/** On a resolved incident every other status reopens it (the OpenAPI says so of `status`). */
function toStatus(desk: Desk, ticket: Ticket, agent: Reference, body: Json): Promise<void> {
  const { status } = ticket.incident;
  switch (body.status) {
    case 'resolved': {
      if (status === 'resolved') refuseCall('resolved');
      return resolveTicket(desk, ticket, agent, { resolution: textAt(body, 'resolution') || null });
    }
    case 'acknowledged': {
      if (status === 'resolved') return reopenTicket(desk, ticket, agent, 'acknowledged');
      const isTheirs = ticket.acknowledgers.some(({ user }) => user.id === agent.id);
      if (status === 'acknowledged' && isTheirs) refuseCall('acknowledged');
      return acknowledgeTicket(desk, ticket, agent);
    }
    case 'triggered': {
      if (status === 'resolved') return reopenTicket(desk, ticket, agent);
      return status === 'acknowledged' ? unacknowledgeTicket(desk, ticket, agent) : Promise.resolve();
    }
    default:
      return refuseCall('invalid', 'status must be triggered, acknowledged or resolved');
  }
}

function priorityAsked({ account }: Desk, priority: unknown): Reference {
  const known = account.priorities.map(priorityNamed);
  if (isObject(priority) && !textAt(priority, 'type').startsWith('priority'))
    refuseCall('invalid', 'priority');
  const found = isObject(priority)
    ? known.find(({ id }) => id === priority.id)
    : known.find(({ summary }) => summary === priority);
  return found ?? refuseCall('invalid', 'Priority not found');
}

function levelAsked({ policy, isDirect, incident }: Ticket, level: unknown): number {
  if (incident.status === 'resolved') refuseCall('resolved');
  const isThere = typeof level === 'number' && level >= 1 && level <= policy.levels.length;
  return isThere && !isDirect ? level : refuseCall('cannotEscalate');
}

function delegate(desk: Desk, ticket: Ticket, agent: Reference, body: Json): Promise<void> {
  if (ticket.incident.status === 'resolved') refuseCall('resolved');
  return delegateTicket(desk, ticket, policyAsked(desk, body), agent);
}

function policyAsked({ account }: Desk, body: Json): EscalationPolicy {
  if (body.assignments !== undefined)
    refuseCall('invalid', 'assignments and escalation_policy exclude each other');
  const { id, type } = objectAt(body, 'escalation_policy');
  const policy = account.policies.find((one) => one.id === id);
  if (!policy || type !== 'escalation_policy_reference') refuseCall('invalid', 'Escalation policy not found');
  return policy;
}

function peopleAsked({ account }: Desk, body: Json): string[] {
  const ids = objectsAt(body, 'assignments').map((one) => objectAt(one, 'assignee'));
  const people = ids.map(({ id, type }) => {
    const user = account.users.find((one) => one.id === id);
    return user && type === 'user_reference' ? user.id : refuseCall('invalid', 'Assignee not found');
  });
  return people.length > 0 ? people : refuseCall('invalid', 'assignments are empty');
}

export function createIncident({ desk, body, user }: Wanted): Json {
  const { id, type } = objectAt(body, 'service');
  const service = desk.account.services.find((one) => one.id === id);
  if (!service || type !== 'service_reference') refuseCall('gone', 'Service not found');
  const key = textAt(body, 'incident_key') || null;
  const isOpen = [...desk.tickets.values()].some(
    ({ incident }) =>
      incident.incidentKey === key && incident.status !== 'resolved' && incident.service.id === id,
  );
  if (isOpen) refuseCall('invalid', 'Open incident with matching dedup key already exists on this service');
  const opening = {
    title: textAt(body, 'title'),
    service: reference('service', service.id, service.name),
    urgency: body.urgency === 'low' ? 'low' : 'high',
    priority: null,
    assignees: null,
    incidentKey: key,
    policy: body.escalation_policy === undefined ? null : policyAsked(desk, body),
  } as const;
  const before = new Set(desk.tickets.keys());
  afterwards(openTicket(desk, opening, userReference(user)));
  const opened = [...desk.tickets.values()].find(({ incident }) => !before.has(incident.id));
  return { incident: opened ? incidentShape(opened) : null };
}

export function createNote(wanted: Wanted): Json {
  const ticket = ticketAsked(wanted);
  const text = textAt(wanted.body, 'content');
  if (text.trim() === '') refuseCall('invalid', 'content is empty');
  if (ticket.notes.length >= PAGERDUTY_LIMITS.notesPerIncident) refuseCall('limit');
  afterwards(noteTicket(wanted.desk, ticket, text, userReference(wanted.user)));
  const note = ticket.notes.at(-1);
  return { note: note ? noteShape(note) : null };
}

export function createStatusUpdate(wanted: Wanted): Json {
  const ticket = ticketAsked(wanted);
  const text = textAt(wanted.body, 'message');
  if (text.trim() === '') refuseCall('invalid', 'message is empty');
  afterwards(updateTicket(wanted.desk, ticket, text, userReference(wanted.user)));
  const update = ticket.statusUpdates.at(-1);
  return { status_update: update ? statusUpdateShape(update) : null };
}

export function requestResponders(wanted: Wanted): Json {
  const { desk, body, user } = wanted;
  const ticket = ticketAsked(wanted);
  if (ticket.incident.status === 'resolved') refuseCall('resolved');
  if (!desk.account.users.some(({ id }) => id === body.requester_id)) refuseCall('requester');
  const targets = objectsAt(body, 'responder_request_targets');
  if (targets.length === 0) refuseCall('invalid', 'responder_request_targets are empty');
  const users = targets.flatMap((one) => respondersAsked(desk, objectAt(one, 'responder_request_target')));
  const message = textAt(body, 'message');
  afterwards(askResponders(desk, ticket, users, message, userReference(user)));
  const { id, summary, self, html_url } = incidentShape(ticket);
  return {
    responder_request: {
      incident: { id, type: 'incident_reference', summary, self, html_url },
      requester: userReference(user),
      requested_at: new Date(desk.clock.now()).toISOString(),
      message,
      responder_request_targets: targets,
    },
  };
}

/** A policy stands for those whom it would wake first. */
function respondersAsked(desk: Desk, { id, type }: Json): PagerDutyUser[] {
  const { users, policies } = desk.account;
  if (type === 'user_reference') {
    return [users.find((one) => one.id === id) ?? refuseCall('invalid', 'Responder not found')];
  }
  const policy = policies.find((one) => one.id === id);
  if (type !== 'escalation_policy_reference' || !policy) return refuseCall('invalid', 'Responder not found');
  return wokenAt(desk.account, policy, 1, desk.clock.now());
}
