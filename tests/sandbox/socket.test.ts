import { WebSocket } from 'undici';
import { expect, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt, parseJson, textAt } from '../../src/sandbox/json.ts';
import type { Slack, SlackOptions } from '../../src/sandbox/slack.ts';
import { startSlack } from '../../src/sandbox/slack.ts';
import { later } from './world.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function call(slack: Slack, method: string, token: string): Promise<Json> {
  const answer = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers: bearer(token) });
  const body: unknown = await answer.json();
  return isObject(body) ? body : {};
}

interface Ear {
  socket: WebSocket;
  /** What came, without hellos. */
  heard: Json[];
  /** Resolves when so many have come. */
  has(count: number): Promise<Json>;
  ack(envelope: Json, more?: Json): void;
  closed: Promise<void>;
}

/** A connection as the smallest bot opens it. */
async function connect(slack: Slack): Promise<Ear> {
  const socket = new WebSocket(textAt(await call(slack, 'apps.connections.open', slack.appToken), 'url'));
  later({ close: () => socket.close() });
  const heard: Json[] = [];
  const first = new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const json = parseJson(String(data));
      if (isObject(json) && json.type !== 'hello') heard.push(json);
      resolve();
    });
  });
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  await Promise.race([first, closed]);
  return {
    socket,
    heard,
    has: async (count) => {
      await expect.poll(() => heard.length).toBeGreaterThanOrEqual(count);
      return heard[count - 1] ?? {};
    },
    ack: (envelope, more = {}) => socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, ...more })),
    closed,
  };
}

async function socketSlack(options: Partial<SlackOptions> = {}) {
  const clock = movableClock(Date.parse('2026-03-02T02:00:00Z'));
  const channels = [{ name: 'general', bot: true }];
  const slack = later(await startSlack({ clock, channels, socketMode: true, ...options }));
  return { clock, slack };
}

test('an event is an envelope: acknowledged by its id it is settled', async () => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  const said = slack.as('ana').say('hello');
  const envelope = await ear.has(1);
  expect(envelope).toMatchObject({
    type: 'events_api',
    accepts_response_payload: false,
    retry_attempt: 0,
    retry_reason: '',
    payload: { type: 'event_callback', event: { type: 'message', text: 'hello' } },
  });
  ear.ack(envelope);
  await said;
  expect(slack.deliveries.at(-1)?.attempts).toMatchObject([{ retry: 0, outcome: { kind: 'answered' } }]);
});

test('a command is answered in its acknowledgement', async () => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  const typed = slack.as('ana').command('/incident help');
  const envelope = await ear.has(1);
  expect(envelope).toMatchObject({
    type: 'slash_commands',
    accepts_response_payload: true,
    payload: { command: '/incident', text: 'help' },
  });
  ear.ack(envelope, { payload: { text: 'at your service' } });
  expect(await typed).toBe('at your service');
});

test('not acknowledged within three seconds it comes again, on another connection', async () => {
  const { slack, clock } = await socketSlack();
  const [one, two] = [await connect(slack), await connect(slack)];
  const said = slack.as('ana').say('hello');
  await expect.poll(() => one.heard.length + two.heard.length).toBe(1);
  const [silent, other] = one.heard.length === 1 ? [one, two] : [two, one];
  clock.set(clock.now() + 3_000);
  const again = await other.has(1);
  expect(again).toMatchObject({ retry_attempt: 1, retry_reason: 'http_timeout' });
  expect(again.envelope_id).not.toBe(silent.heard[0]?.envelope_id);
  expect(again.payload).toMatchObject({ event_id: objectAt(silent.heard[0], 'payload').event_id });
  other.ack(again);
  await said;
});

test('a connection that ends takes its acknowledgements with it: the event goes to another', async () => {
  const { slack } = await socketSlack();
  const [one, two] = [await connect(slack), await connect(slack)];
  const said = slack.as('ana').say('hello');
  await expect.poll(() => one.heard.length + two.heard.length).toBe(1);
  const [leaving, staying] = one.heard.length === 1 ? [one, two] : [two, one];
  leaving.socket.close();
  const again = await staying.has(1);
  staying.ack(again);
  await said;
  expect(slack.deliveries.at(-1)?.attempts.map(({ outcome }) => outcome)).toMatchObject([
    { kind: 'failed', reason: 'connection closed' },
    { kind: 'answered' },
  ]);
});

