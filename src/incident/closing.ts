import { monitoringCount } from './alert-links.ts';
import { announced } from './announced.ts';
import type { By } from './by.ts';
import { followupsOf, openFollowups } from './followups.ts';
import type { Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

/** The closing checklist (product.md section 3), in the order in which it is asked. */
export const closingItems = ['stable', 'contained', 'final-update', 'timeline', 'followups'] as const;
export type ClosingItem = (typeof closingItems)[number];

/** What the data says of one item: that it holds, or what speaks against it; null when it cannot tell. Times epoch ms. */
export type Evidence =
  | { holds: true; because: 'verified'; by: By }
  | { holds: true; because: 'resolved'; by: By; at: number; how: string }
  | { holds: true; because: 'announced'; at: number }
  | { holds: true; because: 'updated'; by: By; at: number }
  | { holds: true; because: 'times-known'; messages: number }
  | { holds: true; because: 'followups'; total: number; open: number }
  | { holds: false; because: 'alerts-firing'; firing: number }
  | { holds: false; because: 'not-verified' }
  | { holds: false; because: 'no-final-update' }
  | { holds: false; because: 'times-missing'; missing: ('acknowledged' | 'mitigated')[] }
  | { holds: false; because: 'no-followups' };

/** One answer as it is recorded. `proven`: the data showed it, and nobody had to say so. */
export interface ClosingAnswer {
  item: ClosingItem;
  ticked: boolean;
  proven: boolean;
}

export type ClosingCommand = {
  type: 'close';
  by: By;
  /** What the person says holds; null: exactly what the data proves. */
  ticked: readonly ClosingItem[] | null;
  /** Why it may be closed although something does not hold. */
  why: string;
};

export type ClosingFact = {
  type: 'closed';
  by: By;
  from: 'resolved';
  answers: ClosingAnswer[];
  /** Why it was closed although something does not hold; empty when all does. */
  why: string;
};

const evidenceOf: Record<ClosingItem, (incident: Incident) => Evidence> = {
  stable: (incident) => {
    const { firing } = monitoringCount(incident);
    if (firing > 0) return { holds: false, because: 'alerts-firing', firing };
    const { resolution } = incident;
    return resolution?.verified
      ? { holds: true, because: 'verified', by: resolution.by }
      : { holds: false, because: 'not-verified' };
  },
  contained: ({ resolution, statusAt, declaredBy }) => ({
    holds: true,
    because: 'resolved',
    by: resolution?.by ?? declaredBy,
    at: statusAt,
    how: resolution?.how ?? '',
  }),
  'final-update': finalUpdate,
  timeline: ({ times, messageCount }) => {
    const missing: ('acknowledged' | 'mitigated')[] = [];
    if (times.acknowledgedAt === null) missing.push('acknowledged');
    // Resolving fills in the mitigation when nobody recorded one.
    if (times.mitigatedAt === null || times.mitigatedAt === times.resolvedAt) missing.push('mitigated');
    return missing.length > 0
      ? { holds: false, because: 'times-missing', missing }
      : { holds: true, because: 'times-known', messages: messageCount };
  },
  followups: (incident) => {
    const total = followupsOf(incident).length;
    return total === 0
      ? { holds: false, because: 'no-followups' }
      : { holds: true, because: 'followups', total, open: openFollowups(incident).length };
  },
};

/** The announcement says "Resolved" to everybody; where there is none, an update since the mitigation has to. */
function finalUpdate({ places, isPrivate, isTest, statusAt, updates, times }: Incident): Evidence {
  if (places.announcement && !isPrivate && !isTest) {
    return { holds: true, because: 'announced', at: statusAt };
  }
  const { last } = updates;
  return last && times.mitigatedAt !== null && last.at >= times.mitigatedAt
    ? { holds: true, because: 'updated', by: last.by, at: last.at }
    : { holds: false, because: 'no-final-update' };
}

/** What the data says of each item, for an incident that is resolved. */
export const closingEvidence = (incident: Incident): { item: ClosingItem; evidence: Evidence }[] =>
  closingItems.map((item) => ({ item, evidence: evidenceOf[item](incident) }));

function close(incident: Incident, command: ClosingCommand): Decision {
  const { by, ticked } = command;
  if (isOpen(incident)) return { refused: 'not-resolved', status: incident.status };
  if (incident.status !== 'resolved') return whenEnded(incident);
  const answers = closingEvidence(incident).map(({ item, evidence }): ClosingAnswer => {
    const isTicked = ticked === null ? evidence.holds : ticked.includes(item);
    return { item, ticked: isTicked, proven: isTicked && evidence.holds };
  });
  const missing = answers.filter((answer) => !answer.ticked).map(({ item }) => item);
  const why = clean(command.why);
  if (missing.length > 0 && why === '') return { refused: 'checklist-open', missing };
  return [{ type: 'closed', by, from: 'resolved', answers, why }];
}

export const closing: Topic<ClosingCommand, ClosingFact> = {
  decide: { close },
  evolve: {
    // What it was resolved from stays: reopening leads back there.
    closed: (incident, _fact, at) => ({
      ...incident,
      status: 'closed',
      statusAt: at,
      times: { ...incident.times, closedAt: incident.times.closedAt ?? at },
    }),
  },
  effects: {
    closed: (fact, after) => [
      { kind: 'card' },
      { kind: 'topic' },
      { kind: 'say', about: fact },
      ...announced(after),
    ],
  },
};
