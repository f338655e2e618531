import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DirectoryInUse } from '../../src/store/lock.ts';
import { DatabaseTooNew } from '../../src/store/migrate.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from './contract.ts';

const t0 = Date.UTC(2026, 2, 2, 2, 0);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function opened(path: string): Promise<Store> {
  const store = await openSqlite(path, t0);
  onTestFinished(() => store.close());
  return store;
}

storeContract('SQLite', async () => {
  const path = join(folder(), 'tocsin.db');
  const store = await opened(path);
  return {
    store,
    again: () => {
      store.close();
      return opened(path);
    },
  };
});

/** Looks into the file from outside. */
function inspect<T>(path: string, look: (database: Database.Database) => T): T {
  const database = new Database(path, { readonly: true });
  try {
    return look(database);
  } finally {
    database.close();
  }
}

test('every table is STRICT, and those without a number of their own have no rowid', async () => {
  const path = join(folder(), 'tocsin.db');
  await opened(path);
  const tables = inspect(path, (database) => database.pragma('table_list')) as {
    schema: string;
    name: string;
    strict: number;
    wr: number;
  }[];
  const ours = tables.filter(({ schema, name }) => schema === 'main' && !/^(sqlite|__drizzle)_/.test(name));
  expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  expect(
    ours
      .filter(({ wr }) => wr === 1)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([
    'desk_facts',
    'desks',
    'links',
    'meta',
    'oncall_sources',
    'pagerduty_people',
    'people',
    'seen',
    'timeline',
    'title_words',
  ]);
});

test('a new database is backed up neither before nor after; one that holds data is, before its schema changes', async () => {
  const directory = folder();
  const path = join(directory, 'tocsin.db');
  const store = await openSqlite(path, t0);
  await store.saveMeta('identity', 'us');
  store.close();
  expect(existsSync(join(directory, 'backups'))).toBe(false);
  const database = new Database(path);
  database.exec('delete from __drizzle_migrations');
  database.close();
  await expect(openSqlite(path, t0)).rejects.toThrow(/Failed to run the query/);
  const [backup] = readdirSync(join(directory, 'backups'));
  expect(backup).toBe('before-migration-2026-03-02T02-00-00-000Z.db');
  const kept = inspect(join(directory, 'backups', backup!), (one) =>
    one.prepare('select value from meta').all(),
  );
  expect(kept).toEqual([{ value: 'us' }]);
  expect(inspect(path, (one) => one.prepare('select value from meta').all())).toEqual([{ value: 'us' }]);
});

test('a migration that fails half-way leaves the schema as it was', async () => {
  const directory = folder();
  const path = join(directory, 'tocsin.db');
  const database = new Database(path);
  database.exec('create table seen (x integer)');
  database.close();
  await expect(openSqlite(path, t0)).rejects.toThrow(/Failed to run the query/);
  const names = inspect(path, (one) =>
    one.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all(),
  );
  expect(names.filter((name) => !String(name).startsWith('__drizzle') && name !== 'sqlite_sequence')).toEqual(
    ['seen'],
  );
});

test('a second opener of the directory is told who has it, and gets it once the first is gone', async () => {
  const directory = folder();
  const first = await openSqlite(join(directory, 'tocsin.db'), t0);
  await expect(openSqlite(join(directory, 'tocsin.db'), t0)).rejects.toThrow(DirectoryInUse);
  await expect(openSqlite(join(directory, 'other.db'), t0)).rejects.toThrow(directory);
  await first.saveMeta('identity', 'still writes');
  first.close();
  const second = await opened(join(directory, 'tocsin.db'));
  expect(second.meta('identity')).toBe('still writes');
});

test('only the owner reads what people wrote: database, side files, lock, backups and directories', async () => {
  const directory = join(folder(), 'data');
  const store = await opened(join(directory, 'tocsin.db'));
  await store.saveMeta('identity', 'x');
  const backup = await store.backUp(t0);
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const files = readdirSync(directory).filter((name) => name !== 'backups');
  expect(files.sort()).toEqual([
    'tocsin.db',
    'tocsin.db-shm',
    'tocsin.db-wal',
    'tocsin.lock',
    'tocsin.lock-journal',
  ]);
  for (const name of files) expect([name, mode(join(directory, name))]).toEqual([name, '600']);
  expect(mode(backup)).toBe('600');
  expect([mode(directory), mode(join(directory, 'backups'))]).toEqual(['700', '700']);
});

test('a database that others could read is theirs no more after the next start', async () => {
  const directory = folder();
  const path = join(directory, 'tocsin.db');
  (await openSqlite(path, t0)).close();
  chmodSync(path, 0o644);
  await opened(path);
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
});

test('scheduled backups are whole, named by their time, and the store knows when the last one was begun', async () => {
  const directory = folder();
  const store = await opened(join(directory, 'tocsin.db'));
  await store.saveMeta('identity', 'first');
  await store.backUp(t0);
  await store.saveMeta('identity', 'second');
  await store.backUp(t0 + 900_000);
  const names = readdirSync(join(directory, 'backups')).sort();
  expect(names).toEqual(['scheduled-2026-03-02T02-00-00-000Z.db', 'scheduled-2026-03-02T02-15-00-000Z.db']);
  expect(store.meta('last-backup')).toBe(String(t0 + 900_000));
  const restored = join(folder(), 'tocsin.db');
  cpSync(join(directory, 'backups', names.at(-1)!), restored);
  expect((await opened(restored)).meta('identity')).toBe('second');
});

/** The connection that the store itself writes through: `synchronous` belongs to a connection, not to the file. */
function connectionTo(path: string, pragmas: { mock: { contexts: unknown[] } }): Database.Database {
  const found = pragmas.mock.contexts.find((one): one is Database.Database => {
    return one instanceof Database && one.open && one.name === path;
  });
  if (!found) throw new Error(`nobody set up a connection to ${path}`);
  return found;
}

test('every commit is on disk before it is answered: synchronous is FULL, after writes as before them', async () => {
  const pragmas = vi.spyOn(Database.prototype, 'pragma');
  onTestFinished(() => pragmas.mockRestore());
  const path = join(folder(), 'tocsin.db');
  for (const start of ['first', 'second']) {
    const store = await openSqlite(path, t0);
    const connection = connectionTo(path, pragmas);
    const setting = () => [
      connection.pragma('journal_mode', { simple: true }),
      connection.pragma('synchronous', { simple: true }),
    ];
    expect(setting(), start).toEqual(['wal', 2]);
    await store.saveMeta('identity', start);
    expect(setting(), start).toEqual(['wal', 2]);
    await store.backUp(t0);
    await store.saveMeta('identity', `${start} again`);
    expect(setting(), start).toEqual(['wal', 2]);
    store.close();
  }
});

test('a database that a newer version wrote is refused with the cure, is left alone, and the directory is free', async () => {
  const directory = folder();
  const path = join(directory, 'tocsin.db');
  const store = await openSqlite(path, t0);
  await store.saveMeta('identity', 'us');
  store.close();
  const later = new Database(path);
  later.exec(
    "insert into __drizzle_migrations (hash, created_at) select 'later', max(created_at) + 1 from __drizzle_migrations",
  );
  later.close();
  const refusal = await openSqlite(path, t0).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DatabaseTooNew);
  expect((refusal as Error).message).toBe(
    `DATABASE_URL: ${path} was written by a newer version of Tocsin; start that version again, or restore the before-migration copy it left in backups/`,
  );
  expect(existsSync(join(directory, 'backups'))).toBe(false);
  expect(inspect(path, (one) => one.prepare('select value from meta').all())).toEqual([{ value: 'us' }]);
  const back = new Database(path);
  back.exec("delete from __drizzle_migrations where hash = 'later'");
  back.close();
  expect((await opened(path)).meta('identity')).toBe('us');
});