test.each([
  ['a payload where none is taken', { payload: { text: 'x' } }, 'this envelope takes no payload'],
  ['a key that Slack does not know', { ok: true }, 'unknown key ok'],
  ['a payload that is no object', { payload: 'x' }, 'the payload is no object'],
])('%s is no acknowledgement', async (_title, more, reason) => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  const said = slack.as('ana').say('hello');
  ear.ack(await ear.has(1), more);
  ear.ack(await ear.has(2));
  await said;
  expect(slack.deliveries.at(-1)?.attempts[0]?.outcome).toEqual({ kind: 'failed', reason });
});

test('an acknowledgement on another connection, of another id or of none is not heard', async () => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  const said = slack.as('ana').say('hello');
  const envelope = await ear.has(1);
  const stranger = await connect(slack);
  stranger.ack(envelope);
  ear.ack({ envelope_id: 'nobody' });
  ear.socket.send('no json');
  ear.ack(envelope);
  await said;
  expect(slack.deliveries.at(-1)?.attempts).toHaveLength(1);
});

test('nobody is connected: a command fails, and an event waits', async () => {
  const { slack } = await socketSlack();
  expect(await slack.as('ana').command('/incident help')).toContain('dispatch_failed');
  await slack.as('ana').say('hello');
  expect(slack.deliveries.at(-1)?.attempts[0]?.outcome).toMatchObject({ reason: 'not connected' });
});

test('tokens: the app-level one opens connections and does nothing else, and nobody else opens them', async () => {
  const { slack } = await socketSlack();
  const open = 'apps.connections.open';
  expect(await call(slack, open, slack.botToken)).toMatchObject({ error: 'not_allowed_token_type' });
  expect(await call(slack, open, 'xapp-wrong')).toMatchObject({ error: 'invalid_auth' });
  expect(await call(slack, 'auth.test', slack.appToken)).toMatchObject({ error: 'not_allowed_token_type' });
  slack.tokens.revokeApp();
  expect(await call(slack, open, slack.appToken)).toMatchObject({ error: 'invalid_auth' });
});

test('an address works once, and the eleventh connection is turned away', async () => {
  const { slack } = await socketSlack();
  const url = textAt(await call(slack, 'apps.connections.open', slack.appToken), 'url');
  for (let count = 0; count < 10; count += 1) await connect(slack);
  const eleventh = await connect(slack);
  await eleventh.closed;
  expect(eleventh.heard).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  expect(slack.sockets.count()).toBe(10);
  slack.sockets.cut();
  await expect.poll(() => slack.sockets.count()).toBe(0);
  const first = new WebSocket(url);
  await new Promise((resolve) => first.addEventListener('open', resolve));
  const second = new WebSocket(url);
  await new Promise((resolve) => second.addEventListener('error', resolve));
  first.close();
});

test('Slack says goodbye: after a warning the connection goes on, after a refresh it ends', async () => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  slack.sockets.disconnect('warning');
  expect(await ear.has(1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
  expect(slack.sockets.count()).toBe(1);
  slack.sockets.disconnect('refresh_requested');
  await ear.closed;
  await expect.poll(() => slack.sockets.count()).toBe(0);
});

test('long messages and pings pass; what is too big or no text ends the connection', async () => {
  const { slack } = await socketSlack();
  const ear = await connect(slack);
  const said = slack.as('ana').say('ä'.repeat(35_000));
  const envelope = await ear.has(1);
  expect(((envelope.payload as Json).event as Json).text).toBe('ä'.repeat(35_000));
  ear.ack(envelope, { payload: {} });
  await said;
  ear.socket.send(Buffer.from('binary'));
  await ear.closed;
});

test('without Socket Mode there is nothing to connect to', async () => {
  const { slack } = await socketSlack({ socketMode: false });
  expect(await call(slack, 'apps.connections.open', slack.appToken)).toMatchObject({ ok: false });
  const nobody = new WebSocket(`${slack.apiUrl.replace('http', 'ws')}`);
  await new Promise((resolve) => nobody.addEventListener('error', resolve));
  expect(() => slack.sockets).toThrow('start it with socketMode');
});
