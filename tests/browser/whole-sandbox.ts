import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** `npm run sandbox` without npm, on a free port, until the test ends. Resolves to its address. */
export async function runSandbox(): Promise<string> {
  const args = ['--import', 'tsx', 'src/sandbox/main.ts', '--no-open', '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => ended(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /The sandbox is open: (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The sandbox ended before it was open.');
}

/** By its signal, as Ctrl-C does. */
async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || !child.kill('SIGTERM')) return;
  await exit;
}
