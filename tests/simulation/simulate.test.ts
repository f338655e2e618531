import { expect, test } from 'vitest';
import { type Plan, simulate } from './simulate.ts';
import { wrongIn } from './trials.ts';

/** Everything that may not be, of one run. */
const wrong = async (plan: Plan): Promise<string[]> => wrongIn(plan, await simulate(plan));

/** The number of the `nth` step of that kind, where nothing goes wrong. */
async function stepOf(seed: number, kind: string, nth: number): Promise<number> {
  const { steps } = await simulate({ seed, weather: 'none' });
  const found = steps.flatMap((step, n) => (step === kind ? [n] : []));
  return found[nth]!;
}

test('three incidents come and go in a simulated world, and nothing is missing at the end', async () => {
  expect(await wrong({ seed: 1, weather: 'none' })).toEqual([]);
});

test('killed after a message was posted and before that was on disk, nobody reads it twice', async () => {
  const killAt = await stepOf(1, 'after chat.postMessage', 3);
  expect(await wrong({ seed: 1, weather: 'none', killAt })).toEqual([]);
});

test('a claim that is on disk, and was reported as failed, is looked up: nothing waits for ever', async () => {
  const failAt = await stepOf(1, 'after claim', 12);
  expect(await wrong({ seed: 1, weather: 'none', failAt })).toEqual([]);
});

test('an outcome that the disk did not take is written down later', async () => {
  const failAt = await stepOf(1, 'before settle', 12);
  expect(await wrong({ seed: 1, weather: 'none', failAt })).toEqual([]);
});
