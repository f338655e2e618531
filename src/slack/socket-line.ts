import { type App, type Logger, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { Clock } from '../clock.ts';

export interface LineOptions {
  /** `xapp-…` */
  appToken: string;
  /** Ends with a slash. */
  apiUrl: string;
  clock: Clock;
  logger: Logger;
  /** How long `apps.connections.open` may take. */
  timeoutMs: number;
  /** A line on which no ping is answered for so long is dead. */
  pongWithinMs?: number;
  /** Commits and acknowledges; what it rejects is not acknowledged, and Slack delivers it again. */
  hear: (event: ReceiverEvent) => Promise<void>;
  report: (problem: string, error?: unknown) => void;
}

/**
 * Why a line ends: what Slack says in its `disconnect` (`warning`, `refresh_requested`, `link_disabled`,
 * `too_many_websockets`), or `gone` when it is cut.
 */
export type Farewell = string;

/** One connection, from Slack's hello on. It never connects again by itself. */
export interface Line {
  /** Resolves as soon as it is known to end; until `gone` it still hears and acknowledges. */
  readonly farewell: Promise<Farewell>;
  readonly gone: Promise<void>;
  /** Waits until what it heard is acknowledged, at most `drainWithinMs`, then hangs up. */
  close(): Promise<void>;
}

/** Slack said goodbye, or hung up, before it said hello. */
export class LineEnded extends Error {
  readonly farewell: Farewell;
  constructor(farewell: Farewell) {
    super(`the socket ended before Slack said hello (${farewell})`);
    this.farewell = farewell;
  }
}

/** Slack says hello within a second or two; a socket that stays silent for so long is none. */
const helloWithinMs = 15_000;
/** How long an acknowledgement may still take when the line is to be closed. */
const drainWithinMs = 10_000;
/** A pause of the event loop must not look like a dead line; Slack's own default is half of it. */
const pongWithinDefaultMs = 10_000;

type Client = SocketModeReceiver['client'];

/**
 * Bolt's receiver for one connection, without its ways of coming back: left to itself it waits 5 s after every refresh,
 * ends the process when coming back fails, and closes at the first warning, with acknowledgements still to be sent
 * (platform.md section 1.7). Throws what `apps.connections.open` throws, or `LineEnded`.
 */
export async function openLine(options: LineOptions): Promise<Line> {
  const underWay = new Set<Promise<void>>();
  const receiver = receiverOf(options);
  receiver.init({
    processEvent: (event: ReceiverEvent) => {
      const heard = options.hear(event).finally(() => underWay.delete(heard));
      underWay.add(heard);
      return heard;
    },
  } as App);
  const { client } = receiver;
  const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  const farewell = Promise.race([farewellOf(client, options.report), gone.then(() => 'gone')]);
  await hello(client, farewell, options.clock);
  return {
    farewell,
    gone,
    close: async () => {
      await within(options.clock, drainWithinMs, Promise.allSettled(underWay));
      await client.disconnect();
    },
  };
}

const receiverOf = ({ appToken, apiUrl, timeoutMs, logger, report, ...options }: LineOptions) =>
  new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    clientPingTimeout: options.pongWithinMs ?? pongWithinDefaultMs,
    // An object of its own, because the library writes into it.
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: timeoutMs,
      },
    },
    // The library would acknowledge what came before anybody told us who we are, and it would be lost.
    processEventErrorHandler: async ({ error }) => {
      report('what Slack sent could not be committed: not acknowledged, Slack delivers it again', error);
      return false;
    },
  });

/** Resolves with Slack's reason. The library would hang up there and then: it is kept from reading those. */
function farewellOf(client: Client, report: LineOptions['report']): Promise<Farewell> {
  const read = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  return new Promise((resolve) => {
    client.on('ws_message', (data: unknown, isBinary: boolean) => {
      const reason = disconnectReason(data);
      if (reason !== null) return resolve(reason);
      for (const one of read) {
        Promise.resolve(one(data, isBinary)).catch((error: unknown) => {
          report('a message on the socket could not be read', error);
        });
      }
    });
  });
}

/** `disconnect` messages are short; anything longer is not even parsed. */
const disconnectLengthMax = 1_000;

function disconnectReason(data: unknown): string | null {
  if (typeof data !== 'string' || data.length > disconnectLengthMax) return null;
  try {
    const { type, reason } = JSON.parse(data) as { type?: unknown; reason?: unknown };
    return type === 'disconnect' ? String(reason) : null;
  } catch {
    return null;
  }
}

async function hello(client: Client, farewell: Promise<Farewell>, clock: Clock): Promise<void> {
  const started = client.start();
  try {
    const ended = await within(
      clock,
      helloWithinMs,
      Promise.race([started.then(() => null).catch(refused), farewell]),
    );
    if (ended === null) return;
    throw new LineEnded(ended ?? 'no hello');
  } catch (error) {
    started.catch(() => undefined);
    void started.then(() => client.disconnect()).catch(() => undefined);
    void client.disconnect();
    throw error;
  }
}

/** The library rejects with nothing at all when the socket closes before the hello. */
function refused(error: unknown): Farewell {
  if (error === undefined) return 'gone';
  throw error;
}

/** Undefined: it took longer. */
async function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    const late = clock.sleepUntil(clock.now() + ms, over.signal).then(() => undefined);
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}
