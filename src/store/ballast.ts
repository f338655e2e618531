import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivately, freeBytes, sizeOf } from './files.ts';

const name = 'ballast';
/** Written at once. */
const pieceBytes = 1024 ** 2;

/**
 * A file of nothing beside the database. On a full disk not even a deletion can be written (reliability.md, fact 14):
 * when that happens this file goes, and pages and answers have room until somebody has made some.
 */
export function ballast(directory: string, bytes: number) {
  const path = join(directory, name);
  const drop = (): boolean => {
    if (sizeOf(path) === 0) return false;
    rmSync(path, { force: true });
    return true;
  };
  return {
    /** Gives the room back; false: there was none left to give. */
    drop,
    isThere: (): boolean => bytes === 0 || sizeOf(path) >= bytes,
    /** Takes the room (again) where at least as much more is free. Blocks for a moment: 64 MB, some 50 ms. */
    stow: (): void => {
      if (sizeOf(path) >= bytes || freeBytes(directory) < 2 * bytes) return;
      try {
        fill(path, bytes);
      } catch {
        // Somebody else took the room meanwhile: it is theirs.
        drop();
      }
    },
  };
}

function fill(path: string, bytes: number): void {
  createPrivately(path);
  const file = openSync(path, 'w');
  try {
    const piece = Buffer.alloc(Math.min(pieceBytes, bytes), 1);
    for (let left = bytes; left > 0; left -= piece.length)
      writeSync(file, piece, 0, Math.min(left, piece.length));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
