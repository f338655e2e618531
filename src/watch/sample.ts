import { fold, sameAsStored } from '../incident/fold.ts';
import type { Incident } from '../incident/incident.ts';
import type { Store } from '../store/store.ts';

/** Open incidents folded anew in one audit: with a thousand open, each is looked at every three hours or so. */
const sampleMax = 5;
/** Facts of one incident that are folded in one audit; a longer timeline takes several, so that nobody waits for it. */
const factsMax = 1_000;
/** So many may be half folded; another long one waits for its next turn. */
const halfFoldedMax = 20;
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
 * differs is looked at each time until it does not, and told in the log once. Facts are never changed once they are
 * recorded, so a long timeline is folded on from where it was.
 */
export function sampler({ store, since, report }: SampleDeps) {
  let last = 0;
  const unlike = new Map<number, { isOld: boolean }>();
  /** Long timelines, as far as they are folded: `made` of the facts up to `seq`. Whoever waited longest is first. */
  const halfFolded = new Map<number, { made: Incident; seq: number }>();

  function look(id: number): void {
    const incident = store.incident(id);
    const before = halfFolded.get(id);
    halfFolded.delete(id);
    if (!incident) return void unlike.delete(id);
    const facts = store.watch.recordedAfter(id, before?.seq ?? 0, factsMax);
    const made = madeOf(() => fold(facts, before?.made));
    const end = facts.at(-1);
    if (made && end && facts.length === factsMax) {
      if (halfFolded.size < halfFoldedMax) halfFolded.set(id, { made, seq: end.seq });
      return;
    }
    const why = made ? difference(incident, made) : 'its facts cannot be read';
    if (why === null) return void unlike.delete(id);
    if (!unlike.has(id)) report(`the stored state of INC-${id} is not what its facts make of it (${why})`);
    if (unlike.size < unlikeMax) unlike.set(id, { isOld: incident.times.declaredAt < since });
  }

  return {
    /** How many incidents differ now. Bounded in time: at most `sampleMax` new ones are looked at, and one is folded on. */
    take(): { now: number; old: number } {
      const next = store.watch.openAfter(last, sampleMax);
      last = next.length < sampleMax ? 0 : (next.at(-1) ?? 0);
      const begun = [...halfFolded.keys()];
      const fresh = [...unlike.keys(), ...next].filter((id) => !begun.includes(id));
      for (const id of new Set([...begun.slice(0, 1), ...fresh])) look(id);
      const old = [...unlike.values()].filter(({ isOld }) => isOld).length;
      return { now: unlike.size - old, old };
    },
  };
}

/** Null: they cannot be read. */
function madeOf(folded: () => Incident): Incident | null {
  try {
    return folded();
  } catch {
    return null;
  }
}

/** Null: they say the same. Else what differs, by the name of the part: no words of people. */
function difference(stored: Incident, made: Incident): string | null {
  if (sameAsStored(made, stored)) return null;
  const parts = [...new Set([...Object.keys(stored), ...Object.keys(made)])] as (keyof Incident)[];
  const apart = parts.filter((part) => JSON.stringify(made[part]) !== JSON.stringify(stored[part]));
  return apart.length > 0 ? apart.join(', ') : 'the order of its parts';
}
