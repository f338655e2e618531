import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { openSqlite } from '../../src/store/sqlite.ts';

const migrations = readMigrationFiles({ migrationsFolder: 'migrations' });
/** SQLite's write-ahead log is a header and frames of a page each. */
const [walHeaderBytes, frameBytes] = [32, 4_096 + 24];

const schemaOf = (path: string): string => {
  const database = new Database(path);
  try {
    return JSON.stringify(
      database
        .prepare(
          "select name, sql from sqlite_master where name not like '\\_\\_drizzle%' escape '\\' order by name",
        )
        .all(),
    );
  } finally {
    database.close();
  }
};

/** A database with the first `count` migrations and something in it. */
function databaseAfter(count: number, path: string): void {
  const database = new Database(path);
  for (const { sql } of migrations.slice(0, count)) for (const statement of sql) database.exec(statement);
  database.exec('create table __drizzle_migrations (id integer primary key, hash text, created_at numeric)');
  const note = database.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)');
  for (const { hash, folderMillis } of migrations.slice(0, count)) note.run(hash, folderMillis);
  if (count > 0)
    database.exec(`insert into incidents (id, state, status, severity, is_open, declared_at, by_machine, visibility)
    values (1, '{"id":1,"title":"Checkout is down"}', 'x', 1, 1, 0, 0, 'channel')`);
  database.pragma('journal_mode = WAL');
  database.close();
}

/** What a kill leaves: the files as they are at this moment. */
function snapshot(path: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const side of ['', '-wal'])
    if (existsSync(`${path}${side}`)) copyFileSync(`${path}${side}`, join(into, `tocsin.db${side}`));
}

const digestOf = (folder: string): string => {
  const hash = createHash('sha256');
  for (const side of ['', '-wal']) {
    const file = join(folder, `tocsin.db${side}`);
    hash.update(existsSync(file) ? readFileSync(file) : '-').update('|');
  }
  return hash.digest('hex');
};

/** Takes what is on the disk at each statement of an upgrade, and in the middle of the last commit's writing. */
async function leftovers(from: number, home: string): Promise<{ folders: string[]; statements: number }> {
  const path = join(home, 'tocsin.db');
  databaseAfter(from, path);
  const folders: string[] = [];
  let statements = 0;
  const take = (): void => {
    statements += 1;
    const folder = join(home, `at-${statements}`);
    snapshot(path, folder);
    folders.push(folder);
  };
  const store = await openSqlite(path, 0, { verbose: take });
  take();
  const last = folders.at(-1)!;
  const wal = readFileSync(join(last, 'tocsin.db-wal')).length;
  for (let bytes = walHeaderBytes; bytes < wal; bytes += frameBytes) {
    for (const torn of [bytes, bytes + 100]) {
      const folder = join(home, `torn-${torn}`);
      snapshot(join(last, 'tocsin.db'), folder);
      truncateSync(join(folder, 'tocsin.db-wal'), torn);
      folders.push(folder);
    }
  }
  store.close();
  return { folders, statements };
}

/**
 * The making of a database, and every upgrade of an earlier one, killed everywhere. `half`: what was neither the old schema
 * nor the new one, or was not finished by the next start; of what was torn off inside a commit, every `oneIn`-th is started.
 */
export async function killedMigrations(oneIn: number) {
  const seen = { statements: 0, moments: 0, states: 0, half: [] as string[] };
  for (let from = 0; from < migrations.length; from += 1) {
    const home = mkdtempSync(join(tmpdir(), 'tocsin-migrations-'));
    try {
      const { folders, statements } = await leftovers(from, home);
      const whole = schemaOf(join(home, 'tocsin.db'));
      const before = join(home, 'before.db');
      databaseAfter(from, before);
      const old = schemaOf(before);
      seen.statements += statements;
      seen.moments += folders.length;
      const different = new Map(folders.map((folder) => [digestOf(folder), folder]));
      seen.states += different.size;
      for (const [n, folder] of [...different.values()].entries()) {
        const isStarted = !folder.includes('torn') || n % oneIn === 0;
        if (!(await isWhole(join(folder, 'tocsin.db'), { old, whole, isStarted, isEmpty: from === 0 })))
          seen.half.push(`from ${from}, ${folder.split('/').at(-1)}`);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return seen;
}

interface Expected {
  old: string;
  whole: string;
  isStarted: boolean;
  isEmpty: boolean;
}

async function isWhole(path: string, { old, whole, isStarted, isEmpty }: Expected): Promise<boolean> {
  const left = schemaOf(path);
  if (left !== old && left !== whole) return false;
  if (!isStarted) return true;
  const store = await openSqlite(path, 0);
  const isThere = isEmpty || store.incident(1)?.title === 'Checkout is down';
  store.close();
  return isThere && schemaOf(path) === whole;
}
