import { expect, test } from 'vitest';
import { respectRateLimits } from '../../src/outbox/rate-limits.ts';
import { movableClock } from '../../src/sandbox/clock.ts';

const api = 'https://slack.example/api/';
const fine = () => Response.json({ ok: true });
const tooMany = (retryAfter?: string) =>
  new Response('slow down', {
    status: 429,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });

/** A Slack that gives these answers one after the other, and then only good ones. `calls` is what reached it. */
function slackThatSays(...answers: Response[]) {
  const clock = movableClock(Date.UTC(2026, 2, 2, 2, 0));
  const calls: string[] = [];
  const reach: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    calls.push(`${url.slice(api.length)} ${typeof init?.body === 'string' ? init.body : ''}`.trim());
    return answers.shift() ?? fine();
  };
  const patient = respectRateLimits(reach, clock);
  return {
    calls,
    call: (method: string, body?: string) => patient(api + method, { method: 'POST', body }),
    patient,
    pass: (ms: number) => clock.set(clock.now() + ms),
  };
}

const read = (response: Response) => [response.status, response.headers.get('retry-after')];

test('nothing is called before Retry-After is over; whoever asks is told how much of it is left', async () => {
  const { call, calls, pass } = slackThatSays(tooMany('10'));
  expect(read(await call('conversations.create'))).toEqual([429, '10']);
  pass(2_500);
  expect(read(await call('conversations.create'))).toEqual([429, '8']);
  pass(7_499);
  expect(read(await call('conversations.create'))).toEqual([429, '1']);
  expect(calls).toHaveLength(1);
  pass(1);
  expect((await call('conversations.create')).status).toBe(200);
  expect(calls).toHaveLength(2);
});

test('one method at rest stops no other', async () => {
  const { call } = slackThatSays(tooMany('10'));
  await call('conversations.create');
  expect((await call('chat.update')).status).toBe(200);
  expect((await call('conversations.create')).status).toBe(429);
});

test('posts are counted per channel: one busy channel stops no page elsewhere', async () => {
  const { call, calls } = slackThatSays(tooMany('10'));
  await call('chat.postMessage', 'channel=C1&text=a');
  expect((await call('chat.postMessage', 'text=channel%3DC1&channel=D1')).status).toBe(200);
  expect((await call('chat.postMessage', 'text=b&channel=C1')).status).toBe(429);
  expect(calls).toEqual([
    'chat.postMessage channel=C1&text=a',
    'chat.postMessage text=channel%3DC1&channel=D1',
  ]);
});

test('every other method is counted once for the workspace, whatever its channel', async () => {
  const { call } = slackThatSays(tooMany('10'));
  await call('chat.update', 'channel=C1&ts=1');
  expect((await call('chat.update', 'channel=C2&ts=1')).status).toBe(429);
});

test.each([
  [undefined, '30'],
  ['', '30'],
  ['soon', '30'],
  ['0', '30'],
  ['-3', '30'],
  ['Infinity', '30'],
  ['Mon, 02 Mar 2026 02:01:00 GMT', '30'],
  ['99999999', '600'],
  ['0.2', '1'],
])('a Retry-After of %o is passed on as %s seconds', async (said, seconds) => {
  const { call } = slackThatSays(tooMany(said));
  expect(read(await call('chat.update'))).toEqual([429, seconds]);
});

test('of two calls under way that are both sent away, the longer rest holds', async () => {
  const { call, pass } = slackThatSays(tooMany('60'), tooMany('1'));
  await Promise.all([call('chat.update'), call('chat.update')]);
  pass(59_999);
  expect(read(await call('chat.update'))).toEqual([429, '1']);
  pass(1);
  expect((await call('chat.update')).status).toBe(200);
});

test('what is not a rate limit passes through as it is', async () => {
  const broken = new Response('<html>', { status: 503, headers: { 'retry-after': '60' } });
  const { call } = slackThatSays(broken);
  expect(await call('chat.update')).toBe(broken);
  expect((await call('chat.update')).status).toBe(200);
});

test('a call is counted the same whether it comes as text, as an address, or as a request', async () => {
  const { patient, calls } = slackThatSays(tooMany('10'));
  await patient(`${api}chat.update`);
  expect((await patient(new URL(`${api}chat.update`))).status).toBe(429);
  expect((await patient(new Request(`${api}chat.update`))).status).toBe(429);
  expect(calls).toHaveLength(1);
});

test('when rests grow many only those that are over are forgotten: a channel that still rests, rests', async () => {
  const { call, pass } = slackThatSays(...Array.from({ length: 2_500 }, () => tooMany('10')));
  for (let channel = 0; channel < 1_500; channel += 1)
    await call('chat.postMessage', `channel=OLD${channel}`);
  pass(10_000);
  for (let channel = 0; channel < 1_000; channel += 1)
    await call('chat.postMessage', `channel=NEW${channel}`);
  expect((await call('chat.postMessage', 'channel=NEW0')).status).toBe(429);
  expect((await call('chat.postMessage', 'channel=OLD0')).status).toBe(200);
});

test('ten posts go to a channel in ten seconds, and the next when the first is that old; a direct message waits for nothing', async () => {
  const slack = slackThatSays();
  const post = (channel: string) => slack.call('chat.postMessage', `channel=${channel}&text=hm`);
  for (let n = 0; n < 10; n += 1) expect((await post('C1')).status).toBe(200);
  slack.pass(4_000);
  const answer = await post('C1');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '6']);
  expect((await post('C2')).status).toBe(200);
  for (let n = 0; n < 12; n += 1) expect((await post('D1')).status).toBe(200);
  expect(slack.calls).toHaveLength(23);
  slack.pass(6_000);
  expect((await post('C1')).status).toBe(200);
});

test('a post counts from its answer on: Slack takes it at any moment until then', async () => {
  const clock = movableClock(Date.UTC(2026, 2, 2, 2, 0));
  const slow: typeof fetch = async () => {
    await clock.sleepUntil(clock.now() + 1_000);
    return fine();
  };
  const patient = respectRateLimits(slow, clock);
  const post = () => patient(`${api}chat.postMessage`, { method: 'POST', body: 'channel=C1&text=hm' });
  const underWay = Array.from({ length: 10 }, post);
  expect(read(await post())).toEqual([429, '10']);
  clock.set(clock.now() + 1_000);
  for (const { status } of await Promise.all(underWay)) expect(status).toBe(200);
  clock.set(clock.now() + 9_500);
  expect(read(await post())).toEqual([429, '1']);
  clock.set(clock.now() + 500);
  const next = post();
  clock.set(clock.now() + 1_000);
  expect((await next).status).toBe(200);
});
