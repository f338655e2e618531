import type { MovableClock } from './clock.ts';

/** Longest single timer: a longer wait is taken in pieces, far below the 2^31 ms where timers overflow. */
const timerMsMax = 60_000;

/** A clock that goes with real time and can be moved ahead of it: sleepers wake either way. */
export function liveClock(realNow: () => number): MovableClock {
  let aheadMs = 0;
  const sleepers = new Set<{ at: number; look: () => void }>();
  const now = () => realNow() + aheadMs;

  function sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const look = () => {
        clearTimeout(timer);
        if (at > now() && !signal?.aborted) {
          timer = setTimeout(look, Math.min(at - now(), timerMsMax));
          return;
        }
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', look);
        resolve();
      };
      const sleeper = { at, look };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', look, { once: true });
      look();
    });
  }

  function nextWakeAt(): number | null {
    let next: number | null = null;
    for (const { at } of sleepers) if (next === null || at < next) next = at;
    return next;
  }

  /** Real time goes on while the world moves: a time that has passed meanwhile is no step backward. */
  function set(at: number): void {
    aheadMs += Math.max(0, at - now());
    for (const { look } of [...sleepers].sort((a, b) => a.at - b.at)) look();
  }

  return { now, sleepUntil, nextWakeAt, set };
}
