import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account, nightAt } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const hourMs = 3_600_000;

/** PagerDuty: Bea until noon and then Cai, Cai behind them, then Dana. Nobody there is written in `incident.yml`. */
const asPolicy = `
teams:
  payments:
    onCall: { pagerduty: { policy: PPAYMENTSPOLICY } }
    targets: { engineering-manager: [U0DANA] }
catchAllTeam: payments
services: { payments: { team: payments } }
`;

async function night(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ incidentFile: asPolicy, pagerduty: { ...account, services: [] }, ...options });
  async function says(handle: string, line: string): Promise<string> {
    const answer = await world.slack.as(handle).command(line, { in: 'general' });
    await world.settle();
    return answer;
  }
  return { world, says };
}

const channel = (world: World): string => world.slack.channel('inc-').transcript();
const paged = (world: World): string[] =>
  ['ana', 'bea', 'cai', 'dana', 'eve'].filter((handle) =>
    world.slack.as(handle).dm().includes('Checkout is down'),
  );

const zoe = {
  ...account,
  services: [],
  users: ['ana', 'bea', 'cai', 'dana', 'zoe'],
  schedules: [{ name: 'primary', rotation: { users: ['zoe'], startsAt: nightAt, shiftMs: 168 * hourMs } }],
};

test('a page goes to whoever is on call in PagerDuty, then to the next level of its policy', async () => {
  const { world, says } = await night();
  expect(await says('ana', '/incident oncall payments')).toMatchInlineSnapshot(`
    "payments
    Primary: bea · Secondary: cai
    Until 12:00, then cai
    From: PagerDuty policy PPAYMENTSPOLICY, just now"
  `);
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['bea']);
  await world.pass('6m');
  expect(paged(world)).toEqual(['bea', 'cai']);
});

test('the age of the answer is said; it is asked for again every few minutes, and when somebody looks', async () => {
  const { world, says } = await night();
  const asked = () => world.pagerduty.callsTo('GET /oncalls').length;
  expect(asked()).toBe(1);
  await world.pass('2m');
  expect(asked()).toBe(1);
  expect(await says('ana', '/incident oncall payments')).toContain('PPAYMENTSPOLICY, 2 min ago');
  expect(asked()).toBe(2);
  await world.pass('30m');
  expect(asked()).toBeGreaterThanOrEqual(10);
  expect(asked()).toBeLessThanOrEqual(14);
});

test('PagerDuty does not answer: its last answer counts, and everybody who looks reads how old that is', async () => {
  const { world, says } = await night();
  await world.pass('10m');
  world.pagerduty.faults.always('GET /oncalls', { status: 500 });
  await world.pass('40m');
  expect(await says('ana', '/incident oncall payments')).toMatchInlineSnapshot(`
    "payments
    Primary: bea · Secondary: cai
    Until 12:00, then cai
    From: PagerDuty policy PPAYMENTSPOLICY
    PagerDuty does not answer since 02:12; last known, 41 min old.
    PagerDuty has trouble of its own: nothing to do, Tocsin tries again; see status.pagerduty.com."
  `);
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['bea']);
  expect(channel(world)).toMatch(
    /Paged @bea \(primary for payments.*, last known from PagerDuty 4\d min ago\)/,
  );
  expect(await says('dana', '/incident doctor')).toContain('Who is on call for payments is not certain');
  world.pagerduty.faults.clear();
  await world.pass('2m');
  expect(await says('ana', '/incident oncall payments')).not.toContain('does not answer');
  expect(await says('dana', '/incident doctor')).toContain('All is well.');
});

test('a restart keeps the last known, however long PagerDuty is away', async () => {
  const { world, says } = await night();
  world.pagerduty.faults.always('GET /oncalls', { status: 503 });
  await world.restart('11h');
  expect(await says('ana', '/incident oncall payments')).toContain('Primary: cai');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['cai']);
});

test('no page waits for PagerDuty: a question that hangs changes nothing for it', async () => {
  const { world, says } = await night({ slackTimeoutMs: 300 });
  await world.pass('3m');
  world.pagerduty.faults.next('GET /oncalls', 'timeout');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['bea']);
  const [delivered] = world.store
    .timeline(1)
    .flatMap(({ at, fact }) => (fact.type === 'page-delivered' ? [at] : []));
  expect(delivered).toBe(world.clock.now());
});

test('PagerDuty never answered: the page goes on to the next target within seconds, and says why', async () => {
  const pagerduty = { ...account, services: [], policies: [] };
  const { world, says } = await night({ pagerduty, incidentFile: `${asPolicy}targets: { cto: [U0EVE] }\n` });
  await says('ana', '/incident declare sev1 Checkout is down');
  await world.pass('5s');
  expect(paged(world)).toEqual(['dana']);
  expect(channel(world)).toContain('PagerDuty policy PPAYMENTSPOLICY names no on-call primary');
  expect(await says('dana', '/incident doctor')).toContain('PagerDuty names nobody at all');
});

test('somebody whom Slack does not know is passed over within seconds, and the channel names the cure', async () => {
  const { world, says } = await night({ pagerduty: zoe });
  expect(await says('ana', '/incident oncall payments')).toContain(
    'Primary: Zoe of PagerDuty (not found in Slack)',
  );
  await says('ana', '/incident declare sev1 Checkout is down');
  await world.pass('5s');
  expect(paged(world)).toEqual(['cai']);
  expect(channel(world)).toContain(
    'Zoe of PagerDuty (PZOE): write their Slack id with zoe@example.com under pagerduty.users in incident.yml',
  );
});

