import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as applyMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { backUpBeforeMigration } from './backup.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'migrations');

/** A later version of Tocsin changed the schema of this database; what this one would write there nobody knows. */
export class DatabaseTooNew extends Error {}

/** Of all that this version has, in drizzle's stamps: epoch ms of its making. */
export const lastMigration = (): number =>
  Math.max(...readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis }) => folderMillis));

/** Which migrations this version has and how far the database is, in drizzle's stamps: epoch ms of their making. */
function migrationsOf(database: Database.Database): { known: number[]; applied: number } {
  const known = readMigrationFiles({ migrationsFolder: folder }).map((migration) => migration.folderMillis);
  const table = database
    .prepare("select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'")
    .get();
  if (!table) return { known, applied: 0 };
  const applied = database.prepare('select max(created_at) from __drizzle_migrations').pluck().get() as
    | number
    | null;
  return { known, applied: applied ?? 0 };
}

/**
 * Brings the database to the schema this version needs, in one transaction: a crash leaves the old schema or the new
 * one. A database that already holds something is backed up first. Throws `DatabaseTooNew`, before it writes anything,
 * when the database has a migration that is later than all we know.
 */
export async function migrate(database: Database.Database, at: number): Promise<void> {
  const { known, applied } = migrationsOf(database);
  if (applied > lastMigration()) {
    throw new DatabaseTooNew(
      `DATABASE_URL: ${database.name} was written by a newer version of Tocsin; start that version again, or restore the before-migration copy it left in backups/`,
    );
  }
  if (known.every((stamp) => stamp <= applied)) return;
  const holdsData =
    database.prepare("select 1 from sqlite_master where name = 'incidents'").get() !== undefined;
  if (holdsData) await backUpBeforeMigration(database, at);
  applyMigrations(drizzle(database), { migrationsFolder: folder });
}
