import type { PageReason } from '../incident/escalation.ts';
import type { Incident } from '../incident/incident.ts';
import { oneLine, type Screen } from './message.ts';
import { date, nameOf, type Piece } from './rich-text.ts';
import { byWords, lineLengthMax, sourceOf } from './wording.ts';

/** Why somebody is told, as the end of a sentence: `nobody has it`. */
export function reasonWords(reason: PageReason, screen: Screen): Piece[] {
  switch (reason.why) {
    case 'declared':
      return ['it was declared'];
    case 'alert':
      return ['an alert came in'];
    case 'ladder':
      return ['nobody has it'];
    case 'no-commander':
      return ['nobody is in command'];
    case 'reopened':
      return ['it was reopened'];
    case 'fired-again':
      return ['the alert fired again'];
    case 'raised':
      return [`${byWords(reason.by, screen)} raised the severity`];
    case 'asked':
      return [
        `${byWords(reason.by, screen)} asks for help`,
        reason.text && `: ${oneLine(reason.text, lineLengthMax)}`,
      ];
    case 'declined':
      return [`${byWords(reason.by, screen)} can't take it`];
    case 'unacknowledged':
      return [`${byWords(reason.by, screen)} gave it back`];
    case 'silent':
      return [`${nameOf(reason.user, screen)} had it and stopped answering`];
    case 'still-on-it':
      return ['nothing was heard since ', date(reason.sinceAt, screen)];
    case 'no-update':
      return ['the status update was due ', date(reason.dueAt, screen)];
    case 'busy-primary':
      return [`${nameOf(reason.user, screen)} is busy with INC-${reason.other}`];
  }
}

/** The same for whoever is paged: they have not seen the channel, so where it came from and how bad it is stand there. */
export function pageReason(reason: PageReason, incident: Incident, screen: Screen): Piece[] {
  const severityReason = `, ${oneLine(incident.severityReason, lineLengthMax, 'severity set by hand')}`;
  switch (reason.why) {
    case 'declared':
    case 'alert':
    case 'ladder': {
      const source = sourceOf(incident);
      if (source) return [source, ' ', date(incident.times.detectedAt, screen), severityReason];
      const declarer = byWords(incident.declaredBy, screen);
      return [`${declarer} declared it `, date(incident.times.declaredAt, screen), severityReason];
    }
    case 'raised':
      return [...reasonWords(reason, screen), severityReason];
    default:
      return reasonWords(reason, screen);
  }
}
