import type { Clock } from '../clock.ts';

export interface MovableClock extends Clock {
  /** When the next sleeper wants to wake, epoch ms, or null when nobody sleeps. */
  nextWakeAt(): number | null;
  /**
   * Moves the clock to `at` (epoch ms) and wakes, in the order of their times, everyone who slept until then or
   * earlier. Never moves backward: an earlier time throws.
   */
  set(at: number): void;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

/**
 * A clock that stands still until it is set. Sleepers that wake at the same time wake in the order in which they
 * went to sleep. They continue after the current turn of the event loop's microtasks, so step from `nextWakeAt`
 * to `nextWakeAt` when each is to see its own time.
 */
export function movableClock(startAt: number): MovableClock {
  let current = startAt;
  const sleepers = new Set<Sleeper>();

  function sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
    if (at <= current || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  function set(at: number): void {
    if (at < current) throw new Error(`The clock only moves forward: it is ${current}, not back to ${at}`);
    const due = [...sleepers].filter((sleeper) => sleeper.at <= at).sort((a, b) => a.at - b.at);
    for (const sleeper of due) {
      current = Math.max(current, sleeper.at);
      sleeper.wake();
    }
    current = at;
  }

  function nextWakeAt(): number | null {
    let next: number | null = null;
    for (const { at } of sleepers) if (next === null || at < next) next = at;
    return next;
  }

  return { now: () => current, sleepUntil, nextWakeAt, set };
}
