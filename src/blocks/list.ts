import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, channelLink, date, type Line, lines } from './rich-text.ts';
import { byWords, count, idOf, statusFrom, titleOf } from './wording.ts';

/** One screen on a phone is five; nobody reads more than this. */
const shownMax = 20;

/** Incidents, in the order given, each on two lines. `filter` as it was asked for: open, mine, all, sev1. */
export function incidentList(incidents: readonly Incident[], screen: Screen, filter: string): Message {
  const kind = oneLine(filter, 30, 'open');
  const declare = actions(button('Declare an incident', 'declare', { incident: 0 }));
  if (incidents.length === 0) {
    const none = kind === 'open' ? 'No incident is open.' : `No incident matches "${kind}".`;
    return message(escaped(none), lines(none), declare);
  }
  const shown = incidents.slice(0, shownMax);
  const title = `${count(incidents.length, 'incident')} (${kind})`;
  return message(
    escaped(title),
    lines(bold(title)),
    ...shown.map((incident) => lines(first(incident), second(incident, screen))),
    incidents.length > shown.length ? lines(`and ${incidents.length - shown.length} more`) : null,
    declare,
  );
}

const first = (incident: Incident): Line => [
  bold(`${incident.isTest ? 'TEST · ' : ''}${label(incident.severity)} · ${titleOf(incident, 120)}`),
  ` · ${idOf(incident)}${incident.isPrivate ? ' · private' : ''}`,
];

function second(incident: Incident, screen: Screen): Line {
  const held = incident.acknowledged;
  const holder = held ? `${byWords(held.by, screen)} has it` : 'nobody has it';
  const at = isOpen(incident) ? incident.times.startedAt : incident.statusAt;
  return [
    `${statusFrom(incident)} `,
    date(at, screen),
    isOpen(incident) && ` · ${holder}`,
    incident.channel && ' · ',
    incident.channel && channelLink(incident.channel),
  ];
}
