import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

const disks = { id: 'PDISKS', summary: 'disks' };

test('a SEV4 alert is one line in the announce channel: no channel, nobody paged', async () => {
  const world = await start();
  await world.pagerduty.trigger({
    title: 'Disk at 80 %',
    service: disks,
    priority: 'P4',
    assignees: ['bea'],
  });
  await world.settle();
  expect(world.slack.channels()).toEqual(['general', 'incidents']);
  expect(world.slack.channel('incidents').transcript()).toMatchInlineSnapshot(`
    "[02:00] — Tocsin joined
    [02:00] Tocsin: SEV4 (provisional) · Disk at 80 % · INC-1
            No channel, nobody paged · 02:00 · PagerDuty priority P4 · PagerDuty
            [Open channel] [Dismiss]"
  `);
  expect([world.slack.as('bea').dm(), world.slack.mentions()]).toEqual(['', []]);
});

test('Open channel makes it an incident with a channel and a card; the line becomes its announcement', async () => {
  const world = await start();
  await world.pagerduty.trigger({ title: 'Disk at 80 %', service: disks, priority: 'P5' });
  await world.settle();
  const ana = world.slack.as('ana');
  await ana.join('incidents');
  await ana.click('Open channel');
  await world.settle();
  expect(ana.reads()).toBe('INC-1 gets its channel now.');
  expect(world.slack.channel('inc-').transcript()).toContain('ana joined');
  expect(world.slack.channel('inc-').transcript()).toContain('SEV4 (provisional) · Disk at 80 % · INC-1');
  expect(world.slack.channel('incidents').transcript()).toContain('Join #inc-20260302-1-disk-at-80 only if');
});

test('Dismiss ends it, says so in the line, and the buttons are gone', async () => {
  const world = await start();
  const disk = await world.pagerduty.trigger({ title: 'Disk at 80 %', service: disks, priority: 'P4' });
  await world.settle();
  const ana = world.slack.as('ana');
  await ana.join('incidents');
  await ana.click('Dismiss');
  await world.settle();
  expect(ana.reads()).toBe('INC-1 is dismissed.');
  expect(world.slack.channel('incidents').transcript()).toContain('Canceled · 02:00');
  expect(ana.buttons({ in: 'incidents' })).toEqual([]);
  await world.pass('1m');
  await world.pagerduty.annotate(disk, 'cleaning up');
  expect(world.slack.channels()).toHaveLength(2);
});

test('it clears in PagerDuty: the line says so, and 30 minutes later it is canceled by itself', async () => {
  const world = await start();
  const disk = await world.pagerduty.trigger({ title: 'Disk at 80 %', service: disks, priority: 'P4' });
  await world.pass('5m');
  await world.pagerduty.acknowledge(disk, { by: 'bea' });
  await world.pagerduty.resolve(disk, { by: 'bea' });
  await world.settle();
  expect(world.slack.channel('incidents').transcript()).toContain('Cleared in PagerDuty · 02:05');
  await world.pass('31m');
  expect(world.slack.channel('incidents').transcript()).toContain('Canceled · 02:35');
});

test('PagerDuty makes it a P1: it gets a channel and people are paged', async () => {
  const world = await start();
  const disk = await world.pagerduty.trigger({ title: 'Disk at 80 %', service: disks, priority: 'P4' });
  await world.pass('1m');
  await world.pagerduty.priority(disk, 'P1', { by: 'bea' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('SEV1 (provisional) · Disk at 80 % · INC-1');
  expect(world.slack.as('bea').pushes()[0]).toContain('SEV1 Disk at 80 %');
  expect(world.slack.channel('incidents').transcript()).toContain(
    'Raised from SEV4 to SEV1: PagerDuty priority P1.',
  );
});

test('a dismissed one that becomes a P1 is a new incident: a dismissal is no reason to miss it', async () => {
  const world = await start();
  const disk = await world.pagerduty.trigger({ title: 'Disk at 80 %', service: disks, priority: 'P4' });
  await world.settle();
  await world.slack.as('ana').join('incidents');
  await world.slack.as('ana').click('Dismiss');
  await world.pass('1m');
  await world.pagerduty.priority(disk, 'P1');
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain(
    'SEV1 (provisional) · Disk at 80 % · INC-2',
  );
  await world.pagerduty.acknowledge(disk, { by: 'bea' });
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain('Bea (in PagerDuty) has it.');
});
