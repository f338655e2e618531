import { expect, test } from 'vitest';
import { type StartBot, startBotHere } from '../../src/sandbox/bot.ts';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const channel = (world: World): string => world.slack.channel('inc-').transcript();

/** Whoever is asked first, then what is written. */
const ladder = (target: string) => `
teams: { payments: { onCall: { startsOn: '2026-01-05', primary: [U0BEA] }, targets: { engineering-manager: [U0ANA] } } }
services: { payments: { team: payments, pagerduty: [PPAYMNT] }, search: { team: payments } }
catchAllTeam: payments
escalation:
  steps:
    1:
      - { after: 0s, action: page, target: oncall-primary }
      - { after: 5m, action: page, target: '${target}' }
      - { after: 30m, action: page, target: engineering-manager }
`;

/** PagerDuty is not in a hurry, and does not page for Tocsin by itself. */
const slow = {
  ...account,
  policies: (account.policies ?? []).map((policy) => ({
    ...policy,
    levels: policy.levels.map((level) => ({ ...level, timeoutMinutes: 60 })),
  })),
};

async function night(target: string, service: string, pagerduty: typeof slow = slow) {
  const world = await start({ pagerduty, incidentFile: ladder(target) });
  async function says(handle: string, line: string): Promise<void> {
    await world.slack.as(handle).command(line, { in: 'general' });
    await world.settle();
  }
  if (service === 'search') await says('ana', '/incident declare sev1 Search is down');
  else await world.pagerduty.trigger({ title: 'Checkout is down', service, priority: 'P1' });
  await world.settle();
  return { world, says };
}

test('a step that rings a service of PagerDuty opens an incident there, which is ours and no second one', async () => {
  const { world } = await night('pagerduty:PSEARCH', 'payments');
  await world.pass('6m');
  const opened = world.pagerduty.incidents.filter(({ service }) => service.id === 'PSEARCH');
  expect(opened.map(({ title }) => title)).toEqual(['SEV1 Checkout is down (INC-1)']);
  expect(world.pagerduty.paged()).toContain('dana at 02:05');
  expect(channel(world)).toContain('the PagerDuty service PSEARCH');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(opened.map(({ status }) => status)).toEqual(['acknowledged']);
});

test('the service whose incident it is already is escalated there', async () => {
  const { world } = await night('pagerduty:PPAYMNT', 'payments');
  await world.pass('6m');
  expect(world.pagerduty.incidents).toHaveLength(1);
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
});

test('a policy is asked to respond to the incident that PagerDuty has', async () => {
  const { world } = await night('pagerduty-policy:PSEARCHPOLICY', 'payments');
  await world.pass('6m');
  expect(world.pagerduty.incidents).toHaveLength(1);
  expect(world.pagerduty.pages.at(-1)).toMatchObject({ who: 'dana', why: 'responder' });
  expect(channel(world)).toContain('the PagerDuty policy PSEARCHPOLICY');
});

test('an answer that is lost rings nobody twice', async () => {
  const { world } = await night('pagerduty-policy:PSEARCHPOLICY', 'payments');
  world.pagerduty.faults.next('POST /incidents/{id}/responder_requests', { status: 500, when: 'after' });
  await world.pass('10m');
  expect(world.pagerduty.pages.filter(({ why }) => why === 'responder')).toHaveLength(1);
});

test.each([
  ['pagerduty:PNONE', 'The PagerDuty service PNONE could not be told'],
  ['pagerduty-policy:PNONE', 'The PagerDuty policy PNONE could not be told'],
])('%s, which is not there: the next step fires at once, and the channel says why', async (target, said) => {
  const { world } = await night(target, 'payments');
  await world.pass('5m');
  await world.pass('30s');
  expect(channel(world)).toContain(said);
  expect(world.slack.as('ana').dm()).toContain('Checkout is down');
});

test('acknowledged before its time, nothing rings', async () => {
  const { world } = await night('pagerduty:PSEARCH', 'payments');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('10m');
  expect(world.pagerduty.incidents).toHaveLength(1);
});

/** Through the form, which asks for the service. */
async function declared(world: World): Promise<void> {
  await world.slack.as('ana').command('/incident declare', { in: 'general' });
  await world.settle();
  const answers = { 'What is broken?': 'Checkout is down', 'How bad is it for users?': 'SEV1 critical' };
  await world.slack.as('ana').submit({ ...answers, Service: 'payments' });
  await world.settle();
}

test('our own incident is in PagerDuty by then: the policy is asked to respond to it', async () => {
  const world = await start({ pagerduty: slow, incidentFile: ladder('pagerduty-policy:PSEARCHPOLICY') });
  await declared(world);
  await world.pass('6m');
  expect(world.pagerduty.incidents.map(({ title }) => title)).toEqual(['SEV1 Checkout is down (INC-1)']);
  expect(world.pagerduty.pages.at(-1)).toMatchObject({ who: 'dana', why: 'responder' });
});

test('a ladder that begins with its own service rings it once, and its second level not at once', async () => {
  const incidentFile = ladder('pagerduty:PPAYMNT').replace(
    'target: oncall-primary',
    "target: 'pagerduty:PPAYMNT'",
  );
  const world = await start({ pagerduty: slow, incidentFile });
  await declared(world);
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00']);
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
});

test('where no service is known, a policy cannot ring: the channel says what helps, and the next step fires', async () => {
  const world = await start({
    pagerduty: slow,
    incidentFile: ladder('pagerduty-policy:PSEARCHPOLICY'),
    startBot: unlinked,
  });
  await world.slack.as('ana').command('/incident declare sev1 Something is down', { in: 'general' });
  await world.pass('5m');
  await world.pass('30s');
  expect(channel(world)).toContain('write pagerduty under the service in incident.yml');
  expect(world.slack.as('ana').dm()).toContain('Something is down');
});

/** Nothing of ours pages through PagerDuty by itself. */
const unlinked: StartBot = (boot, ...rest) =>
  startBotHere({ ...boot, environment: { ...boot.environment, pagerdutyRoutingKey: null } }, ...rest);
