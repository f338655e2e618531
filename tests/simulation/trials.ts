import { readFileSync } from 'node:fs';
import type { Lane } from '../../src/incident/effects.ts';
import { diceOf } from './dice.ts';
import { type Outcome, type Plan, simulate } from './simulate.ts';
import type { WeatherName } from './weather.ts';

/** What goes wrong in a series of runs: the weather, with kills; or nothing but the disk. */
export type TrialName = WeatherName | 'disk';

export interface Tally {
  runs: number;
  seeds: number;
  posts: number;
  pages: number;
  steps: number;
  pageMsMax: number;
  /** Copies beyond the first, by the lane that posted them. */
  doubled: Partial<Record<Lane, number>>;
  lost: number;
  misordered: number;
  /** There more often than what Slack took too late explains. */
  repeated: number;
  broken: number;
  /** Runs that went wrong. */
  failures: number;
  /** Real time, ms. */
  tookMs: number;
}

/** Steps among which the moment is drawn: a script has many hundreds, the last ones mere waiting. */
const stepsMax = 800;

/** Runs that went wrong once. They come first, in every profile. */
export function oldFailures(): Plan[] {
  const path = new URL('seeds.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Plan[];
}

export const isOf = (name: TrialName, plan: Plan): boolean =>
  name === 'disk' ? plan.failAt !== undefined : plan.weather === name && plan.failAt === undefined;

/** So many seeds from `seed` on, each killed at so many moments. */
export function plansOf(name: TrialName, seed: number, seeds: number, momentsPerSeed: number): Plan[] {
  return Array.from({ length: seeds }, (_, n) => seed + n).flatMap((one) => {
    const dice = diceOf(one, `moments ${name}`);
    return Array.from({ length: momentsPerSeed }, (): Plan => {
      const moment = dice.between(0, stepsMax);
      if (name === 'disk') return { seed: one, weather: 'none', failAt: moment };
      return { seed: one, weather: name, killAt: moment };
    });
  });
}

/** A short story of each of so many seeds, killed at every point. */
export const everyPoint = (name: WeatherName, seed: number, seeds: number): Promise<Plan[]> =>
  atEveryPoint(shortStories(name, seed, seeds));

/** A story of three incidents of each of so many seeds, killed at every point. */
export const everyPointOfThree = (weather: WeatherName, seed: number, seeds: number): Promise<Plan[]> =>
  atEveryPoint(Array.from({ length: seeds }, (_, n) => ({ seed: seed + n, weather })));

/** Killed at every step at which a death leaves something else behind than at the one before. */
const atEveryPoint = (stories: readonly Plan[]): Promise<Plan[]> =>
  plansOfEach(stories, async (story) =>
    (await simulate(story)).points.map((killAt) => ({ ...story, killAt })),
  );

/** A short story of each of so many seeds, with a disk that fails at one step of so many, and of the next seed at the next one. */
export async function diskFailures(seed: number, seeds: number, every: number): Promise<Plan[]> {
  return plansOfEach(shortStories('none', seed, seeds), async (story, index) => {
    const { steps } = await simulate(story);
    const moments = [...steps.keys()].filter((step) => step % every === index % every);
    return moments.map((failAt) => ({ ...story, failAt }));
  });
}

/** How an incident begins and ends has most of the steps: what happens meanwhile is in one of so many stories. */
const middleEvery = 4;

const shortStories = (weather: WeatherName, seed: number, seeds: number): Plan[] =>
  Array.from({ length: seeds }, (_, n) => ({
    ...{ seed: seed + n, weather },
    story: n % middleEvery === 0 ? 'short' : 'shortest',
  }));

/** One after the other. */
async function plansOfEach(
  stories: readonly Plan[],
  plansOfOne: (story: Plan, index: number) => Promise<Plan[]>,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const [index, story] of stories.entries()) plans.push(...(await plansOfOne(story, index)));
  return plans;
}

/** Whoever waits for many runs hears how far they are after so many. */
const heardOfEvery = 1_000;

/** `now`: real time, ms. `say`: hears what goes wrong at once, and how far it is. */
export async function tried(
  plans: readonly Plan[],
  now: () => number,
  say: (line: string) => void,
): Promise<Tally> {
  const tally: Tally = {
    ...{
      runs: 0,
      posts: 0,
      pages: 0,
      steps: 0,
      pageMsMax: 0,
      lost: 0,
      misordered: 0,
      repeated: 0,
      broken: 0,
      tookMs: 0,
    },
    ...{ seeds: new Set(plans.map(({ seed }) => seed)).size, doubled: {}, failures: 0 },
  };
  const beganAt = now();
  for (const plan of plans) {
    const outcome = await simulate(plan);
    tally.runs += 1;
    tally.posts += outcome.posts;
    tally.pages += outcome.pages;
    tally.steps += outcome.steps.length;
    tally.pageMsMax = Math.max(tally.pageMsMax, outcome.pageMsMax);
    for (const [lane, count] of Object.entries(outcome.doubled) as [Lane, number][])
      tally.doubled[lane] = (tally.doubled[lane] ?? 0) + count;
    tally.lost += outcome.lost.length;
    tally.misordered += outcome.misordered.length;
    tally.repeated += outcome.repeated.length;
    tally.broken += outcome.broken.length;
    const wrong = wrongIn(outcome);
    if (wrong.length > 0) {
      tally.failures += 1;
      say(`${wrong.join('; ')} | again: ${replayOf(plan)}`);
    }
    if (tally.runs % heardOfEvery === 0)
      say(`${plan.weather}: ${tally.runs} of ${plans.length} tried, ${tally.failures} went wrong`);
  }
  tally.tookMs = now() - beganAt;
  return tally;
}

/** Everything that may not be. */
export const wrongIn = ({ lost, misordered, broken, repeated }: Outcome): string[] => [
  ...lost,
  ...misordered,
  ...broken,
  ...repeated,
];

/** One line that plays it again. */
function replayOf({ seed, weather, killAt, failAt, drawnAt, story: length }: Plan): string {
  const name = failAt === undefined ? weather : 'disk';
  const story = length === undefined ? '' : ` STORY=${length}`;
  const drawn = drawnAt === undefined ? '' : ` DRAWN=${drawnAt}`;
  const run = `PROOF_PROFILE=short npx vitest run --project proof tests/proof/simulation-${name}.test.ts`;
  return `SEED=${seed} STEP=${killAt ?? failAt}${story}${drawn} ${run}`;
}
