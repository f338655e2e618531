import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slackClients } from '../../src/outbox/clients.ts';
import { standardLanes } from '../../src/outbox/lanes.ts';
import { type MovableClock, movableClock } from '../../src/sandbox/clock.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { turns } from '../../src/turns.ts';
import { idOf } from '../model/core.ts';
import { people } from '../model/deeds.ts';
import { born, type Life, quiet } from '../model/life.ts';
import { endLater } from '../support/endings.ts';
import { deathThroes, isOwnMoment, mortalStore } from '../support/mortal.ts';
import { configuration } from './configuration.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Caller, type FarSide, farSide } from './far-side.ts';
import { pagerDutyPolicy, pagerDutyPort } from './pagerduty.ts';
import { slackIdentity, slackToken } from './slack.ts';
import type { Weather } from './weather.ts';

/** The clock of production looks this often, and when something is due (beat.ts). */
const beatMs = 5_000;
/** Turns of the event loop in which nothing stirs: then only time moves anything. */
const calmTurns = 8;
/** Turns that one moment may take. */
const turnsMax = 100_000;
/** Moments of one advance. */
const momentsMax = 50_000;
/** Lives of one world. */
const livesMax = 20;

/** What the world does to a life. Steps are counted from 0 over all its lives. */
export interface Doom {
  /** True: it dies at this step; an error: the disk fails there. */
  at(step: number, moment: string, life: number): boolean | Error;
  /** Nothing is planned any more that was. */
  isSpent(): boolean;
  /** How long the process is away after a death, ms. */
  awayMs(): number;
  /** It is dead, and nothing of it moves any more. */
  buried?(left: Left): void;
}

/** What a death leaves: the database, and what the others have. */
export interface Left {
  path: string;
  far: FarSide;
}

interface Current extends Caller {
  n: number;
  /** Writes that are not on disk yet. A slow disk takes its turns of the event loop. */
  writing: { count: number };
  clock: MovableClock;
  /** The store itself, for whoever only looks. */
  store: Store;
  life: Life;
}

