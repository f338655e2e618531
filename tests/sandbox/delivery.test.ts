import { createHmac } from 'node:crypto';
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { textAt } from '../../src/sandbox/json.ts';
import type { Reply } from './bot.ts';
import { world } from './world.ts';

const MINUTE_MS = 60_000;

test('an event is signed with the clock of the workspace and can be checked with the secret', async () => {
  const w = await world();
  await w.made('inc-1');
  await w.slack.quiet();
  const heard = w.bot.heard.at(-1)!;
  const timestamp = String(heard.headers['x-slack-request-timestamp']);
  const digest = createHmac('sha256', w.slack.signingSecret)
    .update(`v0:${timestamp}:${heard.raw}`)
    .digest('hex');
  expect(timestamp).toBe(String(Date.parse('2026-03-02T02:00:00Z') / 1000));
  expect(heard.headers['x-slack-signature']).toBe(`v0=${digest}`);
});

test('an event that is not taken comes again at once, after one and after five minutes, and no more', async () => {
  const w = await world(({ body }): Reply | undefined => (body.event ? { status: 500 } : undefined), {
    subscriptions: ['reaction_added'],
  });
  const channel = await w.made('inc-1');
  const { ts } = await w.call('chat.postMessage', { channel, text: 'x' });
  await w.call('reactions.add', { channel, timestamp: ts, name: 'star' });
  await w.slack.quiet();
  for (const minutes of [1, 5, 60]) {
    w.clock.set(w.clock.now() + minutes * MINUTE_MS);
    await new Promise((resolve) => setImmediate(resolve));
    await w.slack.quiet();
  }
  const heard = w.bot.heard.map(({ headers }) => [
    headers['x-slack-retry-num'],
    headers['x-slack-retry-reason'],
  ]);
  expect(heard).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
    ['3', 'http_error'],
  ]);
  expect(new Set(w.bot.heard.map(({ body }) => body.event_id)).size).toBe(1);
  expect(
    w.slack.deliveries[0]?.attempts.map(({ at }) => (at - Date.parse('2026-03-02T02:00:00Z')) / MINUTE_MS),
  ).toEqual([0, 0, 1, 6]);
});

test('a bot that is away gets the event when it is back, on another port', async () => {
  const w = await world();
  await w.slack.as('ana').join('general');
  await w.made('inc-1');
  w.slack.connect(null);
  await w.slack.as('ana').join('inc-1');
  await w.slack.as('ana').say('anybody?', { in: 'inc-1' });
  w.slack.connect(w.bot.url);
  w.clock.set(w.clock.now() + MINUTE_MS);
  await w.slack.quiet();
  await expect.poll(() => w.bot.events().map(({ text }) => text)).toContain('anybody?');
});

test('events can be lost, doubled, kept back and sent again', async () => {
  const w = await world();
  await w.made('inc-1');
  const ana = w.slack.as('ana').goTo('inc-1');
  await ana.join('inc-1');
  const said = () => w.bot.events().flatMap(({ text, client_msg_id: id }) => (id ? [String(text)] : []));
  w.slack.mishap('drop');
  await ana.say('lost');
  w.slack.mishap('duplicate');
  await ana.say('twice');
  w.slack.mishap('hold', 2);
  await ana.say('early');
  await ana.say('late');
  await w.slack.release();
  await w.slack.redeliver();
  expect(said()).toEqual(['twice', 'twice', 'late', 'early', 'late']);
});

test('only events that are subscribed to come, and none from channels the bot is not in', async () => {
  const w = await world(undefined, { subscriptions: ['message.channels'] });
  await w.made('inc-1');
  await w.slack.as('ana').join('inc-1');
  await w.slack.as('ana').say('outside', { in: 'general' });
  await w.slack.as('ana').react('star', /joined/, { in: 'inc-1' });
  expect(w.bot.events().map(({ type, subtype }) => [type, subtype].join(' '))).toEqual([
    'message channel_join',
    'message channel_join',
  ]);
});

const FAULTS: [string, Fault, string, number][] = [
  ['429', { status: 429, retryAfter: 7 }, 'slack_webapi_rate_limited_error', 0],
  ['500 before', { status: 500 }, 'slack_webapi_http_error', 0],
  ['500 after', { status: 500, when: 'after' }, 'slack_webapi_http_error', 1],
  ['an error', { error: 'internal_error' }, 'slack_webapi_platform_error', 0],
  ['an error after', { error: 'internal_error', when: 'after' }, 'slack_webapi_platform_error', 1],
  ['no answer', 'timeout', 'slack_webapi_request_error', 0],
  ['no answer after', { timeout: true, when: 'after' }, 'slack_webapi_request_error', 1],
  ['a reset', 'reset', 'slack_webapi_request_error', 0],
  ['a reset after', { reset: true, when: 'after' }, 'slack_webapi_request_error', 1],
];

test.each(FAULTS)(
  'the real client meets %s and the message stands as often as Slack applied it',
  async (_, fault, code, stands) => {
    const w = await world();
    const channel = await w.made('inc-1');
    const client = new WebClient(w.slack.botToken, {
      slackApiUrl: w.slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 200,
    });
    w.slack.faults.next('chat.postMessage', fault);
    const failed = await client.chat.postMessage({ channel, text: 'once' }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code });
    const messages = w.slack.channel('inc-1').messages.filter(({ text }) => text === 'once');
    expect(messages).toHaveLength(stands);
    expect((await client.chat.postMessage({ channel, text: 'then' })).ok).toBe(true);
    expect(w.slack.callsTo('chat.postMessage').map(({ ok }) => ok)).toEqual([stands === 1, true]);
  },
);

test('standing faults stay until cleared, and a watcher sees each call before and after it is applied', async () => {
  const w = await world();
  w.slack.faults.always('*', { status: 503 });
  expect([(await w.call('auth.test')).ok, (await w.call('users.list')).ok]).toEqual([false, false]);
  w.slack.faults.clear();
  const seen: string[] = [];
  const stop = w.slack.watch((call, moment) => {
    seen.push(`${moment} ${call.method} ${String(call.ok)}`);
  });
  await w.call('auth.test');
  stop();
  await w.call('auth.test');
  expect(seen).toEqual(['before auth.test false', 'after auth.test true']);
});

test('a command that nobody answers fails in words, and nothing else happens', async () => {
  const w = await world(({ body }): Reply | undefined =>
    textAt(body, 'text') === 'hang' ? { hangs: true } : { status: 404 },
  );
  const ana = w.slack.as('ana');
  expect(await ana.command('/incident declare')).toBe('/incident failed with the error dispatch_failed');
  const hanging = ana.command('/incident hang');
  await expect.poll(() => w.bot.heard.length).toBe(2);
  w.clock.set(w.clock.now() + 3_000);
  expect(await hanging).toBe('/incident failed with the error operation_timeout');
  expect(await ana.command('/weather')).toContain('/weather is not a valid command');
});
