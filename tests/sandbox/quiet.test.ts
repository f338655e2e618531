import { expect, test } from 'vitest';
import { world } from './world.ts';

test('dnd.info: of somebody paused the stretch around now, of anybody else that it is off; no snooze of others', async () => {
  const from = Date.parse('2026-03-01T22:00:00Z');
  const until = Date.parse('2026-03-02T07:00:00Z');
  const { call, slack } = await world(undefined, {
    people: ['ana', { name: 'bea', quiet: { from, until } }],
  });
  expect(await call('dnd.info', { user: slack.userId('bea') })).toEqual({
    ok: true,
    dnd_enabled: true,
    next_dnd_start_ts: from / 1000,
    next_dnd_end_ts: until / 1000,
  });
  expect(await call('dnd.info', { user: slack.userId('ana') })).toMatchObject({ dnd_enabled: false });
});

test('dnd.info: unknown people, unknown arguments and a missing scope are refused by name', async () => {
  const { call } = await world();
  expect(await call('dnd.info', { user: 'U0NOBODY' })).toMatchObject({ ok: false, error: 'user_not_found' });
  const { call: poor, slack } = await world(undefined, { scopes: ['chat:write'] });
  expect(await poor('dnd.info', { user: slack.userId('ana') })).toMatchObject({
    ok: false,
    error: 'missing_scope',
    needed: 'dnd:read',
  });
});
