import { answers, type PagerDutyIncidentState } from './answers.ts';
import { pagerDutyError } from './failure.ts';
import { pagerDutyFaultOf } from './fault.ts';
import type { PagerDutyReading } from './reading.ts';
import type { Sign, WrittenBy } from './signed.ts';
import type { Wire } from './wire.ts';

export interface IncidentWritten {
  /** `already`: PagerDuty had it like that, or is past it (see `incident.status`); nothing was changed. */
  outcome: 'done' | 'already';
  incident: PagerDutyIncidentState;
  /** Null: nothing was changed. */
  by: WrittenBy | null;
}

export interface NewIncident {
  title: string;
  serviceId: string;
  /** Ours; PagerDuty has one open incident of a service with it at most. */
  key: string;
  urgency?: 'high' | 'low';
  details?: string;
  /** Instead of that of the service. */
  policyId?: string;
}

export type Assignment = { userIds: readonly string[] } | { policyId: string };

export interface ResponderRequest {
  message: string;
  userIds?: readonly string[];
  policyIds?: readonly string[];
}

/**
 * What changes PagerDuty's incidents. `as` is the e-mail of the acting person, or null; `by` of the result says whom
 * PagerDuty shows. Rejects with a PagerDutyError. All but the last three are absolute: said twice, they are done once.
 */
export interface PagerDutyWriting {
  /** Never reopens: of a resolved incident it only tells the status. */
  acknowledge(id: string, as: string | null): Promise<IncidentWritten>;
  /** Back to triggered, so that PagerDuty pages again. Never reopens. */
  unacknowledge(id: string, as: string | null): Promise<IncidentWritten>;
  resolve(id: string, resolution: string | null, as: string | null): Promise<IncidentWritten>;
  /** Only a resolved one; an open incident stays as it is. As `acknowledged` it is whoever does it, and nobody is paged. */
  reopen(id: string, as: string | null, to?: 'triggered' | 'acknowledged'): Promise<IncidentWritten>;
  /** Pages that level of its escalation policy, again where it is there already. */
  escalate(id: string, level: number, as: string | null): Promise<IncidentWritten>;
  /** To people (which ends PagerDuty's own escalation) or to another policy. */
  reassign(id: string, to: Assignment, as: string | null): Promise<IncidentWritten>;
  /** By the name of the priority: P1. */
  setPriority(id: string, name: string, as: string | null): Promise<IncidentWritten>;
  rename(id: string, title: string, as: string | null): Promise<IncidentWritten>;
  create(incident: NewIncident, as: string | null): Promise<IncidentWritten>;
  addNote(id: string, content: string, as: string | null): Promise<{ noteId: string; by: WrittenBy }>;
  addStatusUpdate(id: string, message: string, as: string | null): Promise<{ by: WrittenBy }>;
  addResponders(id: string, request: ResponderRequest, as: string | null): Promise<{ by: WrittenBy }>;
  /** Ends the 24 hours for which PagerDuty had switched a webhook subscription off. */
  enableSubscription(id: string): Promise<void>;
}

/** PagerDuty's own limits are not documented for all of them; longer texts are cut before they are refused. */
const titleLengthMax = 1_024;
const noteLengthMax = 25_000;

/** What the writes of incidents have in common. */
interface Desk {
  wire: Wire;
  sign: Sign;
  reading: PagerDutyReading;
  fromEmail: string;
}

export function writingTo(desk: Desk): PagerDutyWriting {
  const { wire, reading } = desk;
  return {
    acknowledge: (id, as) => moveFrom(desk, id, ['triggered'], { status: 'acknowledged' }, as),
    unacknowledge: (id, as) => moveFrom(desk, id, ['acknowledged'], { status: 'triggered' }, as),
    reopen: (id, as, to = 'triggered') => moveFrom(desk, id, ['resolved'], { status: to }, as),
    resolve: (id, resolution, as) => {
      const said = resolution === null ? {} : { resolution: resolution.slice(0, noteLengthMax) };
      return changed(desk, id, { status: 'resolved', ...said }, as, 'already_resolved');
    },
    escalate: (id, level, as) => changed(desk, id, { escalation_level: level }, as),
    reassign: (id, to, as) => changed(desk, id, assigned(to), as),
    setPriority: async (id, name, as) => {
      const priority = { id: await reading.priorityId(name), type: 'priority_reference' };
      return changed(desk, id, { priority }, as);
    },
    rename: (id, title, as) => changed(desk, id, { title: title.slice(0, titleLengthMax) }, as),
    create: (incident, as) => created(desk, incident, as),
    ...remarks(desk),
    enableSubscription: async (id) => {
      await wire({
        method: 'POST',
        template: '/webhook_subscriptions/{id}/enable',
        ids: { id },
        answer: answers.subscription,
      });
    },
  };
}

