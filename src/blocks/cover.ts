import { sameAddress } from '../oncall/address.ts';
import type { CoverRequest, Desk, DeskFact, KeptCover } from '../oncall/desk.ts';
import type { ActionId, Target } from './actions.ts';
import { memberWords, placeWords, spanWords } from './desk-words.ts';
import { actions, type ButtonLook, button, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, date, flat, lines, nameOf, type Piece, spelledOut } from './rich-text.ts';
import { list } from './wording.ts';

/** What a button of a desk is about. Null: nothing that `deskTarget` would have written. */
export function readDeskTarget({ id }: Target): { n: number; team: string } | null {
  const [, n, team] = /^(\d{1,9}) ([\s\S]*)$/.exec(id ?? '') ?? [];
  return n === undefined || team === undefined ? null : { n: Number(n), team };
}

const deskTarget = (n: number, { team }: Pick<Desk, 'team'>): Target => ({ incident: 0, id: `${n} ${team}` });

export const deskButton = (
  label: string,
  action: ActionId,
  n: number,
  desk: Pick<Desk, 'team'>,
  look: ButtonLook = {},
) => button(label, action, deskTarget(n, desk), look);

/** `primary for payments, 18:00 to 22:00` */
const what = (one: KeptCover | CoverRequest, desk: Desk, screen: Screen): Piece[] => [
  `${placeWords(one.place, desk)}, `,
  ...spanWords(one.from, one.until, screen),
];

/** Asked by DM: will you take it over? */
export function coverQuestion(desk: Desk, request: CoverRequest, screen: Screen): Message {
  const asker = nameOf(request.by, screen);
  const first: Piece[] = [`${asker} asks for cover: `, ...what(request, desk, screen), '.'];
  return message(
    flat(screen, ...first, ' Can you take it?'),
    lines(
      [bold('Can you cover? '), ...first],
      ['Whoever takes it first has it. Until somebody does, ', asker, ' stays on call.'],
      ['Nobody by ', date(request.answerBy, screen), `: ${asker} hears that, and asks somebody else.`],
    ),
    actions(
      deskButton("I'll take it", 'accept-cover', request.n, desk, { style: 'primary' }),
      deskButton('Not now', 'decline-cover', request.n, desk),
    ),
  );
}

/** The cover that came of a request, if it still holds. */
const coverOf = (desk: Desk, request: CoverRequest): KeptCover | null =>
  desk.covers.findLast(
    ({ by, place, until }) => by === request.by && place === request.place && until === request.until,
  ) ?? null;

/** What the question in the DM of `user` becomes. `about`: what ended it, or their own "Not now". */
export function coverCard(desk: Desk, user: string, about: DeskFact, screen: Screen): Message {
  if (about.type === 'cover-declined') {
    const said: Piece[] = [
      'You said "Not now" to: ',
      ...what(about.request, desk, screen),
      `, for ${nameOf(about.request.by, screen)}.`,
    ];
    const stands = desk.requests.some(({ n }) => n === about.n);
    const button = deskButton("I'll take it after all", 'accept-cover', about.n, desk);
    return message(flat(screen, ...said), lines(said), stands ? actions(button) : null);
  }
  if (about.type !== 'request-over')
    return closed('The request for cover is over. Nothing to do for you here.');
  const { request } = about;
  const cover = about.why === 'taken' ? coverOf(desk, request) : null;
  const asker = nameOf(request.by, screen);
  if (cover && sameAddress(cover.member, { kind: 'user', value: user })) {
    const yours: Piece[] = [`You took it: you are `, ...what(cover, desk, screen), `, instead of ${asker}.`];
    return message(
      flat(screen, ...yours),
      lines(yours),
      actions(deskButton('Undo', 'remove-cover', cover.n, desk)),
    );
  }
  const why = {
    taken: cover ? `${memberWords(cover.member, screen)} took it` : 'somebody took it',
    withdrawn: `${asker} does not need it any more`,
    unanswered: `nobody took it in time, ${asker} stays on call`,
  }[about.why];
  const over: Piece[] = [
    'Cover as ',
    ...what(request, desk, screen),
    `: ${why}. Nothing to do for you here.`,
  ];
  return message(flat(screen, ...over), lines(over));
}

const closed = (words: string): Message => message(words, lines(words));

/** One person is told of an arrangement that concerns them. */
export function coverTold(desk: Desk, user: string, about: DeskFact, screen: Screen): Message | null {
  switch (about.type) {
    case 'cover-added': {
      const words = standsIn(about.cover, desk, user, screen);
      const stands = desk.covers.some(({ n }) => n === about.cover.n);
      const undo = deskButton('Undo', 'remove-cover', about.cover.n, desk);
      return message(flat(screen, ...words), lines(words), stands ? actions(undo) : null);
    }
    case 'cover-removed': {
      const words: Piece[] = [
        `${nameOf(about.by, screen)} took back a cover: `,
        ...what(about.cover, desk, screen),
        `. ${memberWords(about.cover.member, screen)} does not stand in any more`,
        about.cover.covered ? `; ${memberWords(about.cover.covered, screen)} is on call as before.` : '.',
      ];
      return message(flat(screen, ...words), lines(words));
    }
    case 'cover-declined':
      return nobody(
        about.request,
        desk,
        'everybody who was asked said "Not now", or could not be asked',
        screen,
      );
    case 'request-over':
      return nobody(about.request, desk, 'nobody answered in time', screen);
    case 'group-synced':
      return notInGroup(about, desk, screen);
    default:
      return null;
  }
}

