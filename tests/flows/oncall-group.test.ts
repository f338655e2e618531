import { expect, test } from 'vitest';
import { oneRotation } from '../support/one-rotation.ts';

test('a user group follows whoever is on call; what Slack refuses stands in doctor', async () => {
  const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI, U0DANA], userGroup: S0ONCALL } }
`;
  const { world, says } = await oneRotation({
    incidentFile,
    slack: {
      people: ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'],
      groups: [{ handle: 'oncall', id: 'S0ONCALL', users: ['ana'] }],
    },
  });
  const members = () => world.slack.callsTo('usergroups.users.update').map(({ args }) => args.users);
  expect(members().at(-1)).toBe('U0BEA,U0CAI');
  await says('ana', '/incident oncall override @eve 2h');
  await world.pass('10s');
  expect(members().at(-1)).toBe('U0EVE,U0CAI');
  await world.pass('2h');
  expect(members().at(-1)).toBe('U0BEA,U0CAI');
  world.slack.faults.next('usergroups.users.update', { error: 'permission_denied' });
  await world.pass('6h');
  expect(await says('ana', '/incident doctor')).toContain(
    'user group of who is on call (on-call of payments) failed: the settings of the workspace forbid it (permission_denied)',
  );
});

/** Bea, then Zoe, whose account is deactivated, then Cai; the group of whoever is on call. */
const withZoe = {
  incidentFile: `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0ZOE, U0CAI], userGroup: S0ONCALL } }
`,
  slack: {
    people: ['ana', 'bea', 'cai', 'dana', 'eve', { name: 'zoe', deleted: true }],
    groups: [{ handle: 'oncall', id: 'S0ONCALL', users: ['ana'] }],
  },
};

test('one who cannot be in the user group keeps nobody else out of it, and whoever is on call reads that, once', async () => {
  const { world, person } = await oneRotation(withZoe);
  const last = () => world.slack.callsTo('usergroups.users.update').at(-1)?.args.users;
  expect(last()).toBe('U0BEA');
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: zoe cannot be in the user group oncall, and is on call for payments: Slack does not know them, or they are a guest, a bot, or deactivated.
            Everybody else who is on call is in it.
            Correct the list in incident.yml, or put somebody in: /incident oncall override @name 2h."
  `);
  await world.restart();
  expect(
    person('bea')
      .dm()
      .match(/cannot be in the user group/g),
  ).toHaveLength(1);
  await world.pass('7h');
  expect(last()).toBe('U0CAI');
  expect(person('cai').dm()).not.toContain('cannot be in the user group');
});

test('Slack refuses somebody whom we took for a member: the others are put into the group all the same', async () => {
  const { world, person } = await oneRotation({
    ...withZoe,
    slack: { ...withZoe.slack, people: ['ana', 'bea', 'cai', 'dana', 'eve', 'zoe'] },
  });
  expect(world.slack.callsTo('usergroups.users.update').at(-1)?.args.users).toBe('U0BEA,U0ZOE');
  world.slack.deactivate('zoe');
  await person('ana').command('/incident oncall override @cai 2h', { in: 'general' });
  await world.pass('10s');
  expect(world.slack.callsTo('usergroups.users.update').at(-1)?.args.users).toBe('U0CAI');
  expect(person('cai').dm()).toContain('zoe cannot be in the user group oncall');
});

test('with nobody on call whom the group can have it stays as it is, and the rest of the rotation reads that', async () => {
  const { world, person } = await oneRotation({
    ...withZoe,
    incidentFile: withZoe.incidentFile.replace(
      'primary: [U0BEA, U0ZOE',
      'secondary: [U0ZOE], primary: [gone@example.com',
    ),
  });
  expect(world.slack.callsTo('usergroups.users.update')).toEqual([]);
  expect(person('cai').dm()).toContain('It keeps whoever was in it.');
});
