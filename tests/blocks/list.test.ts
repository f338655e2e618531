import { expect, test } from 'vitest';
import { incidentList } from '../../src/blocks/list.ts';
import { screenAt } from './screen.ts';

test.each([
  ['open', 'No incident is open.'],
  ['mine', 'No open incident is yours.'],
  ['SEV1', 'There is no SEV1 incident yet.'],
  ['__proto__', 'There is no __proto__ incident yet.'],
  ['constructor', 'There is no constructor incident yet.'],
])('an empty list of %s says so in words', (filter, words) => {
  expect(incidentList([], screenAt('02:00'), filter, false).text).toBe(words);
});
