import { readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { damageOf } from './damage.ts';
import { examine } from './examine.ts';
import { createPrivately, freeBytes, makeFolder, sizeOf, syncFolder } from './files.ts';
import { refuseMissing } from './place.ts';
import { type Copy, outlived, stampedAt, stampOf } from './retention.ts';

const scheduledPrefix = 'scheduled-';
/** Made by earlier versions, once an hour: they age like the others. */
const hourlyPrefix = 'hourly-';
const byHandPrefix = 'by-hand-';

/** Copied in one turn of the event loop: 400 KB. */
const pagesAtOnce = 100;

/** A copy that is not whole, or that there is no room for. None of it is left. */
export class BackupFailed extends Error {}

/** Beside the database. */
export const backupFolder = (databasePath: string): string => join(dirname(databasePath), 'backups');

/** The copy before a schema change; none of these is ever deleted. Returns its path. */
export const backUpBeforeMigration = (database: Database.Database, at: number): Promise<string> =>
  backUp(database, `before-migration-${stampOf(at)}.db`);

/**
 * The scheduled copy, while the database is in use; those that outlived their time go. Returns its path. Throws
 * `BackupFailed` when there is no room, or the copy is damaged, or lacks incidents that the database had.
 */
export async function backUpScheduled(database: Database.Database, at: number): Promise<string> {
  const folder = backupFolder(database.name);
  makeRoom(folder, sizeOf(database.name));
  const made = await backUp(database, `${scheduledPrefix}${stampOf(at)}.db`);
  for (const { name } of outlived(scheduledIn(folder))) rmSync(join(folder, name));
  return made;
}

/**
 * The same from a process of its own, whether or not Tocsin runs: `VACUUM INTO` reads one moment of the database in one
 * transaction, however much is written meanwhile, and writes nothing there. Never deleted by the schedule. Throws
 * `PlaceRefused` where there is no such file, `DatabaseDamaged`, and `BackupFailed`.
 */
export async function backUpByHand(path: string, at: number): Promise<string> {
  refuseMissing(path);
  const name = `${byHandPrefix}${stampOf(at)}.db`;
  const database = new Database(path, { fileMustExist: true });
  try {
    // Whether it can be read at all, before anything is made.
    database.pragma('schema_version');
    return await whole(folderFor(path), name, 0, async (partial) => {
      database.prepare('vacuum into ?').run(partial);
    });
  } catch (error) {
    throw damageOf(error, path);
  } finally {
    database.close();
  }
}

/** In `backups/`: what the schedule made. */
function scheduledIn(folder: string): Copy[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(scheduledPrefix) || name.startsWith(hourlyPrefix))
    .flatMap((name) => {
      const at = stampedAt(name);
      return at === null ? [] : [{ name, at, bytes: sizeOf(join(folder, name)) }];
    });
}

/** A backup must not be what fills the disk: it leaves at least its own size free. */
function makeRoom(folder: string, bytes: number): void {
  makeFolder(folder);
  const needed = 2 * bytes;
  const copies = scheduledIn(folder);
  const lacking = needed - freeBytes(folder);
  if (lacking > 0) {
    const all = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const { name } of outlived(copies, Math.max(0, all - lacking))) rmSync(join(folder, name));
  }
  const free = freeBytes(folder);
  if (free >= needed) return;
  throw new BackupFailed(
    `a copy needs ${megabytes(needed)} MB of free space, and there are ${megabytes(free)}`,
  );
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);

function folderFor(databasePath: string): string {
  const folder = backupFolder(databasePath);
  makeFolder(folder);
  return folder;
}

/** In pages, between which others are served; what is written meanwhile is in it. */
function backUp(database: Database.Database, name: string): Promise<string> {
  const had = database.prepare('select count(*) from incidents').pluck().get() as number;
  return whole(folderFor(database.name), name, had, async (partial) => {
    await copyInPages(database, partial);
  });
}

/**
 * What is copied goes to the disk meanwhile, apart from the event loop: SQLite waits for it at the end, and with a
 * gigabyte to write nobody would be answered for as long.
 */
async function copyInPages(database: Database.Database, partial: string): Promise<void> {
  const file = await open(partial, 'r+');
  let syncing = Promise.resolve();
  let isSyncing = false;
  // A failure here is SQLite's to meet when it waits itself.
  const sync = (): Promise<void> =>
    file
      .datasync()
      .catch(() => undefined)
      .finally(() => {
        isSyncing = false;
      });
  try {
    await database.backup(partial, {
      progress: () => {
        if (!isSyncing) {
          isSyncing = true;
          syncing = sync();
        }
        return pagesAtOnce;
      },
    });
  } finally {
    await syncing;
    await file.close();
  }
}

/** It has its name only once it is whole, opened again, checked and on the disk. */
async function whole(
  folder: string,
  name: string,
  incidentsMin: number,
  copy: (partial: string) => Promise<void>,
): Promise<string> {
  const partial = join(folder, name.startsWith(byHandPrefix) ? 'by-hand.partial' : 'unfinished.partial');
  const remove = (): void => {
    for (const side of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${side}`, { force: true });
  };
  remove();
  try {
    createPrivately(partial);
    await copy(partial);
    const { damage, incidents } = await examine(partial);
    if (damage.length > 0) throw new BackupFailed(`the copy is damaged (${damage[0]})`);
    if (incidents < incidentsMin)
      throw new BackupFailed(`${incidentsMin - incidents} incidents are missing in the copy`);
    renameSync(partial, join(folder, name));
    syncFolder(folder);
  } catch (error) {
    remove();
    throw error;
  }
  return join(folder, name);
}
