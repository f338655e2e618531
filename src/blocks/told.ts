import { userOf } from '../incident/by.ts';
import type { Fact } from '../incident/facts.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { card } from './card.ts';
import { followupForYou, followupsAsked } from './followups.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { postmortemReminder } from './postmortem-reminder.ts';
import { bullets, channelLink, lines, nameOf } from './rich-text.ts';
import { sentence } from './sentence.ts';
import { byWords, heading, idOf, pushTitle, roleWord } from './wording.ts';

/** So many of the configured instructions are shown: it is read on a phone, at night. */
const instructionsMax = 20;

/**
 * A DM about a fact that concerns one person: a role they hold now, with its private `instructions` (one per line) and
 * how to hand it on; or anything else, in a sentence. `reader`: who gets it, where that makes a difference.
 */
export function told(
  fact: Fact,
  incident: Incident,
  screen: Screen,
  instructions: string,
  reader: string | null = null,
): Message {
  if (fact.type === 'member-joined') return catchUp('You joined', incident, screen);
  if (fact.type === 'absorbed') {
    return catchUp(
      `${idOf(fact.from)} was merged into ${idOf(incident)}, and you are invited`,
      incident,
      screen,
    );
  }
  if (fact.type === 'postmortem-reminded' || fact.type === 'postmortem-owner-set') {
    return postmortemReminder(fact, incident, screen);
  }
  if (fact.type === 'followup-added') return followupForYou(fact, incident, screen);
  if (fact.type === 'followups-asked') return followupsAsked(fact, incident, screen);
  if (fact.type === 'offer-declined') return declined(fact, incident, screen);
  if (fact.type !== 'role-assigned') return notice(fact, incident, screen);
  if (reader !== null && reader === fact.before) return relieved(fact, incident, screen);
  const role = roleWord(fact.role, screen);
  const own = userOf(fact.by) === fact.user;
  const from = own ? '' : ` ${byWords(fact.by, screen)} gave you the role.`;
  const first = `You are ${role} of ${idOf(incident)}.${from}`;
  const duties = instructionLines(instructions);
  return message(
    escaped([`${pushTitle(incident)}. ${first}`, ...duties].join('\n')),
    lines(heading(incident), first),
    bullets(...duties),
    lines(
      [
        `To hand it on, write in the channel: ${screen.command} handoff ${fact.role} @name. To drop it: ${screen.command} role ${fact.role} nobody.`,
      ],
      incident.channel && channelLink(incident.channel),
    ),
    fact.role === 'comms' || fact.role === 'commander'
      ? actions(button('Post update', 'post-update', { incident: incident.id }))
      : null,
  );
}

/** Whoever handed it over may go. */
function relieved(
  fact: Extract<Fact, { type: 'role-assigned' }>,
  incident: Incident,
  screen: Screen,
): Message {
  const role = roleWord(fact.role, screen);
  const words = `${nameOf(fact.user, screen)} accepted: you are not ${role} of ${idOf(incident)} any more. Thank you.`;
  return message(
    escaped(`${pushTitle(incident)}. ${words}`),
    lines(heading(incident), words, incident.channel && channelLink(incident.channel)),
  );
}

/** Whoever offered it, or holds it, has to ask somebody else. */
function declined(
  fact: Extract<Fact, { type: 'offer-declined' }>,
  incident: Incident,
  screen: Screen,
): Message {
  const role = roleWord(fact.role, screen);
  const words = `${byWords(fact.by, screen)} cannot take ${role} now. ${nameOf(fact.from, screen)} stays ${role} of ${idOf(incident)}.`;
  return message(
    escaped(`${pushTitle(incident)}. ${words}`),
    lines(heading(incident), words, incident.channel && channelLink(incident.channel)),
    incident.roles[fact.role]?.user === fact.from && isOpen(incident)
      ? actions(button('Offer it to somebody else…', 'handoff', { incident: incident.id, id: fact.role }))
      : null,
  );
}

const instructionLines = (instructions: string): string[] =>
  instructions
    .split('\n')
    .map((line) => oneLine(line, 300, ''))
    .filter((line) => line !== '')
    .slice(0, instructionsMax);

/** For a late joiner: what the card says (what it is, who has it, the last update), without its buttons. */
function catchUp(why: string, incident: Incident, screen: Screen): Message {
  const { text, blocks } = card(incident, screen);
  const [standing] = blocks;
  return message(
    `${escaped(`${why}. This is where it stands: `)}${text}`,
    lines(`${why}. This is where it stands:`),
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
