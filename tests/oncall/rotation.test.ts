import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Address, parseAddress } from '../../src/oncall/address.ts';
import { type Rotation, turnAt } from '../../src/oncall/rotation.ts';
import { type Cover, onCallAt, type Schedule } from '../../src/oncall/schedule.ts';
import { surveyOf } from '../../src/oncall/survey.ts';

const person = (value: string): Address => ({ kind: 'user', value });
const [ana, bea, cai] = [person('U0ANA'), person('U0BEA'), person('U0CAI')];
/** Handover on Mondays at 09:00 in Berlin, where clocks go forward on 2026-03-29 and back on 2026-10-25. */
const berlin: Rotation = {
  startsOn: '2026-01-05',
  handoverAt: '09:00',
  timeZone: 'Europe/Berlin',
  everyHours: 168,
  members: [ana, bea, cai],
};

const only = (rotation: Rotation, secondary?: Rotation): Schedule => ({
  primary: [rotation],
  ...(secondary ? { secondary: [secondary] } : {}),
});

function at(rotation: Rotation | Schedule, when: string, covers: Cover[] = []): string {
  const schedule = 'members' in rotation ? only(rotation) : rotation;
  const { primary, secondary, until, next } = onCallAt(schedule, Date.parse(when), covers);
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
  const rotation = only(berlin, { ...berlin, members: [person('U0DAN'), person('U0EVA')] });
  expect(at(rotation, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then U0DAN/);
  expect(at(rotation, '2026-01-13T00:00Z')).toMatch(/^U0BEA, then U0EVA/);
  expect(at(rotation, '2026-01-20T00:00Z')).toMatch(/^U0CAI, then U0DAN/);
});

