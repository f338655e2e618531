import { expect, test } from 'vitest';
import { watchRush } from '../src/rush.ts';

/** A door, and a clock that stands still until it is moved. */
function door() {
  const world = { now: 0, calmed: 0 };
  const clock = { now: () => world.now, sleepUntil: async () => {} };
  const rush = watchRush(clock, () => {
    world.calmed += 1;
  });
  return {
    world,
    rush,
    /** Comes in and is answered before the next one does, as connections do that arrive together. */
    comesAndGoes: () => rush.entered()(),
    /** Until the event loop has turned this often. */
    turns: async (count: number) => {
      for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('one after the other is no rush, however many there are', () => {
  const { world, rush, comesAndGoes } = door();
  for (let n = 0; n < 100; n += 1) {
    world.now += 6;
    comesAndGoes();
    expect(rush.isOn()).toBe(false);
  }
});

test('three of one moment are a rush, though each is answered before the next is let in', async () => {
  const { world, rush, comesAndGoes, turns } = door();
  for (let n = 0; n < 3; n += 1) comesAndGoes();
  expect(rush.isOn()).toBe(true);
  await turns(40);
  expect(rush.isOn()).toBe(false);
  expect(world.calmed).toBe(1);
});

test('it lasts while somebody waits for an answer, and nobody is told twice that it is over', async () => {
  const { world, rush, comesAndGoes, turns } = door();
  const answered = rush.entered();
  for (let n = 0; n < 5; n += 1) comesAndGoes();
  await turns(40);
  expect(rush.isOn()).toBe(true);
  answered();
  await turns(4);
  comesAndGoes();
  await turns(80);
  expect(rush.isOn()).toBe(false);
  expect(world.calmed).toBe(1);
});

test('after five seconds what has to go out goes out, rush or not', () => {
  const { world, rush } = door();
  for (let n = 0; n < 3; n += 1) rush.entered();
  world.now = 4_999;
  expect(rush.isOn()).toBe(true);
  world.now = 5_000;
  expect(rush.isOn()).toBe(false);
});
