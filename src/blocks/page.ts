import type { KnownBlock } from '@slack/types';
import { userOf } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { ended } from '../incident/incident.ts';
import { nextStepOf, targetsOf } from '../incident/ladder.ts';
import type { PageOrder } from '../incident/page-order.ts';
import { label } from '../incident/severity-scale.ts';
import type { Target } from './actions.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { pageReason } from './reason.ts';
import { bold, channelLink, date, dateText, flat, type Line, lines, type Piece } from './rich-text.ts';
import {
  byWords,
  comesNext,
  idOf,
  lineLengthMax,
  pushTitle,
  statusWord,
  stepVerb,
  titleOf,
  whom,
} from './wording.ts';

/** The DM that wakes somebody. `standing` is what they are to this incident: `primary for payments`; `note`: why they too. */
export function page(
  incident: Incident,
  user: string,
  { order, standing, note }: { order: PageOrder; standing: string; note?: string },
  screen: Screen,
): Message {
  const asked = question(incident, user, order, oneLine(standing, 120, 'asked to help'), screen);
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${asked.push} ${idOf(incident)}`,
    lines(title(incident), asked.who, asked.next, [
      'Why: ',
      ...pageReason(order.reason, incident, screen),
      note ? `. ${oneLine(note, lineLengthMax)}` : null,
    ]),
    asked.buttons,
    incident.channel ? lines(channelLink(incident.channel)) : null,
  );
}

/** What their page says afterwards: they have it, somebody else has it, it is over; or, given back, the question again. */
export function pageCard(incident: Incident, user: string, screen: Screen): Message {
  const held = incident.acknowledged;
  if (ended(incident.status)) return closed(incident, stoodDown(incident, screen), screen);
  if (held && userOf(held.by) === user) {
    return closed(incident, ['You have it since ', date(held.at, screen), '. Paging stopped.'], screen, [
      button('Undo', 'unacknowledge', { incident: incident.id }),
    ]);
  }
  if (held) {
    return closed(
      incident,
      [`Stand down: ${byWords(held.by, screen)} has it (`, date(held.at, screen), ')'],
      screen,
    );
  }
  const saidNoAt = incident.escalation.reached.findLast((reached) => reached.user === user)?.declinedAt;
  if (saidNoAt !== undefined) return declined(incident, saidNoAt, screen);
  return page(incident, user, again(incident, user), screen);
}

/** They can't; should that change, they can still take it. */
const declined = (incident: Incident, saidNoAt: number, screen: Screen): Message =>
  closed(incident, ["You can't take it, you said ", date(saidNoAt, screen), '. Others are asked.'], screen, [
    button('Acknowledge', 'acknowledge', { incident: incident.id }),
  ]);

/** Their page stands, unanswered: what it asked, and who is next by now. */
function again(incident: Incident, user: string): { order: PageOrder; standing: string; note?: string } {
  const place = Object.hasOwn(incident.pages, user) ? incident.pages[user] : undefined;
  const order: PageOrder = place?.order ?? {
    orderedAt: place?.at ?? incident.escalation.startedAt,
    action: 'page',
    target: { kind: 'user', user },
    reason: { why: 'ladder' },
    step: null,
    nextAt: null,
  };
  const nextAt = nextStepOf(incident)?.at ?? null;
  return { order: { ...order, nextAt }, standing: place?.standing || 'asked to help', note: place?.note };
}

const title = (incident: Incident): Piece =>
  bold(`${incident.isTest ? 'TEST · ' : ''}${label(incident.severity)} · ${titleOf(incident)}`);

function closed(
  incident: Incident,
  words: Piece[],
  screen: Screen,
  buttons: Parameters<typeof actions> = [],
): Message {
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...words)} ${idOf(incident)}`,
    lines([title(incident), ` · ${idOf(incident)}`], words),
    actions(...buttons),
    incident.channel ? lines(channelLink(incident.channel)) : null,
  );
}

function stoodDown(incident: Incident, screen: Screen): Piece[] {
  const by = incident.resolution?.by;
  const { survivor } = incident;
  const into = survivor && !survivor.isPrivate ? `into ${idOf(survivor)} ` : '';
  return [
    `Stand down: ${statusWord(incident.status).toLowerCase()} ${into}`,
    date(incident.statusAt, screen),
    by ? ` by ${byWords(by, screen)}` : null,
  ];
}

/** What the page asks, in its three places: the push notification, the first lines, the buttons. */
interface Question {
  push: string;
  who: Line;
  next: Line;
  buttons: KnownBlock | null;
}

