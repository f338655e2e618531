import { afterEach, expect, test } from 'vitest';
import type { DoorOptions } from '../../src/web/door.ts';
import { type Front, openFront, raw, send, slackHeaders, statusOf } from './front.ts';

const fronts: Front[] = [];

async function open(limits: DoorOptions['limits'] = {}): Promise<Front> {
  const front = await openFront({ limits });
  fronts.push(front);
  return front;
}

afterEach(async () => {
  for (const front of fronts.splice(0)) await front.door.stop();
});

const routes = [
  ['/slack/events', 1024 * 1024],
  ['/webhooks/pagerduty', 512 * 1024],
] as const;

/** Short enough to wait for, and long enough for a busy machine to read a request of a line. */
const soon = { headersWithinMs: 1_000, requestWithinMs: 1_000 };

const head = (path: string, ...headers: string[]) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;

test.each(routes)(
  '%s: an announced body of one byte over %i is refused before it is sent',
  async (path, max) => {
    const front = await open(soon);
    const heard = await raw(front.port, head(path, `Content-Length: ${max + 1}`));
    expect(statusOf(heard)).toBe(413);
    expect(heard.toLowerCase()).toContain('connection: close');
    expect(front.reached).toEqual({ slack: [], pagerduty: [] });
  },
);

test.each(routes)(
  '%s: a body that is sent although it is over %i is refused, and its sender can read that',
  async (path, max) => {
    const front = await open();
    const answer = await fetch(`${front.url}${path}`, { method: 'POST', body: Buffer.alloc(max + 1) });
    expect(answer.status).toBe(413);
    expect(front.reached).toEqual({ slack: [], pagerduty: [] });
  },
);

test.each(routes)('%s: a body of exactly %i is read', async (path, max) => {
  const front = await open();
  const start = '{"a":"';
  const body = `${start}${'x'.repeat(max - start.length - 2)}"}`;
  const answer = await fetch(`${front.url}${path}`, { method: 'POST', body, headers: slackHeaders(body) });
  expect([200, 202]).toContain(answer.status);
  const [arrived] = [...front.reached.slack, ...front.reached.pagerduty.map(([bytes]) => bytes)];
  expect(arrived?.equals(Buffer.from(body))).toBe(true);
});

test.each(routes)('%s: a chunked body without end is cut, not kept', async (path) => {
  const front = await open();
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'a'), Buffer.from('\r\n')]);
  let sent = 0;
  const endless = () => {
    sent += chunk.length;
    return chunk;
  };
  const heard = await raw(front.port, head(path, 'Transfer-Encoding: chunked'), endless);
  expect(statusOf(heard)).toBe(413);
  // What the kernel's buffers swallow comes on top of the limit and what is thrown away.
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  expect(front.reached).toEqual({ slack: [], pagerduty: [] });
});

test.each([
  ['Content-Encoding: gzip', 415],
  ['Content-Encoding: br', 415],
  ['Content-Encoding: identity', 401],
])('%s is answered %i', async (line, status) => {
  const front = await open();
  const heard = await raw(
    front.port,
    head('/slack/events', line, 'Connection: close', 'Content-Length: 2'),
    '{}',
  );
  expect(statusOf(heard)).toBe(status);
});

test('a transfer that packs its chunks is refused', async () => {
  const front = await open();
  const chunked = head('/slack/events', 'Transfer-Encoding: gzip, chunked');
  expect([400, 415]).toContain(statusOf(await raw(front.port, chunked, '0\r\n\r\n')));
});

test('headers over 16 KB are refused', async () => {
  const front = await open();
  const heard = await raw(front.port, head('/slack/events', `X-Long: ${'a'.repeat(17 * 1024)}`));
  expect(statusOf(heard)).toBe(431);
  expect(statusOf(await raw(front.port, `GET /${'a'.repeat(17 * 1024)} HTTP/1.1\r\n`))).toBe(431);
});

test.each(routes)('%s: a body that does not come is cut off, and nothing was heard', async (path) => {
  const front = await open(soon);
  const heard = await raw(front.port, head(path, 'Content-Length: 10'), 'abc');
  expect([0, 408]).toContain(statusOf(heard));
  expect(front.reached).toEqual({ slack: [], pagerduty: [] });
  expect(front.lines).toMatchObject([{ route: path, reason: 'gone' }]);
});

test('headers that do not come are cut off', async () => {
  const front = await open(soon);
  expect([0, 408]).toContain(statusOf(await raw(front.port, 'POST /slack/events HTTP/1.1\r\nHost:')));
});

test('an answer that never comes does not hold its connection for ever', async () => {
  const front = await openFront({ slack: () => {}, limits: { silenceMsMax: 1_000 } });
  fronts.push(front);
  await expect(send(front, '{}', slackHeaders('{}'))).rejects.toThrow();
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
});

test('many bodies that grow together: the largest has to go, and a small one is heard', async () => {
  const front = await open({ ...soon, bodiesBytesMax: 256 * 1024 });
  const large = `Content-Length: ${1024 * 1024}`;
  const half = `${head('/slack/events', large)}${'a'.repeat(100 * 1024)}`;
  const heard = Array.from({ length: 3 }, () => raw(front.port, half));
  expect(statusOf(await Promise.race(heard))).toBe(503);
  expect(await send(front, '{}', slackHeaders('{}'))).toEqual({ status: 200, text: 'bolt' });
  expect(front.lines.map(({ reason }) => reason)).toContain('crowded');
});

test.each(routes)('%s: a body in pieces of one byte is read like any other', async (path) => {
  const front = await open();
  const body = `{"a":"${'x'.repeat(20_000)}"}`;
  const pieces = Array.from(body, (sign) => `1\r\n${sign}\r\n`).join('');
  const headers = Object.entries(slackHeaders(body)).map(([name, value]) => `${name}: ${value}`);
  const sent = `${head(path, 'Transfer-Encoding: chunked', 'Connection: close', ...headers)}${pieces}0\r\n\r\n`;
  expect([200, 202]).toContain(statusOf(await raw(front.port, sent)));
  const [arrived] = [...front.reached.slack, ...front.reached.pagerduty.map(([bytes]) => bytes)];
  expect(arrived?.equals(Buffer.from(body))).toBe(true);
});
