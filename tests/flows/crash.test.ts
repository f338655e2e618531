import { expect, onTestFinished, test } from 'vitest';
import { startWorld, type World } from '../../src/sandbox/start.ts';
import { turns } from '../../src/turns.ts';
import { deathThroes, type Mortal, mortal } from '../support/mortal.ts';
import { transport } from '../support/world.ts';

/** A SEV1 is declared by a bot that dies at the `moment`-th step of the work; Infinity: it lives. */
async function declaredAndKilled(moment: number): Promise<{ world: World; bot: Mortal }> {
  const bot = mortal();
  const world = await startWorld({ at: '2026-03-02T02:00Z', startBot: bot.startBot, transport });
  onTestFinished(() => world.stop());
  bot.watch(world.slack);
  bot.doom(moment);
  const said = declare(world).catch(() => undefined);
  const settled = said.then(() => world.settle());
  await Promise.race([settled, bot.died]);
  return { world, bot };
}

const declare = (world: World) =>
  world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });

/** Times that a text is to be read. */
const times = (text: string, words: string): number => text.split(words).length - 1;

/** What the world looks like after a declaration that nothing disturbed. */
const whole = {
  channels: 1,
  cards: 1,
  announcements: 1,
  pages: { bea: 1, cai: 0 },
  outbox: { waiting: 0, unknown: 0, parked: 0, dead: 0, troubles: [] },
};

function seen(world: World): typeof whole {
  const page = (who: string) => times(world.slack.as(who).dm(), '· Checkout is down');
  const card = 'SEV1 · Checkout is down · INC-1';
  return {
    channels: world.slack.channels().filter((name) => name.startsWith('inc-')).length,
    cards: times(world.slack.channel('inc-').transcript(), card),
    announcements: times(world.slack.channel('incidents').transcript(), card),
    pages: { bea: page('bea'), cai: page('cai') },
    outbox: world.store.outboxReport(10) as typeof whole.outbox,
  };
}

test('killed between any two steps of declare -> card and started again: one channel, one card, one page', async () => {
  const { world, bot } = await declaredAndKilled(Number.POSITIVE_INFINITY);
  expect(seen(world)).toEqual(whole);
  const moments = [...bot.moments];
  expect(moments).toContain('before conversations.create');
  expect(moments).toContain('after chat.postMessage');
  const wrong: unknown[] = [];
  for (const [moment, step] of moments.entries()) {
    const outcome = await afterDeath(moment);
    try {
      expect(outcome).toEqual(whole);
    } catch {
      wrong.push({ moment, step, outcome });
    }
  }
  expect(wrong).toEqual([]);
}, 300_000);

async function afterDeath(moment: number) {
  const { world, bot } = await declaredAndKilled(moment);
  await bot.died;
  await turns(deathThroes);
  await world.restart('5s');
  // It died before anything was on disk: Ana saw no answer, and asks again.
  if (world.store.list({ limit: 1 }).length === 0) {
    await declare(world);
    await world.settle();
  }
  await world.pass('3m');
  return seen(world);
}
