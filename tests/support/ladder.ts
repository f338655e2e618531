import type { Paged, PageOrder } from '../../src/incident/page-order.ts';
import type { Life } from './incident.ts';

const clockTime = (at: number): string => {
  const iso = new Date(at).toISOString();
  const days = Math.round((Date.parse(`${iso.slice(0, 10)}T00:00Z`) - Date.UTC(2026, 2, 2)) / 86_400_000);
  return `${days > 0 ? `+${days} ` : ''}${iso.slice(11, 16)}`;
};

const targetOf = ({ target }: PageOrder): string => (target.kind === 'user' ? target.user : target.name);

/** What the ladder did, in order: `02:05 page oncall-secondary`, `03:30 phones`, `02:00 ticket`. */
export const ladder = (life: Life): string[] =>
  life.entries.flatMap(({ at, fact }) => {
    if (fact.type === 'page-ordered')
      return [`${clockTime(at)} ${fact.order.action} ${targetOf(fact.order)}`];
    if (fact.type === 'ticket-recorded') return [`${clockTime(at)} ticket`];
    return fact.type === 'ladder-exhausted' ? [`${clockTime(at)} phones`] : [];
  });

/** The page that was ordered last. */
export function lastOrder(life: Life): PageOrder {
  const found = life.entries.findLast(({ fact }) => fact.type === 'page-ordered')?.fact;
  if (found?.type !== 'page-ordered') throw new Error('nobody was paged');
  return found.order;
}

/** The last page reached these people: what the outbox reports. */
export const reaches = (life: Life, time: string, ...users: string[]): Life =>
  found(
    life,
    time,
    users.map((user) => ({ user, standing: 'primary for payments' })),
  );

/** The last page led to nobody; `askedInstead` were asked. */
export const reachesNobody = (life: Life, time: string, ...askedInstead: string[]): Life =>
  found(life, time, [], 'payments has no on-call list', askedInstead);

const found = (
  life: Life,
  time: string,
  people: Paged[],
  missing: string | null = null,
  askedInstead: string[] = [],
): Life =>
  life.does(time, {
    type: 'note-targets',
    order: lastOrder(life),
    people,
    missing,
    askedInstead,
    toldInStorm: [],
  });

/** Who the ladder told and whom it left in peace at the last resolution. */
export function lastTold(life: Life): { told: string[]; skipped: string[] } {
  const fact = life.entries.findLast((entry) => entry.fact.type === 'people-paged')?.fact;
  if (fact?.type !== 'people-paged') throw new Error('nobody was told');
  return {
    told: fact.people.map(({ user }) => user),
    skipped: fact.skipped.map(({ user }) => user),
  };
}
