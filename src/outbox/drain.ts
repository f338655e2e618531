import { type Effect, effectTraits, type Lane } from '../incident/effects.ts';
import type { OutboxRow, Settlement } from '../store/store.ts';
import type { Context, Delivery } from './context.ts';
import { lanes } from './lanes.ts';
import { looksUp, perform } from './perform.ts';
import { afterFault, type Fault, faultOf } from './retry.ts';

export interface OutboxDeps {
  context: (lane: Lane) => Context;
  /** In [0, 1). */
  random: () => number;
}

export type Outbox = ReturnType<typeof createOutbox>;

const laneNames = Object.keys(lanes) as Lane[];

/**
 * The loop that performs effects. `sending` is on disk before a call and its result after it, so a crash leaves a row
 * of unknown fate, never silence. Lanes are served in order, each within its own bounds; a page waits for nobody.
 */
export function createOutbox(deps: OutboxDeps) {
  const { store, clock, engine, report } = deps.context('page');
  const busy: Record<Lane, number> = { page: 0, channel: 0, announcement: 0, chatter: 0 };
  /** Rate limits Slack told us of: a kind of call (in one incident) rests until then, epoch ms. */
  const holds = new Map<string, number>();
  const stopping = new AbortController();
  let running = false;
  let pumping = false;
  let again = false;
  let alarm: AbortController | null = null;
  const waiters: (() => void)[] = [];

  const laneOf = (effect: Effect): Lane => effectTraits[effect.kind].lane;
  const holdKey = (row: OutboxRow): string =>
    row.effect.kind === 'open-channel' || row.effect.kind === 'invite'
      ? row.effect.kind
      : `${row.effect.kind}:${row.incident}`;

  /** Starts (again) after the process did: whatever was being sent has an unknown fate. */
  async function start(): Promise<void> {
    const unknown = await store.recover();
    if (unknown > 0)
      report(`${unknown} calls were under way when the process ended; looking what became of them`);
    running = true;
    wake();
  }

  function wake(): void {
    if (running) void pump().catch((error: unknown) => report('the outbox stumbled', error));
  }

  async function pump(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again && running) {
        again = false;
        const now = clock.now();
        const claims = await Promise.all(
          laneNames.map(async (lane) => {
            const free = lanes[lane].concurrency - busy[lane];
            return free > 0 ? store.claim(lanes[lane].number, now, free) : [];
          }),
        );
        for (const row of claims.flat()) begin(row);
      }
    } finally {
      pumping = false;
    }
    arm();
    rest();
  }

  function rest(): void {
    if (isIdle()) for (const waiter of waiters.splice(0)) waiter();
  }

  function begin(row: OutboxRow): void {
    const lane = laneOf(row.effect);
    busy[lane] += 1;
    void deliver(row)
      .catch((error: unknown) => report(`outbox row ${row.id} could not be settled`, error))
      .finally(() => {
        busy[lane] -= 1;
        wake();
        rest();
      });
  }

  async function deliver(row: OutboxRow): Promise<void> {
    const now = clock.now();
    const heldUntil = holds.get(holdKey(row)) ?? 0;
    if (heldUntil > now) {
      return store.settle(
        row.id,
        { state: 'pending', notBefore: heldUntil, error: 'rate_limited', uncounted: true },
        now,
      );
    }
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
      lane,
      now,
      random: deps.random(),
    });
    if (fault.kind === 'rate' && settlement.notBefore) holds.set(holdKey(row), settlement.notBefore);
    await store.settle(row.id, settlement, now);
    if (settlement.state === 'parked') report(`Slack refuses our token or scopes: ${fault.word}`);
    if (settlement.state !== 'dead') return;
    report(`${row.effect.kind} for INC-${row.incident} failed for good: ${fault.word}`, error);
    await engine.handle(row.incident, failureReport(row.effect, fault.word), `outbox-failed:${row.id}`);
  }

  /** Wakes when the next row may go. */
  function arm(): void {
    alarm?.abort();
    const at = running ? store.nextSendAt(clock.now()) : null;
    if (at === null) return;
    alarm = new AbortController();
    const { signal } = alarm;
    void clock.sleepUntil(at, AbortSignal.any([signal, stopping.signal])).then(() => {
      if (!signal.aborted) wake();
    });
  }

  const isIdle = (): boolean => !pumping && laneNames.every((lane) => busy[lane] === 0);

  return {
    start,
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
      stopping.abort();
      if (!isIdle()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

/** A row whose ground keeps changing under it is given up. */
const againMax = 10;

function failureReport(effect: Effect, error: string) {
  return effect.kind === 'page'
    ? ({ type: 'note-page-failed', user: effect.user, order: effect.order, error } as const)
    : ({ type: 'note-failed', kind: effect.kind, error } as const);
}
