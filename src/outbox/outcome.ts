import type { EffectKind, Lane } from '../incident/effects.ts';
import type { DeskEffect } from '../oncall/desk-effects.ts';
import { type OutboxRow, triesPerLife } from '../store/store.ts';
import type { Delivery } from './context.ts';
import type { Fault } from './retry.ts';

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
