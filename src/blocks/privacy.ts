import type { Incident } from '../incident/incident.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { bold, bullets, channelLink, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { count, idOf, list, pushTitle } from './wording.ts';

/** Names shown of those who come along; the rest are counted. */
const namedMax = 8;

/** Before an incident is made private: what will happen, and what cannot be taken back. `people` come along. */
export function askPrivate(incident: Incident, people: readonly string[], screen: Screen): Message {
  const question = `Make ${idOf(incident)} private?`;
  const names = list(
    people.map((user) => nameOf(user, screen)),
    namedMax,
  );
  return message(
    escaped(
      `${pushTitle(incident)}. ${question} A new private channel opens; what was written stays public.`,
    ),
    lines(bold(question), 'Slack lets no bot make a public channel private, so it moves:'),
    bullets(
      `A new private channel opens; ${count(people.length, 'person is', 'people are')} invited: ${names}.`,
      'The announcement is removed, with every call for help. Lists, timeline and everything else show it to its people only.',
      whatStays(incident),
      'It cannot be made public again.',
    ),
    actions(button('Make it private', 'make-private', { incident: incident.id }, { style: 'danger' })),
    lines(`To leave it public, do nothing. The same as a command: ${screen.command} private yes`),
  );
}

function whatStays({ channel }: Incident): Line {
  if (!channel) return 'What was said elsewhere so far stays readable for everybody.';
  const words =
    channel.threadTs === undefined ? 'What was written in ' : 'What people wrote in the thread in ';
  return [words, channelLink(channel), ' so far stays readable for everybody.'];
}

/** What stands where the card stood, in the public channel. Says nothing that was not known there. */
export const leftCard = (incident: Incident): Message =>
  message(
    `${idOf(incident)} goes on in a private channel.`,
    lines(
      bold(`${idOf(incident)} goes on in a private channel.`),
      'This card is not kept up to date any more.',
    ),
  );

/** Topic of the public channel that was left. */
export const leftTopic = (incident: Incident): string => `${idOf(incident)} goes on in private`;

/** The last thing we say in the public channel. */
export function leftNotice(incident: Incident, screen: Screen): Message {
  const first: Piece[] = [
    bold(`${idOf(incident)} is private from now on`),
    ': it goes on in a private channel.',
  ];
  return message(
    flat(screen, ...first),
    lines(
      first,
      'Whoever was part of it is invited there. What was written here stays readable for everybody; nothing more is recorded.',
      'Can you help? Ask somebody who wrote here to invite you.',
    ),
  );
}
