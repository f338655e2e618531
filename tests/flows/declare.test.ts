import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

test('a declared incident gets a channel with a card, and the primary is paged', async () => {
  const world = await start();
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  console.log(world.slack.as('ana').reads());
  console.log(world.slack.channels());
  console.log(world.slack.channel('inc-').transcript());
  console.log(world.slack.channel('incidents').transcript());
  console.log(world.slack.as('bea').dm());
  await world.pass('5m');
  console.log(world.slack.channel('inc-').transcript());
  await world.slack.as('cai').click('Acknowledge', { in: 'dm' });
  await world.settle();
  console.log(world.slack.channel('inc-').transcript());
  console.log(world.slack.as('bea').dm());
  console.log(world.slack.as('cai').dm(), world.slack.as('cai').reads());
  console.log(
    world.store.outboxReport(10),
    world.slack.calls.filter((c) => !c.ok),
  );
  expect(1).toBe(1);
});
