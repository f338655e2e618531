import { Agent, request } from 'node:http';
import type { Clock } from '../clock.ts';

/** What became of a request that we sent. */
export type Sent =
  | { kind: 'answered'; status: number; body: string; contentType: string; noRetry: boolean }
  | { kind: 'late' }
  | { kind: 'failed'; reason: string };

export interface Sender {
  /** Posts and waits for the answer until `withinMs` have passed on the clock. Never rejects. */
  post(url: string, body: string, headers: Record<string, string>, withinMs: number): Promise<Sent>;
  close(): void;
}

/** Many at once, few connections: storms are thousands of requests. */
const SOCKETS_MAX = 64;

/** Sends to the bot over kept-alive connections, with time measured on the given clock. */
export function sender(clock: Clock): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX, scheduling: 'lifo' });
  return {
    post: async (url, body, headers, withinMs) => {
      const answered = new AbortController();
      const given = new AbortController();
      const late = clock
        .sleepUntil(clock.now() + withinMs, answered.signal)
        .then((): Sent => ({ kind: 'late' }));
      const sent = await Promise.race([exchange(agent, url, body, headers, given.signal), late]);
      answered.abort();
      if (sent.kind === 'late') given.abort();
      return sent;
    },
    close: () => agent.destroy(),
  };
}

function exchange(
  agent: Agent,
  url: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  isSecondTry = false,
): Promise<Sent> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body);
    const options = {
      agent,
      method: 'POST',
      signal,
      headers: { ...headers, 'content-length': bytes.length },
    };
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', (error) => resolve({ kind: 'failed', reason: error.message }));
      incoming.on('end', () =>
        resolve({
          kind: 'answered',
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          contentType: incoming.headers['content-type'] ?? '',
          noRetry: incoming.headers['x-slack-no-retry'] === '1',
        }),
      );
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // A kept-alive connection that the other side had closed meanwhile says nothing about the other side.
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET' && !isSecondTry;
      if (isStale) resolve(exchange(agent, url, body, headers, signal, true));
      else resolve({ kind: 'failed', reason: error.code ?? error.message });
    });
    outgoing.end(bytes);
  });
}
