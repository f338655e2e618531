import type { Fact } from './facts.ts';
import type { Incident } from './incident.ts';
import { fireNextStep, nextStepOf } from './ladder.ts';
import { type PageOrder, pageStillWanted } from './page-order.ts';
import type { Topic } from './topic.ts';

/** Somebody whose Slack is quiet until then, epoch ms. */
export interface Quiet {
  user: string;
  untilAt: number;
}

/** What the outbox finds out about pages beside the DMs: whether a phone will ring, and what machines answered. */
export type ReachCommand =
  | { type: 'note-quiet'; order: PageOrder; people: Quiet[] }
  | { type: 'note-webhook-told'; name: string; order: PageOrder }
  /** It will not be tried again. */
  | { type: 'note-webhook-failed'; name: string; order: PageOrder; error: string };

export type ReachFact =
  /** They were paged in Slack alone, and it is on do-not-disturb. */
  | { type: 'slack-quiet'; order: PageOrder; people: Quiet[] }
  | { type: 'webhook-told'; name: string; order: PageOrder }
  | { type: 'webhook-failed'; name: string; error: string };

/**
 * The rung rang nobody at all: whoever is next need not wait for their time. Not from the last rung to another round,
 * and only while nothing later has been fired. `except`: the person whose page has just failed.
 */
export function leadsNowhere(incident: Incident, order: PageOrder, except: string | null): boolean {
  const next = incident.escalation.next;
  if (order.step === null || !pageStillWanted(incident, order)) return false;
  const others = incident.escalation.reached.some(
    (reached) => reached.user !== except && reached.at >= order.orderedAt,
  );
  return !others && next?.step === order.step + 1 && nextStepOf(incident) !== null;
}

/** The next rung, at once, in place of one that led to nobody. */
export const passOn = (incident: Incident, order: PageOrder, now: number): Fact[] =>
  fireNextStep(incident, now, order.reason);

export const reach: Topic<ReachCommand, ReachFact> = {
  decide: {
    // Answered meanwhile, it is no news that a phone was silent.
    'note-quiet': (incident, { order, people }) =>
      people.length > 0 && pageStillWanted(incident, order) && incident.acknowledged === null
        ? [{ type: 'slack-quiet', order, people }]
        : [],
    'note-webhook-told': (_incident, { name, order }) => [{ type: 'webhook-told', name, order }],
    'note-webhook-failed': (incident, { name, order, error }, now) => [
      { type: 'webhook-failed', name, error },
      ...(leadsNowhere(incident, order, null) ? passOn(incident, order, now) : []),
    ],
  },
  evolve: {
    'slack-quiet': (incident) => incident,
    'webhook-told': (incident) => incident,
    'webhook-failed': (incident) => incident,
  },
  effects: {
    'slack-quiet': (fact) => [{ kind: 'say', about: fact }],
    'webhook-told': () => [],
    'webhook-failed': (fact) => [{ kind: 'say', about: fact }],
  },
};
