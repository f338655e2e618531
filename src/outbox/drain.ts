import type { Command } from '../incident/commands.ts';
import { type Effect, effectTraits, type Lane } from '../incident/effects.ts';
import type { OutboxRow, Settlement } from '../store/store.ts';
import type { Context, Delivery } from './context.ts';
import type { Lanes } from './lanes.ts';
import { looksUp, perform } from './perform.ts';
import { afterFault, type Fault, faultOf, isSlackFailure } from './retry.ts';

export interface OutboxDeps {
  context: (lane: Lane) => Context;
  lanes: Lanes;
  /** Slack refused our token or scopes: rows are parked until `unpark`. */
  onParked: (word: string) => void;
  /** Many requests wait for their answer: what goes out lets them go first, pages nearly not. */
  isRushed: () => boolean;
  /** In [0, 1). */
  random: () => number;
}

/** Claimed in one breath: what everybody waits for. */
const urgent: readonly Lane[] = ['page', 'channel'];
/** What a rush held back is looked at again after this. */
const rushLookAgainMs = 100;
/** While many requests wait for their answer, pages still go out, this many at once, and nothing else does. */
const pagesInRushMax = 2;
/** Pause before the next try when the store itself fails (a full disk). */
const stumbleRetryMs = 1_000;

/**
 * The loop that performs effects. `sending` is on disk before a call and its result after it, so a crash leaves a row
 * of unknown fate, never silence. Lanes are served in order, each within its own bounds; a page waits for nobody.
 */
