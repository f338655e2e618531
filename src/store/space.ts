import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Space } from './store.ts';

/** How much room the database at `path` takes, and how much its disk has left for us. Rejects when the disk cannot say. */
export async function readSpace(path: string): Promise<Space> {
  const size = async (file: string): Promise<number> => {
    const found = await stat(file).catch(() => null);
    return found?.size ?? 0;
  };
  const [databaseBytes, walBytes, disk] = await Promise.all([
    size(path),
    size(`${path}-wal`),
    statfs(dirname(path)),
  ]);
  return { databaseBytes, walBytes, freeBytes: disk.bavail * disk.bsize };
}
