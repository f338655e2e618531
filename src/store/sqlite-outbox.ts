import type { Database } from 'better-sqlite3';
import type { Lane } from '../incident/effects.ts';
import { laneNumbers, newRef } from './sqlite-incidents.ts';
import type { OutboxReport, OutboxRow, OutboxState, OutboxTrouble, Settlement } from './store.ts';

interface Row {
  id: number;
  ref: string;
  incident: number | null;
  desk: string | null;
  effect: string;
  attempts: number;
  created_at: number;
  sent_at: number;
  reconcile: number;
}

/** Rows deleted in one transaction: nobody waits for more than these. */
const forgottenAtOnceMax = 5_000;

/** In these words the indexes know it; SQLite uses them for nothing less. */
const activeAs = (row: string): string => `${row}.state in ('pending', 'sending', 'unknown')`;
const active = activeAs('outbox');

/** Said once more, later (`again` below): until then nothing waits for it, */
const dormant = "state = 'pending' and sent_at is null and not_before > @now";
/** and then it waits for what is under way in its place. All others were there first. */
const inTurn = `(o.sent_at is not null or o.not_before = o.created_at or not exists (
    select 1 from outbox s where s.queue = o.queue and s.lane = o.lane and ${activeAs('s')} and s.state = 'sending'))`;

/** SQLite prepares a statement anew whenever a bare parameter after `limit` is bound: that took longer than all the rest. */
const atMost = 'limit (@limit + 0)';

/**
 * The rows that may go: the head of each queue, and those in no queue. Walks from queue to queue along the index, so
 * the cost follows how many places have something waiting and not how much each has.
 */
const ready = `with recursive places (queue) as (
    select min(queue) from outbox where ${active} and queue is not null
    union all
    select (select min(queue) from outbox where ${active} and queue > places.queue) from places where places.queue is not null
  ), candidates (id) as materialized (
    select (select id from outbox where ${active} and queue = places.queue and not (${dormant}) order by lane, id limit 1) from places
    union all
    select id from outbox where ${active} and queue is null and lane = @lane
  )
  select o.id from candidates c cross join outbox o on o.id = c.id
  where o.state in ('pending', 'unknown') and o.lane = @lane and o.not_before <= @now and ${inTurn}
  order by o.id ${atMost}`;

/**
 * The same for pages: walks along what waits in their lane and stops at the limit, so that they are never found by way of
 * everything else that waits. In order of the time they may go; of one queue the first.
 */
const readyPages = `select o.id from outbox o indexed by outbox_ready
  where o.state in ('pending', 'unknown') and o.lane = @lane and o.not_before <= @now
    and (o.queue is null or not exists (
      select 1 from outbox h where h.queue = o.queue and ${activeAs('h')} and (h.lane, h.id) < (o.lane, o.id)))
  order by o.not_before, o.id ${atMost}`;

const claimed = (ready: string): string => `update outbox set state = 'sending', attempts = attempts + 1,
    sent_at = case when state = 'unknown' then coalesce(sent_at, @now) else @now end, not_before = @now,
    reconcile = (state = 'unknown')
  where id in (${ready})
  returning id, ref, incident, desk, effect, attempts, created_at, sent_at, reconcile`;

/** What becomes of a row that was being sent. */
function settling(database: Database) {
  return {
    settle: database.prepare(
      `update outbox set state = @state, not_before = coalesce(@notBefore, not_before), error = @error, settled_at = @at,
         attempts = attempts - @uncounted where id = @id and state = 'sending'`,
    ),
    again: database.prepare(
      `insert or ignore into outbox (key, ref, incident, desk, effect, lane, queue, state, attempts, not_before, created_at)
       select key || '/again', @ref, incident, desk, effect, lane, queue, 'pending', 0, @again, @at from outbox where id = @id`,
    ),
    // A coalescing row that must wait again gives way to a newer one of its kind.
    yield: database.prepare(
      `update outbox set state = 'cancelled', error = 'superseded', settled_at = ? where id = ? and state = 'sending'
         and exists (select 1 from outbox n where n.coalesce = outbox.coalesce and n.state = 'pending' and n.id <> outbox.id)`,
    ),
  };
}

