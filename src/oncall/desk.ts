import type { Address } from './address.ts';
import { type Cover, onCallAt, type Place, type Schedule } from './schedule.ts';

/** What a team's on-call desk remembers beyond its schedule. Times epoch ms, people Slack user ids unless said otherwise. */
export interface Desk {
  team: string;
  /** As `incident.yml` said at the last start; null: the team has none any more. */
  schedule: Schedule | null;
  /** Numbers of covers and requests, given out once. */
  lastNumber: number;
  /** In the order in which they were made. */
  covers: KeptCover[];
  requests: CoverRequest[];
  /** Whose shift was announced last. */
  shift: { primary: Address | null; secondary: Address | null; since: number } | null;
}

/** `covered`: who would have been on call. `by`: who arranged it. */
export type KeptCover = Cover & { n: number; covered: Address | null; by: string };

export interface CoverRequest {
  n: number;
  by: string;
  place: Place;
  from: number;
  until: number;
  /** Whoever asked hears then that nobody took it. */
  answerBy: number;
  asked: string[];
  declined: string[];
  /** Where the question stands in each DM. */
  cards: Record<string, { channel: string; ts: string }>;
}

export type DeskCommand =
  /** At every start. */
  | { type: 'set-schedule'; schedule: Schedule | null }
  /** Somebody is put in, without being asked. */
  | { type: 'override'; by: string; user: string; place: Place; from: number; until: number }
  | { type: 'remove-cover'; by: string; n: number }
  /** Whoever is on call then asks the others of the rotation. */
  | { type: 'ask-cover'; by: string; from: number; until: number }
  | { type: 'accept-cover'; by: string; n: number }
  | { type: 'decline-cover'; by: string; n: number }
  | { type: 'withdraw-request'; by: string; n: number }
  /** The outbox: the question stands there. */
  | { type: 'note-asked'; n: number; user: string; channel: string; ts: string }
  | { type: 'test-page'; by: string }
  | { type: 'tick' };

export type DeskFact =
  | { type: 'schedule-set'; schedule: Schedule | null }
  | { type: 'cover-added'; cover: KeptCover; request: number | null }
  | { type: 'cover-removed'; by: string; cover: KeptCover }
  | { type: 'cover-asked'; request: Omit<CoverRequest, 'declined' | 'cards'> }
  | { type: 'cover-declined'; n: number; by: string; request: CoverRequest }
  /** `taken`: somebody accepted; `unanswered`: its time came and nobody had. */
  | { type: 'request-over'; why: 'taken' | 'withdrawn' | 'unanswered'; request: CoverRequest }
  | { type: 'cover-question-sent'; n: number; user: string; channel: string; ts: string }
  | { type: 'test-page-asked'; by: string }
  | { type: 'shift-changed'; before: Desk['shift']; after: NonNullable<Desk['shift']> };

export type DeskRefusal =
  | { refused: 'no-schedule' | 'past' | 'backwards' | 'unknown-cover' | 'unknown-request' | 'nobody-to-ask' }
  | { refused: 'too-long' | 'too-far'; daysMax: number }
  | { refused: 'already-on-call'; place: Place }
  | { refused: 'not-on-call'; next: number | null }
  | { refused: 'not-asked' | 'own-request' }
  | { refused: 'asked-already'; n: number };

/** What a desk owes the outside world; rendered when performed, as an incident's effects are. */
export type DeskEffect =
  | { kind: 'ask-cover'; n: number; user: string }
  /** The question in a DM says what became of it. */
  | { kind: 'cover-card'; user: string; place: { channel: string; ts: string }; about: DeskFact }
  | { kind: 'tell-desk'; user: string; about: DeskFact }
  | { kind: 'test-page'; user: string }
  /** The briefings, the pages that move, the user groups. */
  | { kind: 'hand-over-shift'; about: Extract<DeskFact, { type: 'shift-changed' }> };

/** Covers that ended so long ago are forgotten. */
const keptMs = 7 * 86_400_000;

export const emptyDesk = (team: string): Desk => ({
  team,
  schedule: null,
  lastNumber: 0,
  covers: [],
  requests: [],
  shift: null,
});

/** Who is on call at the desk's team at `at`; null without a schedule. */
export const onDuty = ({ schedule, covers }: Desk, at: number) =>
  schedule ? onCallAt(schedule, at, covers) : null;

type Of<Union extends { type: string }, Type extends string> = Extract<Union, { type: Type }>;

