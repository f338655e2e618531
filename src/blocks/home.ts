import type { HomeView, KnownBlock } from '@slack/types';
import type { Followup } from '../incident/followups.ts';
import type { Offer } from '../incident/handover.ts';
import type { Incident, Role } from '../incident/incident.ts';
import type { OwnTurn } from '../oncall/turns-of.ts';
import type { ActionId } from './actions.ts';
import { since } from './card.ts';
import { placeWords, spanWords } from './desk-words.ts';
import { doneButton, fromWords } from './followups.ts';
import { actions, type ButtonLook, button, limits, oneLine, plain, type Screen } from './message.ts';
import { bold, channelLink, date, type Line, lines, nameOf } from './rich-text.ts';
import {
  byWords,
  capital,
  duration,
  heading,
  idOf,
  lineLengthMax,
  roleWord,
  statusFrom,
  titleOf,
} from './wording.ts';

/** What one person finds in their Home tab; only incidents that they may see. */
export interface HomeContent {
  /** Of the workspace: they see what they are part of, and cannot declare. */
  isGuest: boolean;
  offers: readonly { incident: Incident; role: Role; offer: Offer }[];
  roles: readonly { incident: Incident; role: Role; at: number }[];
  /** Theirs, still to do, the one due first in front. */
  followups: readonly { incident: Incident; followup: Followup }[];
  /** Their turns on call: now and next. */
  shifts: readonly OwnTurn[];
  /** Open ones, the worst in front. */
  open: readonly Incident[];
}

/** So many of each are shown: all of it together stays within a view's 100 blocks, and a thumb's patience. */
const offersMax = 5;
const rolesMax = 8;
const shiftsMax = 6;
const followupsMax = 10;
const openMax = 12;

/** The Home tab: what waits for this person, what they hold and owe, and what is open. */
export function home(content: HomeContent, screen: Screen): HomeView {
  return view(
    ...(content.isGuest ? [lines(...guestWords), hint(screen)] : begin(screen)),
    ...part(
      content.offers.length > 0 ? `Waiting for your answer (${content.offers.length})` : null,
      content.offers.slice(0, offersMax).flatMap((one) => offered(one, screen)),
    ),
    ...part(
      'My roles',
      content.roles.slice(0, rolesMax).flatMap((one) => held(one, screen)),
      'You hold no role.',
      content.roles.length - rolesMax,
    ),
    ...part(content.shifts.length > 0 ? 'My shifts' : null, [
      lines(...content.shifts.slice(0, shiftsMax).map((turn) => shiftLine(turn, screen))),
    ]),
    ...part(
      'My follow-ups',
      content.followups.slice(0, followupsMax).flatMap((one) => owed(one, screen)),
      'Nothing is left for you to do.',
      content.followups.length - followupsMax,
    ),
    ...part(
      `Open incidents${content.open.length > 0 ? ` (${content.open.length})` : ''}`,
      content.open.slice(0, openMax).flatMap((one) => open(one, screen)),
      content.isGuest
        ? 'No incident is open in the channels you are in.'
        : 'No incident is open. Is something broken? Declare it: a false alarm is better than a late one.',
      content.open.length - openMax,
      `: ${screen.command} list`,
    ),
    end(screen),
  );
}

/** What stands there when the incidents could not be read or shown. Declaring works all the same. */
export const homeInTrouble = (screen: Screen): HomeView =>
  view(
    ...begin(screen),
    lines(
      bold('Your incidents cannot be shown here right now.'),
      `They are still there: ${screen.command} list shows them in any channel. Open this tab again in a minute.`,
      `Does it stay like this? ${screen.command} doctor says what is wrong.`,
    ),
    end(screen),
  );

const view = (...blocks: (KnownBlock | null)[]): HomeView => ({
  type: 'home',
  blocks: blocks.filter((block) => block !== null).slice(0, limits.viewBlocks),
});

const begin = (screen: Screen): (KnownBlock | null)[] => [
  actions(button('Declare an incident', 'declare', { incident: 0 }, { style: 'danger' })),
  hint(screen),
];

const hint = (screen: Screen): KnownBlock | null => lines(`In any channel: ${screen.command} help`);

/** Instead of Declare, which would be refused. */
const guestWords = [
  bold('You are a guest here.'),
  'You see the incidents whose channel you are in, and can help there like anybody else.',
  'Is something broken? Tell a member of this workspace, and they declare it.',
];

