import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';

/** One line of the table that `npm run proof` ends with. */
export interface Proof {
  /** Number of the goal, 1 to 10 (the README's "How we know"). */
  goal: number;
  /** What was tried, with how much of it: "200 processes killed at a random moment". */
  tried: string;
  /** What was seen: "0 lost, 0 doubled". */
  seen: string;
  /** What it must be: "0 and 0". */
  bar: string;
  holds: boolean;
  /**
   * Times and memory of this machine are within their bar. A miss is in the table; only the full profile, which runs on a
   * machine of its own, fails for it: others are noisy. Absent: nothing of the kind was measured.
   */
  inTime?: boolean;
}

/** Writes the line down, and fails the test where the bar is missed. */
export function proved(proof: Proof): void {
  const file = process.env.PROOF_LINES;
  if (file) appendFileSync(file, `${JSON.stringify({ ...proof, seed })}\n`);
  const isEnough = proof.holds && (proof.inTime !== false || profile.name === 'short');
  expect(isEnough, `${proof.tried}: ${proof.seen}; it must be ${proof.bar} (SEED=${seed})`).toBe(true);
}
