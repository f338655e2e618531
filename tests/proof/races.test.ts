import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { percentile } from '../../bench/figure.ts';
import { startSlack } from '../../src/sandbox/slack.ts';
import { compiled, diskFolder } from '../kills/build.ts';
import { type Contender, startContender } from '../kills/contender.ts';
import { laterClock } from '../kills/later.ts';
import { environmentOf, run } from '../support/process.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** One race in so many is between two whole bots, which take seconds to start; the others are for the lock alone. */
const wholeEvery = 20;
/** One winner in so many is killed, and the loser wants the directory at once. */
const killedEvery = 6;
/** Both have heard of the race by then, ms. */
const startInMs = 4;
const knowsWithinMs = 1_000;
const words =
  /^Another Tocsin is already using .+\. Stop it first, or give this one a DATABASE_URL of its own\.\n?$/;
const builtWithinMs = 300_000;
let built = '';

beforeAll(() => {
  built = compiled();
}, builtWithinMs);

interface Races {
  winners: number[];
  loserMs: number[];
  freedMs: number[];
}

test('of two processes that want one directory exactly one gets it, and a killed one gives it back at once', async () => {
  const home = diskFolder('races');
  const races = profile.races - Math.floor(profile.races / wholeEvery);
  try {
    const { winners, loserMs, freedMs } = await raceForLocks(home, races);
    const [slowest, freed] = [Math.max(...loserMs), Math.max(...freedMs)];
    proved({
      goal: 2,
      tried: `${races} races for one directory, small processes with the lock of production; ${freedMs.length} winners killed`,
      seen: `${winners.filter((count) => count === 1).length} with one winner; the loser knew after ${slowest.toFixed(0)} ms at most; a killed one's was free after ${freed.toFixed(0)} ms at most`,
      bar: `${races}; <= ${knowsWithinMs} ms`,
      holds: winners.every((count) => count === 1),
      inTime: slowest <= knowsWithinMs && freed <= knowsWithinMs,
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('of two bots started on one directory exactly one listens, and the other ends with code 3 and a line', async () => {
  const home = diskFolder('races');
  const races = Math.floor(profile.races / wholeEvery);
  const endedMs: number[] = [];
  try {
    for (let n = 0; n < races; n += 1) endedMs.push(await raceOfBots(join(home, String(n))));
    proved({
      goal: 2,
      tried: `${races} races of two whole bots for one directory`,
      seen: `each with one winner, the other ended with code 3, at most ${Math.max(...endedMs).toFixed(0)} ms after it was started (Node's start included), median ${percentile(endedMs, 0.5).toFixed(0)} ms`,
      bar: 'one winner each, code 3',
      holds: endedMs.length === races,
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

async function raceForLocks(home: string, races: number): Promise<Races> {
  const seen: Races = { winners: [], loserMs: [], freedMs: [] };
  const two: Contender[] = await Promise.all([startContender(built), startContender(built)]);
  try {
    for (let n = 0; n < races; n += 1) {
      // Every other race is for a directory that is quite new.
      const directory = join(home, n % 2 === 0 ? `new-${n}` : 'same');
      mkdirSync(directory, { recursive: true });
      const at = Date.now() + startInMs;
      const both = await Promise.all(two.map((one) => one.want(directory, at)));
      seen.winners.push(both.filter(({ won }) => won).length);
      for (const { won, ms, words: said } of both) {
        if (won) continue;
        seen.loserMs.push(ms);
        expect(said).toMatch(words);
      }
      const winner = both.findIndex(({ won }) => won);
      if (winner >= 0 && n % killedEvery === 0) await killWinner(two, winner, directory, seen);
      await Promise.all(two.map((one) => one.free()));
    }
    return seen;
  } finally {
    await Promise.all(two.map((one) => one.kill()));
  }
}

async function killWinner(two: Contender[], winner: number, directory: string, seen: Races): Promise<void> {
  await two[winner]!.kill();
  const killedAt = performance.now();
  const { won } = await two[1 - winner]!.want(directory, 0);
  expect(won, 'the lock is free after kill -9').toBe(true);
  seen.freedMs.push(performance.now() - killedAt);
  two[winner] = await startContender(built);
}

/** Returns how long the loser lived, ms. */
async function raceOfBots(home: string): Promise<number> {
  mkdirSync(home, { recursive: true });
  const clock = laterClock(join(home, 'ahead'));
  const slack = await startSlack({ clock, people: ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'] });
  const variables = environmentOf(slack, home);
  const startedAt = performance.now();
  const bots = [0, 1].map(() => run(variables, [join(built, 'dist', 'main.js')]));
  try {
    const outcomes = await Promise.all(
      bots.map((bot) =>
        bot.listening.then(
          () => 'listens' as const,
          () => bot.ended,
        ),
      ),
    );
    const tookMs = performance.now() - startedAt;
    expect(new Set(outcomes)).toEqual(new Set([3, 'listens']));
    expect(bots[outcomes.indexOf(3)]!.output()).toMatch(words);
    return tookMs;
  } finally {
    for (const { child } of bots) child.kill('SIGKILL');
    await Promise.all(bots.map(({ ended }) => ended));
    await slack.close();
  }
}
