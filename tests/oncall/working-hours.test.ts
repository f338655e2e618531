import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWorkingTime, nextWorkingTime } from '../../src/oncall/working-hours.ts';

const office = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };

function next(when: string, zone: string): string {
  return new Date(nextWorkingTime(Date.parse(when), office, zone)).toISOString().slice(0, 16);
}

test.each([
  ['Monday at nine', '2026-01-05T09:00:00.000Z', true],
  ['just before nine', '2026-01-05T08:59:59.999Z', false],
  ['just before five', '2026-01-05T16:59:59.999Z', true],
  ['at five', '2026-01-05T17:00:00.000Z', false],
  ['Saturday at noon', '2026-01-10T12:00:00.000Z', false],
])('%s', (_, when, working) => {
  expect(isWorkingTime(Date.parse(when), office, 'UTC')).toBe(working);
});

test('working hours are those of the place where somebody is', () => {
  const moment = Date.parse('2026-01-05T08:30Z');
  expect(isWorkingTime(moment, office, 'Europe/Berlin')).toBe(true);
  expect(isWorkingTime(moment, office, 'America/New_York')).toBe(false);
});

test('what is due outside waits for the next working morning', () => {
  expect(next('2026-01-05T10:11Z', 'UTC')).toBe('2026-01-05T10:11');
  expect(next('2026-01-05T03:00Z', 'UTC')).toBe('2026-01-05T09:00');
  expect(next('2026-01-05T17:00Z', 'UTC')).toBe('2026-01-06T09:00');
  expect(next('2026-01-09T17:00Z', 'UTC')).toBe('2026-01-12T09:00');
  expect(next('2026-03-28T12:00Z', 'Europe/Berlin')).toBe('2026-03-30T07:00');
  expect(next('2026-10-24T12:00Z', 'Europe/Berlin')).toBe('2026-10-26T08:00');
});

test('with one working day the next may be a week away', () => {
  const mondays = { ...office, days: [1] };
  expect(nextWorkingTime(Date.parse('2026-01-05T17:00Z'), mondays, 'UTC')).toBe(
    Date.parse('2026-01-12T09:00Z'),
  );
});

test('the next working time is working time, never earlier, and waiting again changes nothing', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  );
  const moments = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) });
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  fc.assert(
    fc.property(zones, moments, days, (zone, moment, days) => {
      const hours = { ...office, days };
      const found = nextWorkingTime(moment, hours, zone);
      expect(found).toBeGreaterThanOrEqual(moment);
      expect(isWorkingTime(found, hours, zone)).toBe(true);
      expect(nextWorkingTime(found, hours, zone)).toBe(found);
    }),
  );
});

test('asked for many moments in any order, each answer is the first working time from then on', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe');
  const weekMs = 7 * 86_400_000;
  const start = Date.UTC(2026, 2, 23);
  const moments = fc.array(fc.integer({ min: start, max: start + 2 * weekMs }), { minLength: 2 });
  fc.assert(
    fc.property(zones, moments, (zone, asked) => {
      for (const moment of asked) {
        const found = nextWorkingTime(moment, office, zone);
        expect(isWorkingTime(found, office, zone)).toBe(true);
        const steps = found > moment ? 5 : 0;
        const between = Array.from({ length: steps }, (_, n) => moment + ((found - moment) * n) / steps);
        const before = steps > 0 ? [...between, found - 1] : [];
        expect(before.filter((at) => isWorkingTime(Math.floor(at), office, zone))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});
