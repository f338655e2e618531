import type { FactOf, FactType } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { endings } from './lines/endings.ts';
import { life } from './lines/life.ts';
import { paging } from './lines/paging.ts';
import { people } from './lines/people.ts';
import { reminders } from './lines/reminders.ts';
import { room } from './lines/room.ts';
import type { Lines } from './lines/said.ts';
import type { Message, Screen } from './message.ts';
import { numbered } from './wording.ts';

const spoken: Lines = {
  ...paging,
  ...life,
  ...endings,
  ...people,
  ...reminders,
  ...room,
};

/**
 * What the channel says about a fact, null for facts that it does not mention. People who are paged are mentioned:
 * that notifies them. Nobody else is.
 */
export function line<Type extends FactType>(
  fact: FactOf<Type>,
  incident: Incident,
  screen: Screen,
): Message | null {
  const render: Lines[Type] = spoken[fact.type as Type];
  const shown = render ? render(fact, incident, screen) : null;
  return shown && numbered(shown, incident);
}
