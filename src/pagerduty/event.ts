import { z } from 'zod';

/** Objects and lists in a webhook lie at most this deep; PagerDuty's own go about five deep. */
const jsonDepthMax = 64;
/** PagerDuty's ids have 7 to 26 characters. Longer ones are no key of ours, nor are names that every object has. */
const idLengthMax = 255;

const id = z
  .string()
  .max(idLengthMax)
  .regex(/^[\w-]+$/, 'not an id')
  .refine((text) => !(text in Object.prototype), 'not an id');
/** Decoration: a page must not get lost because a name beside it has an odd shape. */
const optionalText = z.string().nullish().catch(null);
const reference = z.object({ id: optionalText, summary: optionalText });
const optionalReference = reference.nullish().catch(null);
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const incident = z.object({
  id,
  title: z.string().nullish(),
  service: reference.nullish(),
  html_url: optionalText,
  incident_key: optionalText,
  number: z.number().nullish().catch(null),
  created_at: time.nullish().catch(null),
  urgency: optionalText,
  priority: optionalReference,
  assignees: z.array(reference).nullish().catch(null),
  escalation_policy: optionalReference,
  resolve_reason: z.object({ type: optionalText, incident: optionalReference }).nullish().catch(null),
});
const ofIncident = { incident: z.object({ id }) };

/** PagerDuty's incident, as most events carry it whole. */
export type PagerDutyIncident = z.infer<typeof incident>;

/**
 * The `data` of each event type that we understand (platform facts: PagerDuty, event types). Every object is open.
 */
const dataOf = {
  'incident.triggered': incident,
  'incident.acknowledged': incident,
  'incident.unacknowledged': incident,
  'incident.resolved': incident,
  'incident.reopened': incident,
  'incident.escalated': incident,
  'incident.reassigned': incident,
  'incident.delegated': incident,
  'incident.priority_updated': incident,
  'incident.annotated': z.object({ ...ofIncident, content: z.string().nullish() }),
  'incident.status_update_published': z.object({ ...ofIncident, message: z.string().nullish() }),
  'incident.responder.added': responder(),
  'incident.responder.replied': responder(),
  'pagey.ping': z.unknown(),
};

function responder() {
  return z.object({
    ...ofIncident,
    user: optionalReference,
    escalation_policy: optionalReference,
    message: optionalText,
    state: optionalText,
  });
}

type KnownType = keyof typeof dataOf;
type Known = { [Type in KnownType]: { type: Type; data: z.infer<(typeof dataOf)[Type]> } }[KnownType];

/**
 * One event. `id` is PagerDuty's, signed, the same in every delivery; `at` is its own clock, epoch ms; `agent` the
 * person who caused it, null where a service or an integration did.
 */
export type PagerDutyEvent = { id: string; at: number; agent: string | null } & (
  | Known
  | { type: 'unknown'; name: string }
);

const envelope = z.object({
  event: z.object({
    id,
    event_type: z.string().min(1),
    occurred_at: time,
    agent: z.object({ summary: optionalText, type: optionalText }).nullish().catch(null),
    data: z.unknown(),
  }),
});

export type Parsed = { ok: true; event: PagerDutyEvent } | { ok: false; unreadable: string };

/**
 * Reads a v3 webhook body. What identifies the event and its incident must be right; around it, an odd value counts
 * as absent. A key that came twice counts as its last value. The reason of an unreadable one names the place and no
 * content.
 */
export function parseEvent(body: Buffer): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return { ok: false, unreadable: 'not JSON' };
  }
  const hostile = hostility(json);
  if (hostile) return { ok: false, unreadable: hostile };
  const read = envelope.safeParse(json);
  if (!read.success) return { ok: false, unreadable: complaint(read.error, []) };
  const { event } = read.data;
  const common = { id: event.id, at: event.occurred_at, agent: personOf(event.agent) };
  if (!isKnown(event.event_type)) {
    return { ok: true, event: { ...common, type: 'unknown', name: event.event_type } };
  }
  const data = dataOf[event.event_type].safeParse(event.data);
  if (!data.success) return { ok: false, unreadable: complaint(data.error, ['event', 'data']) };
  // The table above pairs each type with its data; the compiler cannot follow a look-up by name.
  return { ok: true, event: { ...common, type: event.event_type, data: data.data } as PagerDutyEvent };
}

function personOf(
  agent: { summary?: string | null; type?: string | null } | null | undefined,
): string | null {
  const isPerson = !agent?.type || /^user/.test(agent.type);
  return isPerson ? (agent?.summary ?? null) : null;
}

function isKnown(type: string): type is KnownType {
  return Object.hasOwn(dataOf, type);
}

function complaint(error: z.ZodError, under: string[]): string {
  const [issue] = error.issues;
  const place = [...under, ...(issue?.path ?? [])].map(String).join('.');
  return `${place || 'the body'}: ${issue?.message ?? 'not as expected'}`;
}

/**
 * What no honest sender does: nesting without end, or keys that reach for an object's prototype. Level by level, no
 * recursion, and in plain loops: it looks at every value of every webhook of a storm.
 */
function hostility(json: unknown): string | null {
  let level = [json];
  for (let depth = 0; depth <= jsonDepthMax; depth++) {
    const below: unknown[] = [];
    let isFlat = true;
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      isFlat = false;
      for (const key in value) {
        if (key === '__proto__') return 'a key named __proto__';
        below.push(value[key as keyof typeof value]);
      }
    }
    if (isFlat) return null;
    level = below;
  }
  return `nested more than ${jsonDepthMax} deep`;
}
