import type { Clock } from '../clock.ts';

/** Sleeps that can all be ended together. */
export interface Sleeps {
  /** Sleeps until the time (epoch ms) has come, or until `stop`. */
  until(at: number): Promise<void>;
  stop(): void;
  isStopped(): boolean;
}

/** Each sleep has a signal of its own: ten thousand listeners on one signal cost a list walk each. */
export function sleepsOf(clock: Clock): Sleeps {
  const sleeping = new Set<AbortController>();
  let isStopped = false;
  return {
    until: async (at) => {
      if (isStopped) return;
      const controller = new AbortController();
      sleeping.add(controller);
      await clock.sleepUntil(at, controller.signal);
      sleeping.delete(controller);
    },
    stop: () => {
      isStopped = true;
      for (const controller of sleeping) controller.abort();
    },
    isStopped: () => isStopped,
  };
}
