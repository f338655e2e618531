import type { Database } from 'better-sqlite3';
import { type Desk, emptyDesk } from '../oncall/desk.ts';
import { deskLanes, deskQueue } from '../oncall/desk-effects.ts';
import { laneNumbers, newRef, type Settle } from './sqlite-incidents.ts';
import type { DeskChange, DeskCommitted, Stamp, Store } from './store.ts';

function statements(database: Database) {
  return {
    seen: database.prepare('select incident from seen where cause = ?').pluck(),
    see: database.prepare('insert into seen (cause, incident, at) values (?, 0, ?)'),
    byTeam: database.prepare('select state from desks where team = ?').pluck(),
    all: database.prepare('select state from desks order by team').pluck(),
    due: database.prepare(
      'select team, due_at as dueAt from desks where due_at is not null and due_at <= ? order by due_at limit ?',
    ),
    nextDue: database.prepare('select min(due_at) from desks where due_at is not null').pluck(),
    put: database.prepare(
      `insert into desks (team, state, due_at) values (?, ?, ?)
       on conflict (team) do update set state = excluded.state, due_at = excluded.due_at`,
    ),
    postpone: database.prepare(
      'update desks set due_at = @dueAt where team = @team and due_at is not @dueAt',
    ),
    nextSeq: database.prepare('select coalesce(max(seq), 0) + 1 from desk_facts where team = ?').pluck(),
    record: database.prepare('insert into desk_facts (team, seq, at, cause, fact) values (?, ?, ?, ?, ?)'),
    oblige: database.prepare(
      `insert or ignore into outbox (key, ref, desk, effect, lane, queue, state, attempts, not_before, created_at)
       values (?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?)`,
    ),
  };
}

/** The desks' half of the store. `update` runs inside its caller's transaction. */
export function deskStore(database: Database, settle: Settle) {
  const sql = statements(database);
  /** As they are on disk; nobody else writes there. */
  let kept: readonly Desk[] | null = null;

  const parse = (state: unknown): Desk | null =>
    state === undefined ? null : (JSON.parse(state as string) as Desk);
  const desk = (team: string): Desk | null => parse(sql.byTeam.get(team));

  function write(team: string, change: DeskChange, stamp: Stamp): void {
    sql.put.run(team, JSON.stringify(change.desk), change.dueAt);
    let seq = sql.nextSeq.get(team) as number;
    for (const fact of change.facts) {
      sql.record.run(team, seq, stamp.at, stamp.cause, JSON.stringify(fact));
      seq += 1;
    }
    for (const [n, effect] of change.effects.entries()) {
      const key = `desk/${team}/${seq - 1}/${n}`;
      const ref = newRef();
      const lane = laneNumbers[deskLanes[effect.kind]];
      const { at } = stamp;
      sql.oblige.run(key, ref, team, JSON.stringify(effect), lane, deskQueue(team, effect), at, at);
    }
    sql.see.run(stamp.cause, stamp.at);
  }

  function update(team: string, change: Parameters<Store['updateDesk']>[1], stamp: Stamp): DeskCommitted {
    const current = desk(team) ?? emptyDesk(team);
    if (stamp.settles) settle(stamp.settles.row, stamp.settles, stamp.at);
    if (sql.seen.get(stamp.cause) !== undefined) return { outcome: 'seen', desk: current };
    const changed = change(current);
    if ('refused' in changed) return { outcome: 'refused', refusal: changed, desk: current };
    kept = null;
    if (changed.facts.length > 0) write(team, changed, stamp);
    else sql.postpone.run({ team, dueAt: changed.dueAt });
    return { outcome: 'committed', desk: changed.desk, facts: changed.facts };
  }

  return {
    update,
    reads: {
      desk,
      desks: (): readonly Desk[] => {
        kept ??= (sql.all.all() as string[]).map((state) => JSON.parse(state) as Desk);
        return kept;
      },
      dueDesks: (now: number, limit: number) => sql.due.all(now, limit) as { team: string; dueAt: number }[],
    },
    nextDueAt: (): number | null => sql.nextDue.get() as number | null,
  };
}