const end = (screen: Screen): KnownBlock | null =>
  lines(['As of ', date(screen.now, screen), '. Open this tab again to see what is new.']);

function part(
  title: string | null,
  blocks: readonly (KnownBlock | null)[],
  none = '',
  more = 0,
  where = '',
): (KnownBlock | null)[] {
  if (title === null) return [];
  const rest = more > 0 ? lines(`and ${more} more${where}`) : null;
  return [{ type: 'header', text: plain(title, 150) }, ...(blocks.length > 0 ? blocks : [lines(none)]), rest];
}

const roleOf = (role: Role, incident: Incident, screen: Screen): string =>
  `${roleWord(role, screen)} of ${idOf(incident)}`;

function offered({ incident, role, offer }: HomeContent['offers'][number], screen: Screen) {
  const target = { incident: incident.id, id: role };
  const what = roleOf(role, incident, screen);
  return [
    lines(heading(incident), [
      `${byWords(offer.by, screen)} offers you ${roleWord(role, screen)} since `,
      date(offer.at, screen),
      `. ${nameOf(offer.from, screen)} stays until you accept.`,
    ]),
    actions(
      button('Accept', 'accept-offer', target, { style: 'primary', spoken: `Accept ${what}` }),
      button('Not now', 'decline-offer', target, { spoken: `Not now: ${what}` }),
    ),
  ];
}

function held({ incident, role, at }: HomeContent['roles'][number], screen: Screen) {
  const target = { incident: incident.id, id: role };
  const what = roleOf(role, incident, screen);
  return [
    lines(
      bold(what),
      `${titleOf(incident, 120)} · for ${duration(screen.now - at)}`,
      incident.channel && channelLink(incident.channel),
    ),
    actions(
      role === 'commander' || role === 'comms'
        ? button('Post update…', 'post-update', target, { spoken: `Post update… as ${what}` })
        : null,
      button('Hand over…', 'handoff', target, { spoken: `Hand over ${what}…` }),
    ),
  ];
}

/** `Primary for payments: now, until 09:00` */
function shiftLine({ place, team, from, until }: OwnTurn, screen: Screen): Line {
  const what = capital(placeWords(place, { team }));
  if (!Number.isFinite(until)) return `${what}: now`;
  return from <= screen.now
    ? [`${what}: now, until `, date(until, screen)]
    : [`${what}: `, ...spanWords(from, until, screen)];
}

function owed({ incident, followup }: HomeContent['followups'][number], screen: Screen) {
  const { dueAt, text } = followup;
  const due: Line = dueAt !== null && [dueAt <= screen.now ? 'Was due ' : 'Due ', date(dueAt, screen)];
  return [
    lines(
      bold(`${oneLine(text, lineLengthMax)}${fromWords(followup)}`),
      `${idOf(incident)} · ${titleOf(incident, 120)}`,
      dueAt === null ? 'No date' : due,
    ),
    actions(doneButton(incident, followup)),
  ];
}

function open(incident: Incident, screen: Screen) {
  const taken = incident.acknowledged;
  const press = (label: string, action: ActionId, look: ButtonLook = {}) =>
    button(label, action, { incident: incident.id }, { ...look, spoken: `${label} ${idOf(incident)}` });
  return [
    lines(
      heading(incident),
      [`${statusFrom(incident)} `, date(since(incident), screen)],
      taken ? `${byWords(taken.by, screen)} has it` : 'Nobody has it',
      incident.channel && channelLink(incident.channel),
    ),
    actions(
      taken ? press('Update…', 'post-update') : press('Acknowledge', 'acknowledge', { style: 'primary' }),
      incident.roles.commander ? null : press('Take command', 'take-command'),
      press('More…', 'tray'),
    ),
  ];
}

/** Everybody whose name the tab shows. */
export const peopleAtHome = ({ offers, open: incidents }: HomeContent): string[] => [
  ...new Set([
    ...offers.flatMap(({ offer }) => [offer.from, ...(offer.by.kind === 'person' ? [offer.by.user] : [])]),
    ...incidents.slice(0, openMax).flatMap(({ acknowledged }) => {
      const by = acknowledged?.by;
      return by?.kind === 'person' ? [by.user] : [];
    }),
  ]),
];
