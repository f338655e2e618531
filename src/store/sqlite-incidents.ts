import { randomUUID } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { userOf } from '../incident/by.ts';
import { placeKey } from '../incident/channel.ts';
import { nextDue } from '../incident/due.ts';
import { type Effect, effectTraits, type Lane } from '../incident/effects.ts';
import { happenedAt } from '../incident/facts.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { goingOn } from '../incident/merged-into.ts';
import { isRefusal, type Refusal } from '../incident/refusal.ts';
import { linksOf } from './links.ts';
import { coalesceKey, ownerOf, queueOf } from './queues.ts';
import type { Recall } from './recall.ts';
import { reviver } from './revive.ts';
import { titleWrites } from './sqlite-similar.ts';
import type {
  Change,
  Committed,
  CreateContext,
  CreateQuestion,
  Creation,
  Settlement,
  Stamp,
} from './store.ts';
import type { Unwritten } from './unwritten.ts';

/** Writes down what becomes of a row that is being sent (sqlite-outbox.ts), inside its caller's transaction. */
export type Settle = (row: number, settlement: Settlement, at: number) => void;

/** Lanes as the outbox stores them: stored rows have these, so none changes. In one queue the lower goes first. */
export const laneNumbers: Record<Lane, number> = {
  page: 0,
  channel: 1,
  furnishing: 2,
  announcement: 3,
  chatter: 4,
  pagerduty: 5,
  'pagerduty-remarks': 6,
};

/** What a post is found again by: 20 hex digits, nobody's to guess. UUIDs ask the system for many at once. */
export const newRef = (): string => randomUUID().replaceAll('-', '').slice(-20);

/** What lists and questions find an incident by. */
const placeOf = (incident: Incident) => ({
  status: incident.status,
  severity: incident.severity,
  isOpen: isOpen(incident) ? 1 : 0,
  service: incident.service,
  declaredAt: incident.times.declaredAt,
  byMachine: incident.declaredBy.kind === 'person' ? 0 : 1,
  visibility: incident.visibility,
  stormOf: incident.stormOf,
  holder: incident.acknowledged && userOf(incident.acknowledged.by),
});

/** The columns of an incident's row. */
const columns = (incident: Incident) => ({
  id: incident.id,
  state: JSON.stringify(incident),
  dueAt: dueAtOf(incident),
  ...placeOf(incident),
});

const dueAtOf = (incident: Incident): number | null => nextDue(incident)?.at ?? null;

const isPlacedAlike = (one: Incident, other: Incident): boolean => {
  const place = Object.values(placeOf(other));
  return Object.values(placeOf(one)).every((value, n) => value === place[n]);
};

/** What must be known of other incidents to place a new one. */
function recollections(database: Database) {
  const one = (where: string) => database.prepare(`select id, state from incidents where ${where}`);
  return {
    ...ofService(database),
    byMachines: one(
      "by_machine = 1 and declared_at >= ? and visibility = 'channel' order by declared_at, id limit 100",
    ),
    declaredAt: database
      .prepare(
        "select declared_at from incidents where by_machine = 0 and declared_at > ? and json_extract(state, '$.declaredBy.user') = ? order by declared_at desc limit 1000",
      )
      .pluck(),
    stormHead: database
      .prepare(
        'select storm_of from incidents where storm_of is not null and declared_at >= ? order by id desc limit 1',
      )
      .pluck(),
    clearedAt: database.prepare('select at from seen where cause = ?').pluck(),
  };
}

/** What there is of one service. */
function ofService(database: Database) {
  const one = (where: string) => database.prepare(`select id, state from incidents where ${where}`);
  return {
    openByService: one('service = ? and is_open = 1 and by_machine = 1 order by id desc limit 1'),
    mergedByService: one("service = ? and by_machine = 1 and status = 'merged' order by id desc limit 1"),
    resolvedByService: one(
      "service = ? and is_open = 0 and status in ('resolved', 'closed') and json_extract(state, '$.statusAt') >= ? order by id desc limit 1",
    ),
  };
}