export interface SimulatedWorld {
  far: FarSide;
  /** Every step so far: a write of the store, or a call, each before and after. */
  steps: string[];
  /** Those of them at which a death leaves something else behind than at the step before: the others tell nothing new. */
  points: number[];
  /** From when to when there was no process, epoch ms. */
  away: { fromAt: number; toAt: number }[];
  /** What the bot itself reported. */
  reports: string[];
  now(): number;
  store(): Store;
  life(): Life;
  /** Nothing moves any more unless time does. Whoever died meanwhile is born again first. */
  calm(): Promise<void>;
  advance(untilAt: number): Promise<void>;
  /** Where the database is, until `end`. */
  path: string;
  /** Ends the life and throws its data away. */
  end(): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty database to copy: making one takes longer than a whole simulated hour. */
let template: Promise<string> | null = null;
async function emptyDatabase(): Promise<string> {
  const path = join(mkdtempSync(join(memory, 'tocsin-empty-')), 'tocsin.db');
  (await openSqlite(path, 0)).close();
  endLater(() => {
    template = null;
    rmSync(join(path, '..'), { recursive: true, force: true });
  });
  return path;
}

/** The production core in a world of one seed: its clock, its Slack and PagerDuty, and its deaths. */
export async function simulatedWorld(
  seed: number,
  startAt: number,
  weather: Weather,
  doom: Doom,
): Promise<SimulatedWorld> {
  template ??= emptyDatabase();
  const folder = mkdtempSync(join(memory, 'tocsin-simulated-'));
  const path = join(folder, 'tocsin.db');
  copyFileSync(await template, path);
  const sky = movableClock(startAt);
  /** Counts all that outlives the process: writes and calls, each when it is begun and when it is carried out. */
  const traces = { count: 0 };
  const leave = (): void => {
    traces.count += 1;
  };
  const far = farSide(sky, weather, leave);
  const steps: string[] = [];
  const points: number[] = [];
  const reports: string[] = [];
  const away: SimulatedWorld['away'] = [];
  const dice = diceOf(seed, 'bot');
  let stirs = 0;
  let tracesAtStep = -1;
  let current: Current;

  const passesFor = (caller: Caller & { n: number }) => (moment: string) => {
    if (caller.isOver) return true;
    stirs += 1;
    const verdict = doom.at(steps.length, moment, caller.n);
    if (isOwnMoment(moment) && traces.count !== tracesAtStep) {
      points.push(steps.length);
      tracesAtStep = traces.count;
    }
    steps.push(moment);
    if (verdict === true) caller.isOver = true;
    return verdict;
  };

  async function begin(n: number, furnish: (store: Store) => Promise<void> = nothing): Promise<void> {
    const store = await openSqlite(path, sky.now());
    await furnish(store);
    const clock = movableClock(sky.now());
    const caller = { n, isOver: false, clock, store, writing: { count: 0 } };
    const report = (problem: string, error?: unknown): void => {
      if (!caller.isOver) reports.push(error instanceof Error ? `${problem}: ${error.message}` : problem);
    };
    const life = livingOn(caller, far, passesFor(caller), dice, report, leave);
    current = Object.assign(caller, { life });
    // As in production: a process that cannot start ends, and its supervisor starts another.
    void start(life).catch((error: unknown) => {
      report('the start failed', error);
      caller.isOver = true;
    });
  }

  /** The event loop turns until nothing stirs, or it is dead. */
  async function settle(): Promise<void> {
    for (let still = 0, turn = 0; still < calmTurns; turn += 1) {
      if (turn === turnsMax) throw new Error('it never comes to rest');
      const before = stirs;
      await turns(1);
      still = stirs === before && current.writing.count === 0 ? still + 1 : 0;
      if (current.isOver) return;
    }
  }

  async function rebirth(): Promise<void> {
    await turns(deathThroes / 5);
    doom.buried?.({ path, far });
    // The beats that found nothing due were left out, but they were there.
    const lastBeatAt = startAt + Math.floor((sky.now() - startAt) / beatMs) * beatMs;
    await current.store.saveMeta('last-tick', String(lastBeatAt));
    current.store.close();
    const fromAt = sky.now();
    await passAlone(fromAt + doom.awayMs());
    away.push({ fromAt, toAt: sky.now() });
    await begin(current.n + 1);
  }

  /** Nobody lives; what is under way arrives. */
  async function passAlone(untilAt: number): Promise<void> {
    for (let at = sky.nextWakeAt(); at !== null && at <= untilAt; at = sky.nextWakeAt()) {
      sky.set(at);
      await turns(calmTurns);
    }
    sky.set(untilAt);
  }

  async function calm(): Promise<void> {
    for (let lives = 0; lives < livesMax; lives += 1) {
      await settle();
      if (!current.isOver) return;
      await rebirth();
    }
    throw new Error(`more than ${livesMax} lives`);
  }

  /** The next beat at which something is due; what was due before waits for its turn. Those before it find nothing. */
  function nextBeatAt(): number {
    const dueAt = current.store.nextDueAt() ?? Number.POSITIVE_INFINITY;
    if (dueAt > sky.now()) return dueAt;
    return startAt + Math.ceil((sky.now() + 1 - startAt) / beatMs) * beatMs;
  }

  async function advance(untilAt: number): Promise<void> {
    for (let moment = 0; moment < momentsMax; moment += 1) {
      await calm();
      const beatAt = nextBeatAt();
      const { life, clock, store } = current;
      const wakes = [sky.nextWakeAt(), clock.nextWakeAt()].map((at) => at ?? Number.POSITIVE_INFINITY);
      const at = Math.min(beatAt, ...wakes);
      if (at > untilAt || sky.now() >= untilAt) break;
      sky.set(at);
      clock.set(at);
      if (at !== beatAt) continue;
      await store.saveMeta('last-tick', String(at - beatMs));
      void life.engine.tick().catch((error: unknown) => reports.push(`a tick failed: ${String(error)}`));
    }
    if (sky.now() >= untilAt) return;
    sky.set(untilAt);
    current.clock.set(untilAt);
    await calm();
  }

  await begin(1, async (store) => {
    // Names are asked for with little patience: whoever is met by an id would look like something that was lost.
    for (const name of people) {
      const user = idOf(name);
      await store.savePerson({ user, name, timeZone: 'Etc/UTC', dm: null, isMember: true, at: startAt });
    }
  });
  await calm();
  return {
    ...{ far, steps, points, away, reports, path, calm, advance },
    now: sky.now,
    store: () => current.store,
    life: () => current.life,
    end: async () => {
      current.isOver = true;
      await turns(deathThroes / 5);
      current.store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function livingOn(
  caller: Omit<Current, 'life'>,
  far: FarSide,
  passes: (moment: string) => boolean | Error,
  dice: Dice,
  report: (problem: string, error?: unknown) => void,
  leave: () => void,
): Life {
  const { clock } = caller;
  const fetches = far.fetchesFor(caller, passes);
  const { page, rest } = slackClients({
    ...{ token: slackToken, apiUrl: 'http://slack.invalid/api/', clock, logger: quiet },
    // No real time: the weather says which call is given up, and when.
    ...{ timeoutMs: 0, inlineTimeoutMs: 0, fetch: fetches.slack },
  });
  return born({
    store: mortalStore(countedStore(caller.store, caller.writing, leave), caller, passes),
    ...{ clock, config: configuration, lanes: standardLanes, report },
    clients: { page, rest },
    identity: slackIdentity,
    random: dice.next,
    pagerduty: { port: pagerDutyPort(fetches.pagerduty, clock), policy: pagerDutyPolicy },
  });
}

/** Tells how many of its writes are under way, and `leave` of each that will be on disk, whoever dies meanwhile. */
const countedStore = (store: Store, writing: { count: number }, leave: () => void): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...args: unknown[]) => unknown;
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        const result = method.apply(target, args);
        if (!(result instanceof Promise)) return result;
        writing.count += 1;
        // Of a claim only the end tells whether it took something.
        if (name !== 'claim') leave();
        const ended = (found?: unknown): void => {
          writing.count -= 1;
          if (name === 'claim' && (found as unknown[] | undefined)?.length) leave();
        };
        result.then(ended, () => ended());
        return result;
      };
    },
  });

/** As `createApp` starts, and as its voice does once Slack knows us. */
async function start({ engine, outbox }: Life): Promise<void> {
  await engine.setSchedules(new Map([['payments', configuration.teams.payments!.onCall!]]));
  await engine.tick();
  await outbox.start();
  await outbox.unpark();
  await engine.catchUp();
}
