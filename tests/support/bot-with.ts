import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import type { Clock } from '../../src/clock.ts';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import type { StartBot } from '../../src/sandbox/bot.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

/** What a bot stands on that is not as in production. */
export interface Ground {
  /** How far the time it counts is ahead of the world's, ms; negative: behind. */
  clockAheadMs?: number;
  /** The same for the clock of its machine. */
  wallAheadMs?: number;
  /** The store as the bot sees it. */
  storeOf?: (store: Store) => Store;
}

/** The real bot on such ground; what `ground` holds is read anew each time. */
export const botWith =
  (ground: Ground): StartBot =>
  async (boot, world) => {
    const aheadMs = () => ground.clockAheadMs ?? 0;
    const clock: Clock = {
      now: () => world.now() + aheadMs(),
      sleepUntil: (at, signal) => world.sleepUntil(at - aheadMs(), signal),
    };
    const store = await openSqlite(boot.environment.databaseFile, clock.now());
    const app = await createApp({
      environment: boot.environment,
      config: readIncidentFile(boot.incidentFile).config!,
      store: ground.storeOf?.(store) ?? store,
      clock,
      wall: () => world.now() + (ground.wallAheadMs ?? 0),
      log: pino({ level: 'silent' }),
      version: 'test',
      random: () => 0.5,
    });
    const port = await app.start();
    return {
      port,
      store,
      idle: app.idle,
      tick: app.tick,
      follow: async () => {},
      nextDueAt: () => (store.nextDueAt() ?? Number.POSITIVE_INFINITY) - aheadMs(),
      nextWakeAt: () => Number.POSITIVE_INFINITY,
      stop: async () => {
        await app.stop();
        store.close();
      },
      kill: async () => {},
    };
  };
