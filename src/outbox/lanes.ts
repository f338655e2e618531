import type { Lane } from '../incident/effects.ts';

/** The bounds of one lane. Figures: reliability.md sections 3.4 and 3.5. */
export interface LaneBounds {
  /** Calls under way at once. */
  concurrency: number;
  /**
   * How long a call of unknown fate waits before we look whether it was applied. A page waits no longer than an answer
   * usually takes.
   */
  graceMs: number;
  /** Longest pause between two tries. */
  backoffMaxMs: number;
  /** Tries before it is given up, visibly. */
  attemptsMax: number;
}

export type Lanes = Record<Lane, LaneBounds>;

export const standardLanes: Lanes = {
  // Killed right after the call and back at once: Slack may still be about to carry it out (seeds.json).
  page: { concurrency: 64, graceMs: 1_500, backoffMaxMs: 30_000, attemptsMax: 200 },
  pagerduty: { concurrency: 12, graceMs: 1_000, backoffMaxMs: 60_000, attemptsMax: 120 },
  channel: { concurrency: 12, graceMs: 10_000, backoffMaxMs: 300_000, attemptsMax: 50 },
  furnishing: { concurrency: 12, graceMs: 10_000, backoffMaxMs: 300_000, attemptsMax: 50 },
  announcement: { concurrency: 4, graceMs: 60_000, backoffMaxMs: 300_000, attemptsMax: 30 },
  'pagerduty-remarks': { concurrency: 2, graceMs: 10_000, backoffMaxMs: 300_000, attemptsMax: 30 },
  chatter: { concurrency: 6, graceMs: 60_000, backoffMaxMs: 300_000, attemptsMax: 30 },
};
