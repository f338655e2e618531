import type { Fact } from '../incident/facts.ts';
import type { AlertLink, Incident } from '../incident/incident.ts';
import { noteMark } from '../incident/paging-out.ts';
import { label } from '../incident/severity-scale.ts';
import { clean, cleanLine } from '../incident/text.ts';
import type { Screen } from './message.ts';
import { byWords, idOf } from './wording.ts';

/** Plain text for PagerDuty: nothing in it is markup there. */

/** Longest part of a note that somebody wrote. */
const partLengthMax = 2_000;
const titleLengthMax = 200;

const done: Record<AlertLink['state'], string> = {
  acknowledged: 'Acknowledged',
  triggered: 'Given back',
  resolved: 'Resolved',
};

/** `SEV1 Checkout is down (INC-7)`: what the phone reads out. A private incident does not give its title away. */
export function pagerDutySummary(incident: Incident): string {
  const title = incident.isPrivate
    ? 'private incident'
    : cleanLine(incident.title, titleLengthMax) || 'Untitled';
  return `${label(incident.severity)} ${title} (${idOf(incident)})`;
}

/** Who declared it, and where it goes on: whoever is called reads this beside the title. */
export function pagerDutyDetails(incident: Incident, address: string | null, screen: Screen): string {
  const who = cleanLine(byWords(incident.declaredBy, screen), titleLengthMax);
  return [`Declared in Slack by ${who} ${noteMark(incident.id)}`, address ?? ''].filter(Boolean).join('\n');
}

/** A note in PagerDuty, or null where there is nothing to say. Its mark tells us our own notes when they come back. */
export function pagerDutyNote(about: Fact, incident: Incident, screen: Screen): string | null {
  const words = wordsOf(about, incident, screen);
  return words === null ? null : `${words} ${noteMark(incident.id)}`;
}

function wordsOf(about: Fact, incident: Incident, screen: Screen): string | null {
  if (about.type === 'alert-followed') {
    return about.unsigned
      ? `${done[about.to]} in Slack by ${cleanLine(byWords(about.unsigned, screen), titleLengthMax)}`
      : null;
  }
  if (about.type !== 'update-posted' || incident.isPrivate) return null;
  const part = (name: string, text: string): string => {
    const said = clean(text, partLengthMax);
    return said === '' ? '' : `${name}: ${said}`;
  };
  const parts = [
    `Update by ${cleanLine(byWords(about.by, screen), titleLengthMax)}`,
    part('What is happening', about.happening),
    part('Impact', about.impact),
    part('What we are doing', about.doing),
  ];
  return parts.filter((one) => one !== '').join('\n');
}

/** Why somebody is asked to respond, in one line. */
export const responderRequest = (incident: Incident): string =>
  `${pagerDutySummary(incident)}: please help ${noteMark(incident.id)}`;
