import type { Database } from 'better-sqlite3';
import type { Effect } from '../incident/effects.ts';
import type { OutboxReport, OutboxRow, OutboxState, OutboxTrouble, Settlement } from './store.ts';

interface Row {
  id: number;
  ref: string;
  incident: number;
  effect: string;
  attempts: number;
  created_at: number;
  sent_at: number;
  reconcile: number;
}

const free = `not exists (select 1 from outbox b where b.queue = o.queue and b.state in ('pending', 'sending', 'unknown')
  and (b.lane < o.lane or (b.lane = o.lane and b.id < o.id)))`;

function statements(database: Database) {
  return {
    // `sent_at` of an unknown row stays that of the call in doubt: it says from when on to look.
    claim: database.prepare(
      `update outbox set state = 'sending', attempts = attempts + 1,
         sent_at = case when state = 'unknown' then coalesce(sent_at, ?) else ? end, reconcile = (state = 'unknown')
       where id in (select o.id from outbox o where o.state in ('pending', 'unknown') and o.lane = ? and o.not_before <= ?
         and (o.queue is null or ${free}) order by o.id limit ?)
       returning id, ref, incident, effect, attempts, created_at, sent_at, reconcile`,
    ),
    settle: database.prepare(
      `update outbox set state = @state, not_before = coalesce(@notBefore, not_before), error = @error, settled_at = @at,
         attempts = attempts - @uncounted where id = @id and state = 'sending'`,
    ),
    // A coalescing row that must wait again gives way to a newer one of its kind.
    yield: database.prepare(
      `update outbox set state = 'cancelled', error = 'superseded', settled_at = ? where id = ? and exists
         (select 1 from outbox n where n.coalesce = outbox.coalesce and n.state = 'pending' and n.id <> outbox.id)`,
    ),
    recover: database.prepare(
      "update outbox set state = 'unknown', not_before = sent_at + case lane when 0 then 0 when 1 then 10000 else 60000 end where state = 'sending'",
    ),
    unpark: database.prepare(
      `update outbox set state = 'pending', not_before = ?, error = null where state = 'parked' and id in
         (select max(id) from outbox where state = 'parked' group by coalesce(coalesce, id))`,
    ),
    nextSendAt: database
      .prepare("select min(not_before) from outbox where state in ('pending', 'unknown') and not_before > ?")
      .pluck(),
    counts: database.prepare('select state, count(*) as n from outbox where state <> ? group by state'),
    troubles: database.prepare(
      `select id, incident, json_extract(effect, '$.kind') as kind, state, coalesce(error, '') as error,
         coalesce(settled_at, created_at) as at from outbox where state in ('dead', 'parked', 'unknown') or (state = 'pending' and attempts > 0)
       order by id desc limit ?`,
    ),
  };
}

/** The outbox half of the store. The writing functions run inside their caller's transaction. */
export function outboxWrites(database: Database) {
  const sql = statements(database);
  return {
    claim(lane: number, now: number, limit: number): OutboxRow[] {
      const rows = sql.claim.all(now, now, lane, now, limit) as Row[];
      return rows
        .sort((a, b) => a.id - b.id)
        .map((row) => ({
          id: row.id,
          ref: row.ref,
          incident: row.incident,
          effect: JSON.parse(row.effect) as Effect,
          attempts: row.attempts,
          createdAt: row.created_at,
          sentAt: row.sent_at,
          reconcile: row.reconcile === 1,
        }));
    },
    settle(id: number, settlement: Settlement, at: number): void {
      if (settlement.state === 'pending' && sql.yield.run(at, id).changes > 0) return;
      sql.settle.run({
        id,
        at,
        state: settlement.state,
        notBefore: settlement.notBefore ?? null,
        error: settlement.error ?? null,
        uncounted: settlement.uncounted ? 1 : 0,
      });
    },
    recover: (): number => sql.recover.run().changes,
    unpark: (at: number): number => sql.unpark.run(at).changes,
    nextSendAt: (now: number): number | null => sql.nextSendAt.get(now) as number | null,
    report(limit: number): OutboxReport {
      const counts = new Map(
        (sql.counts.all('done') as { state: OutboxState; n: number }[]).map((row) => [row.state, row.n]),
      );
      const count = (state: OutboxState) => counts.get(state) ?? 0;
      return {
        waiting: count('pending') + count('sending'),
        unknown: count('unknown'),
        parked: count('parked'),
        dead: count('dead'),
        troubles: sql.troubles.all(limit) as OutboxTrouble[],
      };
    },
  };
}
