import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';

/** The database cannot be where it is said to be; why, and what to do instead. Nothing was touched. */
export class PlaceRefused extends Error {}

/** What has the name of a file and is none; null: it is one. */
export function nonFileWord(found: Stats): string | null {
  if (found.isFile()) return null;
  if (found.isDirectory()) return 'a folder';
  if (found.isSocket()) return 'a socket';
  return found.isFIFO() ? 'a pipe' : 'a device';
}

/**
 * Throws `PlaceRefused` where something else than a file has the database's name: a database is made private and, by a
 * restore, moved aside, and neither must happen to a folder of somebody's.
 */
export function refuseNonFile(path: string): void {
  const found = statOf(path);
  const word = found && nonFileWord(found);
  if (!word) return;
  const cure = found.isDirectory() ? `a file in it, like file:${path}/tocsin.db` : 'a file';
  throw new PlaceRefused(`DATABASE_URL: ${path} is ${word}; name ${cure}`);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTDIR') throw error;
    throw new PlaceRefused(
      `DATABASE_URL: ${path} lies in a file; name one in a folder, like file:./data/tocsin.db`,
    );
  }
}

/** For who only reads: throws `PlaceRefused` also where there is nothing, and Node's error where this user may not read it. */
export function refuseMissing(path: string): void {
  refuseNonFile(path);
  if (!existsSync(path))
    throw new PlaceRefused(`DATABASE_URL: there is no file ${path}; set it as it is for Tocsin`);
  accessSync(path, constants.R_OK);
}
