import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../src/clock.ts';
import { createEngine, type Engine } from '../src/engine.ts';
import { person } from '../src/incident/by.ts';
import { movableClock } from '../src/sandbox/clock.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { defaultPolicy } from '../tests/support/policy.ts';
import { type Figure, median } from './figure.ts';

const [few, many] = [100, 100_000];
/** Groups of `dueAtOnce` incidents, each declared `apartMs` after the one before: they come due one after the other. */
const [groups, dueAtOnce, apartMs] = [9, 10, 6_000];
const [statementsMax, costRatioMax] = [3, 1.5];
const startsAt = Date.UTC(2026, 2, 2, 2, 0);
const minute = 60_000;
/** When SEV1's further steps come due (product.md section 7). */
const stepsMs = [5 * minute, 10 * minute, 20 * minute, 30 * minute];
/** The others are declared after all that. */
const restMs = 60 * minute;

/** The heartbeat on a real database: what it asks when nothing is due, and what many open incidents cost it. */
export async function tick(): Promise<Figure[]> {
  mkdirSync('data', { recursive: true });
  const folder = mkdtempSync(join('data', 'bench-'));
  try {
    const small = await openWorld(join(folder, 'few', 'tocsin.db'), few);
    const large = await openWorld(join(folder, 'many', 'tocsin.db'), many);
    const statements = Math.max(await small.statementsWhenIdle(), await large.statementsWhenIdle());
    const costs: { small: number; large: number }[] = [];
    for (const [n, stepMs] of stepsMs.entries()) {
      for (let group = 0; group < groups; group += 1) {
        const at = startsAt + stepMs + group * apartMs;
        const cost = { small: await small.tickAt(at), large: await large.tickAt(at) };
        // The first step warms both up.
        if (n > 0) costs.push(cost);
      }
    }
    for (const world of [small, large]) world.close();
    return [idleFigure(statements), costFigure(costs)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const idleFigure = (statements: number): Figure => ({
  name: 'tick with nothing due',
  measured: statements,
  bar: statementsMax,
  unit: 'statements',
  detail: `BEGIN, SAVEPOINT and COMMIT apart; the same with ${few} and ${many} open`,
});

function costFigure(costs: { small: number; large: number }[]): Figure {
  const [small, large] = [median(costs.map((cost) => cost.small)), median(costs.map((cost) => cost.large))];
  return {
    name: `tick, ${dueAtOnce} due among ${many} open, of among ${few}`,
    measured: large / small,
    bar: costRatioMax,
    unit: 'x',
    detail: `${large.toFixed(2)} ms against ${small.toFixed(2)} ms, ${costs.length} ticks in turn`,
  };
}

/** A store with `open` open incidents: the groups, and others that are not due for long. */
async function openWorld(path: string, open: number) {
  const statements: string[] = [];
  const verbose = (sql: unknown): void => void statements.push(String(sql));
  const store = await openSqlite(path, startsAt, { verbose });
  const clock = movableClock(startsAt);
  const engine = engineOf(store, clock);
  for (let group = 0; group < groups; group += 1) {
    await Promise.all(Array.from({ length: dueAtOnce }, (_, n) => declare(engine, `${group}/${n}`)));
    clock.set(clock.now() + apartMs);
  }
  await declare(engineOf(store, movableClock(startsAt + restMs)), 'the rest');
  multiply(path, open - groups * dueAtOnce - 1);
  const tickNow = async (expected: number): Promise<void> => {
    statements.length = 0;
    const looked = await engine.tick();
    if (looked !== expected) throw new Error(`${looked} were due, not ${expected}`);
  };
  await tickNow(0);
  return {
    /** Statements of one tick in which nothing is due, transaction control apart. */
    statementsWhenIdle: async () => {
      await tickNow(0);
      return statements.filter((sql) => !/^(BEGIN|COMMIT|SAVEPOINT|RELEASE)\b/i.test(sql)).length;
    },
    /** What a tick costs at a time at which one group is due, ms. The heart beat a second before, as it does. */
    tickAt: async (at: number) => {
      clock.set(at - 1_000);
      await tickNow(0);
      clock.set(at);
      const startedAt = performance.now();
      await tickNow(dueAtOnce);
      return performance.now() - startedAt;
    },
    close: store.close,
  };
}

function engineOf(store: Store, clock: Clock): Engine {
  const ignore = (): void => undefined;
  const machines = { channelsMax: 10, windowMs: 600_000, reopenWithinMs: 1_800_000 };
  return createEngine({
    store,
    clock,
    policy: () => defaultPolicy,
    machines,
    declaring: { max: Number.POSITIVE_INFINITY, windowMs: 600_000 },
    wake: ignore,
    report: ignore,
  });
}

async function declare(engine: Engine, name: string): Promise<void> {
  await engine.declare(
    {
      by: person('U0ANA'),
      title: `Checkout is down (${name})`,
      severity: 1,
      severityReason: 'set when declared',
      provisional: false,
      service: 'payments',
    },
    `bench:${name}`,
  );
}

/** Copies of the latest incident, as they would be had they been declared at the same time. */
function multiply(path: string, copies: number): void {
  const database = new Database(path);
  database.pragma('synchronous = OFF');
  database
    .prepare(
      `with recursive n(x) as (select 1 union all select x + 1 from n where x < ?),
         latest as (select * from incidents order by id desc limit 1)
       insert into incidents (id, state, status, severity, is_open, service, declared_at, by_machine, visibility, storm_of, due_at)
       select id + x, json_set(state, '$.id', id + x), status, severity, is_open, service, declared_at, by_machine,
         visibility, storm_of, due_at from latest, n`,
    )
    .run(copies);
  database.close();
}