function statements(database: Database) {
  return {
    seen: database.prepare('select incident from seen where cause = ?').pluck(),
    see: database.prepare('insert into seen (cause, incident, at) values (?, ?, ?)'),
    // After a restore, numbers that were given since the copy was made are left out (restored.ts).
    nextId: database
      .prepare(
        `select max(coalesce((select max(id) from incidents), 0),
           coalesce((select json_extract(value, '$.lastId') from meta where key = 'restored-from'), 0)) + 1`,
      )
      .pluck(),
    byId: database.prepare('select id, state from incidents where id = ?'),
    linked: database.prepare(
      'select i.id, i.state from links l join incidents i on i.id = l.incident where l.kind = ? and l.external_id = ?',
    ),
    ...recollections(database),
    clear: database.prepare(
      'insert into seen (cause, incident, at) values (?, 0, ?) on conflict (cause) do update set at = max(at, excluded.at)',
    ),
    insert: database.prepare(
      `insert into incidents (id, state, status, severity, is_open, service, declared_at, by_machine, visibility, storm_of, holder, due_at)
       values (@id, @state, @status, @severity, @isOpen, @service, @declaredAt, @byMachine, @visibility, @stormOf, @holder, @dueAt)`,
    ),
    update: database.prepare(
      `update incidents set state = @state, status = @status, severity = @severity, is_open = @isOpen, service = @service,
       declared_at = @declaredAt, by_machine = @byMachine, visibility = @visibility, storm_of = @stormOf,
       holder = @holder, due_at = @dueAt
       where id = @id`,
    ),
    // Most changes move it nowhere; the indexes of the other columns stay as they are then.
    restate: database.prepare('update incidents set state = @state, due_at = @dueAt where id = @id'),
    nextSeq: database.prepare('select coalesce(max(seq), 0) + 1 from timeline where incident = ?').pluck(),
    record: database.prepare(
      'insert into timeline (incident, seq, at, happened_at, cause, fact) values (?, ?, ?, ?, ?, ?)',
    ),
    // An alert that fires long after its incident ended moves to the one it opens then.
    link: database.prepare(
      `insert into links (kind, external_id, incident) values (?, ?, ?)
       on conflict (kind, external_id) do update set incident = excluded.incident`,
    ),
    // Nothing in the channel is about the incident any more, but edits and deletions of what was said there.
    unlink: database.prepare(
      "update links set kind = 'slack-past' where kind = 'slack' and external_id = ? and incident = ?",
    ),
    oblige: database.prepare(
      `insert or ignore into outbox (key, ref, incident, effect, lane, queue, coalesce, state, attempts, not_before, created_at)
       values (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?)`,
    ),
  };
}

/** An alert that was resolved before we ever heard that it fired. */
const clearedCause = (alert: string): string => `pagerduty-cleared:${alert}`;

/**
 * The writing half for incidents. Each function runs inside the transaction that its caller (the group commit) has
 * open, so reading, deciding and writing are one.
 */
