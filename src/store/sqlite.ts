import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { and, asc, count, desc, eq, gte, isNotNull, lt, lte, min, sql } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import type { Place } from '../incident/incident.ts';
import { backUpScheduled } from './backup.ts';
import { ballast } from './ballast.ts';
import { DatabaseDamaged, damageOf, refuseForeign } from './damage.ts';
import { createPrivately, makeFolder, sizeOf } from './files.ts';
import { groupCommit } from './group.ts';
import { quoteKey } from './links.ts';
import { lockDirectory } from './lock.ts';
import { migrate } from './migrate.ts';
import { refuseNetwork, type TypeOf } from './network.ts';
import { refuseNonFile } from './place.ts';
import { type Recall, recall } from './recall.ts';
import { finishRestore } from './restore.ts';
import { markRestored } from './restored.ts';
import { reviver } from './revive.ts';
import { deskStore } from './sqlite-desks.ts';
import { incidentWrites } from './sqlite-incidents.ts';
import { outboxWrites } from './sqlite-outbox.ts';
import { similarReads, titleWrites } from './sqlite-similar.ts';
import { sourceStore } from './sqlite-sources.ts';
import { timelineReads } from './sqlite-timelines.ts';
import { watchReads } from './sqlite-watch.ts';
import type { ListFilter, MetaKey, Person, Store } from './store.ts';
import { incidents, links, meta, people, quarantine, seen } from './tables.ts';
import { unwritten } from './unwritten.ts';

/** WAL-reset corruption is fixed from here on (reliability.md, fact 12). */
const sqliteVersionMin = [3, 51, 3] as const;

export interface SqliteOptions {
  /** Hears every statement as it is executed: to count them. */
  verbose?: (statement: unknown) => void;
  /** Room on the disk that is kept for an emergency (ballast.ts). Default: none. */
  ballastBytes?: number;
  /** Says what kind of file system a folder is on. Default: the machine itself. */
  typeOf?: TypeOf;
}

/** Up to this size a start checks the whole file: half a second. Of a larger one the copies are checked, every 15 minutes. */
const checkedAtStartBytesMax = 512 * 1024 ** 2;
/** At the start we wait for another program so long, and while we serve so long at once, because nobody is answered meanwhile. */
const lockedMs = { start: 5_000, serving: 100 } as const;

/**
 * Opens (creating and migrating it first) the database at `path`, and holds its directory until `close`. Throws
 * `DirectoryInUse` when another process has it, `DatabaseTooNew` when a later version of Tocsin wrote it,
 * `DatabaseDamaged`, and `PlaceRefused` (no file, or a network file system).
 */
export async function openSqlite(path: string, at: number, options: SqliteOptions = {}): Promise<Store> {
  refuseNonFile(path);
  refuseForeign(path);
  const directory = dirname(path);
  refuseNetwork(directory, options.typeOf);
  makeFolder(directory);
  const unlock = lockDirectory(path);
  finishRestore(path);
  createPrivately(path);
  const database = new Database(path, { verbose: options.verbose });
  const reserve = ballast(directory, options.ballastBytes ?? 0);
  try {
    setUp(database);
    if (sizeOf(path) <= checkedAtStartBytesMax) check(database);
    await migrate(database, at);
    markRestored(database, at);
    database.transaction(titleWrites(database).catchUp)();
    reserve.stow();
  } catch (error) {
    database.close();
    unlock();
    throw damageOf(error, path);
  }
  database.pragma(`busy_timeout = ${lockedMs.serving}`);
  return storeOf(database, reserve, () => {
    database.close();
    unlock();
  });
}

function check(database: Database.Database): void {
  const [found] = database.pragma('quick_check(1)') as { quick_check: string }[];
  // Its last line says what, those before it where.
  const word = found?.quick_check.split('\n').at(-1) ?? 'ok';
  if (word !== 'ok') throw new DatabaseDamaged(word);
}

/**
 * Durability, asserted: better-sqlite3 reports FULL on a fresh file and falls back to NORMAL after the first write in
 * WAL mode unless it is set explicitly (reliability.md, fact 11).
 */
function setUp(database: Database.Database): void {
  const version = (database.prepare('select sqlite_version()').pluck().get() as string)
    .split('.')
    .map(Number);
  const [major = 0, minor = 0, patch = 0] = version;
  const [needMajor, needMinor, needPatch] = sqliteVersionMin;
  const asNumber = (a: number, b: number, c: number) => a * 1_000_000 + b * 1_000 + c;
  if (asNumber(major, minor, patch) < asNumber(needMajor, needMinor, needPatch)) {
    throw new Error(
      `SQLite ${version.join('.')} is too old: ${sqliteVersionMin.join('.')} or newer is needed.`,
    );
  }
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma(`busy_timeout = ${lockedMs.start}`);
  database.pragma('journal_size_limit = 67108864');
  if (database.pragma('journal_mode', { simple: true }) !== 'wal') {
    throw new Error('The database could not be put into WAL mode: is it on a network file system?');
  }
  if (database.pragma('synchronous', { simple: true }) !== 2)
    throw new Error('synchronous=FULL did not hold.');
}

