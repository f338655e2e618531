import type { Clock } from '../clock.ts';
import type { Faults } from './faults.ts';
import { faultPlan } from './faults.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { type AccountOptions, accountFrom, accountUser, scheduleNamed } from './pagerduty-account.ts';
import type { Incident } from './pagerduty-events.ts';
import { pingData } from './pagerduty-events.ts';
import { type Alert, type By, incidentActs, ticketOf } from './pagerduty-hands.ts';
import {
  type PagerDutyCall,
  type PagerDutyHttp,
  type PagerDutySide,
  servePagerDuty,
} from './pagerduty-server.ts';
import { type Desk, type Paged, publish, type Ticket } from './pagerduty-tickets.ts';
import type { Misdeed, WebhookDelivery } from './pagerduty-webhook.ts';
import { startWebhook } from './pagerduty-webhook.ts';
import { clockTime } from './render.ts';

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
  /** To a level of its policy, from 1, as the button there does. */
  escalateToLevel(incident: Incident, level: number, by?: By): Promise<void>;
  reassign(incident: Incident, to: { to: readonly string[] } & By): Promise<void>;
  priority(incident: Incident, priority: string | null, by?: By): Promise<void>;
  annotate(incident: Incident, content: string, by?: By): Promise<void>;
  /** Somebody who was asked to help answers. */
  respond(incident: Incident, who: string, state: 'accepted' | 'declined'): Promise<void>;
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
  /** Somebody switches the subscription off or on by hand: nothing is sent, and nothing is kept. */
  setActive(isActive: boolean): void;
  /** Somebody has another's duty: `from` and `until` are epoch ms. */
  override(schedule: string, who: string, from: number, until: number): void;
  /** Everybody whose phone rang, in order. */
  readonly pages: readonly Paged[];
  /** The same for reading: `bea at 02:00`. */
  paged(): string[];
  readonly incidents: readonly Incident[];
  /** What PagerDuty knows of an incident; by id, key or the incident itself. Throws where there is none. */
  ticket(incident: Incident | string): Ticket;
  /** Serves REST and Events v2 on 127.0.0.1; before that nobody can call. */
  listen(port?: number): Promise<void>;
  /** For PAGERDUTY_API_URL and so on. The addresses throw before `listen`. */
  readonly apiUrl: string;
  readonly eventsUrl: string;
  readonly token: string;
  readonly fromEmail: string;
  /** The integration key of a service, by its name or id; by default of the first one, null where there is none. */
  routingKey(): string | null;
  routingKey(service: string): string;
  /** What goes wrong with calls, by route: `PUT /incidents/{id}`, `POST /v2/enqueue`. `error`: PagerDuty's code. */
  readonly faults: Faults;
  readonly calls: readonly PagerDutyCall[];
  callsTo(route: string): PagerDutyCall[];
  readonly tokens: { revoke(): void; restore(): void };
  /** Most REST calls that were under way together. */
  readonly atOnceMax: number;
  /** Resolves when every call and every attempt on its way has been answered. */
  quiet(): Promise<void>;
  close(): void;
}

export interface PagerDutyOptions extends AccountOptions {
  clock: Clock;
  /** Sign the webhooks. */
  secrets: readonly string[];
  /** False switches the rate limits off. */
  rateLimits?: boolean;
}

const TOKEN = 'sandbox+pagerduty+token';
const FROM = 'ana@example.com';

export function startPagerDuty(options: PagerDutyOptions): PagerDuty {
  const { clock } = options;
  const desk: Desk = {
    clock,
    account: accountFrom(options),
    webhook: startWebhook(clock, options.secrets),
    tickets: new Map(),
    pages: [],
    last: 0,
    isSubscribed: true,
  };
  const wires = wiresOf(desk, options);
  return {
    ...incidentActs(desk),
    ...subscriptionOf(desk),
    ...recordsOf(desk),
    ...wires,
    get apiUrl() {
      return `${wires.baseUrl()}/`;
    },
    get eventsUrl() {
      return `${wires.baseUrl()}/v2/`;
    },
    get atOnceMax() {
      return wires.atOnce();
    },
    get incidents() {
      return [...desk.tickets.values()].map(({ incident }) => incident);
    },
  };
}

type SubscriptionPart =
  | 'connect'
  | 'ping'
  | 'send'
  | 'redeliver'
  | 'next'
  | 'release'
  | 'useSecrets'
  | 'deliveries'
  | 'disabledUntil'
  | 'enable'
  | 'setActive';

function subscriptionOf(desk: Desk): Pick<PagerDuty, SubscriptionPart> {
  const { webhook } = desk;
  return {
    connect: (url) => webhook.connect(url),
    ping: async () => {
      await publish(desk, { type: 'pagey.ping', resource: 'pagey', agent: null, data: pingData() }, 'pagey');
    },
    send: (type, resource, data) =>
      publish(desk, { type, resource, agent: null, data }, textAt(data, 'id') || type),
    redeliver: (eventId) => webhook.redeliver(eventId),
    next: (misdeed, times) => webhook.next(misdeed, times),
    release: (options) => webhook.release(options?.inOrder ?? false),
    useSecrets: (secrets) => webhook.useSecrets(secrets),
    deliveries: webhook.deliveries,
    disabledUntil: () => webhook.disabledUntil(),
    enable: () => webhook.enable(),
    setActive: (isActive) => {
      desk.isSubscribed = isActive;
    },
  };
}

type RecordPart = 'override' | 'pages' | 'paged' | 'ticket' | 'routingKey';

function recordsOf(desk: Desk): Pick<PagerDuty, RecordPart> {
  const { services } = desk.account;
  function routingKey(): string | null;
  function routingKey(service: string): string;
  function routingKey(service?: string): string | null {
    if (service === undefined) return services[0]?.routingKey ?? null;
    const known = services.find(({ id, name }) => id === service || name === service);
    if (!known) throw new Error(`PagerDuty has no service ${service}`);
    return known.routingKey;
  }
  return {
    override: (schedule, who, startAt, endAt) => {
      const { name: user } = accountUser(desk.account, who);
      scheduleNamed(desk.account, schedule).overrides.push({ user, startAt, endAt });
    },
    pages: desk.pages,
    paged: () => desk.pages.map(({ who, at }) => `${who} at ${clockTime(at)}`),
    ticket: (incident) => ticketOf(desk, incident),
    routingKey,
  };
}

function wiresOf(desk: Desk, options: PagerDutyOptions) {
  const side: PagerDutySide = {
    desk,
    faults: faultPlan(),
    calls: [],
    token: TOKEN,
    isTokenGood: true,
    hasRateLimits: options.rateLimits !== false,
  };
  let http: PagerDutyHttp | null = null;
  const baseUrl = () => {
    if (!http) throw new Error('this PagerDuty does not listen: call listen() first');
    return http.baseUrl;
  };
  return {
    listen: async (port = 0): Promise<void> => {
      http = await servePagerDuty(side, port);
    },
    baseUrl,
    atOnce: () => http?.atOnceMax() ?? 0,
    token: TOKEN,
    fromEmail: FROM,
    faults: side.faults,
    calls: side.calls,
    callsTo: (route: string) => side.calls.filter((call) => call.route === route),
    tokens: {
      revoke: () => {
        side.isTokenGood = false;
      },
      restore: () => {
        side.isTokenGood = true;
      },
    },
    quiet: () => desk.webhook.quiet(() => (http?.busy() ?? 0) > 0),
    close: () => {
      for (const { waiting } of desk.tickets.values()) waiting?.abort();
      desk.webhook.close();
      http?.close();
    },
  };
}
