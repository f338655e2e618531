import { expect, test } from 'vitest';
import type { Story } from '../simulation/script.ts';
import { type Plan, simulate } from '../simulation/simulate.ts';
import {
  diskFailures,
  everyPoint,
  everyPointOfThree,
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
const { SEED, STEP, STORY, DRAWN } = process.env;

/**
 * Doubled pages per 10,000 messages where Slack takes messages later than anybody waits for (reliability.md section 5,
 * goal 1). Fewer messages than that tell nothing of a rate.
 */
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
      expect(wrongIn(await simulate(plan))).toEqual([]);
    });
}

function planOf(name: TrialName, step: number): Plan {
  const story = {
    seed,
    ...(STORY !== undefined && { story: STORY as Story }),
    ...(DRAWN !== undefined && { drawnAt: Number(DRAWN) }),
  };
  return name === 'disk'
    ? { ...story, weather: 'none', failAt: step }
    : { ...story, weather: name, killAt: step };
}

const everyStep = 'every step that leaves something new behind, of';

async function shown(name: TrialName): Promise<void> {
  const { seeds: seedsAtRandom, momentsPerSeed, steppedSeeds: seeds, steppedOfThree, diskEvery } = profile;
  const old = oldFailures().filter((plan) => isOf(name, plan));
  const atRandom = plansOf(name, seed, seedsAtRandom, momentsPerSeed);
  await shownOf(name, 'at random moments of a long story', [...old, ...atRandom]);
  if (name === 'disk') {
    const when = `at every ${diskEvery}th step of a short story, from another one on each time`;
    return shownOf(name, when, await diskFailures(seed, seeds, diskEvery));
  }
  await shownOf(name, `at ${everyStep} a short story`, await everyPoint(name, seed, seeds));
  const ofThree = await everyPointOfThree(name, seed, steppedOfThree);
  if (ofThree.length > 0) await shownOf(name, `at ${everyStep} a story of three incidents`, ofThree);
}

async function shownOf(name: TrialName, when: string, plans: readonly Plan[]): Promise<void> {
  const tally = await tried(plans, () => performance.now(), console.error);
  const isRate = name === 'late' && tally.posts >= doubledMax.of;
  const allowed = isRate ? Math.floor((tally.posts * doubledMax.count) / doubledMax.of) : null;
  const kills = name === 'disk' ? 'disk failures' : 'crash points, a third of them twice';
  proved({
    goal: 1,
    tried: `simulated, ${conditions[name]}: ${tally.seeds} seeds, ${tally.runs} ${kills}, ${when}, ${tally.steps} steps`,
    seen: seenIn(tally),
    bar: `0, 0, ${name === 'late' ? '0 but those taken too late' : 0}${isRate ? `, of pages at most ${allowed}` : ''}, 0`,
    holds: tally.failures === 0 && (allowed === null || (tally.doubled.page ?? 0) <= allowed),
  });
}

function seenIn(tally: Tally): string {
  const { runs, lost, misordered, repeated, broken, posts, pages, doubled, pageMsMax, tookMs } = tally;
  const copies = Object.entries(doubled).map(([lane, count]) => `${count} in ${lane}`);
  const tooLate =
    copies.length > 0
      ? ` (${copies.join(', ')} more, taken later than their lanes wait; ${pages} were pages)`
      : '';
  const speed = (runs / (tookMs / 1_000)).toFixed(1);
  return `${lost} lost, ${misordered} misordered, ${repeated} doubled of ${posts} messages${tooLate}, ${broken} other invariants broken; slowest page ${(pageMsMax / 1_000).toFixed(1)} s; ${speed} runs/s`;
}
