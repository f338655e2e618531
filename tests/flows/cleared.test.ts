import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const down = {
  title: 'Checkout is down',
  service: { id: 'PPAYMNT', summary: 'payments' },
  priority: 'P1',
  assignees: ['bea'],
};
const channel = (world: World): string => world.slack.channel('inc-').transcript();
const last = (world: World): string | undefined =>
  channel(world)
    .split(/\n(?=\[)/)
    .at(-1);

test('PagerDuty resolves the last alert of an acknowledged incident: it asks, and closes nothing', async () => {
  const world = await start();
  const [first, second] = [await world.pagerduty.trigger(down), await world.pagerduty.trigger(down)];
  await world.pass('30s');
  await world.pagerduty.acknowledge(first, { by: 'bea' });
  await world.pass('30s');
  await world.pagerduty.resolve(first);
  await world.settle();
  expect(channel(world)).not.toContain('every alert is resolved');
  await world.pagerduty.resolve(second);
  await world.settle();
  expect(last(world)).toMatchInlineSnapshot(`
    "[02:01] Tocsin: PagerDuty says every alert is resolved.
            Is it over?
            [Resolve…] [Keep open]"
  `);
  await world.slack.as('bea').click('Keep open');
  await world.settle();
  expect(world.slack.as('bea').reads()).toBe('It stays open.');
  expect(last(world)).toContain('bea keeps it open.');
  expect(world.store.incident(1)?.status).toBe('investigating');
});

test('Resolve, pressed there, asks how and resolves', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.pass('30s');
  await world.pagerduty.acknowledge(alert, { by: 'bea' });
  await world.pagerduty.resolve(alert);
  await world.settle();
  const bea = world.slack.as('bea');
  await bea.click('Resolve…', { in: 'inc-', on: /every alert is resolved/ });
  await world.settle();
  expect(bea.modal()).toContain('Resolve');
});

test('nobody acknowledged: the ladder holds and says so, and untouched for 30 min it is canceled, without a draft', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.pass('2m');
  await world.pagerduty.resolve(alert);
  await world.settle();
  expect(last(world)).toMatchInlineSnapshot(`
    "[02:02] Tocsin: PagerDuty says every alert is resolved.
            Nobody acknowledged, so nobody is paged now. Canceled 02:32 unless somebody acts.
            [Acknowledge] [Resolve…] [Keep open]"
  `);
  await world.pass('29m');
  expect(world.slack.as('cai').dm()).toBe('');
  await world.pass('2m');
  expect(last(world)).toContain('Tocsin canceled it: cleared by itself.');
  expect(channel(world)).not.toContain('Postmortem');
  expect(world.slack.as('bea').dm()).toContain('Stand down: canceled 02:32');
  await world.slack.as('bea').command('/incident reopen it was not over', { in: 'inc-' });
  await world.settle();
  expect(last(world)).toContain('Paged @bea');
});

test('kept open while nobody has it: it is not canceled, and the next person is paged unless somebody takes it', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.pass('4m');
  await world.pagerduty.resolve(alert);
  await world.pass('10m');
  await world.slack.as('bea').click('Keep open');
  await world.settle();
  expect(last(world)).toContain('bea keeps it open.\n        cai is paged 02:19.');
  await world.pass('6m');
  expect(world.slack.as('cai').dm()).toContain('SEV1 · Checkout is down');
  await world.pass('40m');
  expect(world.store.incident(1)?.status).toBe('triage');
});

test('it fires again within 30 min of the resolve: somebody is paged and offered Reopen, which goes on with it', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.slack.as('bea').command('/incident resolve rollback of 512', { in: 'inc-' });
  await world.pagerduty.resolve(alert);
  await world.pass('20m');
  await world.pagerduty.trigger(down);
  await world.pagerduty.trigger(down);
  await world.settle();
  expect(world.slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(1);
  expect(channel(world)).toContain('The alert fired again: Checkout is down\n        [Reopen]');
  expect(world.slack.as('bea').dm()).toContain('now it fires again');
  expect(
    world.slack
      .as('bea')
      .pushes()
      .filter((push) => push.includes('fires again')),
  ).toHaveLength(1);
  await world.slack.as('bea').click('Reopen', { in: 'dm' });
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('investigating');
  expect(world.slack.as('bea').dm()).not.toContain('[Reopen]');
});

test('later than that, and for the same PagerDuty incident too, it is a new incident', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  await world.slack.as('bea').command('/incident resolve rollback of 512', { in: 'inc-' });
  await world.pagerduty.resolve(alert);
  await world.pass('31m');
  await world.pagerduty.reopen(alert);
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain('Checkout is down · INC-2');
  await world.pagerduty.acknowledge(alert, { by: 'bea' });
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain('Bea (in PagerDuty) has it');
});

test('a priority from before the end opens nothing, however often PagerDuty delivers it', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  await world.pagerduty.priority(alert, 'P1');
  await world.settle();
  const told = world.pagerduty.deliveries.at(-1)!;
  await world.slack.as('bea').command('/incident sev 3 one region only', { in: 'inc-' });
  await world.pass('5m');
  await world.slack.as('bea').command('/incident resolve rollback of 512', { in: 'inc-' });
  await world.pass('5m');
  await world.pagerduty.redeliver(told.eventId);
  await world.settle();
  expect(world.store.list({ limit: 10 }).map(({ id }) => id)).toEqual([1]);
  // What is worse since the end is another matter.
  await world.pagerduty.priority(alert, 'P1');
  await world.settle();
  expect(world.store.list({ limit: 10 }).map(({ id }) => id)).toEqual([2, 1]);
});

test('one worse than what was just resolved is a new incident with a ladder of its own', async () => {
  const world = await start();
  await world.pagerduty.trigger({ ...down, priority: 'P3' });
  await world.settle();
  await world.slack.as('bea').command('/incident resolve rollback of 512', { in: 'inc-' });
  await world.pass('5m');
  await world.pagerduty.trigger(down);
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain(
    'SEV1 (provisional) · Checkout is down · INC-2',
  );
});
