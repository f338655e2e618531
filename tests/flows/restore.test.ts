import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startBotHere } from '../../src/sandbox/bot.ts';
import type { World } from '../../src/sandbox/start.ts';
import { restore } from '../../src/store/restore.ts';
import { start } from '../support/world.ts';

/** A world whose next start is on an older copy of its database. */
async function restorable() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tocsin.db');
  let copy: string | null = null;
  const world = await start({
    databaseFile,
    startBot: async (boot, clock, log) => {
      if (copy !== null) await restore(databaseFile, copy);
      copy = null;
      return startBotHere(boot, clock, log);
    },
  });
  return {
    world,
    folder,
    backUp: () => world.store.backUp(world.clock.now()),
    restoreFrom: async (made: string, away = '1m') => {
      copy = made;
      await world.restart(away);
    },
  };
}

const dms = ({ slack }: World, who: string): number =>
  slack.as(who).dm().split('Checkout is down').length - 1;
const posts = ({ slack }: World) =>
  slack
    .callsTo('chat.postMessage')
    .filter(({ ok }) => ok)
    .map(({ args }) => `${String(args.channel)}: ${String(args.text)}`);

test('what waited in the copy and was sent since is looked up, not sent again', async () => {
  const { world, backUp, restoreFrom } = await restorable();
  world.slack.faults.always('chat.postMessage', { status: 429, retryAfter: 30 });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  const made = await backUp();
  world.slack.faults.clear();
  await world.pass('1m');
  expect(dms(world, 'bea')).toBe(1);
  const before = posts(world);
  await restoreFrom(made, '10s');
  await world.pass('30s');
  expect(dms(world, 'bea')).toBe(1);
  expect(posts(world).slice(before.length)).toEqual([expect.stringContaining('restored from a backup')]);
  expect(world.store.incident(1)?.pages.U0BEA).toBeDefined();
  expect(world.store.outboxReport(10)).toMatchObject({ waiting: 0, unknown: 0, dead: 0 });
});

test('the clock goes over the lost time again: who was paged then is not paged twice, who was not is', async () => {
  const { world, backUp, restoreFrom } = await restorable();
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  await world.pass('30s');
  const made = await backUp();
  await world.pass('9m');
  const paged = ['bea', 'cai', 'dana'].map((who) => dms(world, who));
  expect(paged[1]).toBe(1);
  await world.slack.as('ana').say('It is the database', { in: 'inc-' });
  const before = posts(world);
  await restoreFrom(made);
  await world.pass('2m');
  expect(['bea', 'cai', 'dana'].map((who) => dms(world, who))).toEqual(paged);
  const again = posts(world)
    .slice(before.length)
    .filter((post) => before.includes(post));
  expect(again).toEqual([]);
  const said = world.store.timeline(1).map(({ fact }) => JSON.stringify(fact));
  expect(said.filter((fact) => fact.includes('It is the database'))).toHaveLength(1);
  await world.pass('30m');
  expect(dms(world, 'eve') + dms(world, 'finn')).toBeGreaterThan(0);
});

test('everybody is told of it once, and the doctor for a day; what was there is moved aside', async () => {
  const { world, folder, backUp, restoreFrom } = await restorable();
  const made = await backUp();
  await world.slack.as('ana').command('/incident declare sev4 Lost with the gap');
  await world.settle();
  await world.slack.as('ana').command('/incident declare sev4 Lost too');
  await world.settle();
  await restoreFrom(made);
  await world.pass('10m');
  await world.restart('1m');
  await world.pass('10m');
  const told = world.slack.channel('incidents').transcript().split('restored from a backup').length - 1;
  expect(told).toBe(1);
  const doctor = () => world.slack.as('ana').command('/incident doctor');
  expect(await doctor()).toContain(
    'is lost. INC-1 and INC-2 are not in it: nobody is paged for them any more. Look at each open incident',
  );
  expect(readdirSync(folder).filter((name) => name.startsWith('replaced-'))).toHaveLength(1);
  // Numbers that people have seen mean what they meant.
  await world.slack.as('ana').command('/incident declare sev4 A new one');
  await world.settle();
  expect(world.store.incident(3)?.title).toBe('A new one');
  await world.restart('25h');
  expect(await doctor()).not.toContain('is lost.');
});

test('an incident that went with the restore: its buttons, forms and number say why, and what to do', async () => {
  const { world, backUp, restoreFrom } = await restorable();
  const made = await backUp();
  await world.pass('5m');
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.command('/incident update', { in: 'inc-' });
  await world.settle();
  await restoreFrom(made);
  const said =
    'The database was restored from a backup of 02:00 UTC, and INC-1 is younger: nobody is paged for it any more. Declare it again: /incident declare';
  await ana.submit({ 'What is happening?': 'Rolling back' });
  expect(ana.modal()).toContain(said);
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.as('bea').reads()).toContain(said);
  expect(await ana.command('/incident INC-1 ack', { in: 'general' })).toBe(said);
  expect(await ana.command('/incident show 2', { in: 'general' })).toContain('There is no INC-2.');
  expect(world.slack.channel('incidents').transcript()).toContain('INC-1 is not in it');
});

test('a private incident that is there is as unknown as ever to others, whatever was restored', async () => {
  const { world, backUp, restoreFrom } = await restorable();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.command('/incident private', { in: 'inc-' });
  await ana.click('Make it private', { in: 'inc-' });
  await world.settle();
  await restoreFrom(await backUp());
  const said = await world.slack.as('finn').command('/incident show 1', { in: 'general' });
  expect(said).toContain('There is no INC-1.');
});
