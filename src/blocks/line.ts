import type { By } from '../incident/by.ts';
import type { Fact, FactType } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { itemList } from './closing-words.ts';
import { absorbedLine, mergedLine, sameReportedLine, separatedLine } from './merge-line.ts';
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
import {
  bold,
  channelLink,
  date,
  flat,
  here,
  type Line,
  lines,
  link,
  mention,
  nameOf,
  type Piece,
} from './rich-text.ts';
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
  roleWord,
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
    said(
      [fact.from ? `${sentence(fact, screen)}.` : `${byWords(fact.by, screen)} has it. Paging stopped.`],
      screen,
    ),
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
  merged: mergedLine,
  absorbed: absorbedLine,
  separated: separatedLine,
  'same-reported': sameReportedLine,
  'close-undone': told,
  resolved: (fact, incident, screen) =>
    said(
      [
        bold('Resolved'),
        ` by ${byWords(fact.by, screen)}: ${fact.how}. ${oneLine(fact.text, lineLengthMax, '')}`.trimEnd(),
      ],
      screen,
      fact.verified ? 'Recovery is verified.' : 'Recovery is not verified yet: keep an eye on it.',
      firingWords(incident),
      `It lasted ${duration((incident.times.resolvedAt ?? incident.statusAt) - incident.times.startedAt)}. Not over? ${screen.command} reopen`,
    ),
  closed: closedLine,
  canceled: (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, `Wrong? ${screen.command} reopen`),
  reopened: (fact, incident, screen) => said([`${sentence(fact, screen)}.`], screen, then(incident, screen)),
  'postmortem-reviewed': told,
  'postmortem-review-undone': told,
  'role-assigned': told,
  'role-dropped': told,
  'offer-failed': (fact, incident, screen) =>
    said(
      [mention(fact.from, screen), ` ${sentence(fact, screen)}. You stay ${roleWord(fact.role, screen)}.`],
      screen,
      `Ask somebody else: ${screen.command} handoff ${fact.role} @name ${idOf(incident)}`,
    ),
  'offer-unanswered': unanswered,
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
  'followup-added': followupLine,
  'followup-done': told,
  'followup-removed': told,
  'followups-given-up': (fact, _incident, screen) =>
    said(
      [`${sentence(fact, screen)}.`],
      screen,
      `Nobody is asked again. Who does it? ${screen.command} followup list`,
    ),
  paused: (fact, incident, screen) =>
    message(
      `${escaped(`${sentence(fact, screen)}. `)}${idOf(incident)}`,
      lines(
        [
          `${byWords(fact.by, screen)} paused the reminders until `,
          date(fact.untilAt, screen),
          fact.why && `: ${oneLine(fact.why, lineLengthMax)}`,
        ],
        'A new page, a raise or a new alert ends the pause.',
      ),
      incident.paused ? actions(button('Resume now', 'resume', { incident: incident.id })) : null,
    ),
  'pause-ended': told,
  'nudge-stopped': (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}. Nobody will be asked about it again.`], screen),
  'alerts-cleared': clearedLine,
  'made-private': privateLine,
  renamed: told,
  'call-set': (fact, _incident, screen) =>
    said(
      [bold('Call'), `: `, link(oneLine(fact.url, lineLengthMax), fact.url)],
      screen,
      `Set by ${byWords(fact.by, screen)}.`,
    ),
  'limit-met': (fact, _incident, screen) => said([`${sentence(fact, screen)}. It goes on without.`], screen),
  'effect-failed': (fact, incident, screen) =>
    fact.kind === 'announcement'
      ? said(
          [bold('Not announced'), `: the announce channel cannot be used (${oneLine(fact.error, 100)}).`],
          screen,
          `Tell those who must know of ${idOf(incident)}. What is wrong: ${screen.command} doctor`,
        )
      : null,
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

/** Who closed it, and how each item of the checklist was answered. */
function closedLine(fact: FactOf<'closed'>, _incident: Incident, screen: Screen): Message {
  const items = (wanted: (answer: FactOf<'closed'>['answers'][number]) => boolean): string =>
    itemList(fact.answers.filter(wanted).map(({ item }) => item));
  const row = (words: string, found: string): Line => found !== '' && `${words}: ${found}.`;
  return said(
    [bold('Closed'), ` by ${byWords(fact.by, screen)}.`],
    screen,
    row(
      'Shown by the data',
      items(({ proven }) => proven),
    ),
    row(
      `Said by ${byWords(fact.by, screen)}`,
      items(({ ticked, proven }) => ticked && !proven),
    ),
    row(
      'Not so',
      items(({ ticked }) => !ticked),
    ),
    fact.why !== '' && `Closed anyway because: ${oneLine(fact.why, lineLengthMax)}`,
    `Follow-ups stay: ${screen.command} followup list. Not over? ${screen.command} reopen`,
  );
}

/** `Follow-up 2 by Ana: fix the retry`, and under it who does it by when. */
function followupLine(fact: FactOf<'followup-added'>, _incident: Incident, screen: Screen): Message {
  const owner = fact.owner === null ? 'Nobody owns it yet' : `For ${nameOf(fact.owner, screen)}`;
  return said(
    [bold(`Follow-up ${fact.n}`), ` by ${byWords(fact.by, screen)}: ${oneLine(fact.text, lineLengthMax)}`],
    screen,
    [owner, fact.dueAt !== null && ', due ', fact.dueAt !== null && date(fact.dueAt, screen), '.'],
  );
}

/** Said in the new private channel. */
function privateLine(fact: FactOf<'made-private'>, incident: Incident, screen: Screen): Message {
  const where: Line =
    fact.channel === null
      ? null
      : [
          fact.channel.threadTs === undefined
            ? 'What was written in '
            : 'What people wrote in the thread in ',
          channelLink(fact.channel),
          ' before stays there, for everybody to read.',
        ];
  return said(
    [
      bold(`${idOf(incident)} is private from now on`),
      `, says ${byWords(fact.by, screen)}: only people in this channel see it.`,
    ],
    screen,
    fact.announcement && 'Its announcement is removed.',
    where,
    'Whoever was part of it is invited. To let somebody else in, invite them here.',
  );
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

/** The holder waits for it, so they are told; whoever reads it may know somebody else. */
function unanswered(fact: FactOf<'offer-unanswered'>, incident: Incident, screen: Screen): Message {
  const role = roleWord(fact.role, screen);
  const target = { incident: incident.id, id: fact.role };
  const words: Piece[] = [
    mention(fact.from, screen),
    ` ${nameOf(fact.user, screen)} has not answered your offer of ${role} (made `,
    date(fact.offeredAt, screen),
    `, asked twice). You stay ${role}. Who else can take it?`,
  ];
  const stands = incident.offers?.[fact.role]?.to === fact.user;
  return message(
    `${flat(screen, ...words)} ${idOf(incident)}`,
    lines(words),
    stands
      ? actions(
          button('Offer it to somebody else…', 'handoff', target, { style: 'primary' }),
          button('Withdraw the offer', 'withdraw-offer', target),
        )
      : null,
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
