import { expect, test } from 'vitest';
import { beatBy } from '../src/beat.ts';
import type { Clock } from '../src/clock.ts';
import { clockProblem, steadyClock } from '../src/steady-clock.ts';
import { scriptedMachine } from './support/scripted-machine.ts';

const startAt = Date.UTC(2026, 2, 2, 2, 0);
const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const everyFifth = (at: Date): boolean => at.getUTCSeconds() % 5 === 0;

/** A heart on a clock, and the times at which it beat, in seconds of true time. */
function hearted(machine: ReturnType<typeof scriptedMachine>, clock: Clock) {
  const beats: number[] = [];
  const end = beatBy(clock, everyFifth, async () => void beats.push((machine.trueAt() - startAt) / second));
  return { beats, end };
}

test.each([
  ['an hour ahead', hour],
  ['an hour back', -hour],
  ['30 days ahead', 30 * day],
  ['30 days back', -30 * day],
])('a clock that is set %s moves ours by a second in an hour, and says so', async (_what, setMs) => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  await machine.goes(minute);
  expect(clockProblem(machine.wall() - clock.now())).toBeNull();
  machine.isSetBy(setMs);
  expect(clock.now()).toBe(startAt + minute);
  expect(clockProblem(machine.wall() - clock.now())).toContain(setMs > 0 ? 'ahead' : 'behind');
  await machine.goes(hour);
  expect(Math.abs(clock.now() - machine.trueAt())).toBeLessThanOrEqual(second);
});

test('a difference of a second is made up for in an hour, and nobody hears of it', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  machine.isSetBy(second);
  expect(clockProblem(machine.wall() - clock.now())).toBeNull();
  await machine.goes(2 * hour);
  expect(clock.now()).toBe(machine.wall());
});

test.each([1, 1_000])(
  'a sleep of the machine counts, where it tells its uptime in pieces of %d ms',
  async (grain) => {
    const machine = scriptedMachine(startAt, grain);
    const clock = steadyClock(machine, 0);
    await machine.goes(90 * second);
    machine.sleeps(8 * hour);
    expect(Math.abs(clock.now() - machine.trueAt())).toBeLessThan(grain * 2);
    expect(clockProblem(machine.wall() - clock.now())).toBeNull();
  },
);

test('it begins at the last time that was written down, where the machine is behind that', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, startAt + hour);
  expect(clock.now()).toBe(startAt + hour);
  expect(clockProblem(machine.wall() - clock.now())).toBe(
    "This machine's clock is 1 h behind the time that Tocsin has counted. Tocsin never goes back: the times it shows are 1 h ahead of the clock until that has caught up. Set the clock right if it is wrong.",
  );
  expect(steadyClock(machine, startAt - hour).now()).toBe(startAt);
});

test('whoever sleeps for 25 days wakes then, and not at once as a single timer would', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  let wokeAt: number | null = null;
  void clock.sleepUntil(startAt + 25 * day).then(() => {
    wokeAt = clock.now();
  });
  await machine.goes(minute);
  expect(wokeAt).toBeNull();
  machine.sleeps(25 * day - 2 * minute);
  await machine.goes(59 * second);
  expect(wokeAt).toBeNull();
  await machine.goes(second);
  expect(wokeAt).toBe(startAt + 25 * day);
});

test('after a sleep of the machine whoever waited wakes within 5 s', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  let isAwake = false;
  void clock.sleepUntil(startAt + 10 * minute).then(() => {
    isAwake = true;
  });
  await machine.goes(minute);
  machine.sleeps(8 * hour);
  await machine.goes(5 * second);
  expect(isAwake).toBe(true);
});

test('an aborted sleep ends at once', async () => {
  const machine = scriptedMachine(startAt);
  const bound = new AbortController();
  const slept = steadyClock(machine, 0).sleepUntil(startAt + day, bound.signal);
  bound.abort();
  await slept;
  expect(machine.trueAt()).toBe(startAt);
});

test.each([
  ['set an hour back', (machine: ReturnType<typeof scriptedMachine>) => machine.isSetBy(-hour)],
  ['set 30 days back', (machine: ReturnType<typeof scriptedMachine>) => machine.isSetBy(-30 * day)],
  ['set 30 days ahead', (machine: ReturnType<typeof scriptedMachine>) => machine.isSetBy(30 * day)],
])('the heart of a machine whose clock is %s goes on every five seconds', async (_what, happens) => {
  const machine = scriptedMachine(startAt);
  const { beats, end } = hearted(machine, steadyClock(machine, 0));
  await machine.goes(12 * second);
  happens(machine);
  await machine.goes(20 * second);
  await end();
  expect(beats.map(Math.round)).toEqual([5, 10, 15, 20, 25, 30]);
});

test('after a sleep of 12 hours it beats once within five seconds, and not for every beat that was missed', async () => {
  const machine = scriptedMachine(startAt);
  const { beats, end } = hearted(machine, steadyClock(machine, 0));
  await machine.goes(12 * second);
  machine.sleeps(12 * hour);
  await machine.goes(5 * second);
  await end();
  const after = beats.filter((at) => at > 60);
  expect(after.length).toBeGreaterThanOrEqual(1);
  expect(after.length).toBeLessThanOrEqual(2);
});

test('what is due between two beats is acted on then, once, and what is still due waits for the next', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  const dues = [startAt + 6_300, startAt + 7_900, startAt + 8_000, startAt + 13_250];
  const beats: number[] = [];
  const end = beatBy(
    clock,
    everyFifth,
    async () => {
      beats.push(machine.trueAt() - startAt);
      // The last one is nobody's to settle.
      while (dues.length > 1 && dues[0]! <= clock.now()) dues.shift();
    },
    () => dues[0] ?? null,
  );
  await machine.goes(20 * second);
  await end();
  // Of two within 200 ms the second waits that long.
  expect(beats).toEqual([5_000, 6_300, 7_900, 8_100, 10_000, 13_250, 15_000, 20_000]);
});

test('whoever was asleep when something was due hears of it within a second', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  let dueAt: number | null = startAt + 10 * minute;
  const heardAt: number[] = [];
  const hear = async (): Promise<void> => {
    if (dueAt === null || dueAt > clock.now()) return;
    heardAt.push(machine.trueAt());
    dueAt = null;
  };
  const end = beatBy(
    clock,
    () => false,
    hear,
    () => dueAt,
  );
  await machine.goes(minute + 300);
  machine.sleeps(8 * hour);
  const wokeAt = machine.trueAt();
  await machine.goes(5 * second);
  await end();
  expect(heardAt).toHaveLength(1);
  expect(heardAt[0]! - wokeAt).toBeLessThanOrEqual(second);
});

test('a beat that takes long is followed by one, and two are never under way', async () => {
  const machine = scriptedMachine(startAt);
  const clock = steadyClock(machine, 0);
  let underWay = 0;
  let most = 0;
  let beats = 0;
  const end = beatBy(clock, everyFifth, async () => {
    most = Math.max(most, ++underWay);
    await clock.sleepUntil(clock.now() + 7 * second);
    underWay -= 1;
    beats += 1;
  });
  await machine.goes(30 * second);
  expect([most, beats]).toEqual([1, 3]);
  const ended = end();
  await machine.goes(10 * second);
  await ended;
});
