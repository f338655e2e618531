import type { Fact } from '../incident/facts.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { phones } from './page-line.ts';
import { bold, channelLink, flat, here, lines } from './rich-text.ts';
import { sentence } from './sentence.ts';
import { idOf, pushTitle } from './wording.ts';

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
