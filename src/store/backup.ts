import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { createPrivately } from './files.ts';

/** A day of hourly copies. */
const hourlyKept = 24;

const hourlyPrefix = 'hourly-';

/** `2026-03-02T02-00-00-000Z`: sorts by time, legal in every file system. */
const stampOf = (at: number): string => new Date(at).toISOString().replace(/[:.]/g, '-');

/** The copy before a schema change; none of these is ever deleted. Returns its path. */
export const backUpBeforeMigration = (database: Database, at: number): Promise<string> =>
  backUp(database, `before-migration-${stampOf(at)}.db`);

/** The scheduled copy; beyond `hourlyKept` the oldest go. Returns its path. */
export async function backUpHourly(database: Database, at: number): Promise<string> {
  const made = await backUp(database, `${hourlyPrefix}${stampOf(at)}.db`);
  const folder = dirname(made);
  const all = readdirSync(folder).filter((name) => name.startsWith(hourlyPrefix) && name.endsWith('.db'));
  for (const old of all.sort().slice(0, -hourlyKept)) rmSync(join(folder, old));
  return made;
}

/** In `backups/` beside the database. It has its name only once it is whole. */
async function backUp(database: Database, name: string): Promise<string> {
  const folder = join(dirname(database.name), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, 'unfinished.partial');
  rmSync(partial, { force: true });
  createPrivately(partial);
  await database.backup(partial);
  renameSync(partial, join(folder, name));
  return join(folder, name);
}
