import { HTTPReceiver } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import type { DoorOptions } from '../../src/web/door.ts';
import { openDoor } from '../../src/web/door.ts';
import { type Front, openFront, raw, send, slackHeaders, statusOf } from './front.ts';

const fronts: Front[] = [];

async function open(changes: Partial<DoorOptions> = {}): Promise<Front> {
  const front = await openFront(changes);
  fronts.push(front);
  return front;
}

afterEach(async () => {
  for (const front of fronts.splice(0)) await front.door.stop();
});

const event = '{"type":"event_callback","text":"é \\ud83d"}';

test('a signed request reaches Bolt with the bytes as they came, and Bolt answers', async () => {
  const front = await open();
  expect(await send(front, event, slackHeaders(event))).toEqual({ status: 200, text: 'bolt' });
  expect(front.reached.slack).toEqual([Buffer.from(event)]);
});

test.each([
  [-299, 200],
  [-301, 401],
  [299, 200],
  [301, 401],
])('a request whose time is %i s from ours is answered %i', async (offset, status) => {
  const front = await open();
  expect((await send(front, event, slackHeaders(event, offset))).status).toBe(status);
  expect(front.reached.slack).toHaveLength(status === 200 ? 1 : 0);
});

test('the clock that counts is the injected one', async () => {
  const front = await open();
  const headers = slackHeaders(event);
  front.clock.set(front.clock.now() + 301_000);
  expect((await send(front, event, headers)).status).toBe(401);
});

const unsigned = { 'content-type': 'application/x-www-form-urlencoded' };

test.each([
  ['nothing signed', event, {}],
  ['another secret', event, slackHeaders(event, 0, 'another-secret')],
  ['another body', `${event} `, slackHeaders(event)],
  ['an unsigned ssl_check with a payload', 'ssl_check=1&payload=%7B%7D', unsigned],
  ['an unsigned ssl_check', 'ssl_check=1', unsigned],
  ['an unsigned challenge', '{"type":"url_verification","challenge":"x"}', {}],
])('with %s the answer is 401 and Bolt hears nothing', async (_what, body, headers) => {
  const front = await open();
  expect(await send(front, body, headers)).toEqual({ status: 401, text: '' });
  expect(front.reached.slack).toEqual([]);
});

