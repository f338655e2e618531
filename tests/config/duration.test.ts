import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/config/duration.ts';

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
  [' 240m ', 14_400_000],
  ['366d', 366 * 86_400_000],
])('%j is read as %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '5', '5 minutes', '-5m', '1.5h', '5M', '1h30m', '367d', 'm', 'none', '9999999999s'])(
  '%j is not a duration',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test('a duration is shown in the largest unit that leaves no rest', () => {
  const shown = [0, 90_000, 5_400_000, 7_200_000, 86_400_000].map(formatDuration);
  expect(shown).toEqual(['0s', '90s', '90m', '2h', '1d']);
});

test('what is shown is read as the same duration again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 366 * 86_400 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1_000))).toBe(seconds * 1_000);
    }),
  );
});
