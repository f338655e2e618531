import type { Fact } from '../incident/facts.ts';
import type { Offer } from '../incident/handover.ts';
import { type Incident, type Role, visibleTo } from '../incident/incident.ts';
import { card } from './card.ts';
import { actions, button, type Message, message, oneLine, type Screen } from './message.ts';
import { channelLink, date, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { dueWords, type NextDue } from './tray.ts';
import {
  byWords,
  count,
  duration,
  heading,
  idOf,
  lineLengthMax,
  numbered,
  pushTitle,
  roleWord,
} from './wording.ts';

/** So much of what comes by itself is in a briefing; the tray has the rest. */
const duesMax = 3;
/** Open follow-ups that a briefing names. */
const followupsMax = 3;

/**
 * The offer of a role, by DM, with what somebody needs who comes in from outside: what it is about, what was last, what
 * is due (soonest first), and for how long the other one has done it. Nothing changes until they accept.
 */
export function offerMessage(
  incident: Incident,
  role: Role,
  offer: Offer,
  due: readonly NextDue[],
  screen: Screen,
): Message {
  const first = wish(incident, role, offer, screen);
  const quoted = quotedWords(offer);
  const said = quoted === '' ? '' : `${quoted} `;
  const [standing] = card(incident, screen).blocks;
  const target = { incident: incident.id, id: role };
  return message(
    flat(screen, `${pushTitle(incident)}. `, ...first, ` ${said}Accept or say not now. ${idOf(incident)}`),
    lines(first, quoted),
    standing ?? null,
    lines(
      inRole(incident, role, screen),
      ...due.slice(0, duesMax).map(({ what, at }): Line => ['Due ', date(at, screen), `: ${dueWords(what)}`]),
      ...openFollowups(incident),
      incident.channel && channelLink(incident.channel),
    ),
    actions(
      button('Accept', 'accept-offer', target, { style: 'primary' }),
      button('Not now', 'decline-offer', target),
    ),
  );
}

function wish(incident: Incident, role: Role, offer: Offer, screen: Screen): Piece[] {
  const word = roleWord(role, screen);
  const asked = offer.remindedAt === null ? 'offers you' : 'still waits for your answer: will you take';
  return [
    `${byWords(offer.by, screen)} ${asked} ${word} of ${idOf(incident)}${offer.remindedAt === null ? '.' : '?'}`,
    ` ${nameOf(offer.from, screen)} stays ${word} until you accept.`,
  ];
}

function quotedWords(offer: Offer): string {
  const words = oneLine(offer.words, lineLengthMax, '');
  return words === '' ? '' : `"${words}"`;
}

function inRole(incident: Incident, role: Role, screen: Screen): Line {
  const held = incident.roles[role];
  return (
    held &&
    `${nameOf(held.user, screen)} is ${roleWord(role, screen)} for ${duration(screen.now - held.at)} now.`
  );
}

function openFollowups({ followups = [] }: Incident): Line[] {
  const open = followups.filter(({ doneAt }) => doneAt === null);
  if (open.length === 0) return [];
  const named = open.slice(0, followupsMax).map(({ text }): Line => `• ${oneLine(text, 120)}`);
  return [`${count(open.length, 'open follow-up')}:`, ...named];
}

/** What the DM of an offer becomes when it is over. `about`: what ended it. */
export function offerOver(
  incident: Incident,
  role: Role,
  user: string,
  about: Fact,
  screen: Screen,
): Message {
  const words = `${outcome(incident, role, user, about, screen)} Nothing to do for you here.`;
  const said =
    about.type === 'role-assigned' && about.user === user ? accepted(incident, role, screen) : words;
  // Whoever may not see it any more reads no more of it than this.
  if (!visibleTo(incident, user)) return message(flat(screen, words), lines(words));
  const shown = message(
    flat(screen, `${pushTitle(incident)}. ${said}`),
    lines(heading(incident), said, incident.channel && channelLink(incident.channel)),
  );
  return numbered(shown, incident);
}

const accepted = (incident: Incident, role: Role, screen: Screen): string =>
  `You accepted: you are ${roleWord(role, screen)} of ${idOf(incident)}.`;

function outcome(incident: Incident, role: Role, user: string, about: Fact, screen: Screen): string {
  const word = roleWord(role, screen);
  const holder = incident.roles[role]?.user;
  const now = holder === undefined ? `Nobody is ${word} now.` : `${nameOf(holder, screen)} is ${word}.`;
  switch (about.type) {
    case 'offer-declined':
      return `You said "Not now". ${now}`;
    case 'offer-withdrawn':
      return `${byWords(about.by, screen)} withdrew the offer of ${word}. ${now}`;
    case 'role-offered':
      return about.user === user
        ? 'You were asked anew, below.'
        : `${nameOf(about.user, screen)} was asked instead. ${now}`;
    case 'role-assigned':
    case 'role-dropped':
      return `The offer of ${word} is over. ${now}`;
    case 'member-left':
      return `The offer of ${word} is over: you left the channel of ${idOf(incident)}.`;
    default:
      return `The offer of ${word} is over: ${idOf(incident)} has ended.`;
  }
}