export function incidentWrites(
  database: Database,
  settle: Settle,
  { readOne, readAll, keep }: Recall,
  unwritten: Unwritten,
) {
  const sql = statements(database);
  const titles = titleWrites(database);
  const revive = reviver(database);

  function put(statement: Statement, incident: Incident): void {
    const row = columns(incident);
    statement.run(row);
    unwritten.written(incident);
    keep(row, incident);
  }

  /** Where it stands in the lists as before. Its state is written with those of all others. */
  function restateLater(incident: Incident): void {
    unwritten.leave({ incident, dueAt: dueAtOf(incident) });
  }

  function writeLeft(): void {
    for (const { incident, dueAt } of unwritten.take()) {
      const row = { id: incident.id, state: JSON.stringify(incident), dueAt };
      sql.restate.run(row);
      keep(row, incident);
    }
  }

  function write(change: Change, stamp: Stamp): void {
    const { incident } = change;
    let seq = sql.nextSeq.get(incident.id) as number;
    for (const fact of change.facts) {
      const when = happenedAt(fact, stamp.at);
      sql.record.run(incident.id, seq, stamp.at, when, stamp.cause, JSON.stringify(fact));
      for (const link of linksOf(fact, incident)) sql.link.run(link.kind, link.id, incident.id);
      if (fact.type === 'made-private' && fact.channel) {
        sql.unlink.run(placeKey(fact.channel.id, fact.channel.threadTs), incident.id);
      }
      seq += 1;
    }
    change.effects.forEach((effect, n) => {
      oblige(incident, `${incident.id}/${seq - 1}/${n}`, effect, stamp.at);
    });
    // Only what was acted on is remembered: a command that led to nothing may lead to something later.
    sql.see.run(stamp.cause, incident.id, stamp.at);
  }

  function oblige({ id, stormOf }: Incident, key: string, effect: Effect, at: number): void {
    const ref = newRef();
    const owner = ownerOf(id, effect);
    const lane = laneNumbers[effectTraits[effect.kind].lane];
    sql.oblige.run(
      key,
      ref,
      owner,
      JSON.stringify(effect),
      lane,
      queueOf(owner, effect, stormOf),
      coalesceKey(owner, effect),
      at,
      at,
    );
  }

  /** The one that an alert of this service opened, or where the latest of those was merged into. */
  function openOf(service: string): Incident | null {
    const open = readOne(sql.openByService.get(service));
    if (open) return open;
    const merged = readOne(sql.mergedByService.get(service));
    const last = merged && goingOn(merged, byId);
    return last && isOpen(last) ? last : null;
  }

  const byId = (id: number): Incident | null => readOne(sql.byId.get(id));

  /** Read when it is asked for: most alerts of a storm belong to an incident there is, and need to know little else. */
  function context({
    alert,
    service,
    machinesSince,
    resolvedSince,
    declarer,
  }: CreateQuestion): CreateContext {
    return {
      get id() {
        return sql.nextId.get() as number;
      },
      get linked() {
        return alert === null ? null : readOne(sql.linked.get('pagerduty', alert));
      },
      get openByService() {
        return service === null ? null : openOf(service);
      },
      get resolvedByService() {
        return service === null ? null : readOne(sql.resolvedByService.get(service, resolvedSince));
      },
      get openedByMachines() {
        return readAll(sql.byMachines.all(machinesSince));
      },
      get stormHead() {
        return (
          (sql.stormHead.get(machinesSince) as number | undefined) ?? this.openedByMachines.at(-1)?.id ?? null
        );
      },
      get declaredAt() {
        return declarer ? (sql.declaredAt.all(declarer.since, declarer.user) as number[]) : [];
      },
      get clearedAt() {
        return alert === null ? null : ((sql.clearedAt.get(clearedCause(alert)) as number) ?? null);
      },
    };
  }

  function create(
    change: (context: CreateContext) => Creation,
    stamp: Stamp,
    question: CreateQuestion,
  ): Committed {
    const before = sql.seen.get(stamp.cause) as number | undefined;
    if (before !== undefined) return { outcome: 'seen', incident: byId(before) };
    const creation = change(context(question));
    if ('attachTo' in creation) {
      const joined = byId(creation.attachTo);
      return joined ? revise(goingOn(joined, byId), creation.change, stamp) : { outcome: 'missing' };
    }
    if (isRefusal(creation)) return { outcome: 'refused', refusal: creation, incident: null };
    put(sql.insert, creation.incident);
    titles.follow(null, creation.incident);
    write(creation, stamp);
    return { outcome: 'committed', incident: creation.incident, facts: creation.facts };
  }

  function update(id: number, change: (incident: Incident) => Change | Refusal, stamp: Stamp): Committed {
    if (stamp.settles) settle(stamp.settles.row, stamp.settles, stamp.at);
    const asked = byId(id);
    if (!asked) return { outcome: 'missing' };
    const current = stamp.onward ? goingOn(asked, byId) : asked;
    if (sql.seen.get(stamp.cause) !== undefined) return { outcome: 'seen', incident: current };
    return revise(current, change, stamp);
  }

  /** Nothing came of this cause yet. */
  function revise(
    current: Incident,
    change: (incident: Incident) => Change | Refusal,
    stamp: Stamp,
  ): Committed {
    const changed = change(current);
    if (isRefusal(changed)) return { outcome: 'refused', refusal: changed, incident: current };
    if (stamp.revives && !revive(stamp.revives, stamp.at)) return { outcome: 'seen', incident: current };
    if (changed.facts.length > 0) {
      if (isPlacedAlike(current, changed.incident)) restateLater(changed.incident);
      else put(sql.update, changed.incident);
      titles.follow(current, changed.incident);
      write(changed, stamp);
    }
    return { outcome: 'committed', incident: changed.incident, facts: changed.facts };
  }

  return {
    create,
    update,
    /** Before each commit. */
    writeLeft,
    noteCleared: (alert: string, at: number): void => {
      sql.clear.run(clearedCause(alert), at);
    },
  };
}
