import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../src/clock.ts';

/** The machine's clock: what is measured here is real time. */
export const realClock: Clock = {
  now: Date.now,
  sleepUntil: (at, signal) =>
    sleep(Math.max(0, at - Date.now()), undefined, { signal }).catch(() => undefined),
};

/** Epoch ms with its fractions; comparable between processes of one machine. */
export const exactNow = (): number => performance.timeOrigin + performance.now();

/** Starts `count` acts, one each `everyMs`, whether or not those before have ended; resolves when all have. */
export async function paced<T>(count: number, everyMs: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const startedAt = performance.now();
  const under: Promise<T>[] = [];
  for (let n = 0; n < count; n += 1) {
    const waitMs = startedAt + n * everyMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    under.push(act(n));
  }
  return Promise.all(under);
}
