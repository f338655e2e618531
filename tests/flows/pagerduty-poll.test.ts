import { expect, test } from 'vitest';
import type { Incident } from '../../src/sandbox/pagerduty-events.ts';
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
    'The webhook subscription in PagerDuty (PSUBSCR) is switched off: enable it there',
  );
  world.pagerduty.setActive(true);
  await world.pass('2m');
  expect(await doctor(world)).toContain('All is well.');
});

const alarms = (world: World): number =>
  world.slack.channel('incidents').transcript().split('Somebody must look at this').length - 1;

test('people are told once, in the announce channel, and again when it happens again', async () => {
  const world = await start({ pagerduty: account });
  world.pagerduty.setActive(false);
  await world.pass('1h');
  expect(alarms(world)).toBe(1);
  expect(world.slack.channel('incidents').transcript()).toContain(
    'Somebody must look at this: The webhook subscription in PagerDuty (PSUBSCR) is switched off',
  );
  world.pagerduty.setActive(true);
  await world.pass('5m');
  world.pagerduty.setActive(false);
  await world.pass('5m');
  expect(alarms(world)).toBe(2);
});

test('Slack does not take the alarm: it is told once Slack does', async () => {
  const world = await start({ pagerduty: account });
  world.slack.faults.always('chat.postMessage', { error: 'internal_error' });
  world.pagerduty.setActive(false);
  await world.pass('5m');
  world.slack.faults.clear();
  await world.pass('5m');
  expect(alarms(world)).toBe(1);
});

test('three refusals, and PagerDuty switches it off by itself: an alarm, whatever address it delivers to', async () => {
  const world = await start({ pagerduty: account });
  await world.pagerduty.ping();
  await world.settle();
  world.pagerduty.next('unsigned', 3);
  for (let n = 0; n < 3; n += 1) await world.pagerduty.trigger({ ...down, service: 'search' });
  world.pagerduty.connect('https://proxy.example.com/somewhere-else');
  await world.pass('2m');
  expect(await doctor(world)).toContain(
    'PagerDuty has switched its webhook subscription PSUBSCR off for 24 hours',
  );
  expect(alarms(world)).toBe(1);
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

/** Of a service that nobody polls for: its trigger arrives 20 minutes late, and perhaps PagerDuty has more to tell. */
async function late(meanwhile: (world: World, alert: Incident) => Promise<unknown> = async () => {}) {
  const world = await start({ pagerduty: account, slackTimeoutMs: 300 });
  world.pagerduty.next('hold', 2);
  const alert = await world.pagerduty.trigger({ ...down, service: 'search' });
  await meanwhile(world, alert);
  await world.pass('20m');
  await world.pagerduty.release({ inOrder: true });
  await world.settle();
  return { world, isPaged: world.slack.as('bea').dm().includes('Checkout is down') };
}

test('a trigger that comes late, of what is resolved by now: nothing is opened and nobody is paged', async () => {
  const { world, isPaged } = await late((world, alert) => world.pagerduty.resolve(alert, { by: 'dana' }));
  expect([incidents(world), isPaged]).toEqual([[], false]);
});

test('a trigger that comes late, of what still fires, pages', async () => {
  const { world, isPaged } = await late();
  expect([incidents(world).length, isPaged]).toEqual([1, true]);
});

test.each([{ status: 500 }, 'timeout'] as const)(
  'a trigger that comes late while PagerDuty answers nothing (%o) pages: better once too often',
  async (fault) => {
    const { world, isPaged } = await late(async (world) => world.pagerduty.faults.always('*', fault));
    expect([incidents(world).length, isPaged]).toEqual([1, true]);
    expect(world.pagerduty.deliveries.map(({ status }) => status)).toEqual(['delivered']);
  },
);

test('a known one that fires again, heard of late and over by now, opens nothing anew', async () => {
  const world = await start({ pagerduty: account });
  const alert = await world.pagerduty.trigger({ ...down, service: 'search' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.slack.as('bea').command('/incident resolve rollback fixed it', { in: 'inc-' });
  await world.pass('1h');
  const before = world.slack.as('bea').pushes().length;
  world.pagerduty.next('hold', 2);
  await world.pagerduty.reopen(alert, { by: 'dana' });
  await world.pagerduty.resolve(alert, { by: 'dana' });
  await world.pass('20m');
  await world.pagerduty.release({ inOrder: true });
  await world.settle();
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  expect(world.slack.as('bea').pushes().length).toBe(before);
});
