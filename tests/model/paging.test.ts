import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rang, startCore } from './core.ts';
import { type Deed, night } from './deeds.ts';
import { startReference } from './reference.ts';

/** Monday 2 March 2026, 10:00 UTC: no shift ends by itself for days. */
const startAt = Date.UTC(2026, 2, 2, 10, 0);
const sequences = Number(process.env.MODEL_SEQUENCES ?? 1_000);
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);

const told = ({ at, who, incident, step, why }: Rang): string =>
  `${new Date(at).toISOString().slice(8, 19)} ${who} INC-${incident} ${step === null ? '' : `step ${step} `}(${why})`;

/** Pages at the same moment have no order. */
const lines = (rang: readonly Rang[]): string[] => rang.map(told).sort();

async function compared(deeds: readonly Deed[]): Promise<void> {
  const core = await startCore(startAt);
  const reference = startReference(startAt);
  try {
    for (const [n, deed] of deeds.entries()) {
      await core.act(deed);
      reference.act(deed);
      const after = `after deed ${n + 1}, ${JSON.stringify(deed)}`;
      expect(lines(core.rang()), after).toEqual(lines(reference.rang()));
    }
    expect(core.troubles).toEqual([]);
  } finally {
    await core.close();
  }
}

test(`whatever people do at night, nobody is paged late, early, twice or not at all (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  console.info(`${sequences} nights, MODEL_SEED=${seed}`);
  await fc.assert(fc.asyncProperty(night, compared), { numRuns: sequences, seed });
});
