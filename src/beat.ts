import type { Clock } from './clock.ts';

/** So many seconds are looked back at for one that was missed; of a longer absence the next one is soon enough. */
const secondsBackMax = 60;
/** Where much is due in one second, it is acted this often: each time has its price. */
const alarmEveryMs = 200;

/**
 * Calls `act` in every second that `isTime` names, by `clock` alone: neither a machine's clock that was set back nor one
 * that was set ahead stops it or makes it hurry. A second that passed unseen, because the process was busy, is made up
 * for once. In between it is called when something is due, as `nextDueAt` says (epoch ms; null: nothing is), for each
 * such time once: what is still due after that waits for its turn. One `act` at a time; neither may throw. Returns what
 * ends it, and resolves when the one under way is done.
 */
export function beatBy(
  clock: Clock,
  isTime: (second: Date) => boolean,
  act: () => Promise<unknown>,
  nextDueAt: () => number | null = () => null,
): () => Promise<void> {
  const ending = new AbortController();

  async function beat(): Promise<void> {
    let [heeded, actedAt]: [number | null, number] = [null, 0];
    for (let seen = secondAt(clock); !ending.signal.aborted; ) {
      const dueAt = nextDueAt();
      const isHeeded = dueAt === null || dueAt === heeded;
      const alarmAt = isHeeded ? Number.POSITIVE_INFINITY : Math.max(dueAt, actedAt + alarmEveryMs);
      await clock.sleepUntil(Math.min(alarmAt, (seen + 1) * 1_000), ending.signal);
      const [now, second] = [clock.now(), secondAt(clock)];
      const isTimely = secondsBetween(seen, second).some((one) => isTime(new Date(one * 1_000)));
      seen = second;
      if (ending.signal.aborted || !(isTimely || alarmAt <= now)) continue;
      if (dueAt !== null && dueAt <= now) heeded = dueAt;
      actedAt = now;
      await act();
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
