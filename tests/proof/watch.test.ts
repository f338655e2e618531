import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine.ts';
import { person } from '../../src/incident/by.ts';
import { movableClock } from '../../src/sandbox/clock.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { watchman } from '../../src/watch/watchman.ts';
import { defaultPolicy } from '../support/policy.ts';
import { proved } from './proved.ts';

const open = 1_000;
const waiting = 10_000;
/** The first few warm it up, and are not counted. */
const [warmUp, looks] = [5, 40];
const tookMsMax = 50;
const startsAt = Date.parse('2026-03-02T02:00Z');

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

/** Of the processor: how busy others keep the machine is no figure of ours. */
function spentMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** A store with so many open incidents that nothing is due for, and so many calls that wait. */
async function crowded(path: string) {
  const store = await openSqlite(path, startsAt);
  const clock = movableClock(startsAt);
  const ignore = (): void => undefined;
  const engine = createEngine({
    store,
    clock,
    policy: () => defaultPolicy,
    machines: { channelsMax: 10, windowMs: 600_000, reopenWithinMs: 1_800_000 },
    declaring: { max: Number.POSITIVE_INFINITY, windowMs: 600_000 },
    wake: ignore,
    report: ignore,
  });
  const declared = Array.from({ length: open }, (_none, n) =>
    engine.declare(
      {
        by: person('U0ANA'),
        title: `Something is slow (${n})`,
        severity: 4,
        service: 'payments',
        severityReason: 'set when declared',
        provisional: false,
      },
      `proof:${n}`,
    ),
  );
  await Promise.all(declared);
  const database = new Database(path);
  database.exec("update outbox set state = 'done'; update incidents set due_at = null");
  database
    .prepare(
      `with recursive n(x) as (select 1 union all select x + 1 from n where x < ?)
       insert into outbox (key, ref, incident, effect, lane, queue, state, attempts, not_before, created_at)
       select 'crowd/' || x, 'ref' || x, 1 + x % ?, '{"kind":"say"}', 4, 'crowd:' || (x % 1000), 'pending', 0, ?, ? from n`,
    )
    .run(waiting, open, startsAt, startsAt);
  database.close();
  return { store, clock, engine };
}

test('looking at ourselves costs nobody time, however much there is to look at', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-watch-'));
  try {
    const { store, clock, engine } = await crowded(join(folder, 'tocsin.db'));
    const lookout = watchman({
      store,
      clock,
      version: 'proof',
      standing: { tickedAt: clock.now(), problems: new Map() },
      heartbeatUrl: null,
      probe: null,
      alarm: async () => undefined,
      command: '/incident',
      report: (problem) => expect.fail(problem),
    });
    const tookMs: number[] = [];
    const scrapedMs: number[] = [];
    for (let look = 0; look < warmUp + looks; look += 1) {
      clock.set(clock.now() + 60_000);
      const startedAt = process.cpuUsage();
      await engine.tick();
      lookout.tick();
      await lookout.idle();
      tookMs.push(spentMs(startedAt));
      const scrapedAt = process.cpuUsage();
      await lookout.metrics();
      scrapedMs.push(spentMs(scrapedAt));
    }
    store.close();
    const [lookedMs, scrapes] = [tookMs.slice(warmUp), scrapedMs.slice(warmUp)];
    const [looked, scraped] = [percentile(lookedMs, 0.95), percentile(scrapes, 0.95)];
    proved({
      goal: 10,
      tried: `${looks} beats, each with a look at ourselves, and ${looks} scrapes, with ${open} open incidents and ${waiting} calls waiting`,
      seen: `of the processor p95 ${looked.toFixed(0)} ms (median ${percentile(lookedMs, 0.5).toFixed(0)}); a scrape p95 ${scraped.toFixed(0)} ms (median ${percentile(scrapes, 0.5).toFixed(0)})`,
      bar: `${tookMsMax} ms`,
      holds: true,
      inTime: looked <= tookMsMax && scraped <= tookMsMax,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
