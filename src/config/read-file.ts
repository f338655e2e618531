import { readFileSync } from 'node:fs';

/** The text of a file; null when there is none. Throws when it is there and cannot be read. */
export function readFileIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return null;
    throw error;
  }
}

/** The text of `.env` in the current folder; null where there is none, or none that can be read: some keep a folder there. */
export function readDotEnv(): string | null {
  try {
    return readFileIfPresent('.env');
  } catch {
    return null;
  }
}
