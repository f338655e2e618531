import type { Place } from '../oncall/schedule.ts';
import type { By } from './by.ts';
import type { Incident, Reached } from './incident.ts';
import { isOpen } from './incident.ts';
import { nextStepOf } from './ladder.ts';
import type { PageOrder } from './page-order.ts';
import type { Topic } from './topic.ts';

/**
 * Somebody else stands in that place for it, since `at` (epoch ms). `from`: who did, `to`: who does, Slack user ids.
 */
export type ShiftCommand = {
  type: 'shift-changed';
  by: By;
  place: Place;
  from: string[];
  to: string[];
  at: number;
};

const wasTold = ({ escalation }: Incident, user: string): boolean =>
  escalation.reached.some((one) => one.user === user && one.at >= escalation.startedAt);

/** Told as the one in that place: whom a policy names otherwise keeps their page, whatever their shift. */
const isAs = ({ as }: Reached, target: string): boolean => as === undefined || as.includes(target);

/**
 * Their page of before the change stands unanswered in the ladder that runs. (One that went out later went to whom it
 * was meant for: whoever asked for it had the change behind them, or the schedule answered.)
 */
const waitsFor = (
  { escalation }: Incident,
  { user, target, changedAt }: { user: string; target: string; changedAt: number },
): Reached | undefined =>
  escalation.reached.findLast(
    (reached) =>
      reached.user === user &&
      reached.at >= escalation.startedAt &&
      reached.at <= changedAt &&
      (reached.how === 'paged' || reached.how === 'notified') &&
      isAs(reached, target) &&
      reached.declinedAt === undefined,
  );

/**
 * A page that nobody answered goes to whoever is primary, or secondary, now, and nobody else's does: an answered one
 * belongs to who answered, and whoever was told in this ladder already, in whichever place, is not told twice
 * (product.md section 7).
 */
export const shift: Topic<ShiftCommand, never> = {
  decide: {
    'shift-changed': (incident, { by, place, from, to, at }, now) => {
      const { escalation, acknowledged } = incident;
      if (!isOpen(incident) || acknowledged || escalation.heldAt !== null) return [];
      const target = `oncall-${place}`;
      const unanswered = from
        .map((user) => waitsFor(incident, { user, target, changedAt: at }))
        .find((reached) => reached);
      if (!unanswered || to.every((user) => wasTold(incident, user))) return [];
      const order: PageOrder = {
        orderedAt: now,
        action: unanswered.how === 'paged' ? 'page' : 'notify',
        target: { kind: 'named', name: target },
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
