import { type Logger, pino } from 'pino';
import { type App, createApp } from '../app.ts';
import type { Clock } from '../clock.ts';
import type { Environment } from '../config/environment.ts';
import { readIncidentFile } from '../config/incident-file.ts';
import { ConfigurationError } from '../config/problem.ts';
import { openSqlite, type SqliteOptions } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';

/** What a bot is started with; all of it can be sent to another process. */
export interface BotBoot {
  environment: Environment;
  /** The text of `incident.yml`. */
  incidentFile: string;
  slackTimeoutMs?: number;
}

/** The real bot, running in this process or in one of its own. */
export interface Bot extends Pick<App, 'idle' | 'tick'>, Partial<Pick<App, 'backUp'>> {
  readonly port: number;
  /** Null when it lives in another process. */
  readonly store: Store | null;
  /** The world's clock stands at `at` now (epoch ms). */
  follow(at: number): Promise<void>;
  /** When something is due, or a sleep of its own ends; epoch ms, Infinity for never. */
  nextDueAt(): number;
  nextWakeAt(): number;
  stop(): Promise<void>;
  /** `kill -9`; resolves when it is gone. Throws where the bot has no process of its own. */
  kill(): Promise<void>;
}

export type StartBot = (boot: BotBoot, clock: Clock, log?: Logger) => Promise<Bot>;

/** Starts the bot in this process, on the world's own clock. */
export const startBotHere: StartBot = (...start) => startBotOn({})(...start);

/** The same, on a database that is opened so. */
export const startBotOn =
  (options: SqliteOptions): StartBot =>
  async (boot, clock, log = pino({ level: 'silent' })) => {
    const store = await openSqlite(boot.environment.databaseFile, clock.now(), options);
    const app = await createApp({
      environment: boot.environment,
      config: configFrom(boot.incidentFile),
      store,
      clock,
      log,
      version: 'sandbox',
      random: () => 0.5,
      slackTimeoutMs: boot.slackTimeoutMs,
      pagerdutyTimeoutMs: boot.slackTimeoutMs,
    });
    const port = await app.start().catch(async (error: unknown) => {
      // Production ends its process here.
      await app.stop();
      store.close();
      throw error;
    });
    return {
      port,
      store,
      idle: app.idle,
      tick: app.tick,
      backUp: app.backUp,
      follow: async () => {},
      nextDueAt: () => store.nextDueAt() ?? Number.POSITIVE_INFINITY,
      nextWakeAt: () => Number.POSITIVE_INFINITY,
      stop: async () => {
        await app.stop();
        store.close();
      },
      kill: async () => {
        throw new Error('this bot shares our process: killing it would end us too');
      },
    };
  };

function configFrom(text: string) {
  const { config, problems } = readIncidentFile(text);
  if (!config) throw new ConfigurationError(problems);
  return config;
}
