import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const down = { title: 'Checkout is down', service: 'payments', priority: 'P1' } as const;

/** Bea, then Cai; Eve takes turns with Cai, and Dana manages. */
const incidentFile = `
teams:
  payments:
    onCall: { startsOn: '2026-03-01', every: 7d, primary: [U0BEA], secondary: [U0CAI, U0EVE] }
    targets: { engineering-manager: [U0DANA] }
catchAllTeam: payments
services: { payments: { team: payments, pagerduty: [PPAYMNT] } }
`;

/** What the channel says of who is called and who has it, line by line. */
const paging = (room: string): string[] =>
  room
    .split('\n')
    .map((line) => line.replace(/^\[\d\d:\d\d\] Tocsin: /, ''))
    .filter((line) => /^(Paged|PagerDuty is|The page is|Given back)|Paging stopped/.test(line));

/** Two o'clock in the night: PagerDuty, which leaves the escalating to us, calls. */
async function atTwo() {
  const levels = (one: {
    levels: readonly { targets: readonly ({ user: string } | { schedule: string })[] }[];
  }) => one.levels.map((level) => ({ ...level, timeoutMinutes: 60 }));
  const policies = (account.policies ?? []).map((one) => ({ ...one, levels: levels(one) }));
  const users = [...(account.users ?? []), 'eve'];
  const world = await start({ pagerduty: { ...account, users, policies }, incidentFile });
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  const there = () => {
    const { incident, acknowledgers } = world.pagerduty.ticket(alert);
    return [incident.status, ...acknowledgers.map(({ user }) => user.summary)];
  };
  const does = async (who: string, deed: (person: ReturnType<World['slack']['as']>) => Promise<unknown>) => {
    await deed(world.slack.as(who));
    await world.settle();
  };
  const room = () => world.slack.channel('inc-').transcript();
  return { world, alert, there, does, room };
}

test('an alert at 02:00 wakes the primary, then the secondary; who takes it in Slack has it in PagerDuty, and the other way round', async () => {
  const { world, alert, there, does, room } = await atTwo();
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  await does('cai', (cai) => cai.click('Acknowledge', { in: 'dm' }));
  expect(there()).toEqual(['acknowledged', 'Cai']);
  await world.pass('1m');
  await world.pagerduty.unacknowledge(alert, { by: 'cai' });
  await world.settle();
  expect(there()).toEqual(['triggered']);
  await world.pass('1m');
  await world.pagerduty.acknowledge(alert, { by: 'dana' });
  await world.pass('5m');
  expect(there()).toEqual(['acknowledged', 'Dana']);
  expect(paging(room())).toEqual([
    'Paged @bea (primary for payments): an alert came in, PagerDuty paged Bea.',
    'Paged @cai (secondary for payments): nobody has it.',
    'PagerDuty is calling Cai.',
    'cai has it. Paging stopped.',
    'Given back in PagerDuty: cai does not have it any more.',
    'Paged @dana (engineering manager for payments): Cai (in PagerDuty) gave it back.',
    'PagerDuty is calling Dana.',
    'Dana (in PagerDuty) has it. Paging stopped.',
  ]);
  expect(world.slack.as('cai').dm()).toContain('Stand down: Dana (in PagerDuty) has it (02:08)');
});

test('cover that is taken in the night moves the next page: Slack and PagerDuty call whoever took it, and nobody else', async () => {
  const { world, there, does, room } = await atTwo();
  await does('cai', (cai) => cai.command('/incident oncall cover 6h', { in: 'general' }));
  await does('eve', (eve) => eve.click("I'll take it", { in: 'dm' }));
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'eve at 02:05']);
  expect(world.slack.as('cai').pushes().join()).not.toContain('Checkout is down');
  await does('eve', (eve) => eve.click('Acknowledge', { in: 'dm' }));
  expect(there()).toEqual(['acknowledged', 'Eve']);
  expect(paging(room())).toEqual([
    'Paged @bea (primary for payments): an alert came in, PagerDuty paged Bea.',
    'Paged @eve (secondary for payments): nobody has it.',
    'PagerDuty is calling Eve.',
    'eve has it. Paging stopped.',
  ]);
});

test('what PagerDuty does by itself is one line: its own escalation calls the secondary, and nobody rings twice', async () => {
  const world = await start({ pagerduty: account });
  await world.pagerduty.trigger(down);
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  const said = paging(world.slack.channel('inc-').transcript());
  expect(said.filter((line) => line.startsWith('PagerDuty is calling'))).toEqual([
    'PagerDuty is calling Cai.',
  ]);
});

test('declared in Slack: the channel hears whom PagerDuty calls for it, who need not be whom Slack told', async () => {
  const world = await start({
    pagerduty: account,
    incidentFile: incidentFile.replace('[U0BEA]', '[U0DANA]'),
  });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const said = paging(world.slack.channel('inc-').transcript());
  expect(said.slice(0, 2)).toEqual([
    'Paged @dana (primary for payments, the catch-all: no team owns this): it was declared.',
    'PagerDuty is calling Bea.',
  ]);
});
