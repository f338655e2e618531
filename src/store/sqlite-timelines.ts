import type { Database } from 'better-sqlite3';
import type { TimelineEntry } from '../incident/timeline.ts';

/** Rows kept in memory at the most, those of the incidents that were read last: a page of a long timeline is quick then. */
const rowsKeptMax = 25_000;

interface Kept {
  /** In the order in which things happened. */
  rows: TimelineEntry[];
  /** The highest number among them; whatever is recorded later has a higher one. */
  lastSeq: number;
}

const byHappening = (one: TimelineEntry, other: TimelineEntry): number =>
  one.happenedAt - other.happenedAt || one.seq - other.seq;

/** Reads timelines. Rows are never changed once they are written, so what was read before is not read again. */
export function timelineReads(database: Database): (id: number) => TimelineEntry[] {
  const since = database.prepare(
    `select incident, seq, at, happened_at as happenedAt, cause, fact from timeline
     where incident = ? and seq > ? order by seq`,
  );
  /** The one that was read last stands at the end. */
  const kept = new Map<number, Kept>();

  function forgetTheOldest(): void {
    let count = 0;
    for (const [id, { rows }] of [...kept].reverse()) {
      count += rows.length;
      if (count > rowsKeptMax) kept.delete(id);
    }
  }

  return (id) => {
    const before = kept.get(id) ?? { rows: [], lastSeq: 0 };
    const stored = since.all(id, before.lastSeq) as (Omit<TimelineEntry, 'fact'> & { fact: string })[];
    const fresh = stored.map((row): TimelineEntry => ({ ...row, fact: JSON.parse(row.fact) }));
    const rows = fresh.length === 0 ? before.rows : [...before.rows, ...fresh].sort(byHappening);
    kept.delete(id);
    kept.set(id, { rows, lastSeq: fresh.at(-1)?.seq ?? before.lastSeq });
    forgetTheOldest();
    return [...rows];
  };
}
