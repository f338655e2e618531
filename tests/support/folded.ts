import { fold, sameAsStored } from '../../src/incident/fold.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { Store } from '../../src/store/store.ts';

/** Incidents of one store that are folded again; no world has more. */
const incidentsMax = 10_000;

/** One line for every incident that is not what its facts make of it (reliability.md, I7), with the parts that differ. */
export const misfolded = (store: Store): string[] =>
  store.list({ limit: incidentsMax }).flatMap((stored) => {
    const folded = fold(store.timeline(stored.id));
    return sameAsStored(folded, stored)
      ? []
      : [`INC-${stored.id}: ${differences(folded, stored).join('; ')}`];
  });

/** The parts in which two incidents differ: `status: stored "closed", its facts make "resolved"`. */
function differences(folded: Incident, stored: Incident): string[] {
  const parts = new Set([...Object.keys(folded), ...Object.keys(stored)]) as Set<keyof Incident>;
  return [...parts].flatMap((part) => {
    const [made, kept] = [folded[part], stored[part]].map((one) => JSON.stringify(one) ?? 'nothing');
    return made === kept ? [] : [`${part}: stored ${kept}, its facts make ${made}`];
  });
}