test('what a declaration asks walks an index: no question goes through all that is open', async () => {
  const path = join(folder(), 'tocsin.db');
  const asked: string[] = [];
  const store = await openSqlite(path, t0, { verbose: (statement) => asked.push(String(statement)) });
  onTestFinished(() => store.close());
  asked.length = 0;
  store.similar({ title: 'Checkout is down', service: 'payments' }, 20);
  store.similar({ title: 'Checkout is down', service: null }, 20);
  store.heldBy('UBEA', 20);
  expect(asked).toHaveLength(4);
  const plans = inspect(path, (database) =>
    asked.flatMap((sql) => database.prepare(`explain query plan ${sql}`).all() as { detail: string }[]),
  ).map(({ detail }) => detail);
  const touching = plans.filter((step) => /\b(incidents|title_words)\b/.test(step));
  expect(new Set(touching)).toEqual(
    new Set([
      'SEARCH incidents USING INDEX incidents_of_service (service=?)',
      'SEARCH title_words USING PRIMARY KEY (word=?)',
      'SEARCH incidents USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH incidents USING INDEX incidents_held (holder=?)',
    ]),
  );
});

test('a database from before there was an index of titles gets one: what was open is found, and who has it', async () => {
  const path = join(folder(), 'tocsin.db');
  const before = new Database(path);
  for (const sql of readFileSync('migrations/0000_start.sql', 'utf8').split('--> statement-breakpoint')) {
    before.exec(sql);
  }
  const [first] = readMigrationFiles({ migrationsFolder: 'migrations' });
  before.exec(`create table __drizzle_migrations (id integer primary key, hash text, created_at numeric);
    insert into __drizzle_migrations (hash, created_at) values ('${first!.hash}', ${first!.folderMillis})`);
  const insert = before.prepare(
    `insert into incidents (id, state, status, severity, is_open, declared_at, by_machine, visibility)
     values (?, ?, 'x', 1, ?, 0, 0, 'channel')`,
  );
  const state = (id: number, title: string) =>
    JSON.stringify({ id, title, acknowledged: { by: { kind: 'person', user: 'UBEA' } } });
  insert.run(1, state(1, 'Checkout is down'), 1);
  insert.run(2, state(2, 'Checkout was down'), 0);
  before.close();
  const store = await opened(path);
  expect(store.similar({ title: 'Checkout broken', service: null }, 10).map(({ id }) => id)).toEqual([1]);
  expect(store.heldBy('UBEA', 10).map(({ id }) => id)).toEqual([1]);
});

