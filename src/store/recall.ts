import type { Incident } from '../incident/incident.ts';
import type { Unwritten } from './unwritten.ts';

/** An incident's row, as far as it is the incident. */
interface StateRow {
  id: number;
  /** JSON. */
  state: string;
}

/** Characters of JSON that are kept with what they mean: those of a thousand open incidents, or of a storm of alerts. */
const keptMax = 8 * 1024 ** 2;

export type Recall = ReturnType<typeof recall>;

/**
 * Reading a row is cheap, understanding its JSON is not, and a storm asks for the same few incidents thousands of times.
 * What a text means is kept until another text stands in its row: so it is never older than the database, whoever wrote
 * there and whatever was rolled back. Those asked for last are kept. What comes back is shared: nobody changes it.
 * `unwritten`: what is newer than its row.
 */
export function recall(unwritten: Pick<Unwritten, 'of'>) {
  const known = new Map<number, { state: string; incident: Incident }>();
  let kept = 0;

  function forget(id: number): void {
    kept -= known.get(id)?.state.length ?? 0;
    known.delete(id);
  }

  function keep({ id, state }: StateRow, incident: Incident): Incident {
    forget(id);
    known.set(id, { state, incident });
    kept += state.length;
    for (const oldest of known.keys()) {
      if (kept <= keptMax) break;
      forget(oldest);
    }
    return incident;
  }

  function read(row: StateRow): Incident {
    const newer = unwritten.of(row.id);
    if (newer) return newer;
    const before = known.get(row.id);
    return keep(row, before?.state === row.state ? before.incident : (JSON.parse(row.state) as Incident));
  }

  return {
    /** What `get` of a statement gave: null where there is no row. */
    readOne: (row: unknown): Incident | null => (row === undefined ? null : read(row as StateRow)),
    readAll: (rows: unknown[]): Incident[] => (rows as StateRow[]).map(read),
    /** This row is being written, and means this. */
    keep,
  };
}
