import type { Database } from 'better-sqlite3';
import type { Lane } from '../incident/effects.ts';
import type { TimelineEntry } from '../incident/timeline.ts';
import { readSpace } from './space.ts';
import { laneNumbers } from './sqlite-incidents.ts';
import {
  type FailedCall,
  type LaneReport,
  type OutboxState,
  type StoreWatch,
  triesPerLife,
} from './store.ts';

interface LaneRow {
  lane: number;
  state: OutboxState;
  n: number;
  oldestAt: number;
  sentAt: number | null;
  latePages: number;
}

/** What somebody is to be woken by; what PagerDuty is told beside that can wait. */
const isPage = `(lane = ${laneNumbers.page} or (lane = ${laneNumbers.pagerduty}
  and json_extract(effect, '$.kind') in ('pagerduty-trigger', 'pagerduty-page', 'call-pagerduty')))`;

/** Never tried and not to go yet: nothing keeps it. */
const isPlanned = "(state = 'pending' and attempts = 0 and error is null and not_before > @now)";

const laneOf = new Map(Object.entries(laneNumbers).map(([lane, number]) => [number, lane as Lane]));

function statements(database: Database) {
  return {
    // Both walk along an index of the rows that are not over: what was done is never looked at.
    underWay: database.prepare(
      `select lane, state, count(*) as n, min(created_at) as oldestAt, min(sent_at) as sentAt,
         sum(created_at < @before and attempts < ${triesPerLife} and ${isPage} and not ${isPlanned}) as latePages
       from outbox indexed by outbox_queue where state in ('pending', 'sending', 'unknown') group by lane, state`,
    ),
    stuck: database.prepare(
      `select lane, state, count(*) as n, min(created_at) as oldestAt, null as sentAt, 0 as latePages
       from outbox indexed by outbox_failed where state in ('dead', 'parked') group by lane, state`,
    ),
    failedSince: database
      .prepare(
        "select count(*) from outbox indexed by outbox_failed where state in ('dead', 'parked') and state = 'dead' and settled_at >= ?",
      )
      .pluck(),
    open: database.prepare(
      `select severity, count(*) as n from incidents where is_open = 1
         and json_extract(state, '$.isPrivate') = 0 and json_extract(state, '$.isTest') = 0 group by severity`,
    ),
    openAfter: database
      .prepare('select id from incidents where is_open = 1 and id > ? order by id limit ?')
      .pluck(),
    recordedAfter: database.prepare(
      `select incident, seq, at, happened_at as happenedAt, cause, fact from timeline where incident = ? and seq > ? order by seq limit ?`,
    ),
    failed: database.prepare(
      `select id, incident, desk, json_extract(effect, '$.kind') as kind, state, coalesce(error, '') as error from outbox where id = ?`,
    ),
  };
}

/** What the auditor, `/healthz` and `/metrics` ask of the database. Nothing here writes. */
export function watchReads(database: Database): StoreWatch {
  const sql = statements(database);
  return {
    lanes: (now, lateBefore) => {
      const rows = [...sql.underWay.all({ now, before: lateBefore }), ...sql.stuck.all()] as LaneRow[];
      return reportOf(rows);
    },
    failedSince: (at) => sql.failedSince.get(at) as number,
    openBySeverity: () => sql.open.all() as { severity: number; n: number }[],
    openAfter: (id, limit) => sql.openAfter.all(id, limit) as number[],
    recordedAfter: (id, seq, limit) => {
      const rows = sql.recordedAfter.all(id, seq, limit) as (Omit<TimelineEntry, 'fact'> & {
        fact: string;
      })[];
      return rows.map((row) => ({ ...row, fact: JSON.parse(row.fact) }));
    },
    call: (row) => (sql.failed.get(row) as FailedCall | undefined) ?? null,
    space: () => readSpace(database.name),
  };
}

function reportOf(rows: readonly LaneRow[]): LaneReport[] {
  return [...laneOf].map(([number, lane]) => {
    const own = rows.filter((row) => row.lane === number);
    const count = (state: OutboxState): number => own.find((row) => row.state === state)?.n ?? 0;
    const alive = own.filter(({ state }) => state !== 'dead' && state !== 'parked');
    return {
      lane,
      waiting: count('pending'),
      sending: count('sending'),
      unknown: count('unknown'),
      parked: count('parked'),
      dead: count('dead'),
      oldestAt: alive.length === 0 ? null : Math.min(...alive.map(({ oldestAt }) => oldestAt)),
      sendingSinceAt: own.find(({ state }) => state === 'sending')?.sentAt ?? null,
      latePages: own.reduce((sum, row) => sum + row.latePages, 0),
    };
  });
}