function storeOf(database: Database.Database, reserve: ReturnType<typeof ballast>, close: () => void): Store {
  const db = drizzle(database);
  const outbox = outboxWrites(database);
  const late = unwritten();
  const known = recall(late);
  const writes = incidentWrites(database, outbox.settle, known, late);
  const { commit, ride } = groupCommit(database, reserve.drop, {
    mark: late.mark,
    write: writes.writeLeft,
    forget: () => void late.take(),
  });
  const desks = deskStore(database, outbox.settle);
  const sources = sourceStore(database);
  const reads = incidentReads(db, known);
  const revive = reviver(database);
  const sides = sideTables(db, commit);
  return {
    create: (change, stamp, question) => commit(() => writes.create(change, stamp, question)),
    update: (id, change, stamp) => commit(() => writes.update(id, change, stamp)),
    noteCleared: (alert, at) => commit(() => writes.noteCleared(alert, at)),
    updateDesk: (team, change, stamp) => commit(() => desks.update(team, change, stamp)),
    ...reads,
    ...desks.reads,
    saveSource: (state) => commit(() => sources.write.source(state)),
    savePagerDutyPeople: (people) => commit(() => sources.write.people(people)),
    ...sources.reads,
    nextDueAt: () => earliest(reads.nextDueAt(), desks.nextDueAt()),
    ...similarReads(database, known),
    causedBy: causeReader(db),
    timeline: timelineReads(database),
    claim: (lanes, now, room) => ride(() => outbox.claim(lanes, now, room)),
    calling: (id, at) => commit(() => outbox.calling(id, at)),
    settle: (id, settlement, at) => commit(() => outbox.settle(id, settlement, at)),
    recover: (graceMs, carried) => commit(() => outbox.recover(graceMs, carried)),
    unpark: (at, lanes) => commit(() => outbox.unpark(at, lanes)),
    forget: (before) => commit(() => outbox.forget(before)),
    nextSendAt: outbox.nextSendAt,
    outboxReport: outbox.report,
    parkedIn: outbox.parkedIn,
    revive: (revival, at) => commit(() => revive(revival, at)),
    watch: watchReads(database),
    ...sides,
    backUp: async (at) => {
      reserve.stow();
      const made = await backUpScheduled(database, at);
      await sides.saveMeta('last-backup', String(at));
      return made;
    },
    hasReserve: reserve.isThere,
    close,
  };
}

const earliest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Reads of incidents and their timelines, prepared once. */
function incidentReads(db: BetterSQLite3Database, { readOne, readAll }: Recall) {
  const state = { id: incidents.id, state: incidents.state };
  const linked = db.select(state).from(links).innerJoin(incidents, eq(incidents.id, links.incident));
  const due = db
    .select({ id: incidents.id, dueAt: incidents.dueAt })
    .from(incidents)
    .where(and(isNotNull(incidents.dueAt), lte(incidents.dueAt, sql.placeholder('now'))))
    .orderBy(asc(incidents.dueAt))
    .limit(sql.placeholder('limit'))
    .prepare();
  const nextDue = db
    .select({ at: min(incidents.dueAt) })
    .from(incidents)
    .where(isNotNull(incidents.dueAt))
    .prepare();
  const byId = db
    .select(state)
    .from(incidents)
    .where(eq(incidents.id, sql.placeholder('id')))
    .prepare();
  const members = db
    .select(state)
    .from(incidents)
    .where(eq(incidents.stormOf, sql.placeholder('id')))
    .orderBy(asc(incidents.id))
    .prepare();
  const byLink = linked
    .where(and(eq(links.kind, sql.placeholder('kind')), eq(links.externalId, sql.placeholder('externalId'))))
    .prepare();
  const idByLink = db
    .select({ id: links.incident })
    .from(links)
    .where(and(eq(links.kind, sql.placeholder('kind')), eq(links.externalId, sql.placeholder('externalId'))))
    .prepare();
  const byQuote = db
    .select({ id: links.incident })
    .from(links)
    .where(
      and(
        eq(links.kind, 'quoted'),
        gte(links.externalId, sql.placeholder('from')),
        lt(links.externalId, sql.placeholder('below')),
      ),
    )
    .prepare();
  /** Building a statement costs more than running it, and every page asks for one: each shape is prepared once. */
  const lists = new Map<string, ReturnType<typeof prepareList>>();
  const prepareList = (open: boolean | undefined, bySeverity: boolean) =>
    db
      .select(state)
      .from(incidents)
      .where(
        and(
          open === undefined ? undefined : eq(incidents.isOpen, open ? 1 : 0),
          bySeverity ? eq(incidents.severity, sql.placeholder('severity')) : undefined,
        ),
      )
      .orderBy(desc(incidents.isOpen), ...(open ? [asc(incidents.severity)] : []), desc(incidents.id))
      .limit(sql.placeholder('limit'))
      .prepare();
  function listOf(open: boolean | undefined, bySeverity: boolean) {
    const shape = `${open} ${bySeverity}`;
    const list = lists.get(shape) ?? prepareList(open, bySeverity);
    lists.set(shape, list);
    return list;
  }
  return {
    incident: (id: number) => readOne(byId.get({ id })),
    linked: (kind: 'slack' | 'pagerduty', externalId: string) => readOne(byLink.get({ kind, externalId })),
    linkedId: (kind: 'slack' | 'slack-past' | 'pagerduty', externalId: string) =>
      idByLink.get({ kind, externalId })?.id ?? null,
    quoting: (place: Place) => {
      const from = `${quoteKey(place)}:`;
      return byQuote.all({ from, below: `${from}~` }).map((row) => row.id);
    },
    list: ({ open, severity, limit }: ListFilter) =>
      readAll(listOf(open, severity !== undefined).all({ severity, limit })),
    stormMembers: (id: number) => readAll(members.all({ id })),
    due: (now: number, limit: number) => due.all({ now, limit }) as { id: number; dueAt: number }[],
    nextDueAt: () => nextDue.get()?.at ?? null,
  };
}

