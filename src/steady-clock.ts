import type { Clock } from './clock.ts';

/** What a machine can say of the time, in ms. */
export interface Machine {
  /** Its clock, epoch ms. It can be set, forward and back, by a person or by the network. */
  wall: () => number;
  /** Since it was switched on, its sleeps counted, told in steps of up to a second. Nobody can set it. */
  uptime: () => number;
  /** Goes as evenly as `uptime` and tells fractions of a millisecond; stands still while the machine sleeps. */
  awake: () => number;
  /** Resolves after so many ms of `awake`, or at once when `signal` is aborted. */
  pause: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** How far the machine's clock may be from ours before somebody is told (reliability.md section 3.6). */
export const jumpMsMin = 2_000;
/**
 * We near the machine's clock by this share of the time that passes, 1 s in an hour: whoever waits for half an hour is
 * told within a second of it. The same place allows 1 s in a minute; then a page after five minutes would be 5 s early.
 */
const slewMax = 1 / 3_600;
/** Whoever sleeps looks at the time this often: a pause does not count while the machine sleeps, and this is how late it ends then. */
const lookEveryMs = 5_000;

/**
 * A clock that counts the time that really goes by, the machine's sleeps among it, whatever anybody does to the
 * machine's clock: that is where it begins, and what it nears by 1 s an hour where the two differ. It never goes back,
 * and never begins before `lastSeenAt` (epoch ms), the last time that was written down.
 */
export function steadyClock(machine: Machine, lastSeenAt: number): Clock {
  const elapsed = elapsedBy(machine);
  let at = Math.max(machine.wall(), lastSeenAt);
  let countedMs = 0;

  function now(): number {
    const elapsedMs = elapsed();
    const passedMs = elapsedMs - countedMs;
    countedMs = elapsedMs;
    at += passedMs;
    const nearerMs = passedMs * slewMax;
    at += Math.min(Math.max(machine.wall() - at, -nearerMs), nearerMs);
    return Math.floor(at);
  }

  async function sleepUntil(until: number, signal?: AbortSignal): Promise<void> {
    for (let left = until - now(); left > 0 && !signal?.aborted; left = until - now()) {
      await machine.pause(Math.min(left, lookEveryMs), signal);
    }
  }

  return { now, sleepUntil };
}

/** Ms since it was made, the machine's sleeps included: `awake`, and what `uptime` has beyond that. Never less than before. */
function elapsedBy({ uptime, awake }: Machine): () => number {
  const start = { uptime: uptime(), awake: awake() };
  let sleptMs = 0;
  return () => {
    const awakeMs = awake() - start.awake;
    const apartMs = uptime() - start.uptime - awakeMs;
    // Less may be the whole seconds in which some systems tell it.
    if (apartMs - sleptMs > jumpMsMin) sleptMs = apartMs;
    return awakeMs + sleptMs;
  };
}

/**
 * What the doctor and the log say of a machine's clock that is `aheadMs` before the time we count (negative: behind).
 * Null: they agree.
 */
export function clockProblem(aheadMs: number): string | null {
  if (Math.abs(aheadMs) <= jumpMsMin) return null;
  const by = spanOf(Math.abs(aheadMs));
  return aheadMs > 0
    ? `This machine's clock was set ${by} ahead. Tocsin goes on by the time that has really passed, so nobody is paged early; if the clock is right, restart Tocsin to take its time.`
    : `This machine's clock is ${by} behind the time that Tocsin has counted. Tocsin never goes back: the times it shows are ${by} ahead of the clock until that has caught up. Set the clock right if it is wrong.`;
}

/** `3 s`, `5 min`, `2 h`, `30 days`: rounded, of the largest unit that there is one of. */
function spanOf(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const;
  const [name, size] = units.find(([, unitMs]) => ms >= unitMs) ?? ['s', 1_000];
  const count = Math.round(ms / size);
  return name === 'day' && count !== 1 ? `${count} days` : `${count} ${name}`;
}
