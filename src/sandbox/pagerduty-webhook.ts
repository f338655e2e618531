import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Sender, Sent } from './http.ts';
import { sender } from './http.ts';
import type { Sleeps } from './sleeps.ts';
import { sleepsOf } from './sleeps.ts';

/** PagerDuty's delivery contract (developer docs, webhooks behavior). */
const ANSWER_WITHIN_MS = 5_000;
const RETRY_FOR_MS = 48 * 3_600_000;
const DROPS_UNTIL_DISABLED = 3;
const DISABLED_FOR_MS = 24 * 3_600_000;
/** Waits between attempts; the last one repeats. PagerDuty says "periodically" and gives no spacing. */
const RETRY_AFTER_MS = [10_000, 60_000, 300_000, 900_000] as const;

/** The one subscription of the account. */
export const SUBSCRIPTION_ID = 'PSUBSCR';

/** Signed with a wrong secret, with no or a malformed header, cut off in the middle, or kept back until `release`. */
export type Misdeed = 'wrong-secret' | 'unsigned' | 'malformed-signature' | 'broken-body' | 'hold';

export interface WebhookDelivery {
  eventId: string;
  /** Same for all attempts. */
  webhookId: string;
  type: string;
  body: string;
  status: 'held' | 'pending' | 'delivered' | 'dropped';
  attempts: { at: number; outcome: Sent }[];
}

export interface Webhook {
  connect(url: string | null): void;
  url(): string | null;
  send(eventId: string, resourceKey: string, type: string, body: string): Promise<void>;
  redeliver(eventId?: string): Promise<void>;
  next(misdeed: Misdeed, times?: number): void;
  release(inOrder: boolean): Promise<void>;
  useSecrets(secrets: readonly string[]): void;
  deliveries: WebhookDelivery[];
  disabledUntil(): number | null;
  enable(): void;
  /** Resolves when nothing is on its way and `isBusy` says no. */
  quiet(isBusy?: () => boolean): Promise<void>;
  close(): void;
}

interface Queue {
  /** Done when everything enqueued so far is settled. */
  last: Promise<void>;
  /** Those who wait for the first attempt of their event. */
  waiting: Set<() => void>;
  /** An event at the head is being retried. */
  isStuck: boolean;
}

interface Subscription {
  clock: Clock;
  http: Sender;
  url: string | null;
  secrets: readonly string[];
  deliveries: WebhookDelivery[];
  misdeeds: Misdeed[];
  held: { delivery: WebhookDelivery; key: string }[];
  /** Incident -> what still goes out about it: a failing one holds up those behind it. */
  queues: Map<string, Queue>;
  dropsInARow: number;
  disabledUntil: number | null;
  inFlight: number;
  sleeps: Sleeps;
}

export function startWebhook(clock: Clock, secrets: readonly string[]): Webhook {
  const subscription: Subscription = {
    clock,
    http: sender(clock),
    url: null,
    secrets,
    deliveries: [],
    misdeeds: [],
    held: [],
    queues: new Map(),
    dropsInARow: 0,
    disabledUntil: null,
    inFlight: 0,
    sleeps: sleepsOf(clock),
  };
  return {
    connect: (url) => {
      subscription.url = url;
    },
    url: () => subscription.url,
    send: (eventId, key, type, body) => send(subscription, eventId, key, type, body),
    redeliver: (eventId) => redeliver(subscription, eventId),
    next: (misdeed, times = 1) => {
      for (let count = 0; count < times; count++) subscription.misdeeds.push(misdeed);
    },
    release: (inOrder) => release(subscription, inOrder),
    useSecrets: (changed) => {
      subscription.secrets = changed;
    },
    deliveries: subscription.deliveries,
    disabledUntil: () => (isDisabled(subscription) ? subscription.disabledUntil : null),
    enable: () => {
      Object.assign(subscription, { disabledUntil: null, dropsInARow: 0 });
    },
    quiet: (isBusy = () => false) => quiet(subscription, isBusy),
    close: () => {
      subscription.sleeps.stop();
      subscription.http.close();
    },
  };
}

function isDisabled({ clock, disabledUntil }: Subscription): boolean {
  return disabledUntil !== null && clock.now() < disabledUntil;
}

async function send(
  subscription: Subscription,
  eventId: string,
  key: string,
  type: string,
  body: string,
): Promise<void> {
  const webhookId = `wh-${eventId}`;
  const delivery: WebhookDelivery = { eventId, webhookId, type, body, status: 'pending', attempts: [] };
  subscription.deliveries.push(delivery);
  const misdeed = subscription.misdeeds.shift();
  if (misdeed === 'hold') {
    delivery.status = 'held';
    subscription.held.push({ delivery, key });
    return;
  }
  await enqueue(subscription, delivery, key, misdeed);
}

