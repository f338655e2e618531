import { afterEach, expect, test } from 'vitest';
import { type Front, openFront } from './front.ts';

const token = 'a-token-for-monitoring-0123456789';
const fronts: Front[] = [];

afterEach(async () => {
  for (const front of fronts.splice(0)) await front.door.stop();
});

async function open(health = { ok: true, version: '1.2.3' }): Promise<Front> {
  const watched = { token, health: () => health, metrics: async () => 'tocsin_up 1\n' };
  const front = await openFront({ watched });
  fronts.push(front);
  return front;
}

const get = async (front: Front, path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const answer = await fetch(`${front.url}${path}`, { method, headers });
  const { status } = answer;
  return { status, type: answer.headers.get('content-type'), text: await answer.text() };
};

const bearer = { authorization: `Bearer ${token}` };

test('whoever shows the token reads how Tocsin is, and its metrics', async () => {
  const front = await open();
  expect(await get(front, '/healthz', bearer)).toEqual({
    status: 200,
    type: 'application/json',
    text: '{"ok":true,"version":"1.2.3"}',
  });
  expect(await get(front, '/metrics', bearer)).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: 'tocsin_up 1\n',
  });
  expect(await get(front, '/healthz', bearer, 'HEAD')).toMatchObject({ status: 200, text: '' });
});

test('when something is wrong the answer is 503, with the same body', async () => {
  const front = await open({ ok: false, version: '1.2.3' });
  expect(await get(front, '/healthz', bearer)).toMatchObject({
    status: 503,
    text: '{"ok":false,"version":"1.2.3"}',
  });
});

test.each([
  ['no token', {}],
  ['another token', { authorization: 'Bearer another-token-of-monitoring' }],
  ['half of the token', { authorization: `Bearer ${token.slice(0, -1)}` }],
  ['the token and more', { authorization: `Bearer ${token}x` }],
  ['the token twice', { authorization: `Bearer ${token} ${token}` }],
  ['another scheme', { authorization: `Basic ${token}` }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['the bare token', { authorization: token }],
])('%s: 401, and nothing is told', async (_title, headers) => {
  const front = await open();
  for (const path of ['/healthz', '/metrics', `/healthz?token=${token}`])
    expect(await get(front, path, headers)).toEqual({ status: 401, type: null, text: '' });
});

test('refusals are counted and logged, without what was shown', async () => {
  const reasons: string[] = [];
  const watched = { token, health: () => ({ ok: true }), metrics: async () => '' };
  const front = await openFront({ watched, onRefused: (reason) => void reasons.push(reason) });
  fronts.push(front);
  await get(front, '/metrics', { authorization: 'Bearer canary-of-a-token-0123456789' });
  expect(reasons).toEqual(['bad-token']);
  expect(front.lines).toMatchObject([{ route: '/metrics', reason: 'bad-token', count: 1 }]);
  expect(JSON.stringify(front.lines)).not.toContain('canary');
});

test('without a token configured there are no such routes, whatever is shown', async () => {
  const front = await openFront();
  fronts.push(front);
  for (const path of ['/healthz', '/metrics']) expect((await get(front, path, bearer)).status).toBe(404);
});

test('nothing but reading is possible there', async () => {
  const front = await open();
  expect((await get(front, '/metrics', bearer, 'POST')).status).toBe(405);
});