/** PagerDuty takes a status on a resolved incident as "reopen it": so it is looked at first. */
async function moveFrom(
  desk: Desk,
  id: string,
  from: readonly PagerDutyIncidentState['status'][],
  fields: Record<string, unknown>,
  as: string | null,
): Promise<IncidentWritten> {
  const incident = await desk.reading.incident(id, true);
  if (!from.includes(incident.status)) return { outcome: 'already', incident, by: null };
  return changed(desk, id, fields, as, 'already_acknowledged');
}

async function changed(
  { wire, sign, reading }: Desk,
  id: string,
  fields: Record<string, unknown>,
  as: string | null,
  /** The refusal that means it is so already. */
  wordOfDone?: 'already_resolved' | 'already_acknowledged',
): Promise<IncidentWritten> {
  try {
    const { answer, by } = await sign(as, (from) =>
      wire({
        method: 'PUT',
        template: '/incidents/{id}',
        ids: { id },
        headers: { from },
        body: { incident: { type: 'incident_reference', ...fields } },
        // A priority wakes nobody.
        urgent: !('priority' in fields),
        answer: answers.incident,
      }),
    );
    return { outcome: 'done', incident: answer.incident, by };
  } catch (error) {
    if (wordOfDone === undefined || pagerDutyFaultOf(error).word !== wordOfDone) throw error;
    return { outcome: 'already', incident: await reading.incident(id, true), by: null };
  }
}

function assigned(to: Assignment): Record<string, unknown> {
  if ('policyId' in to) {
    return { escalation_policy: { id: to.policyId, type: 'escalation_policy_reference' } };
  }
  return { assignments: to.userIds.map((id) => ({ assignee: { id, type: 'user_reference' } })) };
}

/** One with an open incident of the same key is refused: that one is the answer then, also after a lost answer. */
async function created(desk: Desk, incident: NewIncident, as: string | null): Promise<IncidentWritten> {
  const { title, serviceId, key, urgency, details, policyId } = incident;
  const body = {
    incident: {
      type: 'incident',
      title: title.slice(0, titleLengthMax),
      service: { id: serviceId, type: 'service_reference' },
      incident_key: key,
      ...(urgency === undefined ? {} : { urgency }),
      ...(details === undefined ? {} : { body: { type: 'incident_body', details } }),
      ...(policyId === undefined ? {} : assigned({ policyId })),
    },
  };
  try {
    const { answer, by } = await desk.sign(as, (from) =>
      desk.wire({
        method: 'POST',
        template: '/incidents',
        headers: { from },
        body,
        urgent: true,
        answer: answers.incident,
      }),
    );
    return { outcome: 'done', incident: answer.incident, by };
  } catch (error) {
    if (pagerDutyFaultOf(error).word !== 'bad_request') throw error;
    const open = await desk.reading.openIncidentWithKey(key);
    if (open === null) throw error;
    return { outcome: 'already', incident: open, by: null };
  }
}

function remarks({
  wire,
  sign,
  reading,
  fromEmail,
}: Desk): Pick<PagerDutyWriting, 'addNote' | 'addStatusUpdate' | 'addResponders'> {
  const post = { method: 'POST' } as const;
  return {
    addNote: async (id, content, as) => {
      const template = '/incidents/{id}/notes';
      const body = { note: { content: content.slice(0, noteLengthMax) } };
      const { answer, by } = await sign(as, (from) =>
        wire({ ...post, template, ids: { id }, headers: { from }, body, answer: answers.note }),
      );
      return { noteId: answer.note.id, by };
    },
    addStatusUpdate: async (id, message, as) => {
      const template = '/incidents/{id}/status_updates';
      const body = { message: message.slice(0, noteLengthMax) };
      const { by } = await sign(as, (from) =>
        wire({ ...post, template, ids: { id }, headers: { from }, body, answer: answers.statusUpdate }),
      );
      return { by };
    },
    addResponders: async (id, { message, userIds = [], policyIds = [] }, as) => {
      const template = '/incidents/{id}/responder_requests';
      const person = as === null ? null : await reading.personByEmail(as, true);
      const requester = person ?? (await reading.personByEmail(fromEmail, true));
      if (requester === null)
        throw pagerDutyError({ route: `POST ${template}`, what: { kind: 'no-requester' } });
      const targets = [
        ...userIds.map((target) => ({ id: target, type: 'user_reference' })),
        ...policyIds.map((target) => ({ id: target, type: 'escalation_policy_reference' })),
      ];
      const body = {
        requester_id: requester.id,
        message: message.slice(0, noteLengthMax),
        responder_request_targets: targets.map((target) => ({ responder_request_target: target })),
      };
      const { by } = await sign(person && as, (from) =>
        wire({
          ...post,
          template,
          ids: { id },
          headers: { from },
          body,
          urgent: true,
          answer: answers.responderRequest,
        }),
      );
      return { by };
    },
  };
}
