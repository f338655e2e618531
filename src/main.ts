import { readFileSync } from 'node:fs';
import { createTask } from 'node-cron';
import { pino } from 'pino';
import { createApp, SlackRefusal } from './app.ts';
import type { Clock } from './clock.ts';
import { loadConfig } from './config/load.ts';
import { ConfigurationError, formatProblems } from './config/problem.ts';
import { readFileIfPresent } from './config/read-file.ts';
import { DirectoryInUse } from './store/lock.ts';
import { openSqlite } from './store/sqlite.ts';

/** Exit codes: something to mend in the configuration or in Slack; another Tocsin has the data directory. */
const exits = { configuration: 1, directoryInUse: 3 } as const;
/** Longest single timer: a longer wait is taken in pieces, far below the 2^31 ms where timers overflow. */
const timerMsMax = 60_000;

const realClock: Clock = {
  now: Date.now,
  sleepUntil: async (at, signal) => {
    while (Date.now() < at && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, Math.min(at - Date.now(), timerMsMax));
        signal?.addEventListener('abort', wake, { once: true });
        function wake(): void {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        }
      });
    }
  },
};

/** JSON lines, readable in a terminal; secrets and message bodies never. */
function createLog(level: string) {
  const redact = {
    paths: [
      'token',
      '*.token',
      'headers',
      '*.headers',
      '*.authorization',
      'err.data.response_metadata',
      'err.original',
      'err.headers',
      'err.body',
    ],
    censor: '[hidden]',
  };
  const pretty = process.stdout.isTTY ? { transport: { target: 'pino-pretty' } } : {};
  return pino({ level, redact, ...pretty });
}

const version = (): string => {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

async function main(): Promise<void> {
  const { environment, config } = loadConfig(process.env, readFileIfPresent);
  const log = createLog(environment.logLevel);
  const store = await openSqlite(environment.databaseFile, Date.now());
  const app = await createApp({
    environment,
    config,
    store,
    clock: realClock,
    log,
    version: version(),
    random: Math.random,
  });
  const heart = createTask(
    config.tick,
    () => app.tick().catch((error: unknown) => log.error({ err: error }, 'the tick failed')),
    { noOverlap: true },
  );
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info(`${signal}: stopping; what is under way finishes`);
    await heart.destroy();
    await app.stop();
    store.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unexpected; the supervisor starts Tocsin again, and nothing is lost');
    process.exit(1);
  });
  const port = await app.start();
  await heart.start();
  log.info({ port }, `Tocsin ${version()} listens on port ${port}`);
}

/** What a human can mend is said in plain lines; anything else keeps its stack. */
main().catch((error: unknown) => {
  if (error instanceof ConfigurationError) console.error(formatProblems(error.problems));
  else if (error instanceof SlackRefusal || error instanceof DirectoryInUse) console.error(error.message);
  else console.error(error);
  process.exit(error instanceof DirectoryInUse ? exits.directoryInUse : exits.configuration);
});
