import type { Json } from './json.ts';
import {
  accountUser,
  type EscalationPolicy,
  type PagerDutyUser,
  policyReference,
  userReference,
} from './pagerduty-account.ts';
import {
  type Incident,
  noteData,
  type Reference,
  responderData,
  statusUpdateData,
  userNamed,
} from './pagerduty-events.ts';
import {
  change,
  type Desk,
  page,
  publish,
  type Remark,
  ring,
  standAt,
  stop,
  type Ticket,
  wait,
} from './pagerduty-tickets.ts';

export function acknowledgeTicket(desk: Desk, ticket: Ticket, agent: Reference): Promise<void> {
  stop(ticket);
  ticket.acknowledgers.push({ user: agent, at: desk.clock.now() });
  return change(desk, ticket, 'acknowledged', agent, { status: 'acknowledged' });
}

/** Whoever is assigned is woken again, and the level's time runs anew. */
export function unacknowledgeTicket(desk: Desk, ticket: Ticket, agent: Reference): Promise<void> {
  ticket.acknowledgers = [];
  page(desk, ticket);
  wait(desk, ticket);
  return change(desk, ticket, 'unacknowledged', agent, { status: 'triggered' });
}

export async function resolveTicket(
  desk: Desk,
  ticket: Ticket,
  agent: Reference,
  how: { resolution?: string | null; mergedInto?: Incident | null } = {},
): Promise<void> {
  stop(ticket);
  ticket.resolvedAt = desk.clock.now();
  ticket.resolution = how.resolution ?? null;
  const mergedInto = how.mergedInto ?? null;
  await change(desk, ticket, 'resolved', agent, { status: 'resolved', assignees: [], mergedInto });
  // A resolve with a note tells it in an event of its own, a moment later (real captures).
  if (how.resolution) await noteTicket(desk, ticket, `Resolution Note: ${how.resolution}`, agent);
}

/** As `acknowledged` it goes to whoever did it; as `triggered` the policy begins anew. */
export function reopenTicket(
  desk: Desk,
  ticket: Ticket,
  agent: Reference,
  status: 'triggered' | 'acknowledged' = 'triggered',
): Promise<void> {
  Object.assign(ticket, { resolvedAt: null, resolution: null, acknowledgers: [], rounds: 0 });
  if (status === 'triggered') {
    standAt(desk, ticket, 1);
    page(desk, ticket);
  } else {
    ticket.incident.assignees = [agent];
    ticket.acknowledgers = [{ user: agent, at: desk.clock.now() }];
  }
  return change(desk, ticket, 'reopened', agent, { status, reopenedAt: desk.clock.now() });
}

/** Names of people: by hand, so the policy does not go on. */
export function assignTicket(
  desk: Desk,
  ticket: Ticket,
  to: readonly string[],
  agent: Reference,
  what: 'reassigned' | 'escalated' = 'reassigned',
): Promise<void> {
  stop(ticket);
  ticket.isDirect = true;
  ticket.incident.assignees = to.map((who) => {
    const user = desk.account.users.find(({ id, name }) => id === who || name === who);
    return user ? userReference(user) : userNamed(who);
  });
  page(desk, ticket);
  return change(desk, ticket, what, agent, what === 'escalated' ? { status: 'triggered' } : {});
}

export function delegateTicket(
  desk: Desk,
  ticket: Ticket,
  policy: EscalationPolicy,
  agent: Reference,
): Promise<void> {
  Object.assign(ticket, { policy, rounds: 0 });
  standAt(desk, ticket, 1);
  page(desk, ticket);
  return change(desk, ticket, 'delegated', agent, { status: 'triggered' });
}

export function setTicketPriority(
  desk: Desk,
  ticket: Ticket,
  priority: Reference | null,
  agent: Reference,
): Promise<void> {
  return change(desk, ticket, 'priority_updated', agent, { priority });
}

export async function noteTicket(desk: Desk, ticket: Ticket, text: string, by: Reference): Promise<void> {
  const note = remarkOf(desk, text, by);
  ticket.notes.push(note);
  const data = noteData(ticket.incident, note.id, text);
  await tell(desk, ticket, 'annotated', by, data);
}

export async function updateTicket(desk: Desk, ticket: Ticket, text: string, by: Reference): Promise<void> {
  const update = remarkOf(desk, text, by);
  ticket.statusUpdates.push(update);
  await tell(desk, ticket, 'status_update_published', by, statusUpdateData(ticket.incident, update.id, text));
}

function remarkOf(desk: Desk, text: string, by: Reference): Remark {
  desk.last += 1;
  return { id: `PN${String(desk.last).padStart(5, '0')}`, at: desk.clock.now(), by, text };
}

/** Asks people to help: their phones ring, the incident stays with whoever has it. */
export async function askResponders(
  desk: Desk,
  ticket: Ticket,
  users: readonly PagerDutyUser[],
  message: string,
  by: Reference,
): Promise<void> {
  for (const user of users) {
    ticket.responders.push({ user, message, state: 'pending' });
    ring(desk, ticket, user, 'responder');
    await tell(desk, ticket, 'responder.added', by, respondersData(ticket, user, message, 'pending'));
  }
}

export async function answerRequest(
  desk: Desk,
  ticket: Ticket,
  who: string,
  state: 'accepted' | 'declined',
): Promise<void> {
  const user = accountUser(desk.account, who);
  const request = ticket.responders.findLast((one) => one.user.id === user.id);
  if (!request) throw new Error(`${who} was not asked to respond to "${ticket.incident.title}"`);
  request.state = state;
  const data = respondersData(ticket, user, request.message, state);
  await tell(desk, ticket, 'responder.replied', userReference(user), data);
}

function respondersData(ticket: Ticket, user: PagerDutyUser, message: string, state: string): Json {
  const whom = { user: userReference(user), policy: policyReference(ticket.policy) };
  return responderData(ticket.incident, whom, message, state);
}

async function tell(desk: Desk, ticket: Ticket, what: string, agent: Reference, data: Json): Promise<void> {
  const event = { type: `incident.${what}`, resource: 'incident', agent, data };
  await publish(desk, event, ticket.incident.id);
}
