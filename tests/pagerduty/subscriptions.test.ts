import { expect, test } from 'vitest';
import type { PagerDutySubscription } from '../../src/pagerduty/answers.ts';
import { problemOf } from '../../src/pagerduty/subscriptions.ts';

const ours: PagerDutySubscription = {
  id: 'PONE111',
  url: 'https://tocsin.example.com/webhooks/pagerduty',
  active: true,
  temporarilyDisabled: false,
  events: [],
};
const elsewhere = { ...ours, id: 'PTWO222', url: 'https://other.example.com/hook' };
const off = { active: false };

test.each([
  ['it works', [ours], [], null],
  ['nobody else is ours to judge', [{ ...elsewhere, ...off }], [], null],
  ['there was never one', [], [], null],
  ['one of two is off on purpose', [ours, { ...ours, id: 'PTHREE3', ...off }], [], null],
  ['switched off, known by its address', [{ ...ours, ...off }], [], '(PONE111) is switched off'],
  ['behind a proxy, known by its id', [{ ...elsewhere, ...off }], ['PTWO222'], '(PTWO222) is switched off'],
  [
    'off for a day, though another one works',
    [ours, { ...elsewhere, temporarilyDisabled: true }],
    ['PTWO222'],
    'PTWO222 off for 24 hours',
  ],
  ['deleted', [elsewhere], ['PONE111'], '(PONE111) is gone'],
  ['replaced by a new one', [ours], ['PGONE99'], null],
])('%s', (_what, rows, heard, words) => {
  const problem = problemOf(rows, heard);
  if (words === null) expect(problem).toBeNull();
  else expect(problem).toContain(words);
});
