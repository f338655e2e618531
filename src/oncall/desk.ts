import { type Address, sameAddress } from './address.ts';
import type { Duties } from './duties.ts';
import { deskKnowing, type Known } from './known-members.ts';
import { type Cover, type Place, places, type Schedule, shiftAt } from './schedule.ts';

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
  /** Members of the schedule that `incident.yml` writes otherwise. */
  known: Known[];
  /** Test pages by number: those of the last days. */
  tests: Record<string, TestPage>;
  /** On call, and the user group cannot have them. Absent: everybody is in it. */
  notInGroup?: Address[];
}

/** `place`: where it stands; null while it is on its way. */
export interface TestPage {
  user: string;
  askedAt: number;
  place: { channel: string; ts: string } | null;
  answeredAt: number | null;
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
  /** PagerDuty's answer. */
  | { type: 'note-duties'; duties: Duties }
  /** Once in a while: whoever Slack did not know may be there by now, and others may be somebody else. */
  | { type: 'look-up-members' }
  /** The outbox: these are they. */
  | { type: 'note-known'; known: Known[] }
  /** Somebody is put in, without being asked. */
  | { type: 'override'; by: string; user: string; place: Place; from: number; until: number }
  | { type: 'remove-cover'; by: string; n: number }
  /** Whoever is on call then asks the others of the rotation. */
  | { type: 'ask-cover'; by: string; from: number; until: number }
  | { type: 'accept-cover'; by: string; n: number }
  /** `unreachable`: they never said so, the question could not be sent. */
  | { type: 'decline-cover'; by: string; n: number; unreachable?: true }
  | { type: 'withdraw-request'; by: string; n: number }
  /** The outbox: the question stands there. */
  | { type: 'note-asked'; n: number; user: string; channel: string; ts: string }
  | { type: 'test-page'; by: string }
  /** The outbox: it stands there. */
  | { type: 'note-tested'; n: number; channel: string; ts: string }
  | { type: 'acknowledge-test'; by: string; n: number }
  /** The outbox: these of who is on call cannot be in the user group; `others`: those who are, Slack user ids. */
  | { type: 'note-group'; group: string; missing: Address[]; others: string[] }
  | { type: 'tick' };

export type DeskFact =
  | { type: 'schedule-set'; schedule: Schedule | null }
  | { type: 'duties-known'; duties: Duties }
  | { type: 'members-asked'; addresses: Address[] }
  | { type: 'members-known'; known: Known[] }
  | { type: 'cover-added'; cover: KeptCover; request: number | null }
  | { type: 'cover-removed'; by: string; cover: KeptCover }
  | { type: 'cover-asked'; request: Omit<CoverRequest, 'declined' | 'cards'> }
  | { type: 'cover-declined'; n: number; by: string; request: CoverRequest; unreachable?: true }
  /** `taken`: somebody accepted; `unanswered`: its time came and nobody had. */
  | { type: 'request-over'; why: 'taken' | 'withdrawn' | 'unanswered'; request: CoverRequest }
  | { type: 'cover-question-sent'; n: number; user: string; channel: string; ts: string }
  | { type: 'test-page-asked'; by: string; n: number }
  | { type: 'test-page-sent'; n: number; channel: string; ts: string }
  | { type: 'test-page-answered'; n: number; by: string }
  | { type: 'group-synced'; group: string; missing: Address[]; others: string[] }
  | { type: 'shift-changed'; before: Desk['shift']; after: NonNullable<Desk['shift']> };

export type DeskRefusal =
  | { refused: 'no-schedule' | 'past' | 'backwards' | 'unknown-cover' | 'unknown-request' | 'nobody-to-ask' }
  | { refused: 'too-long' | 'too-far'; daysMax: number }
  | { refused: 'already-on-call'; place: Place }
  | { refused: 'not-on-call'; next: number | null }
  | { refused: 'not-asked' | 'own-request' | 'unknown-test' | 'not-your-test' }
  | { refused: 'asked-already'; n: number };

/** Covers that ended so long ago are forgotten. */
const keptMs = 7 * 86_400_000;

export const emptyDesk = (team: string): Desk => ({
  team,
  schedule: null,
  lastNumber: 0,
  covers: [],
  requests: [],
  shift: null,
  known: [],
  tests: {},
});

/** Who is on call at the desk's team at `at`; null without a schedule, and while PagerDuty has not said it yet. */
export const onDuty = ({ schedule, covers }: Desk, at: number) =>
  schedule && (!schedule.pagerduty || schedule.duties) ? shiftAt(schedule, at, covers) : null;

type Of<Union extends { type: string }, Type extends string> = Extract<Union, { type: Type }>;

const changes: {
  [Type in DeskFact['type']]: (desk: Desk, fact: Of<DeskFact, Type>, at: number) => Desk;
} = {
  'schedule-set': (desk, { schedule }) => ({ ...desk, schedule }),
  'duties-known': (desk, { duties }) => ({
    ...desk,
    schedule: desk.schedule && { ...desk.schedule, duties },
  }),
  'members-asked': (desk) => desk,
  'members-known': (desk, { known }) => deskKnowing(desk, known),
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
  'test-page-asked': (desk, { by, n }, at) => ({
    ...desk,
    lastNumber: n,
    tests: {
      ...recentTests(desk, at),
      [n]: { user: by, askedAt: at, place: null, answeredAt: null },
    },
  }),
  'test-page-sent': (desk, { n, channel, ts }) => withTest(desk, n, { place: { channel, ts } }),
  'test-page-answered': (desk, { n }, at) => withTest(desk, n, { answeredAt: at }),
  'group-synced': (desk, { missing }) => ({ ...desk, notInGroup: missing }),
  'shift-changed': (desk, { after }) => ({ ...desk, shift: after }),
};

const withRequest = (desk: Desk, n: number, change: (request: CoverRequest) => CoverRequest): Desk => ({
  ...desk,
  requests: desk.requests.map((request) => (request.n === n ? change(request) : request)),
});

const recentTests = ({ tests }: Desk, at: number): Desk['tests'] =>
  Object.fromEntries(Object.entries(tests).filter(([, { askedAt }]) => askedAt > at - keptMs));

function withTest(desk: Desk, n: number, more: Partial<TestPage>): Desk {
  const test = desk.tests[n];
  return test ? { ...desk, tests: { ...desk.tests, [n]: { ...test, ...more } } } : desk;
}

/** The desk after a fact that happened at `at`, epoch ms. */
export function evolveDesk<Type extends DeskFact['type']>(
  desk: Desk,
  fact: Of<DeskFact, Type>,
  at: number,
): Desk {
  const change: (desk: Desk, fact: Of<DeskFact, Type>, at: number) => Desk = changes[fact.type as Type];
  return change(desk, fact, at);
}

/** The same people in the same places. */
export const sameShift = (a: NonNullable<Desk['shift']>, b: NonNullable<Desk['shift']>): boolean =>
  places.every((place) => {
    const [one, other] = [a[place], b[place]];
    return one === null || other === null ? one === other : sameAddress(one, other);
  });

/** When the clock must look at the desk again, epoch ms; null: never. */
export function deskDueAt(desk: Desk, now: number): number | null {
  const duty = onDuty(desk, now);
  // A cover that begins at once is a change of shift at once.
  const isAnnounced = !duty || (desk.shift !== null && sameShift(desk.shift, { ...duty, since: now }));
  if (!isAnnounced) return now;
  const moments = [...desk.requests.map(({ answerBy }) => answerBy), ...(duty ? [duty.until] : [])];
  const next = Math.min(...moments);
  return Number.isFinite(next) ? next : null;
}
