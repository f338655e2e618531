import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Address, parseAddress } from '../../src/oncall/address.ts';
import { onCallAt, type Rotation } from '../../src/oncall/rotation.ts';

const person = (value: string): Address => ({ kind: 'user', value });
const [ana, bea, cai] = [person('U0ANA'), person('U0BEA'), person('U0CAI')];
/** Handover on Mondays at 09:00 in Berlin, where clocks go forward on 2026-03-29 and back on 2026-10-25. */
const berlin: Rotation = {
  startsOn: '2026-01-05',
  handoverAt: '09:00',
  timeZone: 'Europe/Berlin',
  primary: [ana, bea, cai],
};

function at(rotation: Rotation, when: string): string {
  const { primary, secondary, until, next } = onCallAt(rotation, Date.parse(when));
  const ends = new Date(until).toISOString().slice(0, 16);
  return `${primary?.value}, then ${secondary?.value}, until ${ends}, next ${next.primary?.value}`;
}

test('each week the next person is on call, and the one after is secondary', () => {
  expect(at(berlin, '2026-01-05T08:00Z')).toBe('U0ANA, then U0BEA, until 2026-01-12T08:00, next U0BEA');
  expect(at(berlin, '2026-01-14T02:00Z')).toBe('U0BEA, then U0CAI, until 2026-01-19T08:00, next U0CAI');
  expect(at(berlin, '2026-01-20T02:00Z')).toBe('U0CAI, then U0ANA, until 2026-01-26T08:00, next U0ANA');
  expect(at(berlin, '2026-01-27T02:00Z')).toBe('U0ANA, then U0BEA, until 2026-02-02T08:00, next U0BEA');
});

test('the handover is exact to the millisecond', () => {
  expect(at(berlin, '2026-01-12T07:59:59.999Z')).toMatch(/^U0ANA/);
  expect(at(berlin, '2026-01-12T08:00:00.000Z')).toMatch(/^U0BEA/);
});

test('the handover stays at nine o’clock in Berlin when the clocks go forward and back', () => {
  expect(at(berlin, '2026-03-30T06:59:59.999Z')).toBe(
    'U0CAI, then U0ANA, until 2026-03-30T07:00, next U0ANA',
  );
  expect(at(berlin, '2026-03-30T07:00:00.000Z')).toBe(
    'U0ANA, then U0BEA, until 2026-04-06T07:00, next U0BEA',
  );
  expect(at(berlin, '2026-10-26T07:59:59.999Z')).toBe(
    'U0CAI, then U0ANA, until 2026-10-26T08:00, next U0ANA',
  );
  expect(at(berlin, '2026-10-26T08:00:00.000Z')).toMatch(/^U0ANA/);
});

test('a handover inside the hour that the clocks skip happens when that hour ends', () => {
  const sunday = { ...berlin, startsOn: '2026-03-22', handoverAt: '02:30' };
  expect(at(sunday, '2026-03-29T01:29:59.999Z')).toBe(
    'U0ANA, then U0BEA, until 2026-03-29T01:30, next U0BEA',
  );
  expect(at(sunday, '2026-03-29T01:30:00.000Z')).toMatch(/^U0BEA/);
});

test('a list that starts in the future is counted backwards: somebody is always on call', () => {
  expect(at(berlin, '2026-01-04T12:00Z')).toBe('U0CAI, then U0ANA, until 2026-01-05T08:00, next U0ANA');
});

test('a list of secondaries of its own turns by itself', () => {
  const rotation = { ...berlin, secondary: [person('U0DAN'), person('U0EVA')] };
  expect(at(rotation, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then U0DAN/);
  expect(at(rotation, '2026-01-13T00:00Z')).toMatch(/^U0BEA, then U0EVA/);
  expect(at(rotation, '2026-01-20T00:00Z')).toMatch(/^U0CAI, then U0DAN/);
});

test('nobody is their own secondary', () => {
  expect(at({ ...berlin, primary: [ana] }, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then undefined/);
  expect(at({ ...berlin, secondary: [ana] }, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then undefined/);
});

test('at any moment in any zone the shift ends later, within eight days, and the next one follows it', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  );
  const moments = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) });
  const clock = fc.constantFrom('00:00', '02:30', '09:00', '23:59');
  fc.assert(
    fc.property(zones, moments, clock, (timeZone, moment, handoverAt) => {
      const rotation = { ...berlin, timeZone, handoverAt };
      const now = onCallAt(rotation, moment);
      expect(now.until).toBeGreaterThan(moment);
      expect(now.until - moment).toBeLessThanOrEqual(8 * 86_400_000);
      expect(onCallAt(rotation, now.until - 1).until).toBe(now.until);
      const { next, ...following } = onCallAt(rotation, now.until);
      expect(following).toEqual(now.next);
      expect(next.primary).not.toEqual(following.primary);
    }),
  );
});

test.each([
  ['U012AB3CD', 'user'],
  ['W012AB3CD', 'user'],
  ['S012AB3CD', 'group'],
  ['bea@example.com', 'email'],
  ['+49 170 1234567', 'phone'],
])('%s is a %s', (text, kind) => {
  expect(parseAddress(text)).toEqual({ kind, value: text });
});

test.each(['', 'bob', '@bea', 'C012AB3CD', '0170 1234567', 'a@b', '<!channel>', 'x <bea@example.com>'])(
  '%j is no address',
  (text) => {
    expect(parseAddress(text)).toBeNull();
  },
);
