import type { Command } from '../incident/commands.ts';
import { type Effect, type EffectKind, effectTraits, type Lane } from '../incident/effects.ts';
import type { PagerDutyWish } from '../incident/paging-out.ts';
import { deskLanes } from '../oncall/desk-effects.ts';
import type { IncidentRow, OutboxRow, Settlement } from '../store/store.ts';
import { heldBack, needsSlack } from './away.ts';
import type { Context, Delivery } from './context.ts';
import { deskCourier } from './desk-courier.ts';
import type { Lanes } from './lanes.ts';
import { failureCause, type Outcome, outcomeOf, settlementAfter, triesOf } from './outcome.ts';
import { looksUp, perform } from './perform.ts';
import { type Fault, faultOf, isSlackFailure } from './retry.ts';

export interface CourierDeps {
  context: (lane: Lane) => Context;
  lanes: Lanes;
  /** Slack refused our token or scopes: rows are parked until `unpark`. */
  onParked: (fault: Fault, lane: Lane) => void;
  /** There may be something to claim. */
  wake: () => void;
  /** In [0, 1). */
  random: () => number;
  /** Hears how every call ended. */
  onOutcome?: (outcome: Outcome) => void;
  /** Slack does not answer: what needs it is held back until it is back, and no try counts. Default: it is never away. */
  isSlackAway?: () => boolean;
}

const laneOf = (effect: Effect): Lane => effectTraits[effect.kind].lane;

/** Which lane a row goes by. */
export const laneOfRow = (row: OutboxRow): Lane =>
  row.desk === null ? laneOf(row.effect) : deskLanes[row.effect.kind];

/**
 * Carries one claimed row: makes its call, then writes down how it went, in facts where there is something to tell.
 * `ended` is called when the call is over and its place in the lane is free. Rejects when the outcome could not be written.
 */
export function courier(deps: CourierDeps) {
  const { lanes } = deps;
  const { store, clock, engine, report } = deps.context('page');

  const deliverForDesk = deskCourier(deps);

  async function deliver(row: OutboxRow, ended: () => void): Promise<void> {
    if (deps.isSlackAway?.() && needsSlack(row.effect.kind)) {
      ended();
      return closing(store.settle(row.id, heldBack, clock.now()));
    }
    if (row.desk !== null) return deliverForDesk(row, ended);
    const startedAt = clock.now();
    const outcome = await attempt(row).finally(ended);
    deps.onOutcome?.(outcomeOf(row, laneOfRow(row), outcome, startedAt, clock.now()));
    await ('fault' in outcome ? fail(row, outcome.fault, outcome.error) : settle(row, outcome));
  }

  async function attempt(row: IncidentRow): Promise<Delivery | { fault: Fault; error: unknown }> {
    const incident = store.incident(row.incident);
    if (!incident) return { fault: { kind: 'refused', word: 'no such incident' }, error: null };
    try {
      return await perform(deps.context(laneOf(row.effect)), { row, incident });
    } catch (error) {
      const fault = deps.context(laneOf(row.effect)).pagerduty?.faultOf(error) ?? faultOf(error);
      return { fault, error };
    }
  }

  /** Writes an outcome down; the next call of the same place is claimed in the very same commit. */
  function closing<T>(written: Promise<T>): Promise<T> {
    deps.wake();
    return written;
  }

  async function settle(row: IncidentRow, delivery: Delivery): Promise<void> {
    const now = clock.now();
    const end = (settlement: Settlement) => closing(store.settle(row.id, settlement, now));
    if (delivery.did === 'cancelled') return end({ state: 'cancelled', error: delivery.why });
    if (delivery.did === 'again') {
      await engine.handle(row.incident, delivery.report, `outbox:${row.id}:${row.attempts}`);
      const { why: error } = delivery;
      return end(
        triesOf(row) < againMax ? { state: 'pending', notBefore: now, error } : { state: 'dead', error },
      );
    }
    const [first, ...others] = delivery.reports;
    if (!first) return end({ state: 'done', ...(mayBeUndone(row) && { again: now + lateMsMax }) });
    // What settles the row comes last: whoever is killed before it reports all of it again.
    for (const [n, command] of others.entries()) {
      await engine.handle(row.incident, command, `outbox:${row.id}#${n + 1}`);
    }
    const settles = { row: row.id, state: 'done' } as const;
    await closing(engine.handle(row.incident, first, `outbox:${row.id}#0`, settles));
  }

  async function fail(row: IncidentRow, fault: Fault, error: unknown): Promise<void> {
    const now = clock.now();
    const lane = lanes[laneOf(row.effect)];
    const settlement = settlementAfter({ fault, error }, row, {
      looksUp: looksUp(row.effect.kind),
      lane,
      isSlackAway: deps.isSlackAway?.() === true,
      now,
      random: deps.random(),
    });
    const what = `${row.effect.kind} for INC-${row.incident}`;
    if (!isSlackFailure(error) && !fault.words) report(`${what} stumbled`, error);
    if (settlement.state === 'dead') {
      report(`${what} failed for good: ${fault.word}`, error);
      const told = failureReport(row.effect, fault);
      await closing(engine.handle(row.incident, told, failureCause(row), { row: row.id, ...settlement }));
      return;
    }
    await closing(store.settle(row.id, settlement, now));
    if (settlement.state === 'parked') deps.onParked(fault, laneOf(row.effect));
  }

  return deliver;
}

