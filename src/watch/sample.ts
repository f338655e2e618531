import { fold, sameAsStored } from '../incident/fold.ts';
import type { Incident } from '../incident/incident.ts';
import type { Store } from '../store/store.ts';

/** Open incidents folded anew in one audit: with a thousand open, each is looked at every three hours or so. */
const sampleMax = 5;
/** Facts of one incident that are read for it; a longer timeline is not folded while people wait. */
const factsMax = 2_000;
/** Incidents that are known to differ, looked at again in each audit. */
const unlikeMax = 20;

interface SampleDeps {
  store: Pick<Store, 'incident' | 'watch'>;
  /** Of incidents that were declared before, another version wrote the state, epoch ms. */
  since: number;
  report: (problem: string) => void;
}

/**
 * Takes the next few open incidents each time and compares the stored state with what the facts make of it. One that
 * differs is looked at each time until it does not, and told in the log once.
 */
export function sampler({ store, since, report }: SampleDeps) {
  let last = 0;
  const unlike = new Map<number, { isOld: boolean }>();

  function look(id: number): void {
    const incident = store.incident(id);
    const facts = incident && store.watch.recorded(id, factsMax);
    if (!incident || !facts) return void unlike.delete(id);
    const why = differs(incident, () => fold(facts));
    if (why === null) return void unlike.delete(id);
    if (!unlike.has(id)) report(`the stored state of INC-${id} is not what its facts make of it (${why})`);
    if (unlike.size < unlikeMax) unlike.set(id, { isOld: incident.times.declaredAt < since });
  }

  return {
    /** How many incidents differ now. Bounded in time: at most `sampleMax` new ones are looked at. */
    take(): { now: number; old: number } {
      const next = store.watch.openAfter(last, sampleMax);
      last = next.length < sampleMax ? 0 : (next.at(-1) ?? 0);
      for (const id of new Set([...unlike.keys(), ...next])) look(id);
      const old = [...unlike.values()].filter(({ isOld }) => isOld).length;
      return { now: unlike.size - old, old };
    },
  };
}

/** Null: they say the same. Else what differs, by the name of the part: no words of people. */
function differs(stored: Incident, folded: () => Incident): string | null {
  try {
    const made = folded();
    if (sameAsStored(made, stored)) return null;
    const parts = [...new Set([...Object.keys(stored), ...Object.keys(made)])] as (keyof Incident)[];
    const apart = parts.filter((part) => JSON.stringify(made[part]) !== JSON.stringify(stored[part]));
    return apart.length > 0 ? apart.join(', ') : 'the order of its parts';
  } catch {
    return 'its facts cannot be read';
  }
}
