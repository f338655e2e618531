import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { since } from './card.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, channelLink, date, type Line, lines } from './rich-text.ts';
import { byWords, count, idOf, statusFrom, titleOf } from './wording.ts';

/** One screen on a phone is five; nobody reads more than this. */
const shownMax = 20;

/** An empty list, by its filter; any other filter is a severity. */
const nothing: ReadonlyMap<string, string> = new Map([
  ['open', 'No incident is open.'],
  ['mine', 'No open incident is yours.'],
  ['all', 'There is no incident yet.'],
]);

/** Under every choice of incidents that a guest of the workspace is shown: there may be more. */
export const guestNote = 'You are a guest here: only incidents whose channel you are in are shown.';

/**
 * Incidents, in the order given, each on two lines. `filter` as it was asked for: open, mine, all, SEV1. A guest cannot
 * declare.
 */
export function incidentList(
  incidents: readonly Incident[],
  screen: Screen,
  filter: string,
  isGuest: boolean,
): Message {
  const kind = oneLine(filter, 30, 'open');
  const last = isGuest
    ? lines(guestNote)
    : actions(button('Declare an incident', 'declare', { incident: 0 }));
  if (incidents.length === 0) {
    const none = nothing.get(kind) ?? `There is no ${kind} incident yet.`;
    return message(escaped(isGuest ? `${none} ${guestNote}` : none), lines(none), last);
  }
  const shown = incidents.slice(0, shownMax);
  const title = `${count(incidents.length, 'incident')} (${kind})`;
  return message(
    escaped(title),
    lines(bold(title)),
    ...shown.map((incident) => lines(first(incident), second(incident, screen))),
    incidents.length > shown.length ? lines(`and ${incidents.length - shown.length} more`) : null,
    last,
  );
}

const first = (incident: Incident): Line => [
  bold(`${incident.isTest ? 'TEST · ' : ''}${label(incident.severity)} · ${titleOf(incident, 120)}`),
  ` · ${idOf(incident)}${incident.isPrivate ? ' · private' : ''}`,
];

function second(incident: Incident, screen: Screen): Line {
  const held = incident.acknowledged;
  const holder = held ? `${byWords(held.by, screen)} has it` : 'nobody has it';
  return [
    `${statusFrom(incident)} `,
    date(since(incident), screen),
    isOpen(incident) && ` · ${holder}`,
    incident.channel && ' · ',
    incident.channel && channelLink(incident.channel),
  ];
}
