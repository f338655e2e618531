import type { Lane } from '../incident/effects.ts';
import type { OutboxRow } from '../store/store.ts';
import { turns } from '../turns.ts';
import { type CourierDeps, courier, laneOfRow } from './courier.ts';
import type { Lanes } from './lanes.ts';

export interface OutboxDeps extends Omit<CourierDeps, 'wake'> {
  /** Many requests wait for their answer: what goes out lets them go first, pages nearly not. */
  isRushed: () => boolean;
}

/** What everybody waits for: when there is some of it, nothing else is begun in the same breath. */
const urgent: readonly Lane[] = ['page', 'pagerduty', 'channel'];
/** Calls claimed in one commit. */
const breathMax = 4;
/** One turn of the event loop prepares a call, the next writes it: it is in the air before another is looked at. */
const turnsPerCall = 2;
/** Where many are to be paged at once, so many pages are prepared in one turn: each turn is a commit of its own. */
const pagesPerTurn = 32;
/** What a rush held back is looked at again after this. */
const rushLookAgainMs = 100;
/** While many requests wait for their answer, pages still go out, this many at once, and nothing else does. */
const pagesInRushMax = 2;
/** Pause before the next try when the store itself fails (a full disk). */
const stumbleRetryMs = 1_000;

/**
 * The loop that performs effects. `sending` is on disk before a call and its result after it, so a crash leaves a row
 * of unknown fate, never silence. Lanes are served in order, each within its own bounds; a page waits for nobody. What
 * a change obliges is claimed in the commit of that change, and what a settled call makes way for in the commit that
 * settles it: one fsync between two calls.
 */
export function createOutbox(deps: OutboxDeps) {
  const { store, clock, report } = deps.context('page');
  const { lanes } = deps;
  const laneNames = Object.keys(lanes) as Lane[];
  /** Calls under way. */
  const busy = Object.fromEntries(laneNames.map((lane) => [lane, 0])) as Record<Lane, number>;
  /** Rows between being claimed and being settled. */
  const underWay = new Set<number>();
  /** A claim failed: perhaps it is on disk all the same, and nobody carries what it took. */
  let isClaimInDoubt = false;
  /** Rows whose outcome could not be written: until it is, nobody else would ever touch them. */
  const unwritten = new Set<number>();
  let running = false;
  let pumping = false;
  let again = false;
  let alarm: AbortController | null = null;
  const waiters: (() => void)[] = [];
  const graceMs = graceOf(lanes);
  const deliver = courier({ ...deps, wake });

  /** Starts (again) after the process did: whatever was being sent has an unknown fate. */
  async function start(): Promise<void> {
    if (running) return;
    const unknown = await store.recover(graceMs);
    if (unknown > 0)
      report(`${unknown} calls were under way when the process ended; looking what became of them`);
    running = true;
    wake();
  }

  /** The token of these lanes is accepted (again): what was parked there goes out. */
  async function unpark(which: readonly Lane[] = laneNames): Promise<void> {
    await store.unpark(clock.now(), which);
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
        if (unwritten.size > 0) await writeDown(now);
        const rows = await claim(now);
        await beginAll(rows);
        again ||= rows.length > 0;
      }
    } finally {
      pumping = false;
    }
    const now = clock.now();
    const nextAt = deps.isRushed() ? now + rushLookAgainMs : store.nextSendAt(now);
    wakeAt(running ? nextAt : null);
    rest();
  }

  async function claim(now: number): Promise<OutboxRow[]> {
    if (isClaimInDoubt) await store.recover(graceMs, [...underWay]);
    isClaimInDoubt = true;
    const rows = await store.claim(laneNames, now, room);
    isClaimInDoubt = false;
    return rows;
  }

  /** Whoever comes in meanwhile is not kept waiting for more than one call, or for the pages of one turn. */
  async function beginAll(rows: readonly OutboxRow[]): Promise<void> {
    let pages = 0;
    for (const row of rows) {
      begin(row);
      pages = laneOfRow(row) === 'page' ? (pages + 1) % pagesPerTurn : 0;
      if (pages === 0) await turns(turnsPerCall);
    }
    if (pages > 0) await turns(turnsPerCall);
  }

  /** How many rows of this lane may be begun now, when `taken` of the lanes before it are. */
  function room(lane: Lane, taken: number): number {
    const pagesWait = busy.page >= lanes.page.concurrency;
    if ((taken > 0 || pagesWait) && !urgent.includes(lane)) return 0;
    const inRush = lane === 'page' || lane === 'pagerduty' ? pagesInRushMax : 0;
    const concurrency = deps.isRushed() ? inRush : lanes[lane].concurrency;
    const free = concurrency - busy[lane];
    return lane === 'page' ? free : Math.min(free, breathMax - taken);
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
    underWay.add(row.id);
    const lane = laneOfRow(row);
    busy[lane] += 1;
    const ended = (): void => {
      busy[lane] -= 1;
    };
    void deliver(row, ended)
      .catch((error: unknown) => {
        unwritten.add(row.id);
        report(`the outcome of outbox row ${row.id} could not be written; trying again`, error);
        wake();
      })
      .finally(() => {
        underWay.delete(row.id);
        rest();
      });
  }

  /** Sleeps until the next row may go, epoch ms. */
  function wakeAt(at: number | null): void {
    alarm?.abort(over);
    if (at === null || !running) return;
    alarm = new AbortController();
    const { signal } = alarm;
    void clock.sleepUntil(at, signal).then(() => {
      if (!signal.aborted) wake();
    });
  }

  const isIdle = (): boolean => !pumping && underWay.size === 0;

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
      alarm?.abort(over);
      if (!isIdle()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

const graceOf = (lanes: Lanes): Record<Lane, number> =>
  Object.fromEntries(Object.entries(lanes).map(([lane, { graceMs }]) => [lane, graceMs])) as Record<
    Lane,
    number
  >;

/** A reason of our own: without one, every abort makes an error with a stack trace. */
const over = 'over';