/** Resolves after the first attempt; or, where an earlier event of this incident is being retried, without one. */
async function enqueue(
  subscription: Subscription,
  delivery: WebhookDelivery,
  key: string,
  misdeed?: Misdeed,
): Promise<void> {
  const queue = subscription.queues.get(key) ?? {
    last: Promise.resolve(),
    waiting: new Set(),
    isStuck: false,
  };
  subscription.queues.set(key, queue);
  const triedOnce = new Promise<void>((resolve) => {
    queue.waiting.add(resolve);
    queue.last = queue.last.then(async () => {
      await deliver(subscription, delivery, queue, misdeed, resolve);
      queue.waiting.delete(resolve);
      queue.isStuck = false;
      resolve();
    });
  });
  if (!queue.isStuck) await triedOnce;
}

async function deliver(
  subscription: Subscription,
  delivery: WebhookDelivery,
  queue: Queue,
  misdeed: Misdeed | undefined,
  triedOnce: () => void,
): Promise<void> {
  const { clock, sleeps } = subscription;
  const until = clock.now() + RETRY_FOR_MS;
  for (let tries = 0; clock.now() <= until && !sleeps.isStopped(); tries++) {
    if (isDisabled(subscription)) break;
    const outcome = await attempt(subscription, delivery, misdeed);
    triedOnce();
    if (settle(subscription, delivery, outcome)) return;
    queue.isStuck = true;
    for (const goOn of queue.waiting) goOn();
    const wait = RETRY_AFTER_MS[Math.min(tries, RETRY_AFTER_MS.length - 1)] ?? 0;
    await sleeps.until(clock.now() + wait);
  }
  delivery.status = 'dropped';
}

/** True when there is nothing left to do: taken, or refused for good (4xx other than 429). */
function settle(subscription: Subscription, delivery: WebhookDelivery, outcome: Sent): boolean {
  if (outcome.kind !== 'answered' || outcome.status === 429 || outcome.status >= 500) return false;
  if (outcome.status >= 200 && outcome.status < 300) {
    delivery.status = 'delivered';
    subscription.dropsInARow = 0;
    return true;
  }
  delivery.status = 'dropped';
  subscription.dropsInARow += 1;
  if (subscription.dropsInARow >= DROPS_UNTIL_DISABLED) {
    subscription.disabledUntil = subscription.clock.now() + DISABLED_FOR_MS;
  }
  return true;
}

async function attempt(
  subscription: Subscription,
  delivery: WebhookDelivery,
  misdeed?: Misdeed,
): Promise<Sent> {
  const at = subscription.clock.now();
  const outcome = await post(subscription, delivery, misdeed);
  delivery.attempts.push({ at, outcome });
  return outcome;
}

async function post(subscription: Subscription, delivery: WebhookDelivery, misdeed?: Misdeed): Promise<Sent> {
  if (subscription.url === null) return { kind: 'failed', reason: 'not connected' };
  const body = misdeed === 'broken-body' ? delivery.body.slice(0, -7) : delivery.body;
  const secrets = misdeed === 'wrong-secret' ? ['not-the-secret'] : subscription.secrets;
  const signed = secrets.map((secret) => `v1=${signatureOf(secret, body)}`).join(',');
  const header = misdeed === 'malformed-signature' ? 'v1:0123' : signed;
  subscription.inFlight += 1;
  try {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-webhook-id': delivery.webhookId,
      'x-webhook-subscription': SUBSCRIPTION_ID,
      ...(misdeed === 'unsigned' ? {} : { 'x-pagerduty-signature': header }),
    };
    return await subscription.http.post(subscription.url, body, headers, ANSWER_WITHIN_MS);
  } finally {
    subscription.inFlight -= 1;
  }
}

/** HMAC-SHA256 of the raw body, hex. */
export function signatureOf(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

async function redeliver(subscription: Subscription, eventId?: string): Promise<void> {
  const delivery = eventId
    ? subscription.deliveries.find((one) => one.eventId === eventId)
    : subscription.deliveries.at(-1);
  if (!delivery) throw new Error(`PagerDuty sent no event ${eventId ?? ''}`);
  settle(subscription, delivery, await attempt(subscription, delivery));
}

async function release(subscription: Subscription, inOrder: boolean): Promise<void> {
  const held = subscription.held.splice(0);
  for (const { delivery, key } of inOrder ? held : held.reverse()) {
    delivery.status = 'pending';
    await enqueue(subscription, delivery, key);
  }
}

/** About ten seconds; what is not answered by then waits for the clock. */
const QUIET_TURNS_MAX = 8_000;

async function quiet(subscription: Subscription, isBusy: () => boolean): Promise<void> {
  const isStill = () => subscription.inFlight === 0 && !isBusy();
  for (let turn = 0, still = 0; still < 2; turn++) {
    if (turn >= QUIET_TURNS_MAX) throw new Error(`${subscription.inFlight} webhooks are still not answered`);
    await new Promise((resolve) => (isStill() ? setImmediate(resolve) : setTimeout(resolve, 1)));
    still = isStill() ? still + 1 : 0;
  }
}
