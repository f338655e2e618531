import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { backupFolder } from './backup.ts';
import { type Examined, examine } from './examine.ts';
import { createPrivately, makeFolder, sizeOf, syncFolder } from './files.ts';
import { lockDirectory } from './lock.ts';
import { lastMigration } from './migrate.ts';
import { refuseNetwork } from './network.ts';
import { nonFileWord, refuseNonFile } from './place.ts';
import { noteRestored } from './restored.ts';
import { stampedAt, stampOf } from './retention.ts';

/** A copy that cannot be restored; why, and what to do instead. The database was not touched. */
export class BackupUnusable extends Error {}

/** A copy as `npm run restore` lists it. `at` epoch ms. */
export interface Backup {
  name: string;
  at: number;
  bytes: number;
  /** It was opened and checked when it was made. */
  isChecked: boolean;
}

/** What was put in place, and where what was there is now (null: nothing was). */
export interface Restored {
  backedUpAt: number;
  incidents: number;
  /** The number of the next incident. */
  nextId: number;
  aside: string | null;
}

/** Numbers left out where nobody can tell how many were given since the copy was made. */
const numbersLeftOut = 1_000;
/** SQLite's side files. */
const sides = ['', '-wal', '-shm'];

/** The copies in `backups/`, the newest first. Throws `PlaceRefused` where the database is no file. */
export function listBackups(databasePath: string): Backup[] {
  refuseNonFile(databasePath);
  const folder = backupFolder(databasePath);
  return namesIn(folder)
    .filter((name) => name.endsWith('.db'))
    .map((name) => {
      const path = join(folder, name);
      const isChecked = /^(scheduled|by-hand)-/.test(name);
      return { name, at: stampedAt(name) ?? statSync(path).mtimeMs, bytes: sizeOf(path), isChecked };
    })
    .toSorted((a, b) => b.at - a.at);
}

/** Empty where there is no such folder; throws where it may not be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Puts a copy in the place of the database, which is moved aside and never deleted. The copy itself is left as it is.
 * Throws `DirectoryInUse` while Tocsin runs, `BackupUnusable` and `PlaceRefused` before anything is touched. Killed at
 * any moment, the old database is there or the new one: the next start (or restore) finishes what was begun.
 */
export async function restore(databasePath: string, file: string): Promise<Restored> {
  refuseNonFile(databasePath);
  const directory = dirname(databasePath);
  makeFolder(directory);
  refuseNetwork(directory);
  const unlock = lockDirectory(databasePath);
  const copying = `${databasePath}.copying`;
  const remove = (): void => {
    for (const side of [...sides, '-journal']) rmSync(`${copying}${side}`, { force: true });
  };
  try {
    finishRestore(databasePath);
    remove();
    const found = await examined(file, copying, existsSync(databasePath) ? databasePath : directory);
    const backedUpAt = found.tickedAt ?? stampedAt(file) ?? statSync(file).mtimeMs;
    const known = lastIdIn(databasePath);
    const lastId = Math.max(found.lastId, known ?? found.lastId + numbersLeftOut);
    const lost = known !== null && known > found.lastId ? { first: found.lastId + 1, last: known } : null;
    note(copying, { file: basename(file), backedUpAt, restoredAt: null, lastId, lost, told: false });
    await examine(copying);
    renameSync(copying, restoring(databasePath));
    syncFolder(directory);
    const aside = finishRestore(databasePath);
    return { backedUpAt, incidents: found.incidents, nextId: lastId + 1, aside };
  } finally {
    remove();
    unlock();
  }
}

/** A checked copy that is to take the database's place. */
const restoring = (databasePath: string): string => `${databasePath}.restoring`;

/**
 * Ends a restore that was cut short after its copy was checked; the caller holds the directory. Returns where the
 * database is that was there; null: there was none, or nothing to end.
 */
export function finishRestore(databasePath: string): string | null {
  const ready = restoring(databasePath);
  if (!existsSync(ready)) return null;
  const directory = dirname(databasePath);
  // The same name however often it is begun.
  const aside = join(directory, `replaced-${stampOf(Math.floor(statSync(ready).mtimeMs))}`);
  for (const side of sides) {
    if (!existsSync(`${databasePath}${side}`)) continue;
    makeFolder(aside);
    // A write-ahead log that stayed behind would be played into the copy.
    renameSync(`${databasePath}${side}`, join(aside, `${basename(databasePath)}${side}`));
  }
  if (existsSync(aside)) syncFolder(aside);
  syncFolder(directory);
  renameSync(ready, databasePath);
  syncFolder(directory);
  return existsSync(aside) ? aside : null;
}

/** Copies it first; the copy belongs to whom `like` belongs to. */
async function examined(file: string, copying: string, like: string): Promise<Examined> {
  refuseFolder(file);
  for (const side of ['', '-wal']) {
    if (!existsSync(`${file}${side}`)) continue;
    createPrivately(`${copying}${side}`, like);
    copyFileSync(`${file}${side}`, `${copying}${side}`);
    // A copy takes the mode along.
    createPrivately(`${copying}${side}`);
  }
  if (!existsSync(copying)) throw new BackupUnusable(`There is no file ${file}.`);
  const found = await examine(copying).catch((error: unknown) => {
    const { code = '', message } = error as { code?: string; message?: string };
    if (/^(E[A-Z]|SQLITE_(FULL|CANTOPEN|READONLY))/.test(code)) throw error;
    throw new BackupUnusable(
      `${file} is damaged, or no database of Tocsin's (${message}). Choose another one.`,
    );
  });
  const [damage] = found.damage;
  if (damage !== undefined) throw new BackupUnusable(`${file} is damaged (${damage}). Choose an older one.`);
  if (!found.isOurs) throw new BackupUnusable(`${file} is no database of Tocsin's. Choose another one.`);
  if (found.migratedTo > lastMigration()) {
    throw new BackupUnusable(
      `${file} was written by a newer version of Tocsin. Restore it with that version, or choose an older one.`,
    );
  }
  return found;
}

function refuseFolder(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  const word = found && nonFileWord(found);
  if (word)
    throw new BackupUnusable(`${file} is ${word}: name ${found.isDirectory() ? 'a file in it' : 'a file'}.`);
}

function note(path: string, from: Parameters<typeof noteRestored>[1]): void {
  const database = new Database(path, { fileMustExist: true });
  try {
    noteRestored(database, from);
  } finally {
    database.close();
  }
}

/** Of the database that is to go, where it can still be read. */
function lastIdIn(path: string): number | null {
  if (!existsSync(path)) return null;
  try {
    const database = new Database(path, { readonly: true });
    try {
      return database.prepare('select coalesce(max(id), 0) from incidents').pluck().get() as number;
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}
