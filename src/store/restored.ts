import type { Database } from 'better-sqlite3';
import { type MetaKey, type RestoredFrom, restoredFrom } from './store.ts';

const key: MetaKey = 'restored-from';

/** For the copy, before anybody starts on it. */
export function noteRestored(database: Database, from: RestoredFrom): void {
  database
    .prepare(
      'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
    )
    .run(key, JSON.stringify(from));
}

/**
 * The first start on a restored copy. What waits in it may have been sent after the copy was made: of every row the fate
 * is unknown, so that it is looked up first, from the time it was obliged on. Kinds that cannot be looked up are those
 * that may be repeated: they say what is to be and not what to change, carry a key or a delivery number, or edit.
 */
export function markRestored(database: Database, at: number): void {
  const stored = database.prepare('select value from meta where key = ?').pluck().get(key) as
    | string
    | undefined;
  const from = restoredFrom(stored ?? null);
  if (!from || from.restoredAt !== null) return;
  database.transaction(() => {
    database.exec(
      `update outbox set state = 'unknown', sent_at = coalesce(sent_at, created_at) where state in ('pending', 'sending');
       update outbox set reconcile = 1, sent_at = coalesce(sent_at, created_at) where state = 'parked'`,
    );
    noteRestored(database, { ...from, restoredAt: at });
  })();
}
