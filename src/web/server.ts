import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { answer } from './answer.ts';
import type { DoorLimits } from './limits.ts';

/** How often Node looks for requests that take too long, ms at most. */
const lateRequestCheckEveryMsMax = 1_000;

interface ServerOptions {
  clock: Clock;
  port: number;
  limits: DoorLimits;
  log: Pick<Logger, 'error'>;
}

/** Answers a request; resolves when it has nothing more to do for it, and never rejects. */
type Serve = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * A server that knows which answers are under way. A request counts until `serve` has resolved and its answer is sent
 * (or its sender gone): a commit is waited for even when nobody listens any more.
 */
export function openServer({ clock, port, limits, log }: ServerOptions, serve: Serve) {
  const underWay = new Map<ServerResponse, Promise<unknown>>();
  let stopping: Promise<void> | null = null;

  const server = limitedServer(limits, (req, res) => {
    // A handler that writes after the end of its answer causes an error here; unheard, it would end the process.
    res.on('error', () => {});
    if (stopping) {
      res.shouldKeepAlive = false;
      return answer(res, 503);
    }
    const closed = new Promise((resolve) => res.once('close', resolve));
    const done = Promise.all([serve(req, res), closed]).finally(() => underWay.delete(res));
    underWay.set(res, done);
  });

  async function drain(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const res of underWay.keys()) res.shouldKeepAlive = false;
    const waiting = new AbortController();
    const bound = clock.sleepUntil(clock.now() + limits.drainWithinMs, waiting.signal);
    await Promise.race([Promise.allSettled(underWay.values()), bound]);
    waiting.abort();
    server.closeAllConnections();
    await closed;
  }

  return {
    start: async () => {
      const listening = await listen(server, port);
      server.on('error', (error) => log.error({ err: error }, 'http server'));
      return listening;
    },
    stop: () => {
      stopping ??= drain();
      return stopping;
    },
  };
}

function limitedServer(
  limits: DoorLimits,
  listener: (req: IncomingMessage, res: ServerResponse) => void,
): Server {
  const headersTimeout = Math.min(limits.headersWithinMs, limits.requestWithinMs);
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout,
      requestTimeout: limits.requestWithinMs,
      connectionsCheckingInterval: Math.min(lateRequestCheckEveryMsMax, headersTimeout),
    },
    listener,
  );
  server.timeout = limits.silenceMsMax;
  server.maxConnections = limits.connectionsMax;
  return server;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
