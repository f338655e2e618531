import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { pass, running } from '../support/nudged.ts';
import { start } from '../support/world.ts';

/** `02:05 no-commander`, `02:20 stopped no-commander`: what the clock said beside the escalation. */
const spoken = (world: World): string[] =>
  world.store.timeline(1).flatMap(({ at, fact }) => {
    const when = new Date(at).toISOString().slice(11, 16);
    if (fact.type === 'nudged') return [`${when} ${fact.rule}`];
    return fact.type === 'nudge-stopped' ? [`${when} stopped ${fact.rule}`] : [];
  });

async function declared(severity: 1 | 2 | 3, at = '2026-03-02T02:00Z'): Promise<World> {
  const world = await start({ at });
  await world.slack.as('ana').command(`/incident declare sev${severity} Checkout is down`, { in: 'general' });
  await world.settle();
  return world;
}

async function acknowledgedBy(world: World, who: string): Promise<void> {
  await world.slack.as(who).click('Acknowledge', { in: 'dm' });
  await world.settle();
}

test('before the acknowledgement only the escalation speaks, whatever is due', async () => {
  const world = await declared(1);
  await world.pass('29m');
  expect(spoken(world)).toEqual([]);
  await acknowledgedBy(world, 'bea');
  await pass(world, '6m');
  expect(spoken(world)[0]).toBe('02:34 no-commander');
});

test('several due at once: commander, then update, then comms, then the rest, five minutes apart', async () => {
  const world = await declared(1);
  await acknowledgedBy(world, 'bea');
  await world.pass('4m');
  await world.restart('40m');
  await world.settle();
  expect(spoken(world)).toEqual(['02:44 no-commander']);
  await world.slack.as('bea').command('/incident role commander me', { in: 'inc-' });
  await pass(world, '5m', '5m', '5m');
  expect(spoken(world)).toEqual([
    '02:44 no-commander',
    '02:49 update-due',
    '02:54 no-comms',
    '02:59 update-due',
  ]);
  await world.slack.as('bea').command('/incident update still looking', { in: 'inc-' });
  await world.pass('5m');
  expect(spoken(world).slice(4)).toEqual(['03:04 still-investigating']);
});

test('SEV1 and nobody takes command: asked three times in vain, the next step not yet reached is paged instead', async () => {
  const world = await declared(1);
  await acknowledgedBy(world, 'bea');
  await pass(world, '10m', '9m');
  const paged = () =>
    world.slack
      .channel('inc-')
      .transcript()
      .match(/\[..:..\] Tocsin: Paged @\w+|nobody is in command\./g);
  expect(paged()).toEqual(['[02:00] Tocsin: Paged @bea']);
  await pass(world, '1m');
  expect(paged()?.slice(1)).toEqual(['[02:20] Tocsin: Paged @cai', 'nobody is in command.']);
  expect(world.slack.as('cai').dm()).toContain('Nobody is in command: can you lead?');
  await world.slack.as('cai').click('Take command', { in: 'dm' });
  await pass(world, '10m', '10m');
  expect(paged()?.filter((line) => line === 'nobody is in command.')).toHaveLength(1);
  expect(spoken(world).filter((line) => line.includes('stopped'))).toEqual([]);
});

test('anything else ignored three times stops, and the channel reads that it did', async () => {
  const { world, ana } = await running(1);
  await ana.command('/incident update looking');
  for (let n = 0; n < 9; n += 1) {
    await pass(world, '5m');
    if (n % 2 === 1) await ana.command('/incident update still looking');
  }
  expect(spoken(world).filter((line) => line.endsWith('no-comms'))).toEqual([
    '10:10 no-comms',
    '10:20 no-comms',
    '10:30 no-comms',
    '10:40 stopped no-comms',
  ]);
  expect(world.slack.channel('inc-').transcript()).toContain('"No comms lead" stopped: ignored 3 times.');
});

test('SEV3: nobody is reminded at night, and in the morning of whoever commands it begins', async () => {
  const world = await start({
    at: '2026-03-02T20:00Z',
    slack: { people: [{ name: 'ana', tz: 'Asia/Tokyo' }, 'bea', 'cai', 'dana', 'eve', 'finn'] },
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Mail is late', { in: 'general' });
  await world.settle();
  await acknowledgedBy(world, 'bea');
  await ana.command('/incident role commander me', { in: 'inc-' });
  await world.pass('3h');
  expect(spoken(world)).toEqual([]);
  await world.pass('75m');
  expect(spoken(world)).toEqual([
    '00:00 update-due',
    '00:05 still-investigating',
    '00:10 channel-silent',
    '00:15 update-due',
  ]);
});

test('nothing is said any more in an incident that is canceled', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident cancel false alarm');
  await world.pass('2h');
  expect(spoken(world)).toEqual([]);
});