test('incident.yml says who somebody is in Slack whose e-mail is another one there', async () => {
  const incidentFile = `${asPolicy}pagerduty: { users: { U0EVE: zoe@example.com } }\n`;
  const { world, says } = await night({ pagerduty: zoe, incidentFile });
  expect(await says('ana', '/incident oncall payments')).toContain('Primary: eve');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['eve']);
});

test('a change of shift in PagerDuty is seen: whoever comes is briefed, and an unanswered page moves to them', async () => {
  const { world, says } = await night();
  await says('ana', '/incident declare sev2 Checkout is down');
  expect(paged(world)).toEqual(['bea']);
  world.pagerduty.override('primary', 'dana', nightAt, nightAt + 6 * hourMs);
  await world.pass('4m');
  expect(paged(world)).toEqual(['bea', 'dana']);
  expect(world.slack.as('dana').dm()).toContain('You are primary for payments now, until 08:00');
  expect(await says('ana', '/incident oncall payments')).toMatch(
    /Primary: dana · Secondary: cai\nUntil 08:00, then bea/,
  );
});

test('the shift ends at its time, also while PagerDuty is away: the hand-over goes out and the group follows', async () => {
  const incidentFile = asPolicy.replace('} }\n', '}, userGroup: S0ONCALL }\n');
  const { world, says } = await night({ incidentFile, at: '2026-03-02T11:50Z' });
  world.pagerduty.faults.always('GET /oncalls', { status: 500 });
  await world.pass('11m');
  expect(await says('ana', '/incident oncall payments')).toContain('Primary: cai · Secondary: dana');
  expect(world.slack.as('cai').dm()).toContain('You are primary for payments now');
  expect(world.slack.as('bea').dm()).toContain('Your turn as primary for payments is over');
  const calls = world.slack.calls.filter(({ method }) => method === 'usergroups.users.update');
  expect(calls.at(-1)?.args).toMatchObject({ usergroup: 'S0ONCALL', users: 'U0CAI,U0DANA' });
});

test('an override stands over PagerDuty, and App Home shows whose turn it is', async () => {
  const { world, says } = await night();
  await says('ana', '/incident oncall override @eve 2h');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['eve']);
  const bea = world.slack.as('bea');
  await bea.openHome();
  await world.settle();
  expect(bea.home()).toContain('Primary for payments: ');
});

test('a schedule for each place: PagerDuty’s policy does not matter then', async () => {
  const pagerduty = {
    ...account,
    services: [],
    schedules: [
      ...(account.schedules ?? []),
      { name: 'second', rotation: { users: ['dana'], startsAt: nightAt - hourMs, shiftMs: 24 * hourMs } },
    ],
    policies: [
      {
        name: 'other',
        levels: [{ targets: [{ schedule: 'second' }] }, { targets: [{ schedule: 'primary' }] }],
      },
    ],
  };
  const incidentFile = asPolicy.replace('policy: PPAYMENTSPOLICY', 'primary: PPRIMARY, secondary: PSECOND');
  const { says } = await night({ pagerduty, incidentFile });
  expect(await says('ana', '/incident oncall payments')).toMatch(
    /Primary: bea · Secondary: dana\nUntil 12:00, then cai\nFrom: PagerDuty schedules PPRIMARY and PSECOND, just now/,
  );
});

test('everybody whom PagerDuty wakes at a level is paged', async () => {
  const policies = [
    {
      name: 'payments-policy',
      levels: [{ targets: [{ schedule: 'primary' }, { user: 'eve' }] }, { targets: [{ user: 'dana' }] }],
    },
  ];
  const pagerduty = { ...account, services: [], users: ['bea', 'cai', 'dana', 'eve'], policies };
  const { world, says } = await night({ pagerduty });
  expect(await says('ana', '/incident oncall payments')).toContain('Primary: bea and eve · Secondary: dana');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['bea', 'eve']);
});

const ownList = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [PZOE, U0CAI, bob@example.com] } }
services: { payments: { team: payments } }
pagerduty: { users: { U0EVE: zoe@example.com } }
`;

test('a list of ours may name people by their id in PagerDuty', async () => {
  const { world, says } = await night({ pagerduty: zoe, incidentFile: ownList });
  await says('ana', '/incident declare sev1 Checkout is down');
  await world.pass('1m');
  await says('ana', '/incident oncall override @cai 2h payments');
  expect(await says('eve', '/incident oncall covers')).toContain('instead of eve');
});

test('members are looked up again: whom Slack did not know is found within the hour', async () => {
  const users = ['ana', 'bea', 'cai', 'dana', 'eve'];
  const { world, says } = await night({ pagerduty: { ...account, services: [], users } });
  world.slack.faults.always('users.lookupByEmail', { error: 'users_not_found' });
  world.pagerduty.override('primary', 'eve', nightAt, nightAt + 6 * hourMs);
  await world.pass('4m');
  expect(await says('ana', '/incident oncall payments')).toContain('Eve of PagerDuty (not found in Slack)');
  world.slack.faults.clear();
  await world.pass('60m');
  expect(await says('ana', '/incident oncall payments')).toContain('Primary: eve');
});
