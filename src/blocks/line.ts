import type { By } from '../incident/by.ts';
import type { Fact, FactType } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import {
  actions,
  button,
  escaped,
  type Message,
  message,
  oneLine,
  paragraph,
  type Screen,
} from './message.ts';
import { paged, pageFailed, phones } from './page-line.ts';
import { bold, channelLink, date, flat, here, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { sentence } from './sentence.ts';
import {
  byWords,
  comesNext,
  duration,
  firingWords,
  idOf,
  lineLengthMax,
  list,
  pushTitle,
  statusWord,
} from './wording.ts';

type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;
type Render<Type extends FactType> = (
  fact: FactOf<Type>,
  incident: Incident,
  screen: Screen,
) => Message | null;

/** What follows when nobody has it: the next step and its time. */
const then = (incident: Incident, screen: Screen): Line =>
  incident.acknowledged ? null : comesNext(incident, screen);

/** One sentence, and perhaps small additions under it. `text` says the same. */
function said(first: readonly Piece[], screen: Screen, ...more: Line[]): Message {
  return message(flat(screen, ...first), lines(first, ...more));
}

/** The sentence of the timeline, said aloud. */
const told = (fact: Fact, _incident: Incident, screen: Screen): Message =>
  said([`${sentence(fact, screen)}.`], screen);

const spoken = {
  'people-paged': paged,
  'page-failed': pageFailed,
  'ladder-exhausted': (fact, incident) =>
    message(
      escaped(`${pushTitle(incident)}: everybody was paged and nobody answered. ${idOf(incident)}`),
      lines(bold('Everybody on the ladder was paged and nobody answered.'), phones(fact.phones)),
      actions(button('Acknowledge', 'acknowledge', { incident: incident.id }, { style: 'primary' })),
    ),
  'ticket-recorded': (_fact, incident, screen) =>
    said([`${label(incident.severity)}: nobody is paged, this channel is the ticket.`], screen),
  acknowledged: (fact, _incident, screen) =>
    said([`${byWords(fact.by, screen)} has it. Paging stopped.`], screen),
  // Whom that wakes is the next line's news.
  unacknowledged: told,
  declined: told,
  'severity-changed': severityLine,
  'status-changed': (fact, _incident, screen) =>
    said(
      [
        `${byWords(fact.by, screen)}: ${statusWord(fact.from).toLowerCase()} → `,
        bold(statusWord(fact.to).toLowerCase()),
        fact.note && `. ${oneLine(fact.note, lineLengthMax)}`,
      ],
      screen,
    ),
  resolved: (fact, incident, screen) =>
    said(
      [
        bold('Resolved'),
        ` by ${byWords(fact.by, screen)}: ${fact.how}. ${oneLine(fact.text, lineLengthMax, '')}`,
      ],
      screen,
      fact.verified ? 'Recovery is verified.' : 'Recovery is not verified yet: keep an eye on it.',
      firingWords(incident),
      `It lasted ${duration((incident.times.resolvedAt ?? incident.statusAt) - incident.times.startedAt)}. Not over? ${screen.command} reopen`,
    ),
  canceled: (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, `Wrong? ${screen.command} reopen`),
  reopened: (fact, incident, screen) => said([`${sentence(fact, screen)}.`], screen, then(incident, screen)),
  'role-assigned': told,
  'role-dropped': told,
  'update-posted': updateLine,
  'no-change-posted': (fact, incident, screen) => {
    const { last } = incident.updates;
    const before: Piece[] = last ? [': still as of ', date(last.at, screen)] : [];
    return said(
      [bold('Update: no change'), `, says ${byWords(fact.by, screen)}`, ...before],
      screen,
      last && `"${oneLine(last.happening, lineLengthMax)}"`,
      fact.nextAt !== null && ['Next update ', date(fact.nextAt, screen)],
    );
  },
  'nudge-stopped': (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}. Nobody will be asked about it again.`], screen),
  'alerts-cleared': clearedLine,
  'fired-again': (fact, incident) =>
    message(
      escaped(`${pushTitle(incident)}: the alert fired again. ${idOf(incident)}`),
      lines([bold('The alert fired again'), `: ${oneLine(fact.alert.title, lineLengthMax, 'no title')}`]),
      isOpen(incident)
        ? null
        : actions(button('Reopen', 'reopen', { incident: incident.id }, { style: 'primary' })),
    ),
  'kept-open': (fact, incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, then(incident, screen)),
  'was-away': (fact, incident, screen) =>
    said(
      [
        'Tocsin was away from ',
        date(fact.fromAt, screen),
        ' to ',
        date(fact.toAt, screen),
        '. It goes on from here.',
      ],
      screen,
      then(incident, screen),
    ),
} satisfies { [Type in FactType]?: Render<Type> };

/**
 * What the channel says about a fact, null for facts that it does not mention. People who are paged are mentioned:
 * that notifies them. Nobody else is.
 */
export function line<Type extends FactType>(
  fact: FactOf<Type>,
  incident: Incident,
  screen: Screen,
): Message | null {
  const table: { [Name in FactType]?: Render<Name> } = spoken;
  const render: Render<Type> | undefined = table[fact.type as Type];
  return render ? render(fact, incident, screen) : null;
}

const isPerson = (by: By | null): by is Extract<By, { kind: 'person' }> => by?.kind === 'person';

function severityLine(fact: FactOf<'severity-changed'>, incident: Incident, screen: Screen): Message {
  const isRaise = fact.to < fact.from;
  const asked = isRaise
    ? [
        ...new Set(
          [fact.acknowledgedBefore, fact.by].filter(isPerson).map(({ user }) => nameOf(user, screen)),
        ),
      ]
    : [];
  return said(
    [`${sentence(fact, screen)}.`],
    screen,
    isRaise &&
      incident.escalation.next !== null &&
      !incident.isTest &&
      'The paging starts again for the new severity.',
    asked.length > 0 &&
      !incident.isTest &&
      `${list(asked)} ${asked.length > 1 ? 'are' : 'is'} asked: do you have it?`,
    then(incident, screen),
  );
}

/** The fixed form (product.md section 4): what is happening, impact, what we are doing, next update at. */
function updateLine(fact: FactOf<'update-posted'>, incident: Incident, screen: Screen): Message {
  const happening = paragraph(fact.happening, 2_000);
  const impact = paragraph(fact.impact || incident.impactText, 2_000, '');
  const doing = paragraph(fact.doing, 2_000, '');
  return message(
    escaped(`${pushTitle(incident)}. Update: ${oneLine(happening, 400)} ${idOf(incident)}`),
    lines([
      bold(`Update by ${byWords(fact.by, screen)}`),
      ` · ${label(incident.severity)} ${statusWord(incident.status)}`,
    ]),
    lines(
      [bold('What is happening: '), happening],
      impact !== '' && [bold('Impact: '), impact],
      doing !== '' && [bold('What we are doing: '), doing],
      fact.nextAt !== null && [bold('Next update: '), date(fact.nextAt, screen)],
    ),
  );
}

/** Every alert is resolved: may we close? Nobody had it: then it is canceled by itself, unless somebody acts. */
function clearedLine(fact: FactOf<'alerts-cleared'>, incident: Incident, screen: Screen): Message {
  const target = { incident: incident.id };
  const first: Piece[] = ['PagerDuty says every alert is resolved.'];
  const holds: Piece[] =
    fact.cancelAt === null
      ? []
      : [
          'Nobody acknowledged, so nobody is paged now. Canceled ',
          date(fact.cancelAt, screen),
          ' unless somebody acts.',
        ];
  const hasIt = incident.acknowledged !== null;
  return message(
    `${flat(screen, ...first)} ${flat(screen, ...holds)} ${idOf(incident)}`,
    lines(first, hasIt || fact.acknowledged ? 'Is it over?' : holds),
    isOpen(incident)
      ? actions(
          hasIt ? null : button('Acknowledge', 'acknowledge', target, { style: 'primary' }),
          button('Resolve…', 'resolve', target),
          button('Keep open', 'keep-open', target),
        )
      : null,
  );
}

/**
 * A call for help in the announce channel, to everybody who is there: nobody could be reached, nobody is configured,
 * everybody was paged in vain, or the channel is gone.
 */
export function askAnnounceChannel(fact: Fact, incident: Incident, screen: Screen): Message {
  const isLost = fact.type === 'channel-lost';
  const wanted = isOpen(incident) && !incident.acknowledged && !isLost;
  const words = helpWords(fact, screen);
  return message(
    `${flat(screen, here)} ${escaped(`${pushTitle(incident)}: ${words} ${idOf(incident)}`)}`,
    lines(
      [here, ' ', bold(`${pushTitle(incident)} · ${idOf(incident)}`)],
      words,
      fact.type === 'ladder-exhausted' ? phones(fact.phones) : null,
      fact.type === 'page-failed' ? phones(incident.policy.phones) : null,
      wanted && 'Nobody has it. Can you take it, or do you know who can?',
      !isLost && incident.channel && ['Worked on in ', channelLink(incident.channel)],
    ),
    wanted
      ? actions(button('Acknowledge', 'acknowledge', { incident: incident.id }, { style: 'primary' }))
      : null,
  );
}

function helpWords(fact: Fact, screen: Screen): string {
  switch (fact.type) {
    case 'channel-lost':
      return `${sentence(fact, screen)}. Another one is being opened.`;
    case 'ladder-exhausted':
      return 'Everybody on the ladder was paged and nobody answered.';
    default:
      return `${sentence(fact, screen)}.`;
  }
}
