import type { Clock } from '../clock.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import type { Incident, IncidentEvent, Reference } from './pagerduty-events.ts';
import {
  envelope,
  incidentData,
  noteData,
  pingData,
  priorityNamed,
  serviceNamed,
  userNamed,
} from './pagerduty-events.ts';
import type { Misdeed, Webhook, WebhookDelivery } from './pagerduty-webhook.ts';
import { startWebhook } from './pagerduty-webhook.ts';

interface Alert {
  title: string;
  /** A name, or id and name. */
  service: string | { id: string; summary: string };
  urgency?: 'high' | 'low';
  /** `P1` ... `P5`. */
  priority?: string;
  /** Names of those whom PagerDuty wakes. */
  assignees?: readonly string[];
  incidentKey?: string;
}

/** By whom; without it the service itself acts. */
interface By {
  by?: string;
}

/**
 * A PagerDuty account on this machine with one v3 webhook subscription. Every act changes the incident, sends its
 * event and resolves when the first attempt has been answered (or has failed, or is held up behind an earlier one).
 */
export interface PagerDuty {
  /** The webhook URL; null: nobody listens there. */
  connect(url: string | null): void;
  trigger(alert: Alert & By): Promise<Incident>;
  acknowledge(incident: Incident, by?: By): Promise<void>;
  unacknowledge(incident: Incident, by?: By): Promise<void>;
  resolve(incident: Incident, by?: By): Promise<void>;
  /** Resolved because it was merged into another. */
  merge(incident: Incident, into: Incident, by?: By): Promise<void>;
  reopen(incident: Incident, by?: By): Promise<void>;
  escalate(incident: Incident, to: { to: readonly string[] } & By): Promise<void>;
  reassign(incident: Incident, to: { to: readonly string[] } & By): Promise<void>;
  priority(incident: Incident, priority: string | null, by?: By): Promise<void>;
  annotate(incident: Incident, content: string, by?: By): Promise<void>;
  ping(): Promise<void>;
  /** Sends any event, as new types may appear. */
  send(eventType: string, resourceType: string, data: Json): Promise<string>;
  /** Sends an event again, with the same ids. Default: the last one. */
  redeliver(eventId?: string): Promise<void>;
  /** What goes wrong with the next deliveries. */
  next(misdeed: Misdeed, times?: number): void;
  /** Sends what was held back, the latest first unless `inOrder`. */
  release(options?: { inOrder?: boolean }): Promise<void>;
  /** Secrets that sign; several while rotating. */
  useSecrets(secrets: readonly string[]): void;
  readonly deliveries: readonly WebhookDelivery[];
  /** Until when the subscription is switched off, epoch ms, or null. */
  disabledUntil(): number | null;
  /** Switches the subscription on again. */
  enable(): void;
  /** Resolves when every attempt on its way has been answered. */
  quiet(): Promise<void>;
  close(): void;
}

export function startPagerDuty(options: { clock: Clock; secrets: readonly string[] }): PagerDuty {
  const { clock } = options;
  const webhook = startWebhook(clock, options.secrets);
  const account: Account = { clock, webhook, last: 0 };
  return { ...incidentActs(account), ...deskOf(account) };
}

interface Account {
  clock: Clock;
  webhook: Webhook;
  /** Last number given to an incident, note or event. */
  last: number;
}

async function publish(
  account: Account,
  event: Omit<IncidentEvent, 'id' | 'at'>,
  key: string,
): Promise<string> {
  account.last += 1;
  const id = `01SANDBOX${String(account.last).padStart(17, '0')}`;
  const body = envelope({ ...event, id, at: account.clock.now() });
  await account.webhook.send(id, key, event.type, body);
  return id;
}

function agentOf(incident: Incident, by: By | undefined): Reference {
  return by?.by ? userNamed(by.by) : incident.service;
}

/** Changes the incident and tells the webhook. */
async function change(
  account: Account,
  incident: Incident,
  what: string,
  by: By | undefined,
  fields: Partial<Incident>,
): Promise<void> {
  Object.assign(incident, fields);
  const type = `incident.${what}`;
  const data = incidentData(incident);
  await publish(account, { type, resource: 'incident', agent: agentOf(incident, by), data }, incident.id);
}

type Acts = Pick<
  PagerDuty,
  | 'trigger'
  | 'acknowledge'
  | 'unacknowledge'
  | 'resolve'
  | 'merge'
  | 'reopen'
  | 'escalate'
  | 'reassign'
  | 'priority'
  | 'annotate'
>;

function incidentActs(account: Account): Acts {
  const { clock } = account;
  return {
    trigger: async (alert) => {
      const incident = newIncident(account, alert);
      await change(account, incident, 'triggered', alert, {});
      return incident;
    },
    acknowledge: (incident, by) => change(account, incident, 'acknowledged', by, { status: 'acknowledged' }),
    unacknowledge: (incident, by) => change(account, incident, 'unacknowledged', by, { status: 'triggered' }),
    resolve: (incident, by) =>
      change(account, incident, 'resolved', by, { status: 'resolved', assignees: [] }),
    merge: (incident, into, by) =>
      change(account, incident, 'resolved', by, { status: 'resolved', assignees: [], mergedInto: into }),
    reopen: (incident, by) =>
      change(account, incident, 'reopened', by, { status: 'triggered', reopenedAt: clock.now() }),
    escalate: (incident, { to, by }) =>
      change(account, incident, 'escalated', { by }, { assignees: to.map(userNamed), status: 'triggered' }),
    reassign: (incident, { to, by }) =>
      change(account, incident, 'reassigned', { by }, { assignees: to.map(userNamed) }),
    priority: (incident, priority, by) =>
      change(account, incident, 'priority_updated', by, {
        priority: priority === null ? null : priorityNamed(priority),
      }),
    annotate: async (incident, content, by) => {
      account.last += 1;
      const data = noteData(incident, `PN${String(account.last).padStart(5, '0')}`, content);
      const agent = agentOf(incident, by);
      await publish(account, { type: 'incident.annotated', resource: 'incident', agent, data }, incident.id);
    },
  };
}

function newIncident(account: Account, alert: Alert): Incident {
  account.last += 1;
  const number = account.last;
  return {
    id: `Q${String(number).padStart(13, '0')}`,
    number,
    title: alert.title,
    status: 'triggered',
    urgency: alert.urgency ?? 'high',
    service: serviceNamed(alert.service),
    assignees: (alert.assignees ?? []).map(userNamed),
    priority: alert.priority === undefined ? null : priorityNamed(alert.priority),
    incidentKey: alert.incidentKey ?? `key-${number}`,
    createdAt: account.clock.now(),
    reopenedAt: null,
    mergedInto: null,
  };
}

function deskOf(account: Account): Omit<PagerDuty, keyof Acts> {
  const { webhook } = account;
  return {
    connect: (url) => webhook.connect(url),
    ping: async () => {
      await publish(
        account,
        { type: 'pagey.ping', resource: 'pagey', agent: null, data: pingData() },
        'pagey',
      );
    },
    send: (type, resource, data) =>
      publish(account, { type, resource, agent: null, data }, textAt(data, 'id') || type),
    redeliver: (eventId) => webhook.redeliver(eventId),
    next: (misdeed, times) => webhook.next(misdeed, times),
    release: (options) => webhook.release(options?.inOrder ?? false),
    useSecrets: (secrets) => webhook.useSecrets(secrets),
    deliveries: webhook.deliveries,
    disabledUntil: () => webhook.disabledUntil(),
    enable: () => webhook.enable(),
    quiet: () => webhook.quiet(),
    close: () => webhook.close(),
  };
}
