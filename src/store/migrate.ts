import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as applyMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { backUpBeforeMigration } from './backup.ts';

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
 * one. A database that already holds something is backed up first.
 */
export async function migrate(database: Database.Database, at: number): Promise<void> {
  if (pending(database) === 0) return;
  const holdsData =
    database.prepare("select 1 from sqlite_master where name = 'incidents'").get() !== undefined;
  if (holdsData) await backUpBeforeMigration(database, at);
  applyMigrations(drizzle(database), { migrationsFolder: folder });
}
