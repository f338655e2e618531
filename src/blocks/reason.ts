import { userOf } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { PageReason } from '../incident/page-order.ts';
import { setWhenDeclared } from '../incident/severity.ts';
import { oneLine, type Screen } from './message.ts';
import { date, nameOf, type Piece } from './rich-text.ts';
import { byWords, lineLengthMax, list, sourceOf } from './wording.ts';

/** Why somebody is told, as the end of a sentence: `nobody has it`. */
export function reasonWords(reason: PageReason, screen: Screen): Piece[] {
  switch (reason.why) {
    case 'declared':
      return ['it was declared'];
    case 'alert':
      return ['an alert came in', ...andPaged(', PagerDuty paged ', reason.pagedBy)];
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
    case 'shift-changed':
      return [`the shift changed before ${nameOf(reason.from, screen)} answered`];
    case 'still-on-it':
      return ['nothing was heard since ', date(reason.sinceAt, screen)];
    case 'no-update':
      return ['the status update was due ', date(reason.dueAt, screen)];
  }
}

/** `, PagerDuty paged Bea and Cai`; nothing where it paged nobody. */
const andPaged = (words: string, people: readonly string[] = []): string[] =>
  people.length === 0
    ? []
    : [
        words,
        list(
          people.map((name) => oneLine(name, 60, 'somebody')),
          pagedShownMax,
        ),
      ];

/** So many of those whom PagerDuty paged are named. */
const pagedShownMax = 5;

/** The same for whoever is paged: they have not seen the channel, so where it came from and how bad it is stand there. */
export function pageReason(reason: PageReason, incident: Incident, screen: Screen): Piece[] {
  // Who declared or raised it stands there already.
  const isNamed = incident.severityReason === setWhenDeclared || incident.severityReason === '';
  const severityReason = isNamed ? null : `, ${oneLine(incident.severityReason, lineLengthMax)}`;
  switch (reason.why) {
    case 'declared':
    case 'alert':
    case 'ladder': {
      // What a person declared has PagerDuty's incident only because we page through it.
      const source = userOf(incident.declaredBy) === null ? sourceOf(incident) : null;
      const paged = reason.why === 'alert' ? andPaged(', it paged ', reason.pagedBy) : [];
      if (source) return [source, ' ', date(incident.times.detectedAt, screen), ...paged, severityReason];
      const declarer = byWords(incident.declaredBy, screen);
      return [`${declarer} declared it `, date(incident.times.declaredAt, screen), severityReason];
    }
    case 'raised':
      return [...reasonWords(reason, screen), severityReason];
    default:
      return reasonWords(reason, screen);
  }
}
