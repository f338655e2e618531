import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { postmortemOf } from '../incident/postmortem-state.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { channelLink, date, flat, type Line, lines, type Piece } from './rich-text.ts';
import { byWords, heading, idOf, pushTitle } from './wording.ts';

type Reminding = Extract<Fact, { type: 'postmortem-reminded' | 'postmortem-owner-set' }>;

/** A DM to the owner of a postmortem: it is theirs, it is to be written, or it is due; which rule says so, and what to press. */
export function postmortemReminder(fact: Reminding, incident: Incident, screen: Screen): Message {
  const target = { incident: incident.id };
  const { dueAt } = postmortemOf(incident);
  const wish = wishOf(fact, screen);
  const due: Piece[] =
    dueAt === null ? [] : [dueAt <= screen.now ? ' It was due ' : ' It is due ', date(dueAt, screen), '.'];
  return message(
    `${escaped(`${pushTitle(incident)}: `)}${flat(screen, wish, ...due)} ${idOf(incident)}`,
    lines(heading(incident), [wish, ...due], why(fact)),
    lines(incident.channel && ['The draft is in ', channelLink(incident.channel)]),
    actions(
      button('Write it…', 'postmortem-edit', target, { style: 'primary' }),
      button('Mark as reviewed', 'postmortem-reviewed', target),
      button('Somebody else…', 'postmortem-owner', target),
      dueAt !== null && button('Snooze…', 'postmortem-snooze', target),
      dueAt !== null && button('Stop', 'postmortem-stop', target),
    ),
  );
}

function wishOf(fact: Reminding, screen: Screen): string {
  if (fact.type === 'postmortem-owner-set') return `${byWords(fact.by, screen)} gave you its postmortem.`;
  return fact.what === 'due'
    ? 'Its postmortem is due, and nobody has marked it as reviewed.'
    : 'You own its postmortem.';
}

/** Which rule of the clock speaks. */
function why(fact: Reminding): Line {
  if (fact.type === 'postmortem-owner-set') return null;
  return fact.what === 'due'
    ? 'Reminded once when it is due, in your working hours.'
    : 'Asked at 10:00 on the working day after it was resolved.';
}
