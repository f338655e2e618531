import { expect, test } from 'vitest';
import type { Fact } from '../../src/incident/facts.ts';
import { shiftReport } from '../../src/oncall/shift-report.ts';

const paged = (people: number, more: object = {}): Fact =>
  ({
    type: 'people-paged',
    order: { action: 'page', reason: { why: 'ladder' }, ...more },
    people: Array.from({ length: people }, (_, n) => ({ user: `U${n}`, standing: '' })),
    skipped: [],
    askedInstead: [],
    missing: null,
  }) as unknown as Fact;

test('a shift counts who was paged in its time, how many out of hours, and the noisiest services', () => {
  const logs = [
    { service: 'payments', entries: [1, 2, 9].map((at) => ({ at, fact: paged(1) })) },
    { service: 'search', entries: [{ at: 3, fact: paged(2) }] },
    { service: null, entries: [{ at: 4, fact: paged(1) }] },
    { service: 'shop', entries: [{ at: 4, fact: paged(1, { action: 'notify' }) }] },
    { service: 'mail', entries: [{ at: 4, fact: paged(1, { reason: { why: 'still-on-it', sinceAt: 1 } }) }] },
  ];
  expect(shiftReport(logs, { from: 1, until: 9 }, (at) => at >= 3)).toEqual({
    pages: 5,
    outOfHours: 2,
    noisy: [
      { service: 'payments', pages: 2 },
      { service: 'search', pages: 2 },
      { service: null, pages: 1 },
    ],
  });
});

test('a quiet shift had nothing', () => {
  expect(shiftReport([], { from: 1, until: 9 }, () => true)).toEqual({ pages: 0, outOfHours: 0, noisy: [] });
});
