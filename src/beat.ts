import type { Clock } from './clock.ts';

/** So many seconds are looked back at for one that was missed; of a longer absence the next one is soon enough. */
const secondsBackMax = 60;

/**
 * Calls `act` in every second that `isTime` names, by `clock` alone: neither a machine's clock that was set back nor one
 * that was set ahead stops it or makes it hurry. A second that passed unseen, because the process was busy, is made up
 * for once. One `act` at a time; it must not reject. Returns what ends it, and resolves when the one under way is done.
 */
export function beatBy(
  clock: Clock,
  isTime: (second: Date) => boolean,
  act: () => Promise<unknown>,
): () => Promise<void> {
  const ending = new AbortController();

  async function beat(): Promise<void> {
    for (let seen = secondAt(clock); !ending.signal.aborted; ) {
      await clock.sleepUntil((seen + 1) * 1_000, ending.signal);
      const second = secondAt(clock);
      const isDue = secondsBetween(seen, second).some((one) => isTime(new Date(one * 1_000)));
      if (isDue && !ending.signal.aborted) await act();
      seen = second;
    }
  }

  const ended = beat();
  return () => {
    ending.abort();
    return ended;
  };
}

const secondAt = (clock: Clock): number => Math.floor(clock.now() / 1_000);

/** Those after `seen`, up to `second`; the latest of them where they are many. */
function secondsBetween(seen: number, second: number): number[] {
  const count = Math.min(second - seen, secondsBackMax);
  return Array.from({ length: Math.max(count, 0) }, (_none, n) => second - n);
}
