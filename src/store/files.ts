import { chmodSync, closeSync, fsyncSync, openSync, statfsSync, statSync } from 'node:fs';
import { nonFileWord, PlaceRefused } from './place.ts';

/** What people write during an incident is nobody else's on this machine. */
const privateMode = 0o600;

/**
 * Makes sure that the file exists and that only its owner reads it. SQLite gives its side files the same mode. Throws
 * `PlaceRefused` where something that is no file has its name.
 */
export function createPrivately(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A file that exists is not opened: closing it would end the locks that this process holds on it (POSIX).
  if (!found) {
    closeSync(openSync(path, 'a', privateMode));
    return;
  }
  const word = nonFileWord(found);
  if (word !== null)
    throw new PlaceRefused(`${path} is ${word}, where Tocsin needs a file of its own; move it away`);
  if ((found.mode & 0o777) !== privateMode) chmodSync(path, privateMode);
}

/** What is in the folder, its names included, survives a loss of power from here on. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Bytes; 0 where there is no such file. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What the user that runs Tocsin may still write in this folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
