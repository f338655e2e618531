import type { EffectKind, Lane } from '../incident/effects.ts';
import type { DeskEffect } from '../oncall/desk-effects.ts';
import { type OutboxRow, type Settlement, triesPerLife } from '../store/store.ts';
import { awayTry } from './away.ts';
import type { Delivery } from './context.ts';
import type { LaneBounds } from './lanes.ts';
import { afterFault, type Fault, isSlackFailure } from './retry.ts';

/** How one call ended. Times ms. */
export interface Outcome {
  lane: Lane;
  kind: EffectKind | DeskEffect['kind'];
  /** `again`: the ground changed under it. A fault's kind where it failed. */
  how: Delivery['did'] | Fault['kind'];
  tookMs: number;
  /** Since it was obliged; null: a person revived it since. */
  ageMs: number | null;
}

/** How often it was tried since it was obliged, or since a person revived it. */
export const triesOf = ({ attempts }: Pick<OutboxRow, 'attempts'>): number => attempts % triesPerLife;

/** Under which name a failure is told: each life of a row may fail once. */
export function failureCause({ id, attempts }: Pick<OutboxRow, 'id' | 'attempts'>): string {
  const life = Math.floor(attempts / triesPerLife);
  return life === 0 ? `outbox-failed:${id}` : `outbox-failed:${id}:${life}`;
}

/** What is told of a call that began at `startedAt` (epoch ms) and is over. */
export function outcomeOf(
  row: OutboxRow,
  lane: Lane,
  ended: { did: Delivery['did'] } | { fault: Fault },
  startedAt: number,
  now: number,
): Outcome {
  return {
    lane,
    kind: row.effect.kind,
    how: 'fault' in ended ? ended.fault.kind : ended.did,
    tookMs: now - startedAt,
    ageMs: row.attempts < triesPerLife ? now - row.createdAt : null,
  };
}

/** What becomes of a row whose call failed. While Slack is away no try of what needs it counts. */
export function settlementAfter(
  { fault, error }: { fault: Fault; error: unknown },
  row: OutboxRow,
  { looksUp, lane, isSlackAway, now, random }: Circumstances,
): Settlement {
  const uncounted = isSlackAway && isSlackFailure(error);
  const attempts = uncounted ? awayTry : triesOf(row);
  const settlement = afterFault(fault, { attempts, looksUp, inDoubt: row.reconcile, lane, now, random });
  return uncounted ? { ...settlement, uncounted } : settlement;
}

interface Circumstances {
  /** The fate of such a call can be found out. */
  looksUp: boolean;
  lane: LaneBounds;
  isSlackAway: boolean;
  /** Epoch ms. */
  now: number;
  /** In [0, 1). */
  random: number;
}
