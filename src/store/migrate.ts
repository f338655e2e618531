import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as applyMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'migrations');

/** How many migrations this database still lacks. */
function pending(database: Database.Database): number {
  const all = readMigrationFiles({ migrationsFolder: folder });
  const table = database
    .prepare("select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'")
    .get();
  if (!table) return all.length;
  const last = database.prepare('select max(created_at) from __drizzle_migrations').pluck().get() as
    | number
    | null;
  return all.filter((migration) => migration.folderMillis > (last ?? 0)).length;
}

/**
 * Brings the database to the schema this version needs, in one transaction: a crash leaves the old schema or the new
 * one. A database that already holds something is backed up first, to `backups/` beside it; its path is returned.
 */
export async function migrate(database: Database.Database, path: string, at: number): Promise<string | null> {
  if (pending(database) === 0) return null;
  const holdsData =
    database.prepare("select 1 from sqlite_master where name = 'incidents'").get() !== undefined;
  const backup = holdsData && path !== ':memory:' ? await backUp(database, path, at) : null;
  applyMigrations(drizzle(database), { migrationsFolder: folder });
  return backup;
}

async function backUp(database: Database.Database, path: string, at: number): Promise<string> {
  const directory = join(dirname(path), 'backups');
  if (!existsSync(directory)) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const target = join(directory, `before-migration-${new Date(at).toISOString().replace(/[:.]/g, '-')}.db`);
  await database.backup(target);
  return target;
}
