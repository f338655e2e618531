import { expect, onTestFinished, test } from 'vitest';
import { followupsOf } from '../../src/incident/followups.ts';
import { startWorld, type World } from '../../src/sandbox/start.ts';
import { mortal } from '../support/mortal.ts';

/** The channel of INC-n. */
const channel = (world: World, n: number) => {
  const name = world.slack.channels().find((one) => one.includes(`-${n}-`));
  return world.slack.channel(name ?? `there is no channel of INC-${n}`);
};

const dana = (world: World) => world.slack.as('dana');
const says = async (world: World, line: string): Promise<void> => {
  await dana(world).command(`/incident ${line}`, { in: 'general' });
  await world.settle();
};
const merge = async (world: World): Promise<void> => {
  await says(world, 'INC-2 merge INC-1');
  await dana(world).submit();
  await world.settle();
};

/** Ana's INC-1, and Dana's INC-2 with two follow-ups. */
async function two() {
  const bot = mortal();
  const world = await startWorld({ at: '2026-03-02T02:00Z', startBot: bot.startBot });
  onTestFinished(() => world.stop());
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await says(world, 'declare sev2 Search is slow');
  await says(world, 'INC-2 followup add limit the retries @finn');
  await says(world, 'INC-2 followup add tell support');
  return { world, bot };
}

/** What the bot is at when it dies at the `moment`-th step of it: how it begins, what completes it, how it shows. */
interface Deed {
  prepare: (world: World) => Promise<void>;
  act: (world: World) => Promise<unknown>;
  isBegun: (world: World) => boolean;
  again: (world: World) => Promise<void>;
  /** Steps at which it dies; absent: at each, the calls to Slack included. */
  only?: readonly string[];
}

const merging: Deed = {
  prepare: (world) => says(world, 'INC-2 merge INC-1'),
  act: (world) => dana(world).submit(),
  isBegun: (world) => world.store.incident(2)?.status === 'merged',
  again: merge,
};
const undoing: Deed = {
  prepare: async (world) => {
    await merge(world);
    await says(world, 'INC-1 followup done 2');
  },
  act: (world) => dana(world).command('/incident INC-2 undo', { in: 'general' }),
  isBegun: (world) => world.store.incident(2)?.status !== 'merged',
  again: (world) => says(world, 'INC-2 undo'),
  only: ['before update', 'after update', 'after claim'],
};

/** Two incidents, and a bot that dies at the `moment`-th step of the deed. */
async function killedAt(deed: Deed, moment: number) {
  const { world, bot } = await two();
  await deed.prepare(world);
  if (!deed.only) bot.watch(world.slack);
  bot.doom(moment);
  const acted = deed
    .act(world)
    .then(() => world.settle())
    .catch(() => undefined);
  await Promise.race([acted, bot.died]);
  return { world, bot };
}

const times = (text: string, words: string): number => text.split(words).length - 1;

const outcome = (world: World) => {
  const facts = (type: string) => world.store.timeline(1).filter(({ fact }) => fact.type === type).length;
  const followups = (id: number) =>
    followupsOf(world.store.incident(id)!).map(
      ({ n, text, from, doneAt }) => `${n} ${text} ${from?.id} ${doneAt !== null}`,
    );
  return {
    statuses: [world.store.incident(1)?.status, world.store.incident(2)?.status],
    facts: [facts('absorbed'), facts('separated')],
    followups: [followups(1), followups(2)],
    said: [
      times(channel(world, 2).transcript(), 'Merged into INC-1 by dana'),
      times(channel(world, 2).transcript(), 'undid the merge into INC-1'),
      times(channel(world, 1).transcript(), 'INC-2 was merged into this'),
      times(channel(world, 1).transcript(), 'INC-2 is on its own again'),
      times(dana(world).dm(), 'INC-2 was merged into INC-1, and you are invited'),
    ],
  };
};

/** Kills it at every step; returns what came out otherwise than when nothing went wrong, which is `good`. */
async function killedEverywhere(deed: Deed) {
  const whole = await killedAt(deed, Number.POSITIVE_INFINITY);
  await whole.world.settle();
  const good = outcome(whole.world);
  const moments = [...whole.bot.moments];
  const wrong: unknown[] = [];
  for (const [moment, step] of moments.entries()) {
    if (deed.only?.includes(step) === false) continue;
    const { world, bot } = await killedAt(deed, moment);
    await bot.died;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.restart('5s');
    if (!deed.isBegun(world)) await deed.again(world);
    await world.pass('3m');
    const seen = outcome(world);
    if (JSON.stringify(seen) !== JSON.stringify(good)) wrong.push({ moment, step, ...seen });
    await world.stop();
  }
  return { good, wrong, commits: moments.filter((one) => one === 'after update').length };
}

test('killed between any two steps of a merge: after the restart both incidents know of it, once, and each follow-up is in one', async () => {
  const { good, wrong, commits } = await killedEverywhere(merging);
  expect(good).toEqual({
    statuses: ['investigating', 'merged'],
    facts: [1, 0],
    followups: [
      ['1 limit the retries 2 false', '2 tell support 2 false'],
      ['1 limit the retries undefined false', '2 tell support undefined false'],
    ],
    said: [1, 0, 1, 0, 1],
  });
  expect(commits).toBeGreaterThan(1);
  expect(wrong).toEqual([]);
}, 120_000);

test('killed around any commit of its undoing: the follow-ups are back where they were, once, with what was done meanwhile', async () => {
  const { good, wrong, commits } = await killedEverywhere(undoing);
  expect(good).toEqual({
    statuses: ['investigating', 'investigating'],
    facts: [1, 1],
    followups: [[], ['1 limit the retries undefined false', '2 tell support undefined true']],
    said: [1, 1, 1, 1, 1],
  });
  expect(commits).toBeGreaterThan(1);
  expect(wrong).toEqual([]);
}, 120_000);