test('a signature header that comes twice is refused, even when both are right', async () => {
  const front = await open();
  const headers = Object.entries({
    ...slackHeaders('{}'),
    host: 'x',
    connection: 'close',
    'content-length': '2',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const twice = lines.replace(/^(x-slack-signature.*\r\n)/m, '$1$1');
  expect(statusOf(await raw(front.port, `POST /slack/events HTTP/1.1\r\n${lines}\r\n{}`))).toBe(200);
  expect(statusOf(await raw(front.port, `POST /slack/events HTTP/1.1\r\n${twice}\r\n{}`))).toBe(401);
  expect(front.reached.slack).toHaveLength(1);
});

test('refusals are logged once a minute with their count, without a signature or a body', async () => {
  const front = await open();
  const headers = slackHeaders(event, 0, 'another-secret');
  for (let sent = 0; sent < 5; sent++) await send(front, event, headers);
  front.clock.set(front.clock.now() + 60_000);
  await send(front, event, headers);
  expect(front.lines).toMatchObject([
    { route: '/slack/events', reason: 'mismatch', count: 1 },
    { route: '/slack/events', reason: 'mismatch', count: 5 },
  ]);
  const log = JSON.stringify(front.lines);
  expect(log).not.toContain('event_callback');
  expect(log).not.toContain(headers['x-slack-signature']);
});

test.each([
  ['JSON 65 deep', 'json', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 400],
  ['JSON 64 deep', 'json', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`, 200],
  ['brackets in a string', 'json', `{"a":"${'['.repeat(500)}\\"${'{'.repeat(500)}"}`, 200],
  ['many brackets side by side', 'json', `{"a":[${'[],'.repeat(500)}[]]}`, 200],
  ['null', 'json', 'null', 400],
  ['a list', 'json', '[]', 400],
  ['nothing', 'json', '', 400],
  ['a form', 'form', 'command=%2Fincident&text=help', 200],
  ['a form with a payload', 'form', 'payload=%7B%22type%22%3A%22block_actions%22%7D', 200],
  ['a form with a payload of null', 'form', 'payload=null', 400],
  ['a form with a deep payload', 'form', `payload=%7B%22a%22%3A${'%5B'.repeat(64)}`, 400],
])(
  'signed, with %s as body (%s), the answer comes from the right place',
  async (_what, media, body, status) => {
    const front = await open();
    const type = media === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await send(front, body, { ...slackHeaders(body), 'content-type': type });
    expect(answer.status).toBe(status);
    expect(front.reached.slack).toHaveLength(status === 200 ? 1 : 0);
  },
);

test('the real receiver of Bolt answers a signed challenge, and a form whose type names a charset', async () => {
  const receiver = new HTTPReceiver({ signingSecret: 'not used', signatureVerification: false });
  const front = await open({ slack: receiver.requestListener });
  const challenge = '{"type":"url_verification","challenge":"abc"}';
  const answered = await send(front, challenge, slackHeaders(challenge));
  expect(answered).toEqual({ status: 200, text: '{"challenge":"abc"}' });
  const check = 'ssl_check=1';
  const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  expect(await send(front, check, { ...slackHeaders(check), ...type })).toEqual({ status: 200, text: '' });
});

test('PagerDuty: the handler gets bytes and headers, its status is the answer', async () => {
  const front = await open();
  const headers = { 'x-pagerduty-signature': 'v1=abc', 'x-webhook-id': 'w1' };
  const answer = await fetch(`${front.url}/webhooks/pagerduty?x=1`, { method: 'POST', body: 'é', headers });
  expect(answer.status).toBe(202);
  expect(front.reached.pagerduty).toEqual([[Buffer.from('é'), { signature: 'v1=abc', webhookId: 'w1' }]]);
});

test('PagerDuty: a signature header that comes twice arrives as the list it is', async () => {
  const front = await open();
  const twice = 'X-PagerDuty-Signature: v1=a\r\nX-PagerDuty-Signature: v1=b\r\n';
  const head = 'POST /webhooks/pagerduty HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n';
  await raw(front.port, `${head}${twice}\r\n`);
  expect(front.reached.pagerduty[0]?.[1].signature).toEqual(['v1=a', 'v1=b']);
});

test('PagerDuty: what its handler takes for somebody else is counted like a forged Slack request', async () => {
  const front = await open({ pagerduty: async () => ({ status: 401 }) });
  const answer = await fetch(`${front.url}/webhooks/pagerduty`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(401);
  expect(front.lines).toMatchObject([{ route: '/webhooks/pagerduty', reason: 'unsigned', count: 1 }]);
});

test('a handler that throws, at once or later, is answered 500 without a word of why, and the door stays open', async () => {
  const front = await open({
    slack: () => {
      throw new Error('a secret of ours');
    },
    pagerduty: () => Promise.reject(new Error('a secret of ours')),
    ready: () => {
      throw new Error('a secret of ours');
    },
  });
  expect(await send(front, event, slackHeaders(event))).toEqual({ status: 500, text: '' });
  const late = await fetch(`${front.url}/webhooks/pagerduty`, { method: 'POST', body: '' });
  expect([late.status, await late.text()]).toEqual([500, '']);
  expect((await fetch(`${front.url}/readyz`)).status).toBe(500);
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
  expect(front.lines.filter((line) => line.msg === 'request failed')).toHaveLength(3);
});

test('a handler that writes on after its answer breaks nothing', async () => {
  const front = await open({
    slack: (_req, res) => {
      res.end('bolt');
      res.write('more');
    },
  });
  expect(await send(front, event, slackHeaders(event))).toEqual({ status: 200, text: 'bolt' });
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
});

test.each([
  ['GET', '/livez', 200, '{"ok":true}'],
  ['HEAD', '/livez', 200, ''],
  ['GET', '/readyz?verbose', 200, '{"ok":true}'],
  ['HEAD', '/readyz', 200, ''],
  ['POST', '/livez', 405, ''],
  ['GET', '/slack/events', 405, ''],
  ['PUT', '/webhooks/pagerduty', 405, ''],
  ['DELETE', '/readyz', 405, ''],
  ['GET', '/', 404, ''],
  ['GET', '/livez/', 404, ''],
  ['POST', '/slack/events/..', 404, ''],
  ['GET', '/constructor', 404, ''],
  ['GET', '/__proto__', 404, ''],
])('%s %s is answered %i', async (method, path, status, text) => {
  const front = await open();
  const answer = await fetch(`${front.url}${path}`, { method });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('a wrong method is told which are right', async () => {
  const front = await open();
  expect((await fetch(`${front.url}/livez`, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
  expect((await fetch(`${front.url}/slack/events`)).headers.get('allow')).toBe('POST');
});

test('not ready: 503 with the reasons, while livez goes on', async () => {
  const front = await open({ ready: () => ({ ready: false, why: ['no tick yet', 'migrations running'] }) });
  const answer = await fetch(`${front.url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ ok: false, why: ['no tick yet', 'migrations running'] });
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
});

test.each([
  '//',
  '//slack/events',
  '/%',
  '/%zz',
  '/%c0%af',
  '/slack%2Fevents',
  '*',
  'http://',
  'http://[',
  '/\\..',
])('the address %s is nobody, and kills nothing', async (target) => {
  const front = await open();
  for (const method of ['GET', 'POST']) {
    const heard = await raw(
      front.port,
      `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect([400, 404]).toContain(statusOf(heard));
  }
  expect((await fetch(`${front.url}/livez`)).status).toBe(200);
});

test('an empty signing secret opens no door', () => {
  const options = { port: 0, slackSigningSecret: '' } as DoorOptions;
  expect(() => openDoor(options)).toThrow('signing secret is empty');
});

test('a port that is taken is an error, not a crash', async () => {
  const front = await open();
  await expect(openFront({ port: front.port })).rejects.toThrow('EADDRINUSE');
});

test('the same signed request sent again is answered, and Bolt does not hear it', async () => {
  const front = await open();
  const headers = slackHeaders(event);
  for (let sent = 0; sent < 20; sent++) {
    const { status, text } = await send(front, event, headers);
    expect([status, text]).toEqual([200, sent === 0 ? 'bolt' : '']);
  }
  expect(front.reached.slack).toHaveLength(1);
  expect(front.lines).toMatchObject([{ reason: 'replayed', count: 1 }]);
});

test('a request that failed may come again, and so may the same words signed anew', async () => {
  let status = 500;
  const heard: number[] = [];
  const front = await open({
    slack: (_req, res) => {
      heard.push(status);
      res.writeHead(status).end();
    },
  });
  const headers = slackHeaders(event);
  expect((await send(front, event, headers)).status).toBe(500);
  status = 200;
  expect((await send(front, event, headers)).status).toBe(200);
  expect((await send(front, event, slackHeaders(event, 1))).status).toBe(200);
  expect(heard).toEqual([500, 200, 200]);
});

test('a request that comes again while it is being answered is put off, and done once', async () => {
  const answers: (() => void)[] = [];
  const front = await open({
    slack: (_req, res) => {
      answers.push(() => res.writeHead(200).end());
    },
  });
  const first = send(front, event, slackHeaders(event));
  await expect.poll(() => answers.length).toBe(1);
  expect((await send(front, event, slackHeaders(event))).status).toBe(503);
  answers[0]?.();
  expect((await first).status).toBe(200);
  expect(answers).toHaveLength(1);
});

test('a signature that is ahead of our time is remembered until its time has passed for good', async () => {
  const front = await open();
  const headers = slackHeaders(event, 299);
  const statuses: number[] = [];
  for (const seconds of [0, 598, 2]) {
    front.clock.set(front.clock.now() + seconds * 1000);
    statuses.push((await send(front, event, headers)).status);
  }
  expect(statuses).toEqual([200, 200, 401]);
  expect(front.reached.slack).toHaveLength(1);
});