/** Which incident acted on a cause: asked for every reaction that means something. */
function causeReader(db: BetterSQLite3Database): Store['causedBy'] {
  const byCause = db
    .select({ incident: seen.incident })
    .from(seen)
    .where(eq(seen.cause, sql.placeholder('cause')))
    .prepare();
  return (cause) => byCause.get({ cause })?.incident ?? null;
}

const personIn = ({ isMember, ...row }: typeof people.$inferSelect): Person => ({
  ...row,
  isMember: isMember === 1,
  ...(isMember === -1 && { isStranger: true }),
  ...(isMember === -2 && { is: 'deactivated' }),
  ...(isMember === -3 && { is: 'bot' }),
});

/** As the column `is_member` has it. */
function standingOf({ isMember, isStranger = false, is }: Person): number {
  if (isStranger) return -1;
  if (is !== undefined) return is === 'deactivated' ? -2 : -3;
  return Number(isMember);
}

/** People kept in memory; those of a larger workspace are read again. */
const metMax = 10_000;

/** People, meta and quarantine: small tables beside the incidents. */
function sideTables(db: BetterSQLite3Database, commit: ReturnType<typeof groupCommit>['commit']) {
  // Prepared: a draft asks for a name per message, and building the statement costs fifty times its execution.
  const personOf = db
    .select()
    .from(people)
    .where(eq(people.user, sql.placeholder('user')))
    .prepare();
  const metaOf = db
    .select()
    .from(meta)
    .where(eq(meta.key, sql.placeholder('key')))
    .prepare();
  /** Readable before they are on the disk, because a name is no fact; and looked at too often to be read each time. */
  const met = new Map<string, Person>();
  const meet = (person: Person): Person => {
    if (met.size >= metMax) met.clear();
    met.set(person.user, person);
    return person;
  };
  return {
    person: (user: string): Person | null => {
      const known = met.get(user);
      if (known) return known;
      const row = personOf.get({ user });
      return row ? meet(personIn(row)) : null;
    },
    savePerson: (person: Person) => {
      meet(person);
      return commit(() => {
        const { isStranger: _stranger, is: _is, ...rest } = person;
        const row = { ...rest, isMember: standingOf(person) };
        db.insert(people).values(row).onConflictDoUpdate({ target: people.user, set: row }).run();
      });
    },
    meta: (key: MetaKey) => metaOf.get({ key })?.value ?? null,
    saveMeta: (key: MetaKey, value: string) =>
      commit(() => {
        db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } }).run();
      }),
    quarantine: (entry: { at: number; source: string; reason: string; body: Buffer }) =>
      commit(() => {
        const digest = createHash('sha256').update(entry.body).digest('hex');
        db.insert(quarantine)
          .values({ ...entry, digest })
          .onConflictDoNothing()
          .run();
      }),
    quarantined: () => db.select({ n: count() }).from(quarantine).get()?.n ?? 0,
  };
}
