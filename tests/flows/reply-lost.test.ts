import { expect, onTestFinished, test } from 'vitest';
import { startWorld, type World } from '../../src/sandbox/start.ts';
import { turns } from '../../src/turns.ts';
import { deathThroes, type Mortal, mortal } from '../support/mortal.ts';
import { transport } from '../support/world.ts';

/** Neither Slack nor PagerDuty waits so long for an answer. */
const gaveUpMs = 6_000;

async function start(): Promise<{ world: World; bot: Mortal }> {
  const bot = mortal();
  const world = await startWorld({ at: '2026-03-02T02:00Z', startBot: bot.startBot, transport });
  onTestFinished(() => world.stop());
  bot.watch(world.slack);
  return { world, bot };
}

/** The bot dies at the first step of that name, and is started again. Throws where there is none. */
async function dieAt(world: World, bot: Mortal, moment: number, act: () => Promise<unknown>): Promise<void> {
  bot.doom(moment);
  void act().catch(() => undefined);
  await bot.died;
  await turns(deathThroes);
  // Nobody is there any more to close the connection: whoever waits for the answer gives up by the clock.
  world.clock.set(world.clock.now() + gaveUpMs);
  await turns(deathThroes);
  await world.restart('1s');
}

test('killed between the commit of an alert and its answer: PagerDuty delivers it again, and nothing comes of that', async () => {
  const { world, bot } = await start();
  const fire = () => world.pagerduty.trigger({ title: 'Checkout is down', service: 'payments' });
  // The first step of the work is the commit that opens the incident: 0 is before it, 1 after.
  await dieAt(world, bot, 1, fire);
  expect(bot.moments[1]).toBe('after create');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  const facts = () => world.store.timeline(1).filter(({ fact }) => 'alert' in fact);
  const before = facts().length;
  await world.pass('1m');
  expect(world.pagerduty.deliveries[0]?.attempts.length).toBeGreaterThan(1);
  expect(world.pagerduty.deliveries[0]?.status).toBe('delivered');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  expect(facts()).toHaveLength(before);
  expect(world.slack.as('bea').dm().split('· Checkout is down')).toHaveLength(2);
});

test('killed between the commit of a message and its answer: Slack delivers it again, and it is on the timeline once', async () => {
  const { world, bot } = await start();
  await world.slack.as('ana').command('/incident declare sev3 Checkout is down', { in: 'general' });
  await world.settle();
  await dieAt(world, bot, 1, () => world.slack.as('ana').say('Rolling back 512', { in: 'inc-' }));
  expect(bot.moments[1]).toBe('after update');
  await world.pass('6m');
  const said = world.store
    .timeline(1)
    .filter(({ fact }) => fact.type === 'message-posted' && fact.text === 'Rolling back 512');
  expect(said).toHaveLength(1);
});
