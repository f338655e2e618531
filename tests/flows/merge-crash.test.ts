import { expect, onTestFinished, test } from 'vitest';
import { startWorld, type World } from '../../src/sandbox/start.ts';
import { mortal } from '../support/mortal.ts';

/** The channel of INC-n. */
const channel = (world: World, n: number) => {
  const name = world.slack.channels().find((one) => one.includes(`-${n}-`));
  return world.slack.channel(name ?? `there is no channel of INC-${n}`);
};

/** Two incidents, merged by a bot that dies at the `moment`-th step of it. */
async function mergedAndKilled(moment: number) {
  const bot = mortal();
  const world = await startWorld({ at: '2026-03-02T02:00Z', startBot: bot.startBot });
  onTestFinished(() => world.stop());
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.slack.as('ana').command('/incident declare sev2 Search is slow', { in: 'general' });
  await world.settle();
  const ask = async () => {
    await world.slack.as('ana').command('/incident INC-2 merge INC-1', { in: 'general' });
    await world.settle();
  };
  await ask();
  bot.watch(world.slack);
  bot.doom(moment);
  const submitted = world.slack
    .as('ana')
    .submit()
    .then(() => world.settle())
    .catch(() => undefined);
  await Promise.race([submitted, bot.died]);
  return { world, bot, ask };
}

const outcome = (world: World) => ({
  statuses: [world.store.incident(1)?.status, world.store.incident(2)?.status],
  absorbed: world.store.timeline(1).filter(({ fact }) => fact.type === 'absorbed').length,
  merged: channel(world, 2).transcript().split('Merged into INC-1 by ana').length - 1,
  said: channel(world, 1).transcript().split('INC-2 was merged into this').length - 1,
});

test('killed between any two steps of a merge: after the restart both incidents know of it, once', async () => {
  const whole = await mergedAndKilled(Number.POSITIVE_INFINITY);
  await whole.world.settle();
  const good = outcome(whole.world);
  expect(good).toEqual({ statuses: ['investigating', 'merged'], absorbed: 1, merged: 1, said: 1 });
  const moments = [...whole.bot.moments];
  expect(moments.filter((one) => one === 'after update').length).toBeGreaterThan(1);
  const wrong: unknown[] = [];
  for (const [moment, step] of moments.entries()) {
    const { world, bot, ask } = await mergedAndKilled(moment);
    await bot.died;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.restart('5s');
    if (world.store.incident(2)?.status !== 'merged') {
      await ask();
      await world.slack.as('ana').submit();
    }
    await world.pass('3m');
    if (JSON.stringify(outcome(world)) !== JSON.stringify(good))
      wrong.push({ moment, step, ...outcome(world) });
    await world.stop();
  }
  expect(wrong).toEqual([]);
}, 120_000);