test('nobody is their own secondary', () => {
  expect(at({ ...berlin, members: [ana] }, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then undefined/);
  const sameList = only(berlin, { ...berlin, members: [ana] });
  expect(at(sameList, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then undefined/);
  const twice = only(berlin, berlin);
  expect(at(twice, '2026-01-06T00:00Z')).toMatch(/^U0ANA, then U0BEA/);
});

test('a daily rotation changes each morning, a half-day one morning and evening', () => {
  const daily = { ...berlin, everyHours: 24 };
  expect(at(daily, '2026-01-05T08:00Z')).toBe('U0ANA, then U0BEA, until 2026-01-06T08:00, next U0BEA');
  expect(at(daily, '2026-01-07T07:00Z')).toBe('U0BEA, then U0CAI, until 2026-01-07T08:00, next U0CAI');
  const halfDays = { ...berlin, everyHours: 12 };
  expect(at(halfDays, '2026-03-29T10:00Z')).toBe('U0BEA, then U0CAI, until 2026-03-29T19:00, next U0CAI');
});

test('business hours belong to one rotation and the rest to another', () => {
  const days = [1, 2, 3, 4, 5];
  const office = { ...berlin, hours: { days, from: '09:00', to: '17:00' } };
  const rest = { ...berlin, members: [person('U0DAN'), person('U0EVA')] };
  const schedule = { primary: [office, rest] };
  expect(at(schedule, '2026-01-05T08:00Z')).toBe('U0ANA, then U0BEA, until 2026-01-05T16:00, next U0DAN');
  expect(at(schedule, '2026-01-05T16:00Z')).toBe('U0DAN, then U0EVA, until 2026-01-06T08:00, next U0ANA');
  expect(at(schedule, '2026-01-10T12:00Z')).toBe('U0DAN, then U0EVA, until 2026-01-12T08:00, next U0BEA');
});

test('a weekend is one stretch, and a night belongs to the day it began on', () => {
  const weekend = { ...berlin, hours: { days: [6, 7], from: '00:00', to: '00:00' } };
  const schedule = { primary: [weekend, { ...berlin, members: [person('U0DAN')] }] };
  expect(at(schedule, '2026-01-10T12:00Z')).toMatch(/^U0ANA, then U0BEA, until 2026-01-11T23:00, next U0DAN/);
  const night = { ...berlin, hours: { days: [5], from: '22:00', to: '06:00' } };
  expect(at(night, '2026-01-10T04:59Z')).toMatch(/^U0ANA, .* until 2026-01-10T05:00/);
  expect(at(night, '2026-01-10T05:00Z')).toMatch(/^undefined, then undefined, until 2026-01-16T21:00/);
});

test('follow the sun: three zones share the day, and a missing hour is found', () => {
  const daily = (members: Address[], timeZone: string, from: string, to: string): Rotation => ({
    ...berlin,
    members,
    timeZone,
    hours: { days: [1, 2, 3, 4, 5, 6, 7], from, to },
  });
  const europe = daily([ana], 'Europe/Berlin', '08:00', '16:00');
  const america = daily([bea], 'America/Los_Angeles', '07:00', '17:00');
  const asia = daily([cai], 'Asia/Singapore', '08:00', '16:00');
  const whole = { primary: [europe, america, asia] };
  const from = Date.UTC(2026, 0);
  expect(surveyOf(whole.primary, from)).toEqual({ gap: null, idle: [] });
  expect(at(whole, '2026-01-05T12:00Z')).toMatch(/^U0ANA, .* until 2026-01-05T15:00, next U0BEA/);
  // It fits in winter; from the day on which America changes its clocks an hour is missing.
  const tight = {
    primary: [
      europe,
      { ...america, hours: { days: [1, 2, 3, 4, 5, 6, 7], from: '07:00', to: '16:00' } },
      asia,
    ],
  };
  expect(surveyOf(tight.primary, from).gap).toEqual({
    from: Date.parse('2026-03-08T23:00Z'),
    until: Date.parse('2026-03-09T00:00Z'),
  });
});

test('somebody covers: they are asked instead, and whoever they cover is left alone in both places', () => {
  const [dan] = [person('U0DAN')];
  const hours = (from: string, until: string) => ({ from: Date.parse(from), until: Date.parse(until) });
  const cover: Cover = {
    place: 'primary',
    member: bea,
    ...hours('2026-01-06T18:00Z', '2026-01-06T20:00Z'),
  };
  expect(at(berlin, '2026-01-06T17:00Z', [cover])).toBe(
    'U0ANA, then U0BEA, until 2026-01-06T18:00, next U0BEA',
  );
  expect(at(berlin, '2026-01-06T18:00Z', [cover])).toBe(
    'U0BEA, then U0CAI, until 2026-01-06T20:00, next U0ANA',
  );
  const later: Cover = { ...cover, member: dan, ...hours('2026-01-06T19:00Z', '2026-01-06T19:30Z') };
  expect(at(berlin, '2026-01-06T19:10Z', [cover, later])).toBe(
    'U0DAN, then U0BEA, until 2026-01-06T19:30, next U0BEA',
  );
  const own: Cover = { ...cover, place: 'secondary', member: ana };
  // Who is primary cannot be secondary too: whoever's turn it is keeps it.
  expect(at(berlin, '2026-01-06T18:30Z', [own])).toMatch(/^U0ANA, then U0BEA,/);
  const second: Cover = { ...cover, place: 'secondary', member: dan };
  expect(at(berlin, '2026-01-06T18:30Z', [second])).toMatch(/^U0ANA, then U0DAN, until 2026-01-06T20:00/);
});

const zonesOfTheYear = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];

test.each(zonesOfTheYear)(
  '%s, every quarter of an hour from 2025 to 2030: one primary, and the right one',
  (timeZone) => {
    const rotation = { ...berlin, timeZone, everyHours: 24, handoverAt: '02:30' };
    const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    let turn = turnAt(rotation, Date.UTC(2025, 0));
    let changes = 0;
    for (let moment = Date.UTC(2025, 0); moment < Date.UTC(2031, 0); moment += 900_000) {
      const now = turnAt(rotation, moment);
      if (now === turn) continue;
      expect(now.from).toBe(turn.until);
      expect(now.order[0]).toBe(turn.order[1]);
      // On the wall the handover is at 02:30; where the clocks skip that, as soon as it is later.
      expect(wall.format(now.from).slice(11)).toMatch(/^(?:02:30|03:[03]0)$/);
      turn = now;
      changes += 1;
    }
    expect(changes).toBeGreaterThanOrEqual(6 * 365);
  },
);

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
      const now = onCallAt(only(rotation), moment);
      expect(now.until).toBeGreaterThan(moment);
      expect(now.until - moment).toBeLessThanOrEqual(8 * 86_400_000);
      expect(onCallAt(only(rotation), now.until - 1).until).toBe(now.until);
      const { next, ...following } = onCallAt(only(rotation), now.until);
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
