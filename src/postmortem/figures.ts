import { actorOf } from '../incident/decide.ts';
import type { Incident } from '../incident/incident.ts';
import { lateUpdates, longest, type Reading, type Spell, total } from './reading.ts';

/**
 * What can be counted. Lengths in ms. Detected, mitigated and resolved count from when the trouble started, the
 * acknowledgement from when the incident was declared, as its target does (product.md section 2).
 */
export interface Figures {
  startedAt: number;
  endAt: number;
  lengthMs: number;
  detectedAfterMs: number;
  acknowledgedAfterMs: number | null;
  /** Null: no target at this severity, or a raise before the acknowledgement started another clock. */
  acknowledgeTargetMs: number | null;
  mitigatedAfterMs: number | null;
  /** The last time it was resolved; null while it is not. */
  resolvedAfterMs: number | null;
  /** Set when it was resolved, reopened and resolved again. */
  firstResolvedAfterMs: number | null;
  withoutAcknowledgementMs: number;
  withoutCommanderMs: number;
  /** The longest stretch that outlasted its due time. */
  longestUpdateGap: (Spell & { dueAt: number }) | null;
  updates: number;
  /** Calls on people: each person told by each page (Slack-only notices apart). */
  pages: number;
  notices: number;
  /** Messages by people that still stand. */
  messages: number;
  /** People who wrote or did something. */
  people: number;
}

/** Counts one incident's life; `reading` holds its rows. Linear in them. */
export function figures(reading: Reading): Figures {
  const { incident, endAt, rows } = reading;
  const { startedAt, detectedAt, declaredAt, acknowledgedAt, mitigatedAt, resolvedAt } = incident.times;
  const since = (fromAt: number, at: number | null): number | null =>
    at === null ? null : Math.max(0, at - fromAt);
  const isResolved = incident.status === 'resolved' || incident.status === 'closed';
  return {
    startedAt,
    endAt,
    lengthMs: Math.max(0, endAt - startedAt),
    detectedAfterMs: Math.max(0, detectedAt - startedAt),
    acknowledgedAfterMs: since(declaredAt, acknowledgedAt),
    acknowledgeTargetMs: acknowledgeTarget(reading),
    mitigatedAfterMs: since(startedAt, mitigatedAt),
    resolvedAfterMs: isResolved ? since(startedAt, endAt) : null,
    firstResolvedAfterMs: resolvedAt !== null && resolvedAt !== endAt ? since(startedAt, resolvedAt) : null,
    withoutAcknowledgementMs: total(reading.unacknowledged),
    withoutCommanderMs: total(reading.vacant.commander),
    longestUpdateGap: longest(lateUpdates(reading)),
    updates: rows.filter(({ fact }) => fact.type === 'update-posted' || fact.type === 'no-change-posted')
      .length,
    pages: told(reading, 'page'),
    notices: told(reading, 'notify'),
    messages: reading.items.filter((item) => item.kind === 'message' && item.author.user !== null).length,
    people: activePeople(reading).size,
  };
}

function acknowledgeTarget(reading: Reading): number | null {
  const first = reading.unacknowledged[0];
  const raised = reading.unacknowledged.some(
    (spell) => spell !== first && spell.fromAt < (reading.incident.times.acknowledgedAt ?? 0),
  );
  return raised ? null : respondWithinMs(first?.incident ?? reading.incident);
}

/** How soon somebody should have it, at the severity in force; null: no target. */
export const respondWithinMs = (incident: Incident): number | null =>
  incident.policy.severities[incident.severity].respondWithinMs;

function told(reading: Reading, action: 'page' | 'notify'): number {
  return reading.rows.reduce((sum, { fact }) => {
    if (fact.type !== 'people-paged' || fact.order.action !== action) return sum;
    return sum + fact.people.length + fact.askedInstead.length;
  }, 0);
}

/** Who wrote or did something, each with how many messages of theirs stand. Joining is neither, writing this up comes later. */
export function activePeople({ rows, items }: Reading): Map<string, number> {
  const people = new Map<string, number>();
  for (const { fact } of rows) {
    const isOfIncident = fact.type !== 'member-joined' && !fact.type.startsWith('postmortem-');
    const user = isOfIncident ? actorOf(fact) : null;
    if (user !== null && !people.has(user)) people.set(user, 0);
  }
  for (const item of items) {
    const user = item.kind === 'message' ? item.author.user : null;
    if (user !== null) people.set(user, (people.get(user) ?? 0) + 1);
  }
  return people;
}
