import { coverCard, coverQuestion, coverTold } from '../../blocks/cover.ts';
import type { Message } from '../../blocks/message.ts';
import { testPage, testPageAnswered } from '../../blocks/test-page.ts';
import type { Desk, DeskCommand } from '../../oncall/desk.ts';
import type { DeskEffect, DeskEffectKind } from '../../oncall/desk-effects.ts';
import type { Known } from '../../oncall/known-members.ts';
import type { DeskRow } from '../../store/store.ts';
import { type Context, screenOf } from '../context.ts';
import { fateOf } from '../fate.ts';
import { edit, findPosted, post } from '../post.ts';
import { wordOf } from '../retry.ts';
import { lostWords } from './card.ts';
import { briefShift, movePages } from './shift.ts';
import { syncGroup } from './sync-group.ts';
import { usersAt } from './targets.ts';

/** One row of a desk being performed, with the desk as it is now. */
export interface DeskJob {
  row: DeskRow;
  desk: Desk;
}

/** As `Delivery`; a desk hears one thing back at most. */
export type DeskDelivery = { did: 'done'; report?: DeskCommand } | { did: 'cancelled'; why: string };

export type DeskEffectOf<Kind extends DeskEffectKind> = Extract<DeskEffect, { kind: Kind }>;

/** As `Performer`. */
export interface DeskPerformer<Kind extends DeskEffectKind> {
  send(context: Context, effect: DeskEffectOf<Kind>, job: DeskJob): Promise<DeskDelivery>;
  find?(context: Context, effect: DeskEffectOf<Kind>, job: DeskJob): Promise<DeskDelivery | null>;
}

/** Whose names a screen of this desk may show. */
const peopleAtDesk = ({ covers, requests, schedule, notInGroup }: Desk): string[] => [
  ...new Set([
    ...(notInGroup ?? []).flatMap(({ kind, value }) => (kind === 'user' ? [value] : [])),
    ...(schedule?.userGroup ? [schedule.userGroup] : []),
    ...covers.flatMap(({ by, member, covered }) => [
      by,
      ...[member, covered].flatMap((one) => (one?.kind === 'user' ? [one.value] : [])),
    ]),
    ...requests.flatMap(({ by, asked }) => [by, ...asked]),
  ]),
];

/** A DM that is found again by its mark. `render` null: there is nothing to say any more. */
function direct<Told extends DeskEffect & { user: string }>(
  render: (context: Context, effect: Told, desk: Desk) => Message | null,
  report: (effect: Told, channel: string, ts: string) => DeskCommand | null,
) {
  const sent = (effect: Told, channel: string, ts: string): DeskDelivery => {
    const command = report(effect, channel, ts);
    return command ? { did: 'done', report: command } : { did: 'done' };
  };
  return {
    send: async (context: Context, effect: Told, job: DeskJob): Promise<DeskDelivery> => {
      await context.people.learn(peopleAtDesk(job.desk));
      const message = render(context, effect, job.desk);
      if (!message) return { did: 'cancelled', why: 'answered meanwhile' };
      const channel = await context.people.dm(effect.user);
      return sent(effect, channel, await post(context, job, { channel }, message));
    },
    find: async (context: Context, effect: Told, job: DeskJob): Promise<DeskDelivery | null> => {
      const channel = await context.people.dm(effect.user);
      const ts = await findPosted(context, job, { channel });
      return ts ? sent(effect, channel, ts) : null;
    },
  };
}

const askCover = direct<DeskEffectOf<'ask-cover'>>(
  (context, { n }, desk) => {
    const request = desk.requests.find((one) => one.n === n);
    return request ? coverQuestion(desk, request, screenOf(context)) : null;
  },
  ({ n, user }, channel, ts) => ({ type: 'note-asked', n, user, channel, ts }),
);

const tellDesk = direct<DeskEffectOf<'tell-desk'>>(
  (context, { user, about }, desk) => coverTold(desk, user, about, screenOf(context)),
  () => null,
);

const sendTestPage = direct<DeskEffectOf<'test-page'>>(
  (_context, { n }, desk) => (desk.tests[n]?.answeredAt === null ? testPage(desk, n) : null),
  ({ n }, channel, ts) => ({ type: 'note-tested', n, channel, ts }),
);

/** Deleted by its reader, there is nothing to say. */
async function edited(context: Context, place: { channel: string; ts: string }, message: Message) {
  await edit(context, place, message).catch((error: unknown) => {
    if (!lostWords.has(wordOf(error) ?? '')) throw error;
  });
  return { did: 'done' } as const;
}

const editCoverCard: DeskPerformer<'cover-card'> = {
  send: async (context, { user, place, about }, { desk }) => {
    await context.people.learn(peopleAtDesk(desk));
    return edited(context, place, coverCard(desk, user, about, screenOf(context)));
  },
};

const editTestPage: DeskPerformer<'test-card'> = {
  send: async (context, { n }, { desk }) => {
    const test = desk.tests[n];
    if (!test?.place) return { did: 'cancelled', why: 'nobody knows where it is' };
    return edited(context, test.place, testPageAnswered(test, screenOf(context)));
  },
};

/** Members of one list that are looked up. */
const membersMax = 200;

const findMembers: DeskPerformer<'find-members'> = {
  send: async (context, { addresses }) => {
    const known: Known[] = [];
    for (const address of addresses.slice(0, membersMax)) {
      const [user, ...others] = await usersAt(context, address);
      if (user !== undefined && others.length === 0) known.push({ address, user });
    }
    return known.length > 0 ? { did: 'done', report: { type: 'note-known', known } } : { did: 'done' };
  },
};

/** One performer per kind of effect. */
const performers: { [Kind in DeskEffectKind]: DeskPerformer<Kind> } = {
  'ask-cover': askCover,
  'cover-card': editCoverCard,
  'tell-desk': tellDesk,
  'test-page': sendTestPage,
  'find-members': findMembers,
  'sync-group': syncGroup,
  'test-card': editTestPage,
  'move-pages': movePages,
  'brief-shift': briefShift,
};

/** Can the fate of such a call be found out? */
export const deskLooksUp = (kind: DeskEffectKind): boolean => performers[kind].find !== undefined;

/** Performs one row: looks first when an earlier try may have been applied. Throws what Slack threw. */
export async function performForDesk(context: Context, job: DeskJob): Promise<DeskDelivery> {
  return performOne(context, job.row.effect, job);
}

async function performOne<Kind extends DeskEffectKind>(
  context: Context,
  effect: DeskEffectOf<Kind>,
  job: DeskJob,
): Promise<DeskDelivery> {
  const performer: DeskPerformer<Kind> = performers[effect.kind as Kind];
  const found = job.row.reconcile ? await fateOf(() => performer.find?.(context, effect, job)) : null;
  return found ?? performer.send(context, effect, job);
}
