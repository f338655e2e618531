import { expect, test } from 'vitest';
import { world } from './world.ts';

test('a user group gets exactly the people named: never nobody, and none who may not be in one', async () => {
  const people = ['ana', 'bea', 'cai', { name: 'gus', isRestricted: true }, { name: 'zoe', deleted: true }];
  const groups = [{ handle: 'oncall', id: 'S0ONCALL', users: ['ana'] }];
  const w = await world(undefined, { people, groups });
  const put = (users: string, usergroup = 'S0ONCALL') =>
    w.call('usergroups.users.update', { usergroup, users });
  expect(await put('U0BEA,U0CAI')).toMatchObject({ ok: true, usergroup: { users: ['U0BEA', 'U0CAI'] } });
  const refused = [
    await put(' , '),
    await put('U0BEA,U0GUS'),
    await put('U0ZOE'),
    await put('U0NOBODY'),
    await put('U0BEA', 'S0NONE'),
  ];
  expect(refused.map(({ error }) => error)).toEqual([
    'no_users_provided',
    'invalid_users',
    'invalid_users',
    'invalid_users',
    'no_such_subteam',
  ]);
  expect(await w.call('usergroups.users.list', { usergroup: 'S0ONCALL' })).toMatchObject({
    users: ['U0BEA', 'U0CAI'],
  });
});

test('changing a user group needs a scope of its own', async () => {
  const w = await world(undefined, { scopes: ['usergroups:read'] });
  const answer = await w.call('usergroups.users.update', { usergroup: 'S0ONCALL', users: 'U0BEA' });
  expect(answer).toMatchObject({ error: 'missing_scope', needed: 'usergroups:write' });
});
