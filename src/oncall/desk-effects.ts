import type { Lane } from '../incident/effects.ts';
import { type Address, sameAddress } from './address.ts';
import type { Desk, DeskFact } from './desk.ts';
import { membersOf } from './known-members.ts';
import { places } from './schedule.ts';

/** What a desk owes the outside world; rendered when performed, as an incident's effects are. */
export type DeskEffect =
  | { kind: 'ask-cover'; n: number; user: string }
  /** The question in a DM says what became of it. */
  | { kind: 'cover-card'; user: string; place: { channel: string; ts: string }; about: DeskFact }
  | { kind: 'tell-desk'; user: string; about: DeskFact }
  | { kind: 'test-page'; n: number; user: string }
  /** Who they are in Slack. */
  | { kind: 'find-members'; addresses: Address[] }
  /** The user group gets whoever is on call. */
  | { kind: 'sync-group'; group: string }
  /** The test page says that it was answered. */
  | { kind: 'test-card'; n: number; user: string }
  /** Pages that nobody answered go to who is primary now. */
  | { kind: 'move-pages'; about: ShiftChanged }
  /** The hand-over, to somebody who comes or goes. */
  | { kind: 'brief-shift'; member: Address; about: ShiftChanged };

export type ShiftChanged = Extract<DeskFact, { type: 'shift-changed' }>;

export type DeskEffectKind = DeskEffect['kind'];

/** A test page takes the way of pages, and pages that move are pages. */
export const deskLanes: Record<DeskEffectKind, Lane> = {
  'ask-cover': 'chatter',
  'cover-card': 'chatter',
  'tell-desk': 'chatter',
  'test-page': 'page',
  'find-members': 'chatter',
  'sync-group': 'chatter',
  'test-card': 'chatter',
  'move-pages': 'page',
  'brief-shift': 'chatter',
};

/** What one person is told arrives in the order in which it happened. Null: in any order. */
export function deskQueue(team: string, effect: DeskEffect): string | null {
  if (effect.kind === 'brief-shift') return `desk:${team}:${effect.member.value}`;
  if (effect.kind === 'sync-group') return `desk:${team}:${effect.group}`;
  return 'user' in effect && effect.kind !== 'test-page' ? `desk:${team}:${effect.user}` : null;
}

/** Who must be told of a fact; `after` is the desk with it. */
export function deskEffects(fact: DeskFact, after: Desk): DeskEffect[] {
  switch (fact.type) {
    case 'cover-asked':
      return fact.request.asked.map((user) => ({ kind: 'ask-cover', n: fact.request.n, user }));
    case 'cover-added':
      return told([fact.cover.by, newcomer(fact, after), userIn(fact.cover.covered)], fact);
    case 'cover-removed':
      return told([fact.by, userIn(fact.cover.member), userIn(fact.cover.covered)], fact);
    case 'cover-declined':
      // One "no" is no news; the last one is.
      return [
        ...ownCard(fact),
        ...(fact.request.declined.length + 1 === fact.request.asked.length
          ? told([fact.request.by], fact)
          : []),
      ];
    case 'request-over':
      return [...closedCards(fact), ...(fact.why === 'unanswered' ? told([fact.request.by], fact) : [])];
    case 'cover-question-sent': {
      // It arrived while somebody else accepted.
      const stands = after.requests.some(({ n }) => n === fact.n);
      return stands ? [] : [{ kind: 'cover-card', user: fact.user, place: placeOf(fact), about: fact }];
    }
    case 'test-page-asked':
      return [{ kind: 'test-page', n: fact.n, user: fact.by }];
    case 'test-page-sent':
    case 'test-page-answered':
      return answered(after, fact.n);
    case 'shift-changed':
      return [
        ...(fact.before ? [{ kind: 'move-pages', about: fact } as const, ...briefings(fact)] : []),
        ...synced(after),
      ];
    case 'group-synced':
      return fact.missing.length > 0 ? told(whoHears(fact, after), fact) : [];
    case 'members-asked':
      return [{ kind: 'find-members', addresses: fact.addresses }];
    case 'schedule-set':
    case 'duties-known':
    case 'members-known':
      return synced(after);
  }
}

/** Whoever is on call with them; with nobody left, everybody else of the rotation. */
function whoHears({ missing, others }: Of<'group-synced'>, { schedule }: Desk): (string | null)[] {
  if (others.length > 0) return others;
  return membersOf(schedule)
    .filter((one) => !missing.some((lost) => sameAddress(lost, one)))
    .map(userIn);
}

const placeOf = ({ channel, ts }: { channel: string; ts: string }) => ({ channel, ts });

type Of<Type extends DeskFact['type']> = Extract<DeskFact, { type: Type }>;

const closedCards = (fact: Of<'request-over'>): DeskEffect[] =>
  Object.entries(fact.request.cards).map(([user, place]) => ({
    kind: 'cover-card',
    user,
    place,
    about: fact,
  }));

/** Whoever took it in their DM reads it there. */
function newcomer({ cover, request }: Of<'cover-added'>, { requests }: Desk): string | null {
  const user = userIn(cover.member);
  const asked = requests.find(({ n }) => n === request);
  return user !== null && asked?.cards[user] ? null : user;
}

const ownCard = (fact: Of<'cover-declined'>): DeskEffect[] => {
  const place = fact.request.cards[fact.by];
  return place ? [{ kind: 'cover-card', user: fact.by, place, about: fact }] : [];
};

const told = (users: (string | null)[], about: DeskFact): DeskEffect[] =>
  [...new Set(users)].flatMap((user) => (user === null ? [] : [{ kind: 'tell-desk', user, about }]));

const userIn = (address: Address | null): string | null => (address?.kind === 'user' ? address.value : null);

const synced = ({ schedule }: Desk): DeskEffect[] =>
  schedule?.userGroup ? [{ kind: 'sync-group', group: schedule.userGroup }] : [];

/** Answered faster than we heard where it stands: then when we hear. */
function answered({ tests }: Desk, n: number): DeskEffect[] {
  const test = tests[n];
  return test?.place && test.answeredAt !== null ? [{ kind: 'test-card', n, user: test.user }] : [];
}

/** Whoever comes, goes, or changes place; of one who stays where they are nothing changes. */
function briefings(fact: ShiftChanged): DeskEffect[] {
  const { before, after } = fact;
  const moved = places.flatMap((place) => {
    const [one, other] = [before?.[place] ?? null, after[place]];
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [one, other];
  });
  const members = new Map(moved.flatMap((one) => (one ? [[JSON.stringify(one), one]] : [])));
  return [...members.values()].map((member) => ({ kind: 'brief-shift', member, about: fact }));
}
