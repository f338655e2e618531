import type { Incident } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { guestNote } from './list.ts';
import {
  actions,
  button,
  escaped,
  type Message,
  message,
  oneLine,
  plain,
  type Screen,
  section,
} from './message.ts';
import { lines } from './rich-text.ts';
import { idOf, statusWord, titleOf } from './wording.ts';

/** Further ones are reached by their number. */
const offeredMax = 10;

/** The command needs an incident and none is meant yet: a button each; pressing one repeats the command (`text`) there. */
export function pickIncident(
  incidents: readonly Incident[],
  text: string,
  screen: Screen,
  isGuest: boolean,
): Message {
  const said = `${screen.command} ${oneLine(text, 100, '')}`.trim();
  if (incidents.length === 0) {
    const none = `${said} needs an incident, and none is open. Nothing changed.`;
    const last = isGuest
      ? lines(guestNote)
      : actions(button('Declare an incident', 'declare', { incident: 0 }));
    return message(escaped(isGuest ? `${none} ${guestNote}` : none), lines(none), last);
  }
  const question = `Which incident is ${said} for?`;
  const rest = incidents.length - offeredMax;
  return message(
    escaped(question),
    lines(question),
    ...incidents
      .slice(0, offeredMax)
      .map((incident) =>
        section(
          plain(`${label(incident.severity)} · ${titleOf(incident, 100)} · ${statusWord(incident.status)}`),
          button(idOf(incident), 'pick-incident', { incident: incident.id, id: text }),
        ),
      ),
    lines(
      rest > 0 && `${rest} more are open.`,
      `Or put the number in front: ${screen.command} ${idOf(incidents[0] ?? { id: 12 })} ${oneLine(text, 60, 'ack')}`,
    ),
  );
}
