import { expect, test } from 'vitest';
import { type Plan, simulate } from '../simulation/simulate.ts';
import {
  isOf,
  oldFailures,
  plansOf,
  type Stride,
  stridePlans,
  type Tally,
  type TrialName,
  tried,
  wrongIn,
} from '../simulation/trials.ts';
import type { WeatherName } from '../simulation/weather.ts';
import { seed } from '../support/seed.ts';
import { type Profile, profile } from './profile.ts';
import { proved } from './proved.ts';

const { SEED, STEP, PROFILE, STORY } = process.env;
/** Moments of each seed at which it is killed, or its disk fails. */
const momentsPerSeed = 2;
/**
 * The steps of a short story at which it is killed. Those of one seed say much the same: better a few of many seeds than
 * all of a few. Both numbers are prime, because steps come in pairs. An outage has the most steps.
 */
const often: Stride = { seeds: profile.seeds, every: 13 };
const seldom: Stride = { seeds: profile.seeds, every: 37 };
const strides: Record<Profile['name'], Partial<Record<TrialName, Stride>>> = {
  short: { none: { seeds: 1, every: 1 } },
  full: { none: often, errors: often, late: often, outage: seldom, disk: often },
};

/** Doubled pages per 10,000 messages that are allowed where Slack takes messages late (reliability.md section 5, goal 1). */
const doubledMax = { of: 10_000, count: 60 };

const conditions: Record<TrialName, string> = {
  none: 'nothing else fails',
  errors: 'one call in six gets 429, 5xx, internal_error or no answer, half of them applied',
  late: 'one call in fourteen is answered never or late, or applied up to 60 s late',
  outage: 'Slack fails three calls of ten for an hour, or all',
  disk: 'the store fails once, before or after a commit, and nobody is killed',
};

/** Chance has its share: three standard deviations above the bar are no proof of anything, and above that it is one. */
function allowedOf(posts: number): number {
  const expected = (posts * doubledMax.count) / doubledMax.of;
  return Math.floor(expected + 3 * Math.sqrt(expected));
}

function seenIn(tally: Tally): string {
  const { runs, lost, misordered, broken, posts, doubled, pageMsMax, tookMs } = tally;
  const copies = Object.entries(doubled).map(([lane, count]) => `${count} in ${lane}`);
  const speed = (runs / (tookMs / 1_000)).toFixed(1);
  return `${lost} lost, ${misordered} misordered, ${copies.join(' and ') || 0} doubled of ${posts} messages, ${broken} other invariants broken; slowest page ${(pageMsMax / 1_000).toFixed(1)} s; ${speed} runs/s`;
}

async function shown(name: TrialName): Promise<void> {
  const old = oldFailures().filter((plan) => isOf(name, plan));
  const atRandom = plansOf(name, seed, profile.seeds, momentsPerSeed);
  await shownOf(name, 'at random moments', [...old, ...atRandom]);
  const stride = strides[profile.name][name];
  if (!stride) return;
  const which =
    stride.every === 1 ? 'each step' : `every ${stride.every}th step, from another one on each time,`;
  await shownOf(name, `at ${which} of a short story`, await stridePlans(name, seed, stride));
}

async function shownOf(name: TrialName, when: string, plans: readonly Plan[]): Promise<void> {
  const tally = await tried(plans, () => performance.now());
  for (const line of tally.failures) console.error(line);
  const allowed = name === 'late' ? allowedOf(tally.posts) : 0;
  const kills = name === 'disk' ? 'disk failures' : 'crash points, a third of them twice';
  proved({
    goal: 1,
    tried: `simulated, ${conditions[name]}: ${tally.seeds} seeds, ${tally.runs} ${kills}, ${when}, ${tally.steps} steps`,
    seen: seenIn(tally),
    bar: name === 'late' ? `0, 0, at most ${allowed} pages doubled, 0 in lanes that wait 60 s` : '0, 0, 0, 0',
    holds: tally.failures.length === 0 && (tally.doubled.page ?? 0) <= allowed,
  });
}

if (STEP === undefined) {
  test('whenever it is killed, nothing is lost, doubled or out of order', () => shown('none'));
  test('nor where Slack and PagerDuty refuse, fail and fall silent', () => shown('errors'));
  test('nor where answers are lost, and calls are applied late: then a page may ring twice', () =>
    shown('late'));
  test('nor where Slack is half or wholly gone for an hour', () => shown('outage'));
  test('nor where the disk fails at any commit', () => shown('disk'));
} else {
  test(`the run of SEED=${SEED} STEP=${STEP} PROFILE=${PROFILE} again`, async () => {
    const step = Number(STEP);
    const weather = PROFILE === 'disk' ? 'none' : (PROFILE as WeatherName);
    const doom = PROFILE === 'disk' ? { failAt: step } : { killAt: step };
    const plan = { seed, weather, ...doom, ...(STORY === 'short' && { isShort: true as const }) };
    expect(wrongIn(plan, await simulate(plan))).toEqual([]);
  });
}
