import { expect, onTestFinished, test } from 'vitest';
import { acts, cast, firstActs, staged, tried } from '../support/rights.ts';

const kinds = (...named: string[]) => cast.filter(({ as }) => named.includes(as));

async function all(isPrivate: boolean, people: typeof cast) {
  const stage = await staged(isPrivate);
  onTestFinished(() => stage.world.stop());
  return tried(stage, (one) => people.includes(one));
}

test('a public incident: externals, deactivated people, bots, and guests elsewhere are told why not, and change nothing', async () => {
  const people = kinds('external', 'deactivated', 'bot user', 'guest elsewhere');
  const { cells, wrong } = await all(false, people);
  expect(wrong).toEqual([]);
  expect(cells).toBe(people.length * acts.length);
});

test('a public incident: guests in its channel do what the table gives them, and nothing else', async () => {
  const { wrong } = await all(false, kinds('guest in the channel'));
  expect(wrong).toEqual([]);
});

test('a private incident: whoever is not in it changes nothing of it and learns nothing, member or not', async () => {
  const { wrong } = await all(true, kinds('guest elsewhere', 'member'));
  expect(wrong).toEqual([]);
});

test('somebody nobody has met: their first act is judged as every other, through every door', async () => {
  const { cells, wrong } = await firstActs();
  expect(wrong).toEqual([]);
  expect(cells).toBe(40);
});
