import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const pieceBytes = 4_096;

/** A disk of so many megabytes that goes with the test. Null: this user may not mount one. */
export function tinyDisk(megabytes: number) {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-disk-'));
  const size = `size=${megabytes}m`;
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path]).status === 0;
  onTestFinished(() => {
    if (isMounted) spawnSync('umount', ['-l', path]);
    rmSync(path, { recursive: true, force: true });
  });
  if (!isMounted) return null;
  const stuffing = join(path, 'stuffing');
  return {
    path,
    /** Not a byte is left. */
    fill: (): void => {
      const file = openSync(stuffing, 'a');
      try {
        for (;;) writeSync(file, Buffer.alloc(pieceBytes, 1));
      } catch {
        // Full.
      } finally {
        closeSync(file);
      }
    },
    free: (): void => rmSync(stuffing, { force: true }),
    freeBytes: (): number => statfsSync(path).bavail * statfsSync(path).bsize,
  };
}
