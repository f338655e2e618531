import type { AlertCommand, AlertNews } from '../incident/alerts.ts';
import type { By } from '../incident/by.ts';
import { fromPagerDuty, type PagerDutyMapping } from '../incident/classify.ts';
import { clean, cleanLine } from '../incident/text.ts';
import type { PagerDutyEvent, PagerDutyIncident } from './event.ts';

/** Longest name of a person, service, priority or the like, in code points. */
const nameLengthMax = 200;
/** Slack refuses longer links. */
const urlLengthMax = 3000;
/** So many people of one alert are named. */
const assigneesMax = 20;

/** An alert as PagerDuty tells it. `serviceId` is PagerDuty's: `incident.yml` knows services by it. */
export interface PagerDutyAlert extends AlertNews {
  serviceId: string | null;
  /** The `dedup_key` of whoever opened it by an event. */
  key?: string;
}

export type News =
  | { kind: 'triggered'; alert: PagerDutyAlert }
  | {
      kind: 'changed';
      /** PagerDuty's incident. */
      id: string;
      command: AlertCommand;
      /** A second thing the same event says: where a resolved one was merged to. */
      remark: AlertCommand | null;
      /** There whenever the event carries the whole incident: its trigger may never have come. */
      alert: PagerDutyAlert | null;
    }
  | { kind: 'ignored'; why: string }
  | { kind: 'ping' };

/** Who an event is credited to: PagerDuty, and by name whoever acted there. */
export function byOf(event: PagerDutyEvent): By {
  const name = nameOf(event.agent);
  return name === '' ? { kind: 'pagerduty' } : { kind: 'pagerduty', name };
}

/** What an event means to us. Pure. Every text in it is cleaned, every severity provisional, every link http(s). */
export function newsOf(event: PagerDutyEvent, mapping: PagerDutyMapping): News {
  const { at } = event;
  const by = byOf(event);
  switch (event.type) {
    case 'unknown':
      return { kind: 'ignored', why: `event type ${cleanLine(event.name, nameLengthMax)}` };
    case 'pagey.ping':
      return { kind: 'ping' };
    case 'incident.annotated':
      return remark(event.data.incident.id, by, at, said('note', event.data.content));
    case 'incident.status_update_published':
      return remark(event.data.incident.id, by, at, said('status update', event.data.message));
    case 'incident.responder.added':
      return remark(
        event.data.incident.id,
        by,
        at,
        said(`asked ${whom(event.data)} to respond`, event.data.message),
        [whom(event.data)],
      );
    case 'incident.responder.replied':
      return remark(event.data.incident.id, by, at, said(`${whom(event.data)} answered`, event.data.state));
    default:
      return ofWhole(event, by, mapping);
  }
}

type WholeEvent = Extract<PagerDutyEvent, { data: PagerDutyIncident }>;

/** News that carries the whole incident. */
function ofWhole(event: WholeEvent, by: By, mapping: PagerDutyMapping): News {
  const { at, data } = event;
  const alert = alertOf(data, at, mapping);
  const { id, severity, severityReason: reason } = alert;
  const changed = (command: AlertCommand, more: AlertCommand | null = null): News => {
    return { kind: 'changed', id, command, remark: more, alert };
  };
  const noted = (text: string) => ({ type: 'note-alert-remark', by, id, text, at }) as const;
  const to = (state: 'triggered' | 'acknowledged' | 'resolved', unacknowledged = false): AlertCommand => {
    return { type: 'note-alert', by, id, to: state, at, unacknowledged };
  };
  switch (event.type) {
    // Long after its incident ended, one that is reopened there needs a new one here, as a trigger does.
    case 'incident.triggered':
    case 'incident.reopened':
      return { kind: 'triggered', alert };
    case 'incident.acknowledged':
      return changed(to('acknowledged'));
    case 'incident.unacknowledged':
      return changed(to('triggered', true));
    case 'incident.resolved': {
      const target = mergeTarget(data);
      return changed(to('resolved'), target === null ? null : noted(`merged in PagerDuty into ${target}`));
    }
    case 'incident.escalated':
      return changed({
        ...noted(`escalated to ${people(alert)}`),
        to: alert.assignees,
        calls: alert.assignees,
      });
    case 'incident.reassigned':
      return changed({ ...noted(`reassigned to ${people(alert)}`), calls: alert.assignees });
    case 'incident.delegated': {
      const policy = nameOf(data.escalation_policy?.summary) || 'another escalation policy';
      return changed(noted(`delegated to ${policy}`));
    }
    case 'incident.priority_updated':
      return changed({ type: 'note-alert-severity', by, id, severity, reason, at });
  }
}

function remark(id: string, by: By, at: number, text: string, to?: string[]): News {
  const command: AlertCommand = { type: 'note-alert-remark', by, id, text, at, ...(to && { to, calls: to }) };
  return { kind: 'changed', id, command, remark: null, alert: null };
}

/** An incident of PagerDuty as our alert, as of `at` (epoch ms). */
export function alertOf(data: PagerDutyIncident, at: number, mapping: PagerDutyMapping): PagerDutyAlert {
  const service = nameOf(data.service?.summary) || nameOf(data.service?.id) || 'an unnamed service';
  const priority = nameOf(data.priority?.summary);
  const { severity, reason } = fromPagerDuty({ priority, urgency: nameOf(data.urgency) }, mapping);
  return {
    id: data.id,
    title:
      cleanLine(data.title ?? '') ||
      `PagerDuty incident ${data.number ? `#${data.number}` : data.id} on ${service}`,
    url: webAddress(data.html_url),
    service,
    serviceId: data.service?.id ?? null,
    ...(data.incident_key && { key: data.incident_key }),
    at,
    createdAt: Math.min(data.created_at ?? at, at),
    severity,
    severityReason: reason,
    assignees: (data.assignees ?? [])
      .map((assignee) => nameOf(assignee.summary))
      .filter((name) => name !== '')
      .slice(0, assigneesMax),
  };
}

/** Title and id of the incident this one was merged into, or null where it was resolved in another way. */
function mergeTarget(data: PagerDutyIncident): string | null {
  const { type, incident } = data.resolve_reason ?? {};
  if (type !== 'merge_resolve_reason') return null;
  const title = cleanLine(incident?.summary ?? '', nameLengthMax);
  return [title, nameOf(incident?.id)].filter((part) => part !== '').join(', ') || 'another incident';
}

const nameOf = (text: string | null | undefined): string => cleanLine(text ?? '', nameLengthMax);

const people = (alert: PagerDutyAlert): string => alert.assignees.join(', ') || 'somebody else';

type Asked = {
  user?: { summary?: string | null } | null;
  escalation_policy?: { summary?: string | null } | null;
};

const whom = ({ user, escalation_policy: policy }: Asked): string =>
  nameOf(user?.summary) || nameOf(policy?.summary) || 'somebody';

/** `note: rolling back`, or `note` alone where nothing was said. */
function said(what: string, text: string | null | undefined): string {
  const words = clean(text ?? '');
  return words === '' ? what : `${what}: ${words}`;
}

function webAddress(text: string | null | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return ['http:', 'https:'].includes(url.protocol) && url.href.length <= urlLengthMax ? url.href : null;
}
