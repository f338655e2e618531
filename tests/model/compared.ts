import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seed } from '../support/seed.ts';
import { type Rang, startCore } from './core.ts';
import { type Deed, night } from './deeds.ts';
import { startReference } from './reference.ts';

/** Monday 2 March 2026, 10:00 UTC: no shift ends by itself for days. */
const startAt = Date.UTC(2026, 2, 2, 10, 0);
/** Nights in each of the two files: they run side by side. */
const nights = Number(process.env.MODEL_NIGHTS ?? 500);
/** For slow machines; it takes less than a minute where nothing else runs. */
const timeoutMs = 600_000;

const line = ({ at, who, incident, step, why }: Rang): string => {
  const rung = step === null ? '' : `step ${step}, `;
  return `${new Date(at).toISOString().slice(8, 19)} ${who}: INC-${incident} (${rung}${why})`;
};

/** Pages at the same moment have no order. */
const lines = (rang: readonly Rang[]): string[] => rang.map(line).sort();

/** After every deed, the pages of the core are those of the plain reference: the same people at the same moments. */
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

/**
 * Random nights, compared. `SEED` and `MODEL_NIGHTS` choose others, or more; a night that differs is shrunk to the
 * deeds that it takes.
 */
export function comparedNights(what: string, incidentsMax: 1 | 3): void {
  test(`${what}: nobody is paged late, early, twice or not at all, whatever happens (seed ${seed})`, {
    timeout: timeoutMs,
  }, async () => {
    console.info(`${nights} nights with ${what}, SEED=${seed}`);
    await fc.assert(fc.asyncProperty(night(incidentsMax), compared), {
      numRuns: nights,
      // Whatever was found is told, however long it takes to find less.
      interruptAfterTimeLimit: timeoutMs / 2,
      markInterruptAsFailure: true,
    });
  });
}
