import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openFront, send, slackHeaders } from './front.ts';

/** A promise and the hand that resolves it. */
function gate<T = void>() {
  let open: (value: T) => void = () => {};
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

test('stop waits for the answer under way, takes nothing new, and then closes', async () => {
  const arrived = gate<ServerResponse>();
  const front = await openFront({ slack: (_req: IncomingMessage, res: ServerResponse) => arrived.open(res) });
  const answer = send(front, '{}', slackHeaders('{}'));
  const res = await arrived.passed;
  const stopped = front.door.stop();
  // A load balancer's check fails with it.
  await expect(fetch(`${front.url}/readyz`)).rejects.toThrow();
  res.writeHead(200).end('late');
  expect(await answer).toEqual({ status: 200, text: 'late' });
  await stopped;
});

test('stop waits for a commit whose sender has gone', async () => {
  const [arrived, commit] = [gate(), gate()];
  let committed = false;
  const front = await openFront({
    pagerduty: async () => {
      arrived.open();
      await commit.passed;
      committed = true;
      return { status: 202 };
    },
  });
  const sender = request(`${front.url}/webhooks/pagerduty`, { method: 'POST' });
  sender.on('error', () => {});
  sender.end('x');
  await arrived.passed;
  sender.destroy();
  const stopped = front.door.stop().then(() => committed);
  commit.open();
  expect(await stopped).toBe(true);
});

test('stop does not wait longer than its bound for an answer that never comes', async () => {
  const arrived = gate();
  const front = await openFront({ slack: () => arrived.open() });
  const answer = send(front, '{}', slackHeaders('{}')).catch(() => 'cut off');
  await arrived.passed;
  const stopped = front.door.stop();
  front.clock.set(front.clock.now() + 10_000);
  await stopped;
  expect(await answer).toBe('cut off');
});

test('stop closes connections that are idle or have said nothing yet, and twice is once', async () => {
  const front = await openFront();
  await (await fetch(`${front.url}/livez`)).text();
  const silent = connect(front.port, '127.0.0.1');
  silent.on('error', () => {});
  const closed = new Promise((resolve) => silent.on('close', resolve));
  await new Promise((resolve) => silent.on('connect', resolve));
  await Promise.all([front.door.stop(), front.door.stop(), closed]);
  expect(front.clock.nextWakeAt()).toBeNull();
  await expect(fetch(`${front.url}/livez`)).rejects.toThrow();
});

test('a request that was half sent when the door began to close is put off', async () => {
  const arrived = gate<ServerResponse>();
  const front = await openFront({ slack: (_req: IncomingMessage, res: ServerResponse) => arrived.open(res) });
  const half = connect(front.port, '127.0.0.1');
  const heard = new Promise<string>((resolve) => half.once('data', (chunk) => resolve(chunk.toString())));
  await new Promise<void>((resolve) => half.write('GET /livez HTTP/1.1\r\nHo', () => resolve()));
  const answer = send(front, '{}', slackHeaders('{}'));
  const res = await arrived.passed;
  const stopped = front.door.stop();
  half.write('st: x\r\n\r\n');
  const text = await heard;
  expect(text).toContain('HTTP/1.1 503');
  expect(text.toLowerCase()).toContain('connection: close');
  res.writeHead(200).end('late');
  expect((await answer).status).toBe(200);
  await stopped;
});

test('an answer that comes after its sender has left breaks nothing', async () => {
  const arrived = gate<ServerResponse>();
  const front = await openFront({ slack: (_req: IncomingMessage, res: ServerResponse) => arrived.open(res) });
  const sender = request(`${front.url}/slack/events`, { method: 'POST', headers: slackHeaders('{}') });
  sender.on('error', () => {});
  sender.end('{}');
  const res = await arrived.passed;
  const left = new Promise((resolve) => res.once('close', resolve));
  sender.destroy();
  await left;
  res.writeHead(200);
  res.write('late');
  res.end('later');
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
  await front.door.stop();
});
