import { conversationOf, envelope, isHeard, isSubscribed } from './envelope.ts';
import type { Sent } from './http.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { REDELIVER_AFTER_MS } from './rules.ts';
import type { Sleeps } from './sleeps.ts';
import { sleepsOf } from './sleeps.ts';
import type { Again, Way } from './way.ts';
import type { Workspace } from './workspace.ts';

interface Attempt {
  at: number;
  /** 0 for the first delivery. */
  retry: number;
  outcome: Sent;
}

/** An event and what became of it. */
export interface Delivered {
  eventId: string;
  type: string;
  event: Json;
  attempts: Attempt[];
}

/** What happens to the next event on its way: lost, sent twice, or kept back until `release`. */
export type Mishap = 'drop' | 'duplicate' | 'hold';

export interface Delivery {
  /** Base URL of the bot; null: nobody listens. */
  connect(botBaseUrl: string | null): void;
  /** Sends a slash command's fields and waits for the answer, three seconds at most. */
  command(fields: Record<string, string>): Promise<Sent>;
  /** The same for what a click or a form sends. */
  interact(payload: Json): Promise<Sent>;
  deliveries: Delivered[];
  /** Sends an event again as Slack does when it is unsure; by default the last one. */
  redeliver(eventId?: string): Promise<Sent>;
  mishap(kind: Mishap, times?: number): void;
  /** Sends what was held back, the latest first. */
  release(): Promise<void>;
  /** Resolves when everything on its way was answered or given up for now, and `isBusy` says no. */
  quiet(isBusy?: () => boolean): Promise<void>;
  /** Resolves when the bot has answered what this conversation has sent so far. */
  settled(channelId: string): Promise<void>;
  close(): void;
}

export interface DeliveryOptions {
  way: Way;
  /** Event names as in a manifest (`message.channels`, `reaction_added`); undefined: all. */
  subscriptions?: readonly string[];
}

interface Wire {
  ws: Workspace;
  way: Way;
  inFlight: number;
  /** Conversation -> what is still going out to it. Events of one conversation go one after the other. */
  lanes: Map<string, Promise<void>>;
  sleeps: Sleeps;
  deliveries: Delivered[];
  mishaps: Mishap[];
  held: Delivered[];
}

/** Starts delivering what happens in `ws`. */
export function startDelivery(ws: Workspace, { way, subscriptions }: DeliveryOptions): Delivery {
  const wire: Wire = {
    ws,
    way,
    inFlight: 0,
    lanes: new Map(),
    sleeps: sleepsOf(ws.clock),
    deliveries: [],
    mishaps: [],
    held: [],
  };
  ws.publish = (event) => {
    if (isHeard(ws, event) && isSubscribed(subscriptions, ws, event)) dispatch(wire, event);
  };
  return {
    connect: (botBaseUrl) => way.connect(botBaseUrl),
    command: (fields) => counted(wire, way.command(fields)),
    interact: (payload) => counted(wire, way.interaction(payload)),
    deliveries: wire.deliveries,
    redeliver: async (eventId) => {
      const last = eventId ? wire.deliveries.find((one) => one.eventId === eventId) : wire.deliveries.at(-1);
      if (!last) throw new Error(`No event ${eventId ?? ''} was delivered`);
      return attempt(wire, last, 1);
    },
    mishap: (kind, times = 1) => {
      for (let count = 0; count < times; count++) wire.mishaps.push(kind);
    },
    release: async () => {
      for (const delivered of wire.held.splice(0).reverse()) await deliver(wire, delivered);
    },
    quiet: (isBusy) => quiet(wire, isBusy ?? (() => false)),
    settled: (channelId) => wire.lanes.get(channelId) ?? Promise.resolve(),
    close: () => {
      wire.sleeps.stop();
      way.close();
      ws.publish = () => {};
    },
  };
}

function dispatch(wire: Wire, event: Json): void {
  const eventId = `Ev${wire.ws.nextNumber().toString(36).toUpperCase().padStart(9, '0')}`;
  const delivered: Delivered = { eventId, type: textAt(event, 'type'), event, attempts: [] };
  wire.deliveries.push(delivered);
  const mishap = wire.mishaps.shift();
  if (mishap === 'hold') wire.held.push(delivered);
  if (mishap === 'drop' || mishap === 'hold') return;
  enqueue(wire, delivered);
  if (mishap === 'duplicate') enqueue(wire, delivered);
}

function enqueue(wire: Wire, delivered: Delivered): void {
  const lane = conversationOf(delivered.event);
  const before = wire.lanes.get(lane) ?? Promise.resolve();
  const done = before.then(() => deliver(wire, delivered));
  wire.lanes.set(lane, done);
  void done.then(() => {
    if (wire.lanes.get(lane) === done) wire.lanes.delete(lane);
  });
}

/** The first delivery and the immediate retry; what Slack does a minute and more later does not hold up others. */
async function deliver(wire: Wire, delivered: Delivered): Promise<void> {
  if (isSettled(await attempt(wire, delivered, 0)) || wire.sleeps.isStopped()) return;
  if (isSettled(await attempt(wire, delivered, 1))) return;
  void redeliverLater(wire, delivered);
}

async function redeliverLater(wire: Wire, delivered: Delivered): Promise<void> {
  const { clock } = wire.ws;
  for (let retry = 2; retry <= REDELIVER_AFTER_MS.length; retry++) {
    await wire.sleeps.until(clock.now() + (REDELIVER_AFTER_MS[retry - 1] ?? 0));
    if (wire.sleeps.isStopped() || isSettled(await attempt(wire, delivered, retry))) return;
  }
}

async function attempt(wire: Wire, delivered: Delivered, retry: number): Promise<Sent> {
  const again = retry > 0 ? againAfter(retry, delivered.attempts.at(-1)?.outcome) : null;
  const at = wire.ws.clock.now();
  const body = envelope(wire.ws, delivered.eventId, delivered.event);
  const outcome = await counted(wire, wire.way.event(body, again));
  delivered.attempts.push({ at, retry, outcome });
  return outcome;
}

async function counted(wire: Wire, sending: Promise<Sent>): Promise<Sent> {
  wire.inFlight += 1;
  try {
    return await sending;
  } finally {
    wire.inFlight -= 1;
  }
}

/** About ten seconds: whatever is not answered by then waits for the clock or for nothing at all. */
const QUIET_TURNS_MAX = 8_000;

async function quiet(wire: Wire, isBusy: () => boolean): Promise<void> {
  const isStill = () => wire.lanes.size === 0 && wire.inFlight === 0 && !isBusy();
  // An answer may start the next delivery a turn later, so two still turns in a row are asked for.
  for (let turn = 0, still = 0; still < 2; turn++) {
    if (turn >= QUIET_TURNS_MAX) throw new Error(`Not quiet: ${wire.lanes.size} conversations still wait`);
    await new Promise((resolve) => (isStill() ? setImmediate(resolve) : setTimeout(resolve, 1)));
    still = isStill() ? still + 1 : 0;
  }
}

function isSettled(outcome: Sent): boolean {
  if (outcome.kind !== 'answered') return false;
  return (outcome.status >= 200 && outcome.status < 300) || outcome.noRetry;
}

function againAfter(attempt: number, previous: Sent | undefined): Again {
  const reasons = { late: 'http_timeout', failed: 'connection_failed', answered: 'http_error' } as const;
  return { attempt, reason: reasons[previous?.kind ?? 'late'] };
}
