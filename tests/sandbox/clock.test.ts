import { expect, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';

test('sleepers wake in the order of their times, and only those whose time has come', async () => {
  const clock = movableClock(1_000);
  const woken: string[] = [];
  void clock.sleepUntil(3_000).then(() => woken.push('three'));
  void clock.sleepUntil(2_000).then(() => woken.push('two'));
  void clock.sleepUntil(9_000).then(() => woken.push('nine'));
  expect(clock.nextWakeAt()).toBe(2_000);
  clock.set(5_000);
  await Promise.resolve();
  expect(woken).toEqual(['two', 'three']);
  expect([clock.now(), clock.nextWakeAt()]).toEqual([5_000, 9_000]);
});

test('a time that has passed, and an aborted signal, do not sleep', async () => {
  const clock = movableClock(1_000);
  const stop = new AbortController();
  const sleep = clock.sleepUntil(9_000, stop.signal);
  stop.abort();
  await sleep;
  await clock.sleepUntil(1_000);
  await clock.sleepUntil(9_000, stop.signal);
  expect(clock.nextWakeAt()).toBeNull();
});

test('the clock never goes back', () => {
  const clock = movableClock(1_000);
  expect(() => clock.set(999)).toThrow('only moves forward');
});
