import { closeSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { commandFor } from '../command-line.ts';
import { isPrivate } from './files.ts';

/** What is in the file is not what was written there, or never was a database. Nothing was changed. */
export class DatabaseDamaged extends Error {}

/** How every database of SQLite's begins (its file format, section 1.3). */
const beginning = Buffer.from('SQLite format 3\0');

/**
 * Throws `DatabaseDamaged` where a file that is about to be made private holds something else than a database: then it is
 * somebody else's.
 */
export function refuseForeign(path: string): void {
  // Of one that is private already SQLite says the same, and opening it here would end the locks that it has on it (POSIX).
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.size === 0 || isPrivate(found)) return;
  const file = openSync(path, 'r');
  try {
    const read = Buffer.alloc(beginning.length);
    readSync(file, read);
    if (!read.equals(beginning)) throw noDatabase(path);
  } finally {
    closeSync(file);
  }
}

/** The same error; damage with its cure. */
export function damageOf(error: unknown, path: string): unknown {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code === 'SQLITE_NOTADB') return noDatabase(path);
  const isDamage = code.startsWith('SQLITE_CORRUPT') || error instanceof DatabaseDamaged;
  if (!isDamage) return error;
  return new DatabaseDamaged(
    `DATABASE_URL: ${path} is damaged (${(error as Error).message}). Nothing was changed. Put a backup in its place: ${commandFor('restore')} lists them`,
  );
}

const noDatabase = (path: string): DatabaseDamaged =>
  new DatabaseDamaged(
    `DATABASE_URL: ${path} is no database, or its beginning is damaged. Nothing was changed. Name another file, or put a backup in its place: ${commandFor('restore')} lists them`,
  );
