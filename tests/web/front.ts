import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import { movableClock } from '../../src/sandbox/clock.ts';
import { type DoorOptions, openDoor } from '../../src/web/door.ts';

const secret = 'slack-test-secret';
const now = Date.parse('2026-03-02T02:00:00Z');

/** A door on a free port of this machine, with what reached the handlers and the log behind it. */
export async function openFront(changes: Partial<DoorOptions> = {}) {
  const clock = movableClock(now);
  const reached: { slack: Buffer[]; pagerduty: Parameters<DoorOptions['pagerduty']>[] } = {
    slack: [],
    pagerduty: [],
  };
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const door = openDoor({
    clock,
    port: 0,
    slackSigningSecret: secret,
    slack: (req: IncomingMessage & { rawBody?: Buffer }, res: ServerResponse) => {
      reached.slack.push(req.rawBody ?? Buffer.alloc(0));
      res.writeHead(200).end('bolt');
    },
    pagerduty: async (...received) => {
      reached.pagerduty.push(received);
      return { status: 202 };
    },
    ready: () => ({ ready: true, why: [] }),
    log,
    ...changes,
  });
  const port = await door.start();
  return { clock, door, port, url: `http://127.0.0.1:${port}`, reached, lines };
}

export type Front = Awaited<ReturnType<typeof openFront>>;

/** The headers Slack sends with `body`. `offsetSeconds`: how far its clock is from ours. */
export function slackHeaders(body: string | Buffer, offsetSeconds = 0, key = secret): Record<string, string> {
  const timestamp = String(now / 1000 + offsetSeconds);
  const signature = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}

/** A request to `/slack/events`; its status and text. */
export async function send(front: Front, body: string, headers: Record<string, string>) {
  const answer = await fetch(`${front.url}/slack/events`, { method: 'POST', body, headers });
  return { status: answer.status, text: await answer.text() };
}

/**
 * Writes `parts` to a bare socket, each once the one before it is on its way, and resolves with everything that came back
 * when the other side has closed the connection. A function is called for more until then.
 */
export function raw(port: number, ...parts: (string | (() => Buffer))[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    const pump = (): void => {
      const part = parts[0];
      if (part === undefined || socket.destroyed) return;
      if (typeof part === 'string') parts.shift();
      socket.write(typeof part === 'string' ? part : part(), () => setImmediate(pump));
    };
    socket.on('connect', pump);
  });
}

export const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0);
