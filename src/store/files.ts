import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';

/** What people write during an incident is nobody else's on this machine. */
const privateMode = 0o600;

/** Makes sure that the file exists and that only its owner reads it. SQLite gives its side files the same mode. */
export function createPrivately(path: string): void {
  // A file that exists is not opened: closing it would end the locks that this process holds on it (POSIX).
  if (!existsSync(path)) closeSync(openSync(path, 'a', privateMode));
  chmodSync(path, privateMode);
}
