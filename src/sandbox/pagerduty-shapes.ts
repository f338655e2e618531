import type { Json } from './json.ts';
import { type PagerDutyUser, personName, policyReference, userReference } from './pagerduty-account.ts';
import { incidentReference, type Reference, wholeSeconds } from './pagerduty-events.ts';
import type { Remark, Ticket } from './pagerduty-tickets.ts';

/** REST answers, with the keys of the examples in PagerDuty's published OpenAPI. */

export function incidentShape(ticket: Ticket): Json {
  const { incident } = ticket;
  const changedAt = wholeSeconds(ticket.changedAt);
  const self = incidentReference(incident);
  return {
    id: incident.id,
    type: 'incident',
    summary: `[#${incident.number}] ${incident.title}`,
    self: self.self,
    html_url: self.html_url,
    incident_number: incident.number,
    title: incident.title,
    created_at: wholeSeconds(incident.createdAt),
    updated_at: changedAt,
    status: incident.status,
    incident_key: incident.incidentKey,
    service: incident.service,
    assignments: incident.assignees.map((assignee) => ({ at: changedAt, assignee })),
    assigned_via: ticket.isDirect ? 'direct_assignment' : 'escalation_policy',
    last_status_change_at: changedAt,
    resolved_at: ticket.resolvedAt === null ? null : wholeSeconds(ticket.resolvedAt),
    alert_counts: alertCounts(ticket),
    is_mergeable: true,
    incident_type: { name: 'incident_default' },
    escalation_policy: policyReference(ticket.policy),
    teams: [],
    pending_actions: [],
    acknowledgements: ticket.acknowledgers.map(({ user, at }) => {
      return { at: wholeSeconds(at), acknowledger: user };
    }),
    last_status_change_by: ticket.changedBy,
    priority: incident.priority,
    resolve_reason: incident.mergedInto
      ? { type: 'merge_resolve_reason', incident: incidentReference(incident.mergedInto) }
      : null,
    conference_bridge: null,
    incidents_responders: ticket.responders.map(({ user, message, state }) => {
      return { state, user: userReference(user), incident: self, message };
    }),
    responder_requests: [],
    urgency: incident.urgency,
  };
}

function alertCounts({ alerts, incident }: Ticket): Json {
  const isOver = incident.status === 'resolved';
  return {
    all: alerts.length,
    triggered: isOver ? 0 : alerts.length,
    resolved: isOver ? alerts.length : 0,
  };
}

export function alertShapes({ alerts, incident }: Ticket): Json[] {
  return alerts.map(({ id, key, title, severity, at, details }) => ({
    id,
    type: 'alert',
    summary: title,
    self: null,
    html_url: null,
    created_at: wholeSeconds(at),
    status: incident.status === 'resolved' ? 'resolved' : 'triggered',
    alert_key: key,
    service: incident.service,
    body: { type: 'alert_body', contexts: [], details },
    incident: { id: incident.id, type: 'incident_reference' },
    suppressed: false,
    severity,
    integration: null,
  }));
}

export function noteShape({ id, by, text, at }: Remark): Json {
  const created = wholeSeconds(at);
  const channel = { summary: 'The PagerDuty website or APIs' };
  return { id, user: by, channel, content: text, created_at: created, updated_at: created };
}

export function statusUpdateShape({ id, by, text, at }: Remark): Json {
  return { id, message: text, sender: by, created_at: wholeSeconds(at), html_message: null, subject: null };
}

export function userShape(user: PagerDutyUser): Json {
  const reference = userReference(user);
  return {
    ...reference,
    type: 'user',
    name: personName(user),
    email: user.email,
    time_zone: user.timeZone,
    color: 'green',
    role: user.isObserver ? 'observer' : 'user',
    avatar_url: null,
    description: null,
    invitation_sent: false,
    contact_methods: [],
    notification_rules: [],
    job_title: null,
    teams: [],
  };
}

export function priorityShape({ id, self, summary }: Reference): Json {
  return { id, type: 'priority', summary, self, name: summary, description: '' };
}
