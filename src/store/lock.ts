import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { createPrivately } from './files.ts';

/** Another Tocsin holds this data directory. */
export class DirectoryInUse extends Error {}

/**
 * How long a start waits for the lock. Two that begin at one moment refuse each other for a few microseconds, and without
 * this wait neither would run; whoever really holds the directory holds it for longer.
 */
const waitMs = 250;

/**
 * Holds the data directory for the life of the process: an exclusive lock of the operating system on a file beside the
 * database, freed by the kernel even after `kill -9`. Where another process has it, it throws `DirectoryInUse` after
 * `waitMs`, during which nothing else runs.
 */
export function lockDirectory(databasePath: string): () => void {
  const path = join(dirname(databasePath), 'tocsin.lock');
  createPrivately(path);
  const lock = new Database(path, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') {
      throw new DirectoryInUse(
        `Another Tocsin is already using ${dirname(databasePath)}. Stop it first, or give this one a DATABASE_URL of its own.`,
      );
    }
    throw error;
  }
  return () => lock.close();
}
