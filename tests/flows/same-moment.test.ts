import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** Bea until Monday 09:00, then Cai, then Dana; whoever follows is secondary. Eve is in no rotation. */
const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI, U0DANA] } }
catchAllTeam: payments
`;

async function says(world: World, line: string): Promise<string> {
  const answer = await world.slack.as('ana').command(line, { in: 'general' });
  await world.settle();
  return answer;
}

/** The clock of the bot beats, while that of the world stands still. */
async function beat(world: World): Promise<void> {
  await world.tick();
  await world.settle();
}

test('a cover that is made, announced and taken back within one millisecond ends for everybody who heard of it', async () => {
  const world = await start({ incidentFile });
  const eve = world.slack.as('eve');
  await says(world, '/incident oncall override @eve 2h');
  await beat(world);
  expect(eve.dm()).toContain('You are primary for payments now');
  await eve.click('Undo', { in: 'dm' });
  await world.settle();
  await beat(world);
  await world.pass('10s');
  expect(eve.dm()).toContain('Your turn as primary for payments is over.');
});

test('two changes of shift in one millisecond: an unanswered page moves with both', async () => {
  const world = await start({ incidentFile, at: '2026-03-02T08:58Z' });
  await says(world, '/incident declare sev2 Checkout is down');
  const isPaged = (who: string) => world.slack.as(who).dm().includes('Nobody has it yet.');
  expect(['bea', 'cai', 'eve'].filter(isPaged)).toEqual(['bea']);
  // The beat that finds it comes three seconds later.
  const changedAt = Date.parse('2026-03-02T09:00:03Z');
  world.clock.set(changedAt);
  await beat(world);
  expect(['bea', 'cai', 'eve'].filter(isPaged)).toEqual(['bea', 'cai']);
  await says(world, '/incident oncall override @eve 2h');
  await beat(world);
  expect(world.store.desk('payments')?.shift).toMatchObject({
    primary: { value: 'U0EVE' },
    since: changedAt,
  });
  expect(['bea', 'cai', 'eve'].filter(isPaged)).toEqual(['bea', 'cai', 'eve']);
});
