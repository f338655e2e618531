import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const compiler = 'node_modules/typescript/bin/tsc';
/** `/tmp` is no disk on many machines; what is proved about disks needs one. */
const onDisk = 'data';

/**
 * Compiles the bot as `npm start` does, and returns where (absolute). One that was compiled from the same files is used
 * again, and two that compile at the same time do not disturb each other. Throws when it does not compile.
 */
export function compiled(): string {
  const place = resolve(onDisk, `built-${stampOf('src')}`);
  if (existsSync(place)) return place;
  mkdirSync(onDisk, { recursive: true });
  const before = readdirSync(onDisk).filter((name) => name.startsWith('built-'));
  const made = mkdtempSync(resolve(onDisk, 'building-'));
  try {
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', join(made, 'dist')], {
      stdio: 'inherit',
    });
    for (const beside of ['package.json', 'migrations'])
      cpSync(beside, join(made, beside), { recursive: true });
    renameSync(made, place);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  for (const old of before) rmSync(join(onDisk, old), { recursive: true, force: true });
  return place;
}

/** A new folder on the disk, absolute. */
export function diskFolder(name: string): string {
  mkdirSync(onDisk, { recursive: true });
  return mkdtempSync(resolve(onDisk, `${name}-`));
}

/** Changes with every file below `folder`. */
function stampOf(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    hash.update(`${path} ${statSync(path).mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
