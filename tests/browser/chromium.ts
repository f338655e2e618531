import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium may be, the first one that is there; `CHROMIUM_PATH` names another one and no other is tried. */
const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', 'google-chrome'] as const;

/** One line for whoever has none. */
export const howToGetOne =
  'No Chromium is here: Debian and Ubuntu install it by "apt-get install chromium"; CHROMIUM_PATH=/path/to/chrome names any other.';

/** The browser to use, or null. A name without a slash is looked for in PATH. */
export function findChromium(): string | null {
  const wanted = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : usual;
  return wanted.flatMap(pathsOf).find(mayRun) ?? null;
}

/** Tests in a browser are skipped where there is none; with `CI_BROWSER=1` they fail instead. */
export const isWithoutBrowser = (): boolean => findChromium() === null && process.env.CI_BROWSER !== '1';

const pathsOf = (name: string): string[] =>
  name.includes('/') ? [name] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** It reaches this machine and nothing else, and calls nobody by itself. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Throws where there is no browser. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(howToGetOne);
  return chromium.launch({ executablePath, args: flags });
}
