import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { seed } from '../support/seed.ts';

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
}

/** Writes the line down, and fails the test where the bar is missed. */
export function proved(proof: Proof): void {
  const file = process.env.PROOF_LINES;
  if (file) appendFileSync(file, `${JSON.stringify({ ...proof, seed })}\n`);
  expect(proof.holds, `${proof.tried}: ${proof.seen}; it must be ${proof.bar} (SEED=${seed})`).toBe(true);
}
