import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { nonFileWord, PlaceRefused } from './place.ts';

/** What people write during an incident is nobody else's on this machine. */
const privateMode = 0o600;
const root = 0;

export const isPrivate = ({ mode }: Stats): boolean => (mode & 0o777) === privateMode;

/**
 * Makes sure that the file exists and that only its owner reads it. SQLite gives its side files the same mode and
 * owner. One that root makes belongs to whom `like` belongs to. Throws `PlaceRefused` where something that is no file has
 * its name.
 */
export function createPrivately(path: string, like = dirname(path)): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A file that exists is not opened: closing it would end the locks that this process holds on it (POSIX).
  if (!found) {
    create(path, like);
    return;
  }
  const word = nonFileWord(found);
  if (word !== null)
    throw new PlaceRefused(`${path} is ${word}, where Tocsin needs a file of its own; move it away`);
  if (!isPrivate(found)) chmodSync(path, privateMode);
}

function create(path: string, like: string): void {
  try {
    handOver(openSync(path, 'ax', privateMode), like);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    // The name of a file elsewhere that is not there yet, or another process made it in this moment: not ours to hand over.
    closeSync(openSync(path, 'a', privateMode));
  }
}

/** Makes a folder that only its owner enters, where there is none, and those above it. As root: its parent's owner's. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  handOver(openSync(path, constants.O_DIRECTORY | constants.O_NOFOLLOW), dirname(path));
}

/**
 * Closes what was just made. Root's goes to the owner of `like` before, because it is the service's user who goes on with
 * it. By the open file and not by its name, which that user could have given to somebody else's file meanwhile.
 */
function handOver(file: number, like: string): void {
  try {
    const { uid, gid } = statSync(like);
    if (fstatSync(file).uid === root && uid !== root) fchownSync(file, uid, gid);
  } catch {
    // A root that may not (a container without that right) goes on with what is its own.
  } finally {
    closeSync(file);
  }
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
