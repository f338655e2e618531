import type { By } from './by.ts';
import type { Incident } from './incident.ts';
import { ended } from './incident.ts';

/** Why somebody is told, as the page, the channel and the timeline say it. */
export type PageReason =
  /** An alert system opened it, and paged these people itself. */
  | { why: 'alert'; pagedBy?: string[] }
  | { why: 'declared' | 'ladder' | 'no-commander' | 'reopened' | 'fired-again' }
  | { why: 'raised'; by: By }
  | { why: 'asked'; by: By; text: string }
  | { why: 'declined' | 'unacknowledged'; by: By }
  | { why: 'silent'; user: string }
  /** Whose page nobody answered until their shift ended. */
  | { why: 'shift-changed'; from: string }
  | { why: 'still-on-it'; sinceAt: number }
  | { why: 'no-update'; dueAt: number };

/** One decision to tell somebody. `target` is resolved to people when the page goes out, not before. */
export interface PageOrder {
  orderedAt: number;
  action: 'page' | 'notify';
  target: { kind: 'named'; name: string; also?: string[] } | { kind: 'user'; user: string };
  reason: PageReason;
  /** The ladder's rung, counted from 0; null when a person named the target. */
  step: number | null;
  /** When the ladder goes on if nobody acknowledges, epoch ms. */
  nextAt: number | null;
  /** Somebody had it when this was ordered: that they do is no reason not to send it. */
  whileHeld?: boolean;
}

/** A person the order resolved to. `standing` as people read it: "primary for payments". */
export interface Paged {
  user: string;
  standing: string;
  /** Why this one too: "Bea already has INC-7 (SEV1)". */
  note?: string;
}

/**
 * The guard at the door: a page that was ordered before somebody acknowledged is not sent any more, and none is once it
 * is over. One that was ordered in full knowledge of the acknowledgement, or that a person asked for by name, goes out.
 */
export function pageStillWanted(incident: Incident, order: PageOrder): boolean {
  if (order.reason.why === 'fired-again') return true;
  if (ended(incident.status)) return false;
  // Asked once more since, after an absence: one question is enough.
  const askedAt = incident.escalation.askedStillOnItAt;
  if (order.reason.why === 'still-on-it' && askedAt !== null && askedAt > order.orderedAt) return false;
  const held = incident.acknowledged;
  const isAskedByName = order.reason.why === 'asked' && order.step === null;
  return held === null || order.whileHeld === true || isAskedByName;
}
