import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { card } from './card.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bullets, channelLink, flat, type Line, lines, type Piece } from './rich-text.ts';
import { sentence } from './sentence.ts';
import { byWords, heading, idOf, pushTitle, roleWord } from './wording.ts';

/** So many of the configured instructions are shown: it is read on a phone, at night. */
const instructionsMax = 20;

/**
 * A DM about a fact that concerns one person: a role they hold now, with its private `instructions` (one per line) and
 * how to hand it on; or anything else, in a sentence.
 */
export function told(fact: Fact, incident: Incident, screen: Screen, instructions: string): Message {
  if (fact.type === 'member-joined') return catchUp(incident, screen);
  if (fact.type !== 'role-assigned') return notice(fact, incident, screen);
  const role = roleWord(fact.role, screen);
  const own = fact.by.kind === 'person' && fact.by.user === fact.user;
  const from = own ? '' : ` ${byWords(fact.by, screen)} gave you the role.`;
  const first: Piece[] = [`You are ${role} of ${idOf(incident)}.${from}`];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)}`,
    lines(heading(incident), first),
    bullets(...instructionLines(instructions)),
    lines(
      [
        `To hand it on, write in the channel: ${screen.command} role ${fact.role} @name. To drop it: @nobody.`,
      ],
      incident.channel && channelLink(incident.channel),
    ),
    fact.role === 'comms' || fact.role === 'commander'
      ? actions(button('Post update', 'post-update', { incident: incident.id }))
      : null,
  );
}

const instructionLines = (instructions: string): Line[] =>
  instructions
    .split('\n')
    .map((line) => oneLine(line, 300, ''))
    .filter((line) => line !== '')
    .slice(0, instructionsMax);

/** For a late joiner: what the card says (what it is, who has it, the last update), without its buttons. */
function catchUp(incident: Incident, screen: Screen): Message {
  const [standing] = card(incident, screen).blocks;
  return message(
    escaped(`${pushTitle(incident)}. You joined: this is where it stands. ${idOf(incident)}`),
    lines('You joined. This is where it stands:'),
    standing ?? null,
    incident.channel && lines(channelLink(incident.channel)),
  );
}

function notice(fact: Fact, incident: Incident, screen: Screen): Message {
  const words =
    fact.type === 'channel-refused'
      ? `${sentence(fact, screen)}. ${idOf(incident)} has no channel; people are paged all the same. Work on it from here: ${screen.command} ${idOf(incident)} update`
      : `${sentence(fact, screen)}.`;
  return message(
    escaped(`${pushTitle(incident)}. ${words} ${idOf(incident)}`),
    lines(heading(incident), words, incident.channel && channelLink(incident.channel)),
  );
}