/** Whoever calls for the group does not reach them. */
function notInGroup(about: Of<'group-synced'>, { team }: Desk, screen: Screen): Message {
  const missing = list(about.missing.map((member) => memberWords(member, screen)));
  const first: Piece[] = [
    bold(`${missing} cannot be in the user group ${nameOf(about.group, screen)}`),
    `, and ${about.missing.length === 1 ? 'is' : 'are'} on call for ${oneLine(team, 80, 'the team')}: `,
    'Slack does not know them, or they are a guest, a bot, or deactivated.',
  ];
  const rest =
    about.others.length > 0 ? 'Everybody else who is on call is in it.' : 'It keeps whoever was in it.';
  const cure = `Correct the list in incident.yml, or put somebody in: ${screen.command} oncall override @name 2h.`;
  return message(flat(screen, ...first, ` ${rest} ${cure}`), lines(first, rest, cure));
}

type Of<Type extends DeskFact['type']> = Extract<DeskFact, { type: Type }>;

/** The asker has to ask otherwise. */
function nobody(request: CoverRequest, desk: Desk, why: string, screen: Screen): Message {
  const words: Piece[] = ['No cover as ', ...what(request, desk, screen), `: ${why}. You stay on call.`];
  const cure = `Found somebody yourself? ${screen.command} oncall override @name, and the time.`;
  return message(flat(screen, ...words, ` ${cure}`), lines(words, cure));
}

/** `bea is primary for payments, 18:00 to 22:00, instead of you.` */
function standsIn(cover: KeptCover, desk: Desk, reader: string, screen: Screen): Piece[] {
  const is = (member: KeptCover['covered']) => member?.kind === 'user' && member.value === reader;
  const who = is(cover.member) ? 'You are' : `${memberWords(cover.member, screen)} is`;
  const covered = is(cover.covered) ? 'you' : memberWords(cover.covered, screen);
  const arranged = cover.by === reader ? '' : ` ${nameOf(cover.by, screen)} arranged it.`;
  const instead = cover.covered ? `, instead of ${covered}` : '';
  return [`${who} `, ...what(cover, desk, screen), `${instead}.${arranged}`];
}

/** The answer to whoever put somebody in. */
export function coverMade(desk: Desk, cover: KeptCover, reader: string, screen: Screen): Message {
  const words: Piece[] = [...standsIn(cover, desk, reader, screen), ' Everybody it concerns is told.'];
  return message(
    flat(screen, ...words),
    lines(words),
    actions(deskButton('Undo', 'remove-cover', cover.n, desk)),
  );
}

/** The answer to whoever asks for cover. */
export function coverAsked(desk: Desk, request: CoverRequest, screen: Screen): Message {
  const asked = request.asked.map((user) => nameOf(user, screen)).join(', ');
  const words: Piece[] = [
    'Asked for cover: ',
    ...what(request, desk, screen),
    `. By direct message to ${oneLine(asked, 300)}. You stay on call until somebody takes it.`,
  ];
  return message(
    flat(screen, ...words),
    lines(words),
    actions(deskButton('Withdraw', 'withdraw-cover', request.n, desk)),
  );
}

/** So many of each are listed. */
const listedMax = 10;

/** Who stands in for whom, and what is asked for, each with its button. */
export function coverList(desks: readonly Desk[], reader: string, screen: Screen): Message {
  const covers = desks.flatMap((desk) =>
    desk.covers.filter(({ until }) => until > screen.now).map((cover) => ({ desk, cover })),
  );
  const requests = desks.flatMap((desk) => desk.requests.map((request) => ({ desk, request })));
  const none = covers.length + requests.length === 0;
  const title = none ? 'Nobody stands in for anybody.' : 'Who stands in for whom';
  const rest = Math.max(covers.length - listedMax, 0) + Math.max(requests.length - listedMax, 0);
  return message(
    title,
    lines(bold(title)),
    ...covers.slice(0, listedMax).flatMap(({ desk, cover }) => {
      const words = standsIn(cover, desk, '', screen);
      const spoken = `Remove: ${spelledOut(words, screen)}`;
      return [lines(words), actions(deskButton('Remove', 'remove-cover', cover.n, desk, { spoken }))];
    }),
    ...requests.slice(0, listedMax).flatMap(({ desk, request }) => {
      const words: Piece[] = [
        `${nameOf(request.by, screen)} asks for cover: `,
        ...what(request, desk, screen),
        '.',
      ];
      return [lines(words), actions(answerTo(request, desk, reader, spelledOut(words, screen)))];
    }),
    lines(
      rest > 0 && `and ${rest} more`,
      `To put somebody in: ${screen.command} oncall override @name 2h. To ask the others: ${screen.command} oncall cover 2h.`,
    ),
  );
}

/** What this reader can do about a request: nothing, if they were not asked. */
function answerTo(request: CoverRequest, desk: Desk, reader: string, words: string) {
  if (request.by === reader) {
    return deskButton('Withdraw', 'withdraw-cover', request.n, desk, { spoken: `Withdraw: ${words}` });
  }
  if (!request.asked.includes(reader)) return null;
  return deskButton("I'll take it", 'accept-cover', request.n, desk, { spoken: `I'll take it: ${words}` });
}
