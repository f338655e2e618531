import { expect, test } from 'vitest';
import type { Story } from '../simulation/script.ts';
import { type Plan, simulate } from '../simulation/simulate.ts';
import {
  diskFailures,
  everyPoint,
  isOf,
  oldFailures,
  plansOf,
  type Tally,
  type TrialName,
  tried,
  wrongIn,
} from '../simulation/trials.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** Set by the line that a failure prints. */
const { SEED, STEP, STORY } = process.env;

/** Doubled pages per 10,000 messages that are allowed where Slack takes messages late (reliability.md section 5, goal 1). */
const doubledMax = { of: 10_000, count: 60 };

const conditions: Record<TrialName, string> = {
  none: 'nothing else fails',
  errors: 'one call in six gets 429, 5xx, internal_error or no answer, half of them applied',
  late: 'one call in fourteen is answered never or late, or applied up to 60 s late',
  outage: 'Slack fails three calls of ten for an hour (a few minutes of a short story), or all',
  disk: 'the store fails once, before or after a commit, and nobody is killed',
};

/** The trial as a test of this title, or one run of it again: `STEP` says which. */
export function simulated(name: TrialName, title: string): void {
  if (STEP === undefined) test(title, () => shown(name));
  else
    test(`the run of SEED=${SEED} STEP=${STEP} again`, async () => {
      const plan = planOf(name, Number(STEP));
      expect(wrongIn(plan, await simulate(plan))).toEqual([]);
    });
}

function planOf(name: TrialName, step: number): Plan {
  const story = { seed, ...(STORY !== undefined && { story: STORY as Story }) };
  return name === 'disk'
    ? { ...story, weather: 'none', failAt: step }
    : { ...story, weather: name, killAt: step };
}

async function shown(name: TrialName): Promise<void> {
  const { seeds: seedsAtRandom, momentsPerSeed, steppedSeeds: seeds, diskEvery } = profile;
  const old = oldFailures().filter((plan) => isOf(name, plan));
  const atRandom = plansOf(name, seed, seedsAtRandom, momentsPerSeed);
  await shownOf(name, 'at random moments of a long story', [...old, ...atRandom]);
  if (name === 'disk')
    await shownOf(
      name,
      `at every ${diskEvery}th step of a short story, from another one on each time`,
      await diskFailures(seed, seeds, diskEvery),
    );
  else
    await shownOf(
      name,
      'at every step of a short story that leaves something new behind',
      await everyPoint(name, seed, seeds),
    );
}

async function shownOf(name: TrialName, when: string, plans: readonly Plan[]): Promise<void> {
  const tally = await tried(plans, () => performance.now(), console.error);
  const allowed = name === 'late' ? allowedOf(tally.posts) : 0;
  const kills = name === 'disk' ? 'disk failures' : 'crash points, a third of them twice';
  proved({
    goal: 1,
    tried: `simulated, ${conditions[name]}: ${tally.seeds} seeds, ${tally.runs} ${kills}, ${when}, ${tally.steps} steps`,
    seen: seenIn(tally),
    bar: name === 'late' ? `0, 0, at most ${allowed} pages doubled, 0 in lanes that wait 60 s` : '0, 0, 0, 0',
    holds: tally.failures === 0 && (tally.doubled.page ?? 0) <= allowed,
  });
}

function seenIn(tally: Tally): string {
  const { runs, lost, misordered, broken, posts, doubled, pageMsMax, tookMs } = tally;
  const copies = Object.entries(doubled).map(([lane, count]) => `${count} in ${lane}`);
  const speed = (runs / (tookMs / 1_000)).toFixed(1);
  return `${lost} lost, ${misordered} misordered, ${copies.join(' and ') || 0} doubled of ${posts} messages, ${broken} other invariants broken; slowest page ${(pageMsMax / 1_000).toFixed(1)} s; ${speed} runs/s`;
}

/** Chance has its share: three standard deviations above the bar are no proof of anything, and above that it is one. */
function allowedOf(posts: number): number {
  const expected = (posts * doubledMax.count) / doubledMax.of;
  return Math.floor(expected + 3 * Math.sqrt(expected));
}