/** The longest that Slack was ever seen to sit on a call that it carried out all the same (reliability.md section 2). */
const lateMsMax = 60_000;

/** Messages that say how things stand, written over again and again. */
const standing: readonly EffectKind[] = ['card', 'announcement', 'storm-message'];

/** An earlier call of it may arrive after this one, and bring back what it said: so how things stand is said once more. */
const mayBeUndone = ({ reconcile, effect }: IncidentRow): boolean =>
  reconcile && standing.includes(effect.kind);

/** A row whose ground keeps changing under it is given up. */
const againMax = 10;

/** Whatever fails for good is a fact; a page that failed, or that nobody could be found for, is a loud one. */
function failureReport(effect: Effect, { word: error, words }: Fault): Command {
  switch (effect.kind) {
    case 'page':
      return { type: 'note-page-failed', user: effect.user, order: effect.order, error };
    case 'call-webhook':
      return { type: 'note-webhook-failed', name: effect.name, order: effect.order, error };
    case 'call-pagerduty': {
      const says = words ? `${words.says}: ${words.cure}` : error;
      return { type: 'note-webhook-failed', name: effect.name, order: effect.order, error: says };
    }
    case 'resolve-page': {
      const missing = `Slack could not say who that is (${error})`;
      const nobody = { people: [], askedInstead: [], toldInStorm: [] };
      return { type: 'note-targets', order: effect.order, missing, ...nobody };
    }
    case 'offer': {
      const { role, user, offeredAt } = effect;
      return { type: 'note-offer-failed', role, user, offeredAt, error };
    }
    case 'pagerduty-state':
      return pagerDutyFailed('state', error, words);
    case 'pagerduty-trigger':
    case 'pagerduty-page':
      return pagerDutyFailed('page', error, words);
    case 'pagerduty-title':
      return pagerDutyFailed('title', error, words);
    case 'pagerduty-priority':
      return pagerDutyFailed('priority', error, words);
    case 'pagerduty-note':
      return pagerDutyFailed('note', error, words);
    case 'pagerduty-details':
      return pagerDutyFailed('details', error, words);
    default:
      return { type: 'note-failed', kind: effect.kind, error };
  }
}

function pagerDutyFailed(wish: PagerDutyWish, error: string, words: Fault['words']): Command {
  const { says, cure } = words ?? { says: error, cure: 'look at the log of Tocsin' };
  return { type: 'note-pagerduty-failed', wish, says, cure };
}
