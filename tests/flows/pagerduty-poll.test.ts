import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const down = { title: 'Checkout is down', service: 'payments', priority: 'P1' } as const;
const incidents = (world: World) => world.slack.channels().filter((name) => name.startsWith('inc-'));

async function doctor(world: World): Promise<string> {
  await world.slack.as('dana').command('/incident doctor', { in: 'general' });
  return world.slack.as('dana').reads();
}

test('a trigger whose webhook never came opens its incident within minutes, once', async () => {
  const world = await start({ pagerduty: account });
  world.pagerduty.setActive(false);
  await world.pagerduty.trigger(down);
  await world.pass('4m');
  expect(incidents(world)).toHaveLength(1);
  expect(world.store.incident(1)).toMatchObject({ title: 'Checkout is down', severity: 1, status: 'triage' });
  await world.pass('10m');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
});

test('an acknowledgement, its end and a second trigger are found without webhooks too', async () => {
  const world = await start({ pagerduty: account });
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  world.pagerduty.setActive(false);
  await world.pagerduty.acknowledge(alert, { by: 'bea' });
  await world.pass('4m');
  expect(world.store.incident(1)?.acknowledged).not.toBeNull();
  await world.pagerduty.resolve(alert, { by: 'bea' });
  await world.pass('4m');
  expect(world.slack.channel('inc-').transcript()).toContain('PagerDuty says every alert is resolved.');
});

test('a webhook has its time: what came by webhook is not taken from the poll again', async () => {
  const world = await start({ pagerduty: account });
  await world.pagerduty.trigger(down);
  await world.pass('10m');
  const types = world.store.timeline(1).map(({ fact }) => fact.type);
  expect(types.filter((type) => type === 'alert-attached' || type === 'alert-changed')).toEqual([]);
});

test('services that incident.yml does not name are not polled for', async () => {
  const world = await start({ pagerduty: account });
  world.pagerduty.setActive(false);
  await world.pagerduty.trigger({ ...down, service: 'search' });
  await world.pass('5m');
  expect(incidents(world)).toEqual([]);
});

test('after a night away what fires in PagerDuty is found', async () => {
  const world = await start({ pagerduty: account });
  await world.pass('1m');
  world.pagerduty.setActive(false);
  await world.pagerduty.trigger(down);
  await world.restart('26h');
  await world.pass('2m');
  expect(incidents(world)).toHaveLength(1);
});

test('a subscription that is switched off is an alarm in the doctor, with its cure, until it is on again', async () => {
  const world = await start({ pagerduty: account });
  world.pagerduty.setActive(false);
  await world.pass('2m');
  expect(await doctor(world)).toContain(
    'The webhook subscription in PagerDuty is switched off: enable it there',
  );
  world.pagerduty.setActive(true);
  await world.pass('2m');
  expect(await doctor(world)).toContain('All is well.');
});

test('PagerDuty that does not answer is polled again, and the tick waits for nothing', async () => {
  const world = await start({ pagerduty: account, slackTimeoutMs: 300 });
  world.pagerduty.faults.next('GET /webhook_subscriptions', 'timeout');
  world.pagerduty.faults.always('GET /incidents', { status: 500 });
  await world.pass('3m');
  expect(await doctor(world)).toContain('PagerDuty has trouble of its own');
  world.pagerduty.faults.clear();
  await world.pass('2m');
  expect(await doctor(world)).toContain('All is well.');
});