test('an outbox from before there were desks keeps its rows, its indexes and its numbers', async () => {
  const path = join(folder(), 'tocsin.db');
  const before = new Database(path);
  const made = readMigrationFiles({ migrationsFolder: 'migrations' }).slice(0, 2);
  for (const { sql } of made) for (const statement of sql) before.exec(statement);
  before.exec('create table __drizzle_migrations (id integer primary key, hash text, created_at numeric)');
  const note = before.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)');
  for (const { hash, folderMillis } of made) note.run(hash, folderMillis);
  before.exec(`insert into incidents (id, state, status, severity, is_open, declared_at, by_machine, visibility)
    values (1, '{"id":1,"title":"Checkout is down"}', 'x', 1, 1, 0, 0, 'channel')`);
  const oblige = before.prepare(
    `insert into outbox (key, ref, incident, effect, lane, queue, coalesce, state, attempts, not_before, created_at)
     values (?, ?, 1, '{"kind":"topic"}', 2, 'q', ?, 'pending', 0, 0, 0)`,
  );
  for (const n of [1, 2, 3]) oblige.run(`1/1/${n}`, `ref${n}`, `c${n}`);
  before.exec('delete from outbox where id = 3');
  const indexes = (database: Database.Database) =>
    database
      .prepare(
        "select name, sql from sqlite_master where tbl_name = 'outbox' and type = 'index' and sql is not null order by name",
      )
      .all();
  const indexed = indexes(before);
  before.close();
  const store = await opened(path);
  expect(inspect(path, indexes)).toEqual(indexed);
  const [row] = await store.claim(['furnishing'], t0, () => 10);
  expect(row).toMatchObject({ id: 1, ref: 'ref1', incident: 1, desk: null, effect: { kind: 'topic' } });
  // A number that was given out once is never given to another: reports are remembered by it.
  const desk = { ...(store.desk('x') ?? {}), team: 'x' } as never;
  const effects = [{ kind: 'test-page', n: 1, user: 'UANA' } as const];
  const facts = [{ type: 'test-page-asked', by: 'UANA', n: 1 } as const];
  await store.updateDesk('x', () => ({ facts, desk, effects, dueAt: null }), { at: t0, cause: 'a' });
  expect(await store.claim(['page'], t0, () => 10)).toMatchObject([{ id: 4, incident: null, desk: 'x' }]);
  const broken = inspect(path, (database) => database.pragma('foreign_key_check'));
  expect(broken).toEqual([]);
});

test('a row of the outbox belongs to one incident or to one desk, never to both or to nobody', async () => {
  const path = join(folder(), 'tocsin.db');
  (await openSqlite(path, t0)).close();
  const database = new Database(path);
  onTestFinished(() => void database.close());
  const insert = (incident: number | null, desk: string | null) => () =>
    database
      .prepare(
        `insert into outbox (key, ref, incident, desk, effect, lane, state, attempts, not_before, created_at)
         values ('k', 'r', ?, ?, '{}', 0, 'pending', 0, 0, 0)`,
      )
      .run(incident, desk);
  expect(insert(null, null)).toThrow(/outbox_owner/);
  expect(insert(1, 'payments')).toThrow(/outbox_owner/);
});
