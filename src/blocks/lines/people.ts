import type { FactOf } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { actions, button, type Message, message, type Screen } from '../message.ts';
import { date, flat, lines, mention, nameOf, type Piece } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { idOf, roleWord } from '../wording.ts';
import { type Lines, said, told } from './said.ts';

export const people = {
  'role-assigned': told,
  'role-dropped': told,
  'offer-failed': (fact, incident, screen) =>
    said(
      [mention(fact.from, screen), ` ${sentence(fact, screen)}. You stay ${roleWord(fact.role, screen)}.`],
      screen,
      `Ask somebody else: ${screen.command} handoff ${fact.role} @name ${idOf(incident)}`,
    ),
  'offer-unanswered': unanswered,
} satisfies Lines;

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
