import type { Incident } from '../incident/incident.ts';
import { nextStepOf } from '../incident/ladder.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { date, flat, lines, type Piece } from './rich-text.ts';
import { idOf, pushTitle, whom } from './wording.ts';

/** Somebody who was not paged presses Acknowledge: do they know what it stops? */
export function askAcknowledge(incident: Incident, screen: Screen): Message {
  const next = nextStepOf(incident);
  const target = { incident: incident.id };
  const question: Piece[] = next
    ? [
        `This stops paging ${whom(next.step, incident, screen)} at `,
        date(next.at, screen),
        '. Are you taking it?',
      ]
    : ['Nobody has it. Are you taking it?'];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...question)} ${idOf(incident)}`,
    lines(question),
    actions(
      button("I'm taking it", 'confirm-acknowledge', target, { style: 'primary' }),
      button('Just watching', 'just-watching', target),
    ),
  );
}
