import { expect, test } from 'vitest';
import { type Plan, simulate } from '../simulation/simulate.ts';
import {
  everyStepOf,
  isOf,
  oldFailures,
  plansOf,
  type Tally,
  type TrialName,
  tried,
  wrongIn,
} from '../simulation/trials.ts';
import type { WeatherName } from '../simulation/weather.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

const { SEED, STEP, PROFILE, STORY } = process.env;
/** Moments of each seed at which it is killed, or its disk fails. */
const momentsPerSeed = 2;
/** Seeds of which a short story is killed at each of its steps; an outage has more of them. */
const everyStepSeeds: Record<TrialName, number> = {
  short: { none: 1, errors: 0, late: 0, outage: 0, disk: 0 },
  full: { none: 15, errors: 15, late: 15, outage: 6, disk: 15 },
}[profile.name];
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
  const atEach = await everyStepOf(name, seed, everyStepSeeds[name]);
  if (atEach.length > 0) await shownOf(name, 'at each step of a short story', atEach);
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
