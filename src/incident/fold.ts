import { evolve } from './decide.ts';
import type { Incident } from './incident.ts';
import type { TimelineEntry } from './timeline.ts';

/**
 * The incident that its facts make, one after the other in the order of recording (`seq`), in whichever order they come.
 * It equals the stored incident as JSON: a property that is undefined is one that is not there (`sameAsStored`). `before`:
 * what all facts before these make; without it, throws where the first is not that it was declared: then rows are missing.
 */
export function fold(entries: readonly TimelineEntry[], before?: Incident): Incident {
  const ordered = entries.toSorted((one, other) => one.seq - other.seq);
  if (before) return ordered.reduce((incident, { fact, at }) => evolve(incident, fact, at), before);
  const [first, ...rest] = ordered;
  if (first?.fact.type !== 'declared')
    throw new Error('the first fact of an incident says that it was declared');
  // The first fact makes the incident, whatever is passed as the one before it.
  const declared = evolve({} as Incident, first.fact, first.at);
  return fold(rest, declared);
}

/** True: both say the same, in whatever order their properties stand. */
export const sameAsStored = (folded: Incident, stored: Incident): boolean =>
  sorted(folded) === sorted(stored);

/** As JSON, the properties in the order of their names. */
const sorted = (incident: Incident): string =>
  JSON.stringify(incident, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
