import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { Address } from '../../src/oncall/address.ts';
import { type Rotation, turnAt } from '../../src/oncall/rotation.ts';
import { isWorkingTime, nextWorkingMorning, nextWorkingTime } from '../../src/oncall/working-hours.ts';
import { changes, handoverTimes, zones } from '../simulation/clock/script.ts';

const person = (value: string): Address => ({ kind: 'user', value });
const [hour, day] = [3_600_000, 86_400_000];
const everyDay = { days: [1, 2, 3, 4, 5, 6, 7], from: '01:00', to: '17:00' };

/** When turns change in the four days around `at`. */
function handovers(rotation: Rotation, at: number): number[] {
  const found: number[] = [];
  for (let from = at - 2 * day; from < at + 2 * day; ) {
    const { until } = turnAt(rotation, from);
    found.push(until);
    from = until;
  }
  return found;
}

const localDate = (at: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();

test('every zone of these changes its clocks twice in a year', () => {
  expect(zones.map((zone) => changes.filter(({ timeZone }) => timeZone === zone).length)).toEqual(
    zones.map(() => 12),
  );
});

test.each(handoverTimes)(
  'a handover at %s happens once on each day, also where the clocks change',
  (handoverAt) => {
    for (const { timeZone, at } of changes) {
      const members = [person('U0BEA'), person('U0CAI')];
      const rotation = { startsOn: '2024-12-30', handoverAt, timeZone, everyHours: 24, members };
      const dates = handovers(rotation, at).map((one) => localDate(one, timeZone));
      const first = Temporal.PlainDate.from(dates[0]!);
      expect(dates, `${timeZone}, ${new Date(at).toISOString()}`).toEqual(
        dates.map((_date, n) => first.add({ days: n }).toString()),
      );
    }
  },
);

test('work begins where somebody works, never in the past, and the morning after is one day on', () => {
  for (const { timeZone, at } of changes) {
    for (let now = at - day; now < at + day; now += hour) {
      const next = nextWorkingTime(now, everyDay, timeZone);
      const where = `${timeZone}, ${new Date(now).toISOString()}`;
      expect(next, where).toBeGreaterThanOrEqual(now);
      expect(next - now, where).toBeLessThanOrEqual(9 * hour);
      expect(isWorkingTime(next, everyDay, timeZone), where).toBe(true);
    }
    const morning = nextWorkingMorning(at, '10:00', everyDay, timeZone);
    const today = Temporal.PlainDate.from(localDate(at, timeZone));
    expect(localDate(morning, timeZone)).toBe(today.add({ days: 1 }).toString());
  }
});
