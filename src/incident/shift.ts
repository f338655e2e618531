import type { By } from './by.ts';
import type { Incident, Reached } from './incident.ts';
import { isOpen } from './incident.ts';
import { nextStepOf } from './ladder.ts';
import type { PageOrder } from './page-order.ts';
import type { Topic } from './topic.ts';

/** Somebody else is primary for it now. `from`: who was, `to`: who is, Slack user ids. */
export type ShiftCommand = { type: 'shift-changed'; by: By; from: string[]; to: string[] };

/** Their page stands unanswered in the ladder that runs. */
const waitsFor = ({ escalation }: Incident, user: string): Reached | undefined =>
  escalation.reached.findLast(
    (reached) =>
      reached.user === user &&
      reached.at >= escalation.startedAt &&
      (reached.how === 'paged' || reached.how === 'notified') &&
      reached.declinedAt === undefined,
  );

/**
 * A page that nobody answered goes to the new primary, and nobody else's does: an answered one belongs to who answered,
 * and whoever was told in this ladder already, in whichever place, is not told twice (product.md section 7).
 */
export const shift: Topic<ShiftCommand, never> = {
  decide: {
    'shift-changed': (incident, { by, from, to }, now) => {
      const { escalation, acknowledged } = incident;
      if (!isOpen(incident) || acknowledged || escalation.heldAt !== null) return [];
      const unanswered = from.map((user) => waitsFor(incident, user)).find((reached) => reached);
      const isNew = to.some(
        (user) => !escalation.reached.some((one) => one.user === user && one.at >= escalation.startedAt),
      );
      if (!unanswered || !isNew) return [];
      const order: PageOrder = {
        orderedAt: now,
        action: unanswered.how === 'paged' ? 'page' : 'notify',
        target: { kind: 'named', name: 'oncall-primary' },
        reason: { why: 'shift-changed', from: unanswered.user },
        step: null,
        nextAt: nextStepOf(incident)?.at ?? null,
      };
      return [{ type: 'page-ordered', by, order, next: escalation.next, lateMs: 0 }];
    },
  },
  evolve: {},
  effects: {},
};
