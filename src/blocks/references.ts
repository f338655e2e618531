import type { Incident } from '../incident/incident.ts';
import { escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, type Line, lines, link } from './rich-text.ts';
import { idOf } from './wording.ts';

/** Longest address in a message's text. */
const urlLengthMax = 2_000;

const address = (url: string): string => oneLine(url, urlLengthMax);

/** The call of an incident, or how to set one. */
export function callMessage(incident: Incident, screen: Screen): Message {
  const { callUrl } = incident;
  if (!callUrl) {
    const words = `${idOf(incident)} has no call link yet. To set one: ${screen.command} call https://meet.example.com/your-room`;
    return message(escaped(words), lines(words));
  }
  return message(
    escaped(`Call of ${idOf(incident)}: ${address(callUrl)}`),
    lines([bold(`Call of ${idOf(incident)}`), ': ', link(address(callUrl), callUrl)]),
    lines(`To replace it: ${screen.command} call https://…`),
  );
}

/** The runbook of one service; `isMarked`: it stands at the top of the channel too. */
export function runbookMessage(service: string, url: string, isMarked: boolean): Message {
  const name = oneLine(service, 60);
  return message(
    escaped(`Runbook of ${name}: ${address(url)}`),
    lines(
      [bold(`Runbook of ${name}`), ': ', link(address(url), url)],
      isMarked && 'It is bookmarked at the top of the channel.',
    ),
  );
}

/** Of all services that have one. So many are listed. */
const listedMax = 30;

/** No service was named: every runbook there is, or how to configure one. `first` says why they are listed. */
export function runbookList(
  first: string,
  runbooks: readonly { service: string; url: string }[],
  screen: Screen,
): Message {
  if (runbooks.length === 0) {
    const words = `${first} No service has a runbook yet. ${howToConfigure('payments')}`.trim();
    return message(escaped(words), lines(words));
  }
  const shown = runbooks.slice(0, listedMax);
  const rest = runbooks.length - shown.length;
  const ask = `One of them, bookmarked too: ${screen.command} runbook ${oneLine(shown[0]?.service ?? '', 60)}`;
  return message(
    escaped(`${first} Runbooks: ${shown.map(({ service }) => oneLine(service, 60)).join(', ')}`.trim()),
    lines(first === '' ? null : first, bold('Runbooks')),
    bullets(...shown.map(({ service, url }): Line => [link(oneLine(service, 60), url)])),
    lines(rest > 0 ? `and ${rest} more` : null, ask),
  );
}

/** What to write where, so that the next one finds it. */
export const howToConfigure = (service: string): string =>
  `To configure one, write in incident.yml, under services, ${oneLine(service, 60)}: runbook: https://…`;
