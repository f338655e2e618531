import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import type { StartBot } from '../../src/sandbox/bot.ts';
import type { Slack } from '../../src/sandbox/slack.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

/** Writes of the store: each is a step of the work before and after its commit. Of a claim it is one when it got something. */
const writes = new Set([
  ...['create', 'update', 'updateDesk', 'settle', 'claim', 'calling', 'savePerson'],
  ...['recover', 'unpark', 'saveMeta', 'noteCleared', 'quarantine'],
]);

/** Is it a step of the store, and not a call? */
export const isStoreStep = (moment: string): boolean => writes.has(moment.split(' ')[1] ?? '');

/** A claim rides in the commit that obliged it: nobody dies between the two. The disk may refuse it all the same. */
export const isOwnMoment = (moment: string): boolean => moment !== 'before claim';

/** What the dead one had begun runs into the wall within so many turns of the event loop: then another may start. */
export const deathThroes = 100;

/** A bot that dies at one moment of its life, as close to `kill -9` as one process allows. */
export interface Mortal {
  startBot: StartBot;
  /** Counts the calls to this Slack too, each before and after it was applied. */
  watch(slack: Slack): void;
  /** From now on moments are counted, and the bot dies at the `moment`-th. */
  doom(moment: number): void;
  /** What happened since `doom`, in order. */
  readonly moments: string[];
  /** Resolves when it has died. */
  readonly died: Promise<void>;
}

/**
 * Dying: from that moment nothing the bot waits for ever comes, no write of its reaches the disk and no call Slack.
 * The next start opens the same database.
 */
export function mortal(): Mortal {
  const moments: string[] = [];
  let doomedAt = Number.POSITIVE_INFINITY;
  let counting = false;
  let isDead = false;
  let mourn = (): void => {};
  const died = new Promise<void>((resolve) => {
    mourn = resolve;
  });

  /** True: the bot is dead by now. */
  function passes(moment: string): boolean {
    // What is noted of ourselves comes beside the work: the simulation dies there too.
    if (!isOwnMoment(moment) || moment.endsWith(' saveMeta')) return isDead;
    if (counting && !isDead) {
      if (moments.length === doomedAt) {
        isDead = true;
        mourn();
      }
      moments.push(moment);
    }
    return isDead;
  }

  const startBot: StartBot = async (boot, clock) => {
    isDead = false;
    const isFirst = moments.length === 0;
    if (!isFirst) counting = false;
    const life = { isOver: false };
    const store = await openSqlite(boot.environment.databaseFile, clock.now());
    void died.then(() => {
      life.isOver = isFirst;
    });
    const app = await createApp({
      environment: boot.environment,
      config: readIncidentFile(boot.incidentFile).config!,
      store: mortalStore(store, life, passes),
      clock,
      log: pino({ level: 'silent' }),
      version: 'test',
      random: () => 0.5,
    });
    const port = await app.start();
    return {
      port,
      store,
      idle: () => (life.isOver ? Promise.resolve() : Promise.race([app.idle(), died])),
      tick: () => (life.isOver ? Promise.resolve() : app.tick()),
      follow: async () => {},
      nextDueAt: () => store.nextDueAt() ?? Number.POSITIVE_INFINITY,
      nextWakeAt: () => Number.POSITIVE_INFINITY,
      stop: async () => {
        // A dead one closes its door too late to answer anybody.
        if (life.isOver) void app.stop();
        else await app.stop();
        store.close();
      },
      kill: async () => {},
    };
  };

  return {
    startBot,
    watch: (slack) => {
      slack.watch((call, when) => {
        const over = passes(`${when} ${call.method}`);
        if (over && when === 'before') throw new Error('the caller is dead');
      });
    },
    doom: (moment) => {
      doomedAt = moment;
      counting = true;
    },
    moments,
    died,
  };
}

/** What never comes, for whoever is dead. One for each: whoever waits for a promise is kept as long as that is. */
export const never = (): Promise<never> => new Promise<never>(() => {});

/**
 * The store as the doomed bot sees it: after its death, nothing is written and nothing resolves. `passes` hears of each
 * step before and after it is on disk: true, the bot is dead by now; an error, the disk fails there and the bot lives.
 */
export function mortalStore(
  store: Store,
  life: { isOver: boolean },
  passes: (moment: string) => boolean | Error,
): Store {
  const isDead = (moment: string): boolean => {
    const verdict = passes(moment);
    if (verdict instanceof Error) throw verdict;
    return verdict;
  };
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...args: unknown[]) => unknown;
      if (!writes.has(name)) return method;
      return async (...args: unknown[]) => {
        if (life.isOver || isDead(`before ${name}`)) return never();
        const result = await method.apply(target, args);
        const got = name !== 'claim' || (result as unknown[]).length > 0;
        if (life.isOver || (got && isDead(`after ${name}`))) return never();
        return result;
      };
    },
  });
}
