import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A small process that wants directories. */
export interface Contender {
  child: ChildProcess;
  /** Tries at `at` (epoch ms), to the millisecond. `ms`: how long it took until it knew. */
  want(directory: string, at: number): Promise<{ won: boolean; words: string; ms: number }>;
  /** Gives back what it has. */
  free(): Promise<void>;
  kill(): Promise<void>;
}

/** With the production function, from the compiled bot in `built`. */
export async function startContender(built: string): Promise<Contender> {
  const lock = pathToFileURL(join(built, 'dist', 'store', 'lock.js')).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', programOf(lock)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the contender has ended');
    return value;
  };
  const ask = (words: unknown): Promise<string> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    return heard();
  };
  await heard();
  return {
    child,
    want: async (directory, at) =>
      JSON.parse(await ask({ directory, at })) as Awaited<ReturnType<Contender['want']>>,
    free: async () => {
      await ask({});
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const programOf = (lock: string): string => `
import { createInterface } from 'node:readline';
import { lockDirectory, DirectoryInUse } from ${JSON.stringify(lock)};
const say = (words) => process.stdout.write(JSON.stringify(words) + '\\n');
let unlock = null;
say('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { directory, at } = JSON.parse(line);
  if (directory === undefined) {
    unlock?.();
    unlock = null;
    say('free');
    continue;
  }
  while (Date.now() < at);
  const startedAt = performance.now();
  try {
    unlock = lockDirectory(directory + '/tocsin.db');
    say({ won: true, words: '', ms: performance.now() - startedAt });
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error;
    say({ won: false, words: error.message, ms: performance.now() - startedAt });
  }
}`;
