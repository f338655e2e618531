import type { FactOf } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { type Message, message, oneLine, type Screen } from '../message.ts';
import { bold, channelLink, date, flat, type Line, lines, link, nameOf, type Piece } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { awayWords, readLaterWords } from '../sentences/room.ts';
import { byWords, idOf, lineLengthMax } from '../wording.ts';
import { comingUp, type Lines, said, told } from './said.ts';

export const room = {
  'made-private': privateLine,
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
  'was-away': awayLine,
  'commands-missed': missedLine,
  'pagerduty-calling': told,
  'page-linked': ({ alert }, _incident, screen) => called(alert.assignees, screen),
  'alert-remark': ({ calls = [] }, _incident, screen) => called(calls, screen),
  'pagerduty-failed': (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, `To mend it: ${oneLine(fact.cure, lineLengthMax)}.`),
} satisfies Lines;

/** One note for everything that an absence kept from the channel. */
function awayLine(fact: FactOf<'was-away'>, incident: Incident, screen: Screen): Message {
  const { untold = [], more = 0 } = fact;
  const read = readLaterWords(fact);
  const meanwhile = untold.map((one) => oneLine(sentence(one, screen), lineLengthMax));
  return said(
    [
      `${awayWords[fact.of ?? 'process']} from `,
      date(fact.fromAt, screen),
      ' to ',
      date(fact.toAt, screen),
      read && `; ${read}`,
      '. It goes on from here.',
    ],
    screen,
    meanwhile.length > 0 &&
      `Meanwhile${more > 0 ? `, and ${more} more in ${screen.command} timeline` : ''}: ${meanwhile.join('. ')}.`,
    comingUp(incident, screen),
  );
}

/** Whose phone rings by PagerDuty. What we were told of it beyond that is in the timeline. */
const called = (people: string[], screen: Screen): Message | null =>
  people.length === 0 ? null : said([`${sentence({ type: 'pagerduty-calling', people }, screen)}.`], screen);

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
    titleThere(incident),
    where,
    'Whoever was part of it is invited. To let somebody else in, invite them here.',
  );
}

/** What our page told PagerDuty: the incident's title can be replaced, what phones were told cannot. */
function titleThere({ ownPage, policy }: Incident): Line {
  if (!ownPage) return null;
  return policy.pagerduty?.writes
    ? 'Its title in PagerDuty is replaced; the alert inside keeps the words of the page.'
    : 'Its title stays in PagerDuty: replace it there.';
}

/** Commands that came too late and are shown; of more, the latest. */
const missedShownMax = 5;

/** What people asked of us in words while we were away. */
function missedLine({ missed }: FactOf<'commands-missed'>, incident: Incident, screen: Screen): Message {
  const shown = missed.slice(-missedShownMax);
  const more = missed.length - shown.length;
  const named = shown.flatMap(({ user, word, writtenAt }, index): Piece[] => [
    index > 0 && ', ',
    `${oneLine(word, 20)} (${nameOf(user, screen)}, `,
    date(writtenAt, screen),
    ')',
  ]);
  const words: Piece[] = [...named, more > 0 && ` and ${more} more`, '. Nothing changed.'];
  return message(
    `${flat(screen, 'Heard too late and not carried out: ', ...words)} ${idOf(incident)}`,
    lines([bold('Heard too late and not carried out'), ': ', ...words], 'Still wanted? Send it again.'),
  );
}
