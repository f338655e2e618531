import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../src/sandbox/json.ts';

const FOLDER = process.env.FIXTURES_DIR ?? '../shared/fixtures';

/** False in a clone without the reference data: tests that need it are then skipped, and say so in their title. */
export const haveFixtures = existsSync(FOLDER);
export const needsFixtures = haveFixtures ? '' : ' (skipped: no fixtures folder)';

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
}

/** Paths of all keys: `channel.topic.value`, `messages[].text`. Values play no part. */
export function keyPaths(value: unknown, prefix = ''): Set<string> {
  const paths = new Set<string>();
  if (Array.isArray(value)) {
    for (const one of value) for (const path of keyPaths(one, prefix)) paths.add(path);
    return paths;
  }
  if (!isObject(value)) return paths;
  for (const [key, entry] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    paths.add(path);
    for (const below of keyPaths(entry, Array.isArray(entry) ? `${path}[]` : path)) paths.add(below);
  }
  return paths;
}