function statements(database: Database) {
  return {
    // `sent_at` of an unknown row stays that of the first call in doubt: it says from when on to look. `not_before` of one
    // that is being sent is when its latest call was made: from then on Slack may take its time.
    claim: database.prepare(claimed(ready)),
    claimPages: database.prepare(claimed(readyPages)),
    isWaiting: database
      .prepare(
        "select 1 from outbox where state in ('pending', 'unknown') and lane = ? and not_before <= ? limit 1",
      )
      .pluck(),
    calling: database.prepare("update outbox set not_before = ? where id = ? and state = 'sending'"),
    ...settling(database),
    recover: database.prepare(
      `update outbox set state = 'unknown', not_before = max(sent_at, not_before) + ? where state = 'sending' and lane = ?
         and id not in (select value from json_each(?))`,
    ),
    // Of parked rows of one kind the newest says it all. One whose fate is in doubt is looked up first, whatever follows.
    supersede: database.prepare(
      `update outbox set state = 'cancelled', error = 'superseded', settled_at = ? where state = 'parked' and reconcile = 0
         and exists (select 1 from outbox n where n.coalesce = outbox.coalesce and n.id <> outbox.id
           and (n.state = 'pending' or (n.state = 'parked' and n.id > outbox.id)))`,
    ),
    // Whoever waited for several pages of one incident gets the last. It says how things stand, and rings as loudly.
    supersedePages: database.prepare(
      `update outbox set state = 'cancelled', error = 'superseded', settled_at = ? where state = 'parked' and id in
         (select id from (select id, row_number() over
             (partition by incident, json_extract(effect, '$.kind'), json_extract(effect, '$.user') order by id desc) as age
           from outbox where state = 'parked' and incident is not null
             and json_extract(effect, '$.kind') in ('page', 'ask-announce-channel', 'check-quiet')) where age > 1)`,
    ),
    unpark: database.prepare(
      `update outbox set state = case reconcile when 1 then 'unknown' else 'pending' end, not_before = ?, error = null
         where state = 'parked' and lane = ?`,
    ),
    forget: database.prepare(
      `delete from outbox where id in
         (select id from outbox where state in ('done', 'cancelled') and settled_at < ? limit ${forgottenAtOnceMax})`,
    ),
    nextSendAt: database
      .prepare("select min(not_before) from outbox where state in ('pending', 'unknown') and not_before > ?")
      .pluck(),
    parked: database.prepare("select count(*) from outbox where state = 'parked' and lane = ?").pluck(),
    counts: database.prepare('select state, count(*) as n from outbox where state <> ? group by state'),
    troubles: database.prepare(
      `select id, incident, desk, effect, state, coalesce(error, '') as error,
         coalesce(settled_at, created_at) as at from outbox where state in ('dead', 'parked', 'unknown') or (state = 'pending' and attempts > 0)
       order by id desc limit ?`,
    ),
  };
}

type TroubleRow = Omit<OutboxTrouble, 'kind' | 'to'> & { effect: string };

function troubleOf({ effect, ...row }: TroubleRow): OutboxTrouble {
  const { kind, user, name, users } = JSON.parse(effect) as Pick<OutboxTrouble, 'kind'> &
    Partial<{ user: string; name: string; users: string[] }>;
  const one = user ?? name;
  return { ...row, kind, to: one === undefined ? (users ?? []) : [one] };
}

/** The outbox half of the store. The writing functions run inside their caller's transaction. */
export function outboxWrites(database: Database) {
  const sql = statements(database);

  function claimOf(lane: Lane, now: number, limit: number): OutboxRow[] {
    // A cheap look first: in most commits nothing waits in most lanes.
    if (sql.isWaiting.get(laneNumbers[lane], now) === undefined) return [];
    const claim = lane === 'page' ? sql.claimPages : sql.claim;
    const rows = claim.all({ lane: laneNumbers[lane], now, limit }) as Row[];
    return rows
      .sort((a, b) => a.id - b.id)
      .map(
        (row) =>
          ({
            id: row.id,
            ref: row.ref,
            incident: row.incident,
            desk: row.desk,
            effect: JSON.parse(row.effect) as unknown,
            attempts: row.attempts,
            createdAt: row.created_at,
            sentAt: row.sent_at,
            reconcile: row.reconcile === 1,
          }) as OutboxRow,
      );
  }

  return {
    claim(lanes: readonly Lane[], now: number, room: (lane: Lane, taken: number) => number): OutboxRow[] {
      const claimed: OutboxRow[] = [];
      for (const lane of lanes) {
        const limit = room(lane, claimed.length);
        if (limit > 0) claimed.push(...claimOf(lane, now, limit));
      }
      return claimed;
    },
    calling(id: number, at: number): void {
      sql.calling.run(at, id);
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
      const { again } = settlement;
      if (again !== undefined) sql.again.run({ id, again, at, ref: newRef() });
    },
    recover(graceMs: Record<Lane, number>, carried: readonly number[] = []): number {
      const lanes = Object.entries(laneNumbers) as [Lane, number][];
      const kept = JSON.stringify(carried);
      return lanes.reduce(
        (sum, [lane, number]) => sum + sql.recover.run(graceMs[lane], number, kept).changes,
        0,
      );
    },
    unpark(at: number, lanes: readonly Lane[]): number {
      sql.supersede.run(at);
      sql.supersedePages.run(at);
      return lanes.reduce((sum, lane) => sum + sql.unpark.run(at, laneNumbers[lane]).changes, 0);
    },
    parkedIn: (lanes: readonly Lane[]): number =>
      lanes.reduce((sum, lane) => sum + (sql.parked.get(laneNumbers[lane]) as number), 0),
    forget: (before: number): number => sql.forget.run(before).changes,
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
        troubles: (sql.troubles.all(limit) as TroubleRow[]).map(troubleOf),
      };
    },
  };
}