const changes: {
  [Type in DeskFact['type']]: (desk: Desk, fact: Of<DeskFact, Type>, at: number) => Desk;
} = {
  'schedule-set': (desk, { schedule }) => ({ ...desk, schedule }),
  'cover-added': (desk, { cover }, at) => ({
    ...desk,
    lastNumber: cover.n,
    covers: [...desk.covers.filter(({ until }) => until > at - keptMs), cover],
  }),
  'cover-removed': (desk, { cover }) => ({ ...desk, covers: desk.covers.filter(({ n }) => n !== cover.n) }),
  'cover-asked': (desk, { request }) => ({
    ...desk,
    lastNumber: request.n,
    requests: [...desk.requests, { ...request, declined: [], cards: {} }],
  }),
  'cover-declined': (desk, { n, by }) =>
    withRequest(desk, n, (request) => ({ ...request, declined: [...request.declined, by] })),
  'request-over': (desk, { request }) => ({
    ...desk,
    requests: desk.requests.filter(({ n }) => n !== request.n),
  }),
  'cover-question-sent': (desk, { n, user, channel, ts }) =>
    withRequest(desk, n, (request) => ({ ...request, cards: { ...request.cards, [user]: { channel, ts } } })),
  'test-page-asked': (desk) => desk,
  'shift-changed': (desk, { after }) => ({ ...desk, shift: after }),
};

const withRequest = (desk: Desk, n: number, change: (request: CoverRequest) => CoverRequest): Desk => ({
  ...desk,
  requests: desk.requests.map((request) => (request.n === n ? change(request) : request)),
});

/** The desk after a fact that happened at `at`, epoch ms. */
export function evolveDesk<Type extends DeskFact['type']>(
  desk: Desk,
  fact: Of<DeskFact, Type>,
  at: number,
): Desk {
  const change: (desk: Desk, fact: Of<DeskFact, Type>, at: number) => Desk = changes[fact.type as Type];
  return change(desk, fact, at);
}

/** Who must be told of a fact; `after` is the desk with it. */
export function deskEffects(fact: DeskFact, after: Desk): DeskEffect[] {
  switch (fact.type) {
    case 'cover-asked':
      return fact.request.asked.map((user) => ({ kind: 'ask-cover', n: fact.request.n, user }));
    case 'cover-added':
      return told([fact.cover.by, userIn(fact.cover.member), userIn(fact.cover.covered)], fact);
    case 'cover-removed':
      return told([fact.by, userIn(fact.cover.member), userIn(fact.cover.covered)], fact);
    case 'cover-declined':
      // One "no" is no news; the last one is.
      return fact.request.declined.length + 1 === fact.request.asked.length
        ? told([fact.request.by], fact)
        : [];
    case 'request-over':
      return [...closedCards(fact), ...(fact.why === 'unanswered' ? told([fact.request.by], fact) : [])];
    case 'cover-question-sent': {
      // It arrived while somebody else accepted.
      const stands = after.requests.some(({ n }) => n === fact.n);
      return stands ? [] : [{ kind: 'cover-card', user: fact.user, place: placeOf(fact), about: fact }];
    }
    case 'test-page-asked':
      return [{ kind: 'test-page', user: fact.by }];
    case 'shift-changed':
      return fact.before ? [{ kind: 'hand-over-shift', about: fact }] : [];
    case 'schedule-set':
      return [];
  }
}

const placeOf = ({ channel, ts }: { channel: string; ts: string }) => ({ channel, ts });

const closedCards = (fact: Of<DeskFact, 'request-over'>): DeskEffect[] =>
  Object.entries(fact.request.cards).map(([user, place]) => ({
    kind: 'cover-card',
    user,
    place,
    about: fact,
  }));

const told = (users: (string | null)[], about: DeskFact): DeskEffect[] =>
  [...new Set(users)].flatMap((user) => (user === null ? [] : [{ kind: 'tell-desk', user, about }]));

const userIn = (address: Address | null): string | null => (address?.kind === 'user' ? address.value : null);

/** When the clock must look at the desk again, epoch ms; null: never. */
export function deskDueAt(desk: Desk, now: number): number | null {
  const duty = onDuty(desk, now);
  const moments = [...desk.requests.map(({ answerBy }) => answerBy), ...(duty ? [duty.until] : [])];
  return moments.length > 0 ? Math.min(...moments) : null;
}
