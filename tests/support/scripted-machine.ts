import type { Machine } from '../../src/steady-clock.ts';

/** A machine whose time is what a script says. */
export interface ScriptedMachine extends Machine {
  /** The time that nobody can set: epoch ms at the start, and what has passed since, sleeps included. */
  trueAt(): number;
  /** So many ms go by, and whoever paused wakes in between, each at their own time. */
  goes(ms: number): Promise<void>;
  /** So many ms go by at once: nobody acts, and nobody's pause becomes shorter. */
  sleeps(ms: number): void;
  /** Somebody sets its clock, by so many ms. */
  isSetBy(ms: number): void;
}

/** How long it had been on at the start. */
const upMs = 3_600_000;

/** `uptimeGrainMs`: what `uptime` is told in; some systems tell whole seconds. */
export function scriptedMachine(startAt: number, uptimeGrainMs = 1): ScriptedMachine {
  const sleepers = new Set<{ at: number; wake: () => void }>();
  let passedMs = 0;
  let asleepMs = 0;
  let setMs = 0;
  const awake = (): number => passedMs - asleepMs;

  function pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: awake() + ms, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  async function goes(ms: number): Promise<void> {
    const until = awake() + ms;
    const next = () => Math.min(...[...sleepers].map(({ at }) => at), until);
    for (let at = next(); awake() < until; at = next()) {
      passedMs += Math.max(0, at - awake());
      for (const { at: wakesAt, wake } of [...sleepers]) if (wakesAt <= awake()) wake();
      await new Promise(setImmediate);
    }
  }

  return {
    wall: () => startAt + passedMs + setMs,
    uptime: () => Math.floor((upMs + passedMs) / uptimeGrainMs) * uptimeGrainMs,
    awake,
    pause,
    trueAt: () => startAt + passedMs,
    goes,
    sleeps: (ms) => {
      passedMs += ms;
      asleepMs += ms;
    },
    isSetBy: (ms) => {
      setMs += ms;
    },
  };
}
