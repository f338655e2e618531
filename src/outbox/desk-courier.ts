import type { DeskCommand } from '../oncall/desk.ts';
import { type DeskEffect, deskLanes } from '../oncall/desk-effects.ts';
import type { DeskRow, Settlement } from '../store/store.ts';
import type { CourierDeps } from './courier.ts';
import { failureCause, outcomeOf, settlementAfter } from './outcome.ts';
import { type DeskDelivery, deskLooksUp, performForDesk } from './perform/desk.ts';
import { type Fault, faultOf, isSlackFailure } from './retry.ts';

/** The courier for what on-call desks owe: makes the call, then writes down how it went. */
export function deskCourier(deps: CourierDeps) {
  const { store, clock, engine, report } = deps.context('page');

  async function deliver(row: DeskRow, ended: () => void): Promise<void> {
    const startedAt = clock.now();
    const outcome = await attempt(row).finally(ended);
    deps.onOutcome?.(outcomeOf(row, deskLanes[row.effect.kind], outcome, startedAt, clock.now()));
    await ('fault' in outcome ? fail(row, outcome.fault, outcome.error) : settle(row, outcome));
  }

  async function attempt(row: DeskRow): Promise<DeskDelivery | { fault: Fault; error: unknown }> {
    const desk = store.desk(row.desk);
    if (!desk) return { fault: { kind: 'refused', word: 'no such desk' }, error: null };
    try {
      return await performForDesk(deps.context(deskLanes[row.effect.kind]), { row, desk });
    } catch (error) {
      return { fault: faultOf(error), error };
    }
  }

  function closing<T>(written: Promise<T>): Promise<T> {
    deps.wake();
    return written;
  }

  async function settle(row: DeskRow, delivery: DeskDelivery): Promise<void> {
    const end = (settlement: Settlement) => closing(store.settle(row.id, settlement, clock.now()));
    if (delivery.did === 'cancelled') return end({ state: 'cancelled', error: delivery.why });
    if (!delivery.report) return end({ state: 'done' });
    await closing(
      engine.handleDesk(row.desk, delivery.report, `outbox:${row.id}#0`, { row: row.id, state: 'done' }),
    );
  }

  async function fail(row: DeskRow, fault: Fault, error: unknown): Promise<void> {
    const now = clock.now();
    const lane = deskLanes[row.effect.kind];
    const settlement = settlementAfter({ fault, error }, row, {
      looksUp: deskLooksUp(row.effect.kind),
      lane: deps.lanes[lane],
      isSlackAway: deps.isSlackAway?.() === true,
      now,
      random: deps.random(),
    });
    const what = `${row.effect.kind} for the on-call desk of ${row.desk}`;
    if (!isSlackFailure(error)) report(`${what} stumbled`, error);
    if (settlement.state === 'dead') report(`${what} failed for good: ${fault.word}`, error);
    const told = settlement.state === 'dead' ? failureReport(row.effect) : null;
    const settled = told
      ? engine.handleDesk(row.desk, told, failureCause(row), { row: row.id, ...settlement })
      : store.settle(row.id, settlement, now);
    await closing<unknown>(settled);
    if (settlement.state === 'parked') deps.onParked(fault, lane);
  }

  return deliver;
}

/** Somebody who cannot be asked is as good as a no: whoever asked must not wait for it. The rest `/incident doctor` shows. */
const failureReport = (effect: DeskEffect): DeskCommand | null =>
  effect.kind === 'ask-cover'
    ? { type: 'decline-cover', by: effect.user, n: effect.n, unreachable: true }
    : null;
