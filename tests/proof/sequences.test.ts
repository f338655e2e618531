import { expect, test } from 'vitest';
import { playSequence } from '../simulation/sequences/play.ts';
import { people, sequence } from '../simulation/sequences/steps.ts';
import { firstWrong } from '../support/tried.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

test('whatever people, PagerDuty and old buttons do in whatever order, each incident is what the plain reference says', async () => {
  let played = 0;
  let steps = 0;
  const failure = await firstWrong(
    'tests/proof/sequences.test.ts',
    sequence,
    async (one) => {
      played += 1;
      steps += one.length;
      return playSequence(one);
    },
    profile.sequences,
  );
  expect(failure, failure ?? '').toBeNull();
  proved({
    goal: 6,
    tried: `${played} random sequences of ${Math.round(steps / played)} commands, events and clicks on average, by ${people.length} people and PagerDuty through Slack's front door, with restarts, deliveries that come again and buttons of old messages`,
    seen: 'after each step every incident was what a plain reference says; at the end its facts folded gave the stored one, and everything that was taken was in the timeline once, under the right name',
    bar: 'each of them, after each step',
    holds: failure === null,
  });
});
