import type { Json } from './json.ts';
import { isObject, objectAt, textAt } from './json.ts';
import { acknowledgeTicket, resolveTicket } from './pagerduty-acts.ts';
import { reference } from './pagerduty-events.ts';
import { EVENT, PAGERDUTY_LIMITS } from './pagerduty-rules.ts';
import { addAlert, type Desk, openTicket, type Ticket } from './pagerduty-tickets.ts';

/**
 * One event of the Events API v2: trigger opens an incident, or adds an alert to the open one of that key; an
 * acknowledgement or resolution of a key that is not open is taken and dropped.
 */
export function enqueue(desk: Desk, body: unknown, bytes: number): { status: number; body: Json } {
  const errors = mistakesIn(desk, body, bytes);
  if (errors.length > 0 || !isObject(body)) {
    return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
  }
  const service = desk.account.services.find(({ routingKey }) => routingKey === body.routing_key);
  desk.last += 1;
  const key = textAt(body, 'dedup_key') || `dedup-${desk.last}`;
  const open = [...desk.tickets.values()].find(
    ({ incident, service: { id } }) =>
      incident.incidentKey === key && incident.status !== 'resolved' && id === service?.id,
  );
  void happen(desk, body, key, service?.id ?? '', open);
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
}

async function happen(
  desk: Desk,
  body: Json,
  key: string,
  serviceId: string,
  open: Ticket | undefined,
): Promise<void> {
  const action = textAt(body, 'event_action');
  if (action === 'trigger') return trigger(desk, body, key, serviceId, open);
  if (!open) return;
  const { service, status } = open.incident;
  if (action === 'resolve') await resolveTicket(desk, open, service);
  else if (status === 'triggered') await acknowledgeTicket(desk, open, service);
}

async function trigger(
  desk: Desk,
  body: Json,
  key: string,
  serviceId: string,
  open: Ticket | undefined,
): Promise<void> {
  const payload = objectAt(body, 'payload');
  const severity = textAt(payload, 'severity');
  const title = textAt(payload, 'summary');
  const alert = { severity, details: payload.custom_details ?? null };
  if (open) {
    addAlert(desk, open, title, alert);
    return;
  }
  const name = desk.account.services.find(({ id }) => id === serviceId)?.name ?? serviceId;
  const service = reference('service', serviceId, name);
  const urgency = ['critical', 'error'].includes(severity) ? 'high' : 'low';
  const opening = { title, service, urgency, priority: null, assignees: null, incidentKey: key } as const;
  await openTicket(desk, opening, service, alert);
}

function mistakesIn(desk: Desk, body: unknown, bytes: number): string[] {
  if (!isObject(body)) return ['JSON parse error'];
  const { routing_key, event_action, dedup_key, payload } = body;
  const action = typeof event_action === 'string' ? event_action : '';
  const key = typeof dedup_key === 'string' ? dedup_key : null;
  const errors = Object.keys(body)
    .filter((name) => !among(EVENT.fields, name))
    .map((name) => `'${name}' is not a field of an event`);
  if (bytes > PAGERDUTY_LIMITS.eventBytes) errors.push('the event is too large');
  if (!desk.account.services.some(({ routingKey }) => routingKey === routing_key)) {
    errors.push('Invalid routing key');
  }
  if (!among(EVENT.actions, action)) errors.push("'event_action' is invalid");
  if (dedup_key !== undefined && key === null) errors.push("'dedup_key' must be a string");
  if (key !== null && key.length > PAGERDUTY_LIMITS.dedupKeyLength) errors.push("'dedup_key' is too long");
  if (action === 'trigger') errors.push(...mistakesInPayload(payload));
  else if (key === null || key === '') errors.push("'dedup_key' is missing or blank");
  return errors;
}

function mistakesInPayload(payload: unknown): string[] {
  if (!isObject(payload)) return ["'payload' is missing or blank"];
  const errors = Object.keys(payload)
    .filter((name) => !among(EVENT.payload, name))
    .map((name) => `'payload.${name}' is not a field of an event`);
  for (const name of ['summary', 'source', 'severity']) {
    if (textAt(payload, name) === '') errors.push(`'payload.${name}' is missing or blank`);
  }
  if (!among(EVENT.severities, textAt(payload, 'severity'))) errors.push("'payload.severity' is invalid");
  if (textAt(payload, 'summary').length > PAGERDUTY_LIMITS.eventSummaryLength) {
    errors.push("'payload.summary' is too long");
  }
  return errors;
}

const among = (list: readonly string[], name: string): boolean => list.includes(name);
