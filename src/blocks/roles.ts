import type { KnownBlock } from '@slack/types';
import { offerOf } from '../incident/handover.ts';
import { type Incident, isOpen, type Role, roles } from '../incident/incident.ts';
import { actions, button, escaped, type Message, message, plain, type Screen, section } from './message.ts';
import { bold, lines, nameOf, utc } from './rich-text.ts';
import { duration, idOf, roleWord } from './wording.ts';

/** Who holds what and since when, and what `reader` can do about each; seen by them alone. */
export function rolesMessage(incident: Incident, reader: string, screen: Screen): Message {
  const words = roles.map((role) => holding(incident, role, screen));
  return message(
    escaped(`Roles of ${idOf(incident)}. ${words.join(' ')}`),
    lines(bold(`Roles of ${idOf(incident)}`)),
    ...roles.flatMap((role, index) => [
      row(incident, role, words[index] ?? '', screen),
      ...offered(incident, role, reader, screen),
    ]),
    isOpen(incident) ? actions(button('Assign or drop…', 'role', { incident: incident.id })) : null,
  );
}

function holding(incident: Incident, role: Role, screen: Screen): string {
  const held = incident.roles[role];
  const word = roleWord(role, screen);
  if (!held) return `${word}: nobody.`;
  const since = `since ${utc(held.at, screen)}`;
  return `${word}: ${nameOf(held.user, screen)} ${since} (${duration(screen.now - held.at)}).`;
}

function row(incident: Incident, role: Role, words: string, screen: Screen): KnownBlock | null {
  if (!isOpen(incident)) return lines(words);
  const target = { incident: incident.id, id: role };
  const act = incident.roles[role]
    ? button('Hand over…', 'handoff', target, { spoken: `Hand over ${roleWord(role, screen)}…` })
    : button(`Take ${roleWord(role, screen)}`, 'take-role', target);
  return section(plain(words), act);
}

function offered(incident: Incident, role: Role, reader: string, screen: Screen): (KnownBlock | null)[] {
  const offer = offerOf(incident, role);
  if (!offer) return [];
  const target = { incident: incident.id, id: role };
  const who = offer.to === reader ? 'you' : nameOf(offer.to, screen);
  const word = roleWord(role, screen);
  const words = `${word} is offered to ${who} since ${utc(offer.at, screen)}, not answered yet.`;
  return offer.to === reader
    ? [
        lines(words),
        actions(
          button('Accept', 'accept-offer', target, { style: 'primary', spoken: `Accept ${word}` }),
          button('Not now', 'decline-offer', target, { spoken: `Not now: ${word}` }),
        ),
      ]
    : [
        section(
          plain(words),
          button('Withdraw the offer', 'withdraw-offer', target, { spoken: `Withdraw the offer of ${word}` }),
        ),
      ];
}
