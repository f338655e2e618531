import { expect, test } from 'vitest';
import { readSpan } from '../../src/oncall/span.ts';

/** Monday 2 March 2026, 10:00 in Berlin. */
const now = Date.parse('2026-03-02T09:00Z');
const zone = { timeZone: 'Europe/Berlin', dayEndsAt: '17:00' };

function read(text: string): string {
  const span = readSpan(text, now, zone);
  if ('problem' in span) return `${span.problem}: ${span.typed}`;
  const time = (at: number) => new Date(at).toISOString().slice(5, 16).replace('T', ' ');
  return `${time(span.from)} to ${time(span.until)}${span.rest === '' ? '' : `, then ${span.rest}`}`;
}

test.each([
  ['2h', '03-02 09:00 to 03-02 11:00'],
  ['for 90 min', '03-02 09:00 to 03-02 10:30'],
  ['2 days payments', '03-02 09:00 to 03-04 09:00, then payments'],
  ['until 22:00', '03-02 09:00 to 03-02 21:00'],
  ['until tomorrow 09:00 payments', '03-02 09:00 to 03-03 08:00, then payments'],
  ['from 18:00 to 22:00', '03-02 17:00 to 03-02 21:00'],
  ['18:00-22:00 payments', '03-02 17:00 to 03-02 21:00, then payments'],
  ['from 22:00 to 06:00', '03-02 21:00 to 03-03 05:00'],
  ['from 08:00 to 12:00', '03-02 09:00 to 03-02 11:00'],
  ['from 07:00 to 08:00', '03-03 06:00 to 03-03 07:00'],
  ['friday 18:00 to saturday 09:00', '03-06 17:00 to 03-07 08:00'],
  ['from 28 mar 20:00 to 29 mar 08:00', '03-28 19:00 to 03-29 06:00'],
  ['', 'unreadable: '],
  ['soon', 'unreadable: soon'],
  ['from soon to later', 'unreadable: soon'],
  ['from 18:00 to later', 'unreadable: later'],
  ['until 2026-01-01', 'past: 2026-01-01'],
  ['until 2099-01-01', 'far: 2099-01-01'],
])('%s', (text, span) => {
  expect(read(text)).toBe(span);
});