function question(
  incident: Incident,
  user: string,
  order: PageOrder,
  standing: string,
  screen: Screen,
): Question {
  if (order.reason.why === 'still-on-it') return stillOnIt(incident, order, order.reason.sinceAt, screen);
  if (ended(incident.status)) return overAlready(incident, standing, screen);
  if (incident.acknowledged) return helpWanted(incident, user, order, standing, screen);
  const isRaise = order.reason.why === 'raised' && order.step === null;
  const isCalm = order.action === 'notify';
  const target: Target = { incident: incident.id };
  const yourStanding = `You're ${standing.split(' for ')[0]}`;
  const by = order.nextAt === null ? '' : ` by ${dateText(order.nextAt, screen)}`;
  return {
    push: isRaise
      ? `Now ${label(incident.severity)}: do you have it? Say so${by}.`
      : `${escaped(yourStanding)}: ${isCalm ? 'please look and acknowledge' : `ack${by}`}.`,
    who: [
      isRaise
        ? `Raised to ${label(incident.severity)}, so it needs a new answer. Do you have it?`
        : `You are ${standing}. Nobody has it yet.`,
      isCalm ? ' Please look at it when you can.' : null,
    ],
    next: comesNext(incident, screen),
    buttons: actions(
      button(isRaise ? 'I have it' : 'Acknowledge', 'acknowledge', target, { style: 'primary' }),
      isCalm ? null : button(cannot(incident, screen), 'decline', target),
    ),
  };
}

/** `Can't: page Cai now`; without a next step just `Can't`. */
function cannot(incident: Incident, screen: Screen): string {
  const next = nextStepOf(incident);
  const leadsNowhere =
    next && targetsOf(next.step).every((name) => screen.who?.(name, incident.service) === '');
  return next && !leadsNowhere ? `Can't: page ${whom(next.step, incident, screen)} now` : "Can't";
}

function stillOnIt(incident: Incident, order: PageOrder, sinceAt: number, screen: Screen): Question {
  const target: Target = { incident: incident.id };
  const untilAt = order.orderedAt + incident.policy.escalation.stillOnItMs;
  const next = nextStepOf(incident);
  const then = next
    ? `${whom(next.step, incident, screen)} ${stepVerb(next.step)}`
    : 'nobody has it any more';
  return {
    push: `Still on it? Answer by ${dateText(untilAt, screen)}.`,
    who: ['Still on it? Nothing from you since ', date(sinceAt, screen), '.'],
    next: ['No answer by ', date(untilAt, screen), `: ${then}.`],
    buttons: actions(
      button('Still on it', 'still-on-it', target, { style: 'primary' }),
      button(cannot(incident, screen), 'decline', target),
    ),
  };
}

/** It was resolved, and the alert fires again: somebody has to look whether it is really over. */
function overAlready(incident: Incident, standing: string, screen: Screen): Question {
  return {
    push: `It was ${statusWord(incident.status).toLowerCase()} and fires again: please look.`,
    who: [
      `You are ${standing}. It was ${statusWord(incident.status).toLowerCase()} `,
      date(incident.statusAt, screen),
      ', and now it fires again.',
    ],
    next: 'Not over? Reopen it: then people are paged as before.',
    buttons: actions(button('Reopen', 'reopen', { incident: incident.id }, { style: 'primary' })),
  };
}

/** Somebody has it: this one is asked to help, to command, or to get an update written. */
function helpWanted(
  incident: Incident,
  user: string,
  order: PageOrder,
  standing: string,
  screen: Screen,
): Question {
  const target: Target = { incident: incident.id };
  const { acknowledged: held } = incident;
  const holder = held && (userOf(held.by) === user ? 'You have' : `${byWords(held.by, screen)} has`);
  const has: Piece[] = held ? [` ${holder} it since `, date(held.at, screen), '.'] : [];
  const who = (...wish: Piece[]): Line => [`You are ${standing}.`, ...has, ' ', ...wish];
  switch (order.reason.why) {
    case 'no-commander':
      return {
        push: 'Nobody is in command. Can you lead?',
        who: who('Nobody is in command: can you lead?'),
        next: null,
        buttons: actions(button('Take command', 'take-command', target, { style: 'primary' })),
      };
    case 'no-update':
      return {
        push: 'No status update. Please see to it.',
        who: who('Nobody has posted the status update: please see to it.'),
        next: null,
        buttons: actions(
          button('Post update', 'post-update', target, { style: 'primary' }),
          incident.roles.commander ? null : button('Take command', 'take-command', target),
        ),
      };
    default:
      return {
        push: 'Your help is wanted.',
        who: who('Your help is wanted in the channel.'),
        next: null,
        buttons: null,
      };
  }
}
