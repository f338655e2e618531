import { z } from 'zod';

/** What is read of PagerDuty's answers: only the fields in use, every object open, decoration never fatal. */

const optionalText = z.string().nullish().catch(null);
const reference = z
  .looseObject({ id: z.string(), summary: optionalText })
  .transform(({ id, summary }) => ({ id, name: summary ?? id }));
const optionalReference = reference.nullish().catch(null);
/** Epoch ms, or null. */
const optionalTime = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => {
    const at = Date.parse(text ?? '');
    return Number.isNaN(at) ? null : at;
  });
const listOf = <T extends z.ZodType>(one: T) => z.array(one).nullish().catch(null);

export interface PagerDutyName {
  id: string;
  name: string;
}

export interface PagerDutyIncidentState {
  id: string;
  number: number | null;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: string | null;
  /** The `dedup_key` of Events v2. */
  key: string | null;
  url: string | null;
  service: PagerDutyName | null;
  escalationPolicy: PagerDutyName | null;
  priority: PagerDutyName | null;
  assignees: PagerDutyName[];
  acknowledgers: PagerDutyName[];
  /** Asked to help, whatever they answered. */
  responders: PagerDutyName[];
  /** Epoch ms. */
  createdAt: number | null;
  changedAt: number | null;
  resolvedAt: number | null;
}

const incident = z
  .looseObject({
    id: z.string(),
    incident_number: z.number().nullish().catch(null),
    title: optionalText,
    status: z.enum(['triggered', 'acknowledged', 'resolved']),
    urgency: optionalText,
    incident_key: optionalText,
    html_url: optionalText,
    service: optionalReference,
    escalation_policy: optionalReference,
    priority: optionalReference,
    assignments: listOf(z.looseObject({ assignee: reference })),
    acknowledgements: listOf(z.looseObject({ acknowledger: reference })),
    incidents_responders: listOf(z.looseObject({ user: reference })),
    created_at: optionalTime,
    last_status_change_at: optionalTime,
    resolved_at: optionalTime,
  })
  .transform(
    (read): PagerDutyIncidentState => ({
      id: read.id,
      number: read.incident_number ?? null,
      title: read.title ?? '',
      status: read.status,
      urgency: read.urgency ?? null,
      key: read.incident_key ?? null,
      url: read.html_url ?? null,
      service: read.service ?? null,
      escalationPolicy: read.escalation_policy ?? null,
      priority: read.priority ?? null,
      assignees: (read.assignments ?? []).map(({ assignee }) => assignee),
      acknowledgers: (read.acknowledgements ?? []).map(({ acknowledger }) => acknowledger),
      responders: (read.incidents_responders ?? []).map(({ user }) => user),
      createdAt: read.created_at,
      changedAt: read.last_status_change_at,
      resolvedAt: read.resolved_at,
    }),
  );

export interface PagerDutyAlertState {
  id: string;
  key: string | null;
  title: string;
  severity: string | null;
  status: string | null;
  createdAt: number | null;
  /** Custom details as the monitoring sent them, foreign and of any shape; null where there are none. */
  details: unknown;
}

const alert = z
  .looseObject({
    id: z.string(),
    alert_key: optionalText,
    summary: optionalText,
    severity: optionalText,
    status: optionalText,
    created_at: optionalTime,
    body: z
      .looseObject({ details: z.unknown(), cef_details: z.looseObject({ details: z.unknown() }).nullish() })
      .nullish()
      .catch(null),
  })
  .transform(
    (read): PagerDutyAlertState => ({
      id: read.id,
      key: read.alert_key ?? null,
      title: read.summary ?? '',
      severity: read.severity ?? null,
      status: read.status ?? null,
      createdAt: read.created_at,
      details: read.body?.details ?? read.body?.cef_details?.details ?? null,
    }),
  );

export interface PagerDutyPerson extends PagerDutyName {
  email: string | null;
  timeZone: string | null;
}

const person = z
  .looseObject({
    id: z.string(),
    name: optionalText,
    summary: optionalText,
    email: optionalText,
    time_zone: optionalText,
  })
  .transform(
    (read): PagerDutyPerson => ({
      id: read.id,
      name: read.name ?? read.summary ?? read.id,
      email: read.email ?? null,
      timeZone: read.time_zone ?? null,
    }),
  );

export interface PagerDutyOnCall {
  policy: PagerDutyName;
  /** From 1, in the order in which they are paged. */
  level: number;
  person: PagerDutyPerson;
  /** Null: named in the policy itself. */
  schedule: PagerDutyName | null;
  /** Epoch ms; null: always. */
  startAt: number | null;
  endAt: number | null;
}

const onCall = z
  .looseObject({
    escalation_policy: reference,
    escalation_level: z.number().int().min(1),
    user: person,
    schedule: optionalReference,
    start: optionalTime,
    end: optionalTime,
  })
  .transform(
    (read): PagerDutyOnCall => ({
      policy: read.escalation_policy,
      level: read.escalation_level,
      person: read.user,
      schedule: read.schedule ?? null,
      startAt: read.start,
      endAt: read.end,
    }),
  );

export interface PagerDutySubscription {
  id: string;
  /** Where it delivers to. */
  url: string | null;
  /** False: switched off by somebody. */
  active: boolean;
  /** PagerDuty switched it off for 24 hours, after three deliveries in a row that we refused. */
  temporarilyDisabled: boolean;
  events: string[];
}

const subscription = z
  .looseObject({
    id: z.string(),
    active: z.boolean().nullish().catch(null),
    events: listOf(z.string()),
    delivery_method: z
      .looseObject({ url: optionalText, temporarily_disabled: z.boolean().nullish().catch(null) })
      .nullish()
      .catch(null),
  })
  .transform(
    (read): PagerDutySubscription => ({
      id: read.id,
      url: read.delivery_method?.url ?? null,
      active: read.active ?? true,
      temporarilyDisabled: read.delivery_method?.temporarily_disabled ?? false,
      events: read.events ?? [],
    }),
  );

const note = z
  .looseObject({ id: z.string(), content: optionalText, created_at: optionalTime, user: optionalReference })
  .transform((read) => ({
    id: read.id,
    content: read.content ?? '',
    createdAt: read.created_at,
    by: read.user ?? null,
  }));

export type PagerDutyNote = z.infer<typeof note>;

const more = z.boolean().nullish().catch(null);

export const answers = {
  incident: z.looseObject({ incident }),
  incidents: z.looseObject({ incidents: z.array(incident), more }),
  alerts: z.looseObject({ alerts: z.array(alert), more }),
  note: z.looseObject({ note }),
  notes: z.looseObject({ notes: z.array(note) }),
  statusUpdate: z.looseObject({ status_update: z.looseObject({ id: z.string() }) }),
  responderRequest: z.looseObject({ responder_request: z.looseObject({}) }),
  priorities: z.looseObject({
    priorities: z.array(z.looseObject({ id: z.string(), name: z.string() })),
    more,
  }),
  person: z.looseObject({ user: person }),
  people: z.looseObject({ users: z.array(person), more }),
  onCalls: z.looseObject({ oncalls: z.array(onCall), more }),
  subscription: z.looseObject({ webhook_subscription: subscription }),
  subscriptions: z.looseObject({ webhook_subscriptions: z.array(subscription), more }),
  event: z.looseObject({ dedup_key: z.string().nullish().catch(null) }),
};
