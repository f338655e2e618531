import type { Json } from './json.ts';

/** PagerDuty's v3 webhook payloads: the key sets are those of real captures (developer docs, webhooks overview). */

export interface Reference {
  html_url: string;
  id: string;
  self: string;
  summary: string;
  type: string;
}

export interface Incident {
  readonly id: string;
  readonly number: number;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  service: Reference;
  assignees: Reference[];
  priority: Reference | null;
  incidentKey: string;
  /** Epoch ms. */
  createdAt: number;
  reopenedAt: number | null;
  mergedInto: Incident | null;
  /** Without: the account's default one. */
  policy?: Reference;
}

export interface IncidentEvent {
  id: string;
  /** `incident.triggered` and so on. */
  type: string;
  resource: string;
  /** Epoch ms. */
  at: number;
  agent: Reference | null;
  data: Json;
}

/** Where its pages would be. */
export const SITE = 'https://sandbox.pagerduty.com';
const API = 'https://api.pagerduty.com';

const PLURALS = {
  user: 'users',
  service: 'services',
  priority: 'priorities',
  incident: 'incidents',
  escalation_policy: 'escalation_policies',
  schedule: 'schedules',
} as const;

export function reference(kind: keyof typeof PLURALS, id: string, summary: string): Reference {
  const plural = PLURALS[kind];
  const page = kind === 'priority' ? 'account/settings/incidents' : `${plural}/${id}`;
  return {
    html_url: `${SITE}/${page}`,
    id,
    self: `${API}/${plural}/${id}`,
    summary,
    type: `${kind}_reference`,
  };
}

/** `PANA` for ana: the id of everything here that is given by name only. */
export function idOf(name: string): string {
  return `P${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
}

export function userNamed(name: string): Reference {
  return reference('user', idOf(name), name.charAt(0).toUpperCase() + name.slice(1));
}

export function serviceNamed(service: string | { id: string; summary: string }): Reference {
  const { id, summary } = typeof service === 'string' ? { id: idOf(service), summary: service } : service;
  return reference('service', id, summary);
}

export function priorityNamed(name: string): Reference {
  return reference('priority', `P0${name}`, name);
}

/** ISO time in whole seconds, as `created_at` is. */
export function wholeSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export const DEFAULT_POLICY = reference('escalation_policy', 'PDEFAULT', 'Default');

/** `data` of every event about an incident itself. */
export function incidentData(incident: Incident): Json {
  return {
    id: incident.id,
    type: 'incident',
    self: `${API}/incidents/${incident.id}`,
    html_url: `${SITE}/incidents/${incident.id}`,
    number: incident.number,
    status: incident.status,
    incident_key: incident.incidentKey,
    created_at: wholeSeconds(incident.createdAt),
    reopened_at: incident.reopenedAt === null ? null : wholeSeconds(incident.reopenedAt),
    title: incident.title,
    service: incident.service,
    assignees: incident.assignees,
    escalation_policy: incident.policy ?? DEFAULT_POLICY,
    teams: [],
    priority: incident.priority,
    urgency: incident.urgency,
    conference_bridge: null,
    resolve_reason: incident.mergedInto
      ? { type: 'merge_resolve_reason', incident: incidentReference(incident.mergedInto) }
      : null,
    incident_type: { name: 'incident_default' },
  };
}

export function incidentReference(incident: Incident): Reference {
  return reference('incident', incident.id, incident.title);
}

export function noteData(incident: Incident, id: string, content: string): Json {
  return { incident: incidentReference(incident), id, content, trimmed: false, type: 'incident_note' };
}

export function statusUpdateData(incident: Incident, id: string, message: string): Json {
  const type = 'incident_status_update';
  return { incident: incidentReference(incident), id, message, trimmed: false, type };
}

/** `state`: pending, accepted or declined. */
export function responderData(
  incident: Incident,
  whom: { user: Reference; policy: Reference },
  message: string,
  state: string,
): Json {
  return {
    incident: incidentReference(incident),
    user: whom.user,
    escalation_policy: whom.policy,
    message,
    state,
    type: 'incident_responder',
  };
}

export function pingData(): Json {
  return { message: 'Hello from your friend Pagey!', type: 'ping' };
}

/** The request body: exactly one event. */
export function envelope({ id, type, resource, at, agent, data }: IncidentEvent): string {
  return JSON.stringify({
    event: {
      id,
      event_type: type,
      resource_type: resource,
      occurred_at: new Date(at).toISOString(),
      agent: type === 'pagey.ping' ? { id: 'PPAGEY', type: 'user_reference' } : agent,
      client: null,
      data,
    },
  });
}