export function createOutbox(deps: OutboxDeps) {
  const { store, clock, engine, report } = deps.context('page');
  const { lanes } = deps;
  const laneNames = Object.keys(lanes) as Lane[];
  const unhurried = laneNames.filter((lane) => !urgent.includes(lane));
  const busy = Object.fromEntries(laneNames.map((lane) => [lane, 0])) as Record<Lane, number>;
  /** Rows whose outcome could not be written: until it is, nobody else would ever touch them. */
  const unwritten = new Set<number>();
  let running = false;
  let pumping = false;
  let again = false;
  let alarm: AbortController | null = null;
  const waiters: (() => void)[] = [];

  const laneOf = (effect: Effect): Lane => effectTraits[effect.kind].lane;

  /** Starts (again) after the process did: whatever was being sent has an unknown fate. */
  async function start(): Promise<void> {
    if (running) return;
    const graceMs = Object.fromEntries(laneNames.map((lane) => [lane, lanes[lane].graceMs]));
    const unknown = await store.recover(graceMs as Record<Lane, number>);
    if (unknown > 0)
      report(`${unknown} calls were under way when the process ended; looking what became of them`);
    running = true;
    wake();
  }

  /** Our token is accepted (again): what was parked goes out. */
  async function unpark(): Promise<void> {
    await store.unpark(clock.now());
    wake();
  }

  function wake(): void {
    if (!running) return;
    void pump().catch((error: unknown) => {
      report('the outbox could not read or write its rows; it tries again', error);
      wakeAt(clock.now() + stumbleRetryMs);
      rest();
    });
  }

  async function pump(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again && running) {
        again = false;
        const now = clock.now();
        await writeDown(now);
        await Promise.all(urgent.map((lane) => take(lane, now)));
        // One after the other: the calls of a lane are on their way before the next lane is looked at.
        for (const lane of unhurried) await take(lane, now);
      }
    } finally {
      pumping = false;
    }
    const now = clock.now();
    const nextAt = deps.isRushed() ? now + rushLookAgainMs : store.nextSendAt(now);
    wakeAt(running ? nextAt : null);
    rest();
  }

  /** What is claimed is begun at once, whatever becomes of the other lanes. */
  async function take(lane: Lane, now: number): Promise<void> {
    const inRush = lane === 'page' ? pagesInRushMax : 0;
    const free = (deps.isRushed() ? inRush : lanes[lane].concurrency) - busy[lane];
    if (free <= 0) return;
    if (!store.isWaiting(lane, now)) return;
    for (const row of await store.claim(lane, now, free)) begin(row);
  }

  /** What could not be written before: as far as anybody can tell from the disk, the fate of these is unknown. */
  async function writeDown(now: number): Promise<void> {
    for (const id of unwritten) {
      await store.settle(id, { state: 'unknown', notBefore: now, error: 'outcome not written' }, now);
      unwritten.delete(id);
    }
  }

  function rest(): void {
    // In a rush there may be more to do than anybody can see yet.
    if (!isIdle() || (running && deps.isRushed())) return;
    for (const waiter of waiters.splice(0)) waiter();
  }

  function begin(row: OutboxRow): void {
    const lane = laneOf(row.effect);
    busy[lane] += 1;
    void deliver(row)
      .catch((error: unknown) => {
        unwritten.add(row.id);
        report(`the outcome of outbox row ${row.id} could not be written; trying again`, error);
      })
      .finally(() => {
        busy[lane] -= 1;
        wake();
        rest();
      });
  }

  async function deliver(row: OutboxRow): Promise<void> {
    const now = clock.now();
    const incident = store.incident(row.incident);
    if (!incident) return store.settle(row.id, { state: 'dead', error: 'no such incident' }, now);
    try {
      const delivery = await perform(deps.context(laneOf(row.effect)), { row, incident });
      await settle(row, delivery);
    } catch (error) {
      await fail(row, faultOf(error), error);
    }
  }

  async function settle(row: OutboxRow, delivery: Delivery): Promise<void> {
    const now = clock.now();
    if (delivery.did === 'cancelled')
      return store.settle(row.id, { state: 'cancelled', error: delivery.why }, now);
    if (delivery.did === 'again') {
      await engine.handle(row.incident, delivery.report, `outbox:${row.id}:${row.attempts}`);
      const rest: Settlement = { state: 'pending', notBefore: now, error: delivery.why };
      return store.settle(
        row.id,
        row.attempts < againMax ? rest : { state: 'dead', error: delivery.why },
        now,
      );
    }
    if (delivery.reports.length === 0) return store.settle(row.id, { state: 'done' }, now);
    for (const [n, command] of delivery.reports.entries()) {
      await engine.handle(row.incident, command, `outbox:${row.id}#${n}`, n === 0 ? row.id : undefined);
    }
  }

  async function fail(row: OutboxRow, fault: Fault, error: unknown): Promise<void> {
    const now = clock.now();
    const lane = lanes[laneOf(row.effect)];
    const settlement = afterFault(fault, {
      attempts: row.attempts,
      looksUp: looksUp(row.effect.kind),
      inDoubt: row.reconcile,
      lane,
      now,
      random: deps.random(),
    });
    await store.settle(row.id, settlement, now);
    if (!isSlackFailure(error)) report(`${row.effect.kind} for INC-${row.incident} stumbled`, error);
    if (settlement.state === 'parked') deps.onParked(fault.word);
    if (settlement.state !== 'dead') return;
    report(`${row.effect.kind} for INC-${row.incident} failed for good: ${fault.word}`, error);
    await engine.handle(row.incident, failureReport(row.effect, fault.word), `outbox-failed:${row.id}`);
  }

  /** Sleeps until the next row may go, epoch ms. */
  function wakeAt(at: number | null): void {
    alarm?.abort();
    if (at === null || !running) return;
    alarm = new AbortController();
    const { signal } = alarm;
    void clock.sleepUntil(at, signal).then(() => {
      if (!signal.aborted) wake();
    });
  }

  const isIdle = (): boolean => !pumping && laneNames.every((lane) => busy[lane] === 0);

  return {
    start,
    unpark,
    wake,
    /** Resolves when nothing is under way and nothing can go out now. */
    idle: (): Promise<void> =>
      new Promise((resolve) => {
        waiters.push(resolve);
        if (running) wake();
        else rest();
      }),
    /** No new calls; those under way finish (each has a timeout). Correctness never depends on it. */
    stop: async (): Promise<void> => {
      running = false;
      alarm?.abort();
      if (!isIdle()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

/** A row whose ground keeps changing under it is given up. */
const againMax = 10;

/** Whatever fails for good is a fact; a page that failed, or that nobody could be found for, is a loud one. */
function failureReport(effect: Effect, error: string): Command {
  switch (effect.kind) {
    case 'page':
      return { type: 'note-page-failed', user: effect.user, order: effect.order, error };
    case 'resolve-page': {
      const missing = `Slack could not say who that is (${error})`;
      const nobody = { people: [], askedInstead: [], toldInStorm: [] };
      return { type: 'note-targets', order: effect.order, missing, ...nobody };
    }
    default:
      return { type: 'note-failed', kind: effect.kind, error };
  }
}
