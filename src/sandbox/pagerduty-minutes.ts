import type { Clock } from '../clock.ts';

const MINUTE_MS = 60_000;

export interface MinuteCount {
  /** This call is one too many. */
  isOver: boolean;
  remaining: number;
  /** Until the count begins anew. */
  resetSeconds: number;
}

/** Counts calls in windows of a minute, which begin with a first call. */
export function minuteWindows(clock: Clock) {
  const windows = new Map<string, { startAt: number; calls: number }>();
  return {
    count(key: string, limit: number): MinuteCount {
      const now = clock.now();
      const known = windows.get(key);
      const window = known && now < known.startAt + MINUTE_MS ? known : { startAt: now, calls: 0 };
      windows.set(key, window);
      window.calls += 1;
      return {
        isOver: window.calls > limit,
        remaining: Math.max(0, limit - window.calls),
        resetSeconds: Math.max(1, Math.ceil((window.startAt + MINUTE_MS - now) / 1000)),
      };
    },
  };
}
