import {
  coverAsked,
  coverCard,
  coverList,
  coverMade,
  coverQuestion,
  coverTold,
} from '../../src/blocks/cover.ts';
import type { Message } from '../../src/blocks/message.ts';
import { pickTeam } from '../../src/blocks/pick-team.ts';
import { shiftMessage } from '../../src/blocks/shift.ts';
import { testPage, testPageAnswered } from '../../src/blocks/test-page.ts';
import {
  type CoverRequest,
  type Desk,
  type DeskFact,
  emptyDesk,
  type KeptCover,
} from '../../src/oncall/desk.ts';
import type { World } from './messages.ts';

const hourMs = 3_600_000;

const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

function coverIn({ words, user, screen: { now } }: World): KeptCover {
  const member = { kind: 'email', value: words } as const;
  const covered = { kind: 'user', value: user } as const;
  return { n: 1, by: user, place: 'primary', member, covered, from: now, until: now + hourMs };
}

function requestIn({ user, many, screen: { now } }: World): CoverRequest {
  const span = { from: now, until: now + hourMs, answerBy: now + hourMs };
  return {
    n: 2,
    by: user,
    place: 'secondary',
    ...span,
    asked: repeated(user, many),
    declined: [],
    cards: {},
  };
}

const deskIn = (w: World): Desk => ({
  ...emptyDesk(w.words),
  covers: repeated(coverIn(w), w.many),
  requests: repeated(requestIn(w), w.many),
});

const shift = (w: World, one: string) => ({
  primary: { kind: 'user', value: one } as const,
  secondary: { kind: 'email', value: w.words } as const,
  since: w.screen.now,
});

/** What people read of an on-call desk; none of it is about an incident, but the hand-over about several. */
export const deskMessages: Record<string, (world: World) => Message> = {
  'the question for cover': (w) => coverQuestion(deskIn(w), requestIn(w), w.screen),
  'the question that was answered': (w) => {
    const request = { ...requestIn(w), place: 'primary' } as const;
    const [why] = (['taken', 'withdrawn', 'unanswered'] as const).slice(w.many % 3);
    return coverCard(deskIn(w), w.user, { type: 'request-over', why: why ?? 'taken', request }, w.screen);
  },
  'the question that was declined': (w) =>
    coverCard(
      deskIn(w),
      w.user,
      { type: 'cover-declined', n: 2, by: w.user, request: requestIn(w) },
      w.screen,
    ),
  'told of a cover': (w) => {
    const cover = coverIn(w);
    const about =
      w.many === 0
        ? ({ type: 'cover-added', cover, request: null } as const)
        : ({ type: 'cover-removed', by: w.user, cover } as const);
    return coverTold(deskIn(w), w.user, about, w.screen) ?? coverMade(deskIn(w), cover, w.user, w.screen);
  },
  'told that nobody covers': (w) => {
    const about = { type: 'request-over', why: 'unanswered', request: requestIn(w) } as const;
    return (
      coverTold(deskIn(w), w.user, about, w.screen) ?? coverMade(deskIn(w), coverIn(w), w.user, w.screen)
    );
  },
  'told who is not in the group': (w) => {
    const missing = repeated({ kind: 'email', value: w.words } as const, w.many || 1);
    const others = repeated(w.user, w.many);
    const about: DeskFact = { type: 'group-synced', group: 'S0ONCALL', missing, others };
    const told = coverTold(deskIn(w), w.user, about, w.screen);
    if (!told) throw new Error('nobody is told');
    return told;
  },
  'cover made': (w) => coverMade(deskIn(w), coverIn(w), w.user, w.screen),
  'cover asked': (w) => coverAsked(deskIn(w), requestIn(w), w.screen),
  covers: (w) => coverList(repeated(deskIn(w), 2), w.user, w.screen),
  'pick a team': (w) => pickTeam(repeated(w.words, w.many), { typed: w.words, shown: w.words }, w.screen),
  'test page': (w) => testPage(deskIn(w), 1),
  'test page, answered': (w) =>
    testPageAnswered({ user: w.user, askedAt: 0, place: null, answeredAt: w.screen.now }, w.screen),
  'hand-over of a shift': (w) =>
    shiftMessage(
      {
        team: w.words,
        member: { kind: 'user', value: w.user },
        about: { type: 'shift-changed', before: shift(w, 'UANA'), after: shift(w, 'UBEA') },
        until: w.screen.now,
        open: repeated(w.incident, w.many),
        report: {
          pages: w.many,
          outOfHours: w.many,
          noisy: repeated({ service: w.words, pages: w.many }, 3),
        },
      },
      w.screen,
    ),
};
