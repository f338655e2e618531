import { readFileSync } from 'node:fs';
import { createTask } from 'node-cron';
import { type Logger, pino } from 'pino';
import { createApp } from './app.ts';
import type { Clock } from './clock.ts';
import { loadConfig } from './config/load.ts';
import { ConfigurationError, formatProblems } from './config/problem.ts';
import { readFileIfPresent } from './config/read-file.ts';
import { SlackRefusal } from './slack/identity.ts';
import { DirectoryInUse } from './store/lock.ts';
import { DatabaseTooNew } from './store/migrate.ts';
import { openSqlite } from './store/sqlite.ts';

/** Exit codes: something to mend in the configuration or in Slack; another Tocsin has the data directory. */
const exits = { configuration: 1, directoryInUse: 3 } as const;
/** Hourly, off the full hour, when everybody else's jobs run. */
const backupCron = '17 * * * *';
/** How long the end may take. What is not done by then is found and done by the next start. */
const stopWithinMs = 20_000;
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
async function createLog(level: string): Promise<Logger> {
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
  if (!process.stdout.isTTY) return pino({ level, redact });
  const { default: pretty } = await import('pino-pretty');
  return pino({ level, redact }, pretty({ sync: true }));
}

const version = (): string => {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

async function main(): Promise<void> {
  const { environment, config } = loadConfig(process.env, readFileIfPresent);
  const log = await createLog(environment.logLevel);
  endOnSurprise(log);
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
  const beat = () => app.tick().catch((error: unknown) => log.error({ err: error }, 'the tick failed'));
  const heart = createTask(config.tick, beat, { noOverlap: true });
  const backups = createTask(backupCron, app.backUp, { noOverlap: true });
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info(`${signal}: stopping; what is under way finishes`);
    await Promise.all([heart.destroy(), backups.destroy()]);
    await Promise.race([app.stop(), realClock.sleepUntil(Date.now() + stopWithinMs)]);
    store.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  await app.start(async (port) => {
    await Promise.all([heart.start(), backups.start()]);
    log.info({ port }, `Tocsin ${version()} listens on port ${port}`);
  });
}

/** Crash-only: a state that nobody foresaw is left, not lived in. */
function endOnSurprise(log: Logger): void {
  const end = (error: unknown): void => {
    log.fatal({ err: error }, 'unexpected; the supervisor starts Tocsin again, and nothing is lost');
    process.exit(1);
  };
  process.on('unhandledRejection', end);
  process.on('uncaughtException', end);
}

/** What a human can mend, in plain lines; null for anything else, which keeps its stack. */
function plainWords(error: unknown): string | null {
  if (error instanceof ConfigurationError) return formatProblems(error.problems);
  const plain = [SlackRefusal, DirectoryInUse, DatabaseTooNew];
  if (error instanceof Error && plain.some((kind) => error instanceof kind)) return error.message;
  const { code, port, message } = error as { code?: string; port?: number; message?: string };
  if (code === 'EADDRINUSE')
    return `PORT: ${port} is taken by another program; stop it, or choose another port`;
  if (code === 'EACCES' && port !== undefined)
    return `PORT: this user may not listen on ${port}; choose one from 1024 on`;
  if (code !== undefined && /^(SQLITE_|E(ACCES|PERM|ROFS|NOSPC|NOTDIR)$)/.test(code))
    return `DATABASE_URL: the database cannot be opened (${message}); let the user that runs Tocsin write there, or restore it from backups/`;
  return null;
}

main().catch((error: unknown) => {
  console.error(plainWords(error) ?? error);
  process.exit(error instanceof DirectoryInUse ? exits.directoryInUse : exits.configuration);
});
