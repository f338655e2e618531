import { readFileSync } from 'node:fs';
import { constants, uptime } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { createTask } from 'node-cron';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { createApp } from './app.ts';
import { beatBy } from './beat.ts';
import { commandWithEnv } from './command-line.ts';
import type { Environment } from './config/environment.ts';
import { hideSecrets } from './config/hide-secrets.ts';
import { loadConfig } from './config/load.ts';
import { ConfigurationError, formatProblems } from './config/problem.ts';
import { readDotEnv, readFileIfPresent } from './config/read-file.ts';
import { unreadLines } from './config/unset.ts';
import { SlackRefusal } from './slack/identity.ts';
import { type Machine, steadyClock } from './steady-clock.ts';
import { DatabaseDamaged } from './store/damage.ts';
import { DirectoryInUse } from './store/lock.ts';
import { DatabaseTooNew } from './store/migrate.ts';
import { PlaceRefused } from './store/place.ts';
import { openSqlite } from './store/sqlite.ts';
import { troubleWords } from './store/trouble.ts';

/** Exit codes: something to mend in the configuration or in Slack; another Tocsin has the data directory. */
const exits = { configuration: 1, directoryInUse: 3 } as const;
/** Every 15 minutes (reliability.md section 3.9), off the full hour, when everybody else's jobs run. */
const backupCron = '2-59/15 * * * *';
/** Kept free on the disk of the database for an emergency (store/ballast.ts). */
const ballastBytes = 64 * 1024 ** 2;
/** How long the end may take, below what a supervisor allows (deploy/tocsin.service). The next start finds what is not done by then. */
const stopWithinMs = 15_000;
/** Everything asks for the time, and the uptime is a call of the system: for so long what it said last will do. */
const uptimeGoodForMs = 20;
/** How often it is looked whether the event loop is free. */
const lagEveryMs = 20;

const machine: Machine = {
  wall: Date.now,
  uptime: nowAndThen(() => uptime() * 1_000, uptimeGoodForMs),
  awake: () => performance.now(),
  // Rejects when it is aborted: that is a pause that ends.
  pause: (ms, signal) => pauseFor(ms, undefined, { signal }).catch(() => undefined),
};

/** What `ask` said last, unless that is more than `goodForMs` of the process's time ago. */
function nowAndThen(ask: () => number, goodForMs: number): () => number {
  let [said, askedAt] = [ask(), performance.now()];
  return () => {
    if (performance.now() - askedAt >= goodForMs) [said, askedAt] = [ask(), performance.now()];
    return said;
  };
}

/** In which seconds, by a cron expression. It keeps no time: one that waits by the machine's clock stops when that is set back. */
const timesOf = (cron: string): ((second: Date) => boolean) => {
  const task = createTask(cron, () => undefined);
  return (second) => task.match(second);
};

/** JSON lines, readable in a terminal; secrets and message bodies never. */
async function createLog(environment: Environment): Promise<Logger> {
  const { logLevel: level } = environment;
  const hooks = { streamWrite: hideSecrets(environment) };
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
  if (!process.stdout.isTTY) return pino({ level, redact, hooks });
  const { default: pretty } = await import('pino-pretty');
  return pino({ level, redact, hooks }, pretty({ sync: true }));
}

const version = (): string => {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

async function main(): Promise<void> {
  const { environment, config } = loadConfig(process.env, readFileIfPresent);
  const log = await createLog(environment);
  endOnSurprise(log);
  const store = await openSqlite(environment.databaseFile, Date.now(), { ballastBytes });
  const clock = steadyClock(machine, Number(store.meta('last-tick') ?? 0));
  const app = await createApp({
    environment,
    config,
    store,
    clock,
    wall: machine.wall,
    log,
    version: version(),
    random: Math.random,
    lagMs: watchLag(),
    processFigures: (register) => collectDefaultMetrics({ register, prefix: 'tocsin_' }),
  });
  const beat = () => app.tick().catch((error: unknown) => log.error({ err: error }, 'the tick failed'));
  const ends: (() => Promise<void>)[] = [];
  let stopping = false;
  const stop = async (signal: 'SIGTERM' | 'SIGINT'): Promise<void> => {
    if (stopping) {
      log.warn(`${signal} again: ended at once; the next start looks what became of what was under way`);
      process.exit(128 + constants.signals[signal]);
    }
    stopping = true;
    log.info(`${signal}: stopping; what is under way finishes, and ${signal} again ends it at once`);
    const end = Promise.all([...ends.map((endBeat) => endBeat()), app.stop()]);
    await Promise.race([end, clock.sleepUntil(clock.now() + stopWithinMs)]);
    store.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  await app.start(async (port) => {
    ends.push(
      beatBy(clock, timesOf(config.tick), beat, app.nextDueAt),
      beatBy(clock, timesOf(backupCron), app.backUp),
    );
    // One that is ended more often than that would never make any.
    if (app.isBackupDue()) void app.backUp();
    log.info({ port }, `Tocsin ${version()} listens on port ${port}`);
  });
}

/** The longest that the event loop was busy since the last time it was asked, ms. */
function watchLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution: lagEveryMs });
  delays.enable();
  return () => {
    const ms = Math.max(0, delays.max / 1e6 - lagEveryMs);
    delays.reset();
    return ms;
  };
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
  if (error instanceof ConfigurationError) {
    const missing = error.problems.filter(({ wrong }) => wrong === 'is missing').map(({ name }) => name);
    const unread = unreadLines(readDotEnv(), missing, commandWithEnv('main'));
    return [formatProblems(error.problems), ...unread].join('\n');
  }
  const plain = [SlackRefusal, DirectoryInUse, DatabaseTooNew, DatabaseDamaged, PlaceRefused];
  if (error instanceof Error && plain.some((kind) => error instanceof kind)) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `PORT: ${port} is taken by another program; stop it, or choose another port`;
  if (code === 'EACCES' && port !== undefined)
    return `PORT: this user may not listen on ${port}; choose one from 1024 on`;
  const words = troubleWords(error, 'let the user that runs Tocsin write there');
  return words === null ? null : `DATABASE_URL: ${words}`;
}

main().catch((error: unknown) => {
  console.error(plainWords(error) ?? error);
  process.exit(error instanceof DirectoryInUse ? exits.directoryInUse : exits.configuration);
});
