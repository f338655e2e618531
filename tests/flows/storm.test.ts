import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** Alerts of services that nobody has configured: each its own incident, all for the catch-all team. */
async function alerts(world: World, from: number, to: number, priority?: string): Promise<void> {
  for (let n = from; n <= to; n++) {
    const service = { id: `PSVC${n}`, summary: `service ${n}` };
    await world.pagerduty.trigger({ title: `Service ${n} is down`, service, priority });
  }
  await world.settle();
}

const channels = (world: World) => world.slack.channels().filter((name) => name.startsWith('inc-'));
const storm = (world: World) =>
  world.slack
    .channel('incidents')
    .transcript()
    .split(/\n(?=\[)/)
    .filter((message) => message.includes('Alert storm'));
const pages = (world: World, who: string) =>
  world.slack
    .as(who)
    .dm()
    .split('\n')
    .flatMap((line) => /Service (\d+) is down/.exec(line)?.[1] ?? [])
    .sort();

test('the sixth machine-opened incident in ten minutes and all after it are listed in one storm message', async () => {
  const world = await start();
  await alerts(world, 1, 7);
  await world.pass('4m');
  await alerts(world, 8, 8);
  expect(channels(world)).toHaveLength(5);
  expect(storm(world)).toMatchInlineSnapshot(`
    [
      "[02:00] Tocsin: SEV2 (provisional) · Service 5 is down · INC-5
            Alert storm: 3 more alerts came with INC-5. Nobody is paged twice for them.
            SEV2 · Service 6 is down · INC-6 [Open channel]
            SEV2 · Service 7 is down · INC-7 [Open channel]
            SEV2 · Service 8 is down · INC-8 [Open channel]",
    ]
  `);
});

test('nobody is paged twice for a storm, at no step of the ladder; a worse alert in it still rings', async () => {
  const world = await start();
  await alerts(world, 1, 8);
  expect(pages(world, 'bea')).toEqual(['1', '2', '3', '4', '5']);
  await alerts(world, 9, 9, 'P1');
  expect(pages(world, 'bea')).toEqual(['1', '2', '3', '4', '5', '9']);
  await world.pass('15m');
  expect(pages(world, 'cai')).toEqual(['1', '2', '3', '4', '5', '9']);
});

test('in a storm, whoever was not told yet is paged once', async () => {
  const world = await start({
    incidentFile: `
teams:
  payments: { onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] } }
  search: { onCall: { startsOn: '2026-01-05', primary: [U0DANA], secondary: [U0EVE] } }
catchAllTeam: payments
services:
  search-a: { team: search, pagerduty: [PSVC7] }
  search-b: { team: search, pagerduty: [PSVC8] }
`,
  });
  await alerts(world, 1, 8);
  expect(pages(world, 'dana')).toHaveLength(1);
  expect(storm(world)[0]).toContain('Nobody is paged twice for them.');
});

test('Open channel makes the incident one of its own, with those who were told, and the list links to it', async () => {
  const world = await start();
  await alerts(world, 1, 7);
  const ana = world.slack.as('ana');
  await ana.join('incidents');
  await ana.click('Open channel', { in: 'incidents' });
  await world.settle();
  expect(ana.reads()).toBe('INC-6 gets its channel now.');
  expect(channels(world)).toHaveLength(6);
  expect(storm(world)[0]).toContain('SEV2 · Service 6 is down · INC-6 · #inc-20260302-6-service-6-is-down');
  const transcript = world.slack.channel('inc-20260302-6').transcript();
  expect(transcript).toContain('ana joined');
  expect(transcript).toContain('bea joined');
});

test('an incident that is only listed changes in the list, and gets no message of its own', async () => {
  const world = await start();
  await alerts(world, 1, 5);
  const listed = await world.pagerduty.trigger({ title: 'Service 6 is down', service: 'service 6' });
  await world.pass('1m');
  await world.pagerduty.resolve(listed);
  await world.pass('31m');
  expect(storm(world)).toHaveLength(1);
  expect(storm(world)[0]).toContain('Service 6 is down · INC-6 · canceled');
  expect(
    world.slack
      .channel('incidents')
      .transcript()
      .match(/Service 6 is down/g),
  ).toHaveLength(1);
});

test('ten minutes later machines may open channels again', async () => {
  const world = await start();
  await alerts(world, 1, 6);
  await world.pass('10m');
  await world.pass('1s');
  await alerts(world, 7, 7);
  expect(channels(world).filter((name) => name.includes('-7-'))).toHaveLength(1);
});
