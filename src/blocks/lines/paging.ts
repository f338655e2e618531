import type { FactOf } from '../../incident/facts.ts';
import { type Incident, isOpen } from '../../incident/incident.ts';
import { label } from '../../incident/severity-scale.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from '../message.ts';
import { paged, pageFailed, phones, slackQuiet, webhookFailed } from '../page-line.ts';
import { bold, date, flat, lines, type Piece } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { byWords, idOf, lineLengthMax, pushTitle } from '../wording.ts';
import { comingUp, type Lines, said, told } from './said.ts';

export const paging = {
  'people-paged': paged,
  'page-failed': pageFailed,
  'slack-quiet': slackQuiet,
  'webhook-failed': webhookFailed,
  'ladder-exhausted': (fact, incident) =>
    message(
      escaped(`${pushTitle(incident)}: everybody was paged and nobody answered. ${idOf(incident)}`),
      lines(bold('Everybody on the ladder was paged and nobody answered.'), phones(fact.phones)),
      actions(button('Acknowledge', 'acknowledge', { incident: incident.id }, { style: 'primary' })),
    ),
  'ticket-recorded': (_fact, incident, screen) =>
    said([`${label(incident.severity)}: nobody is paged, this channel is the ticket.`], screen),
  acknowledged: (fact, _incident, screen) =>
    said(
      [fact.from ? `${sentence(fact, screen)}.` : `${byWords(fact.by, screen)} has it. Paging stopped.`],
      screen,
    ),
  // Whom that wakes is the next line's news.
  unacknowledged: told,
  declined: told,
  'alerts-cleared': clearedLine,
  'fired-again': (fact, incident) =>
    message(
      escaped(`${pushTitle(incident)}: the alert fired again. ${idOf(incident)}`),
      lines([bold('The alert fired again'), `: ${oneLine(fact.alert.title, lineLengthMax, 'no title')}`]),
      isOpen(incident)
        ? null
        : actions(button('Reopen', 'reopen', { incident: incident.id }, { style: 'primary' })),
    ),
  'kept-open': (fact, incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, comingUp(incident, screen)),
} satisfies Lines;

/** Every alert is resolved: may we close? Nobody had it: then it is canceled by itself, unless somebody acts. */
function clearedLine(fact: FactOf<'alerts-cleared'>, incident: Incident, screen: Screen): Message {
  const target = { incident: incident.id };
  const first: Piece[] = ['PagerDuty says every alert is resolved.'];
  const holds: Piece[] =
    fact.cancelAt === null
      ? []
      : [
          'Nobody acknowledged, so nobody is paged now. Canceled ',
          date(fact.cancelAt, screen),
          ' unless somebody acts.',
        ];
  const hasIt = incident.acknowledged !== null;
  return message(
    `${flat(screen, ...first)} ${flat(screen, ...holds)} ${idOf(incident)}`,
    lines(first, hasIt || fact.acknowledged ? 'Is it over?' : holds),
    isOpen(incident)
      ? actions(
          hasIt ? null : button('Acknowledge', 'acknowledge', target, { style: 'primary' }),
          button('Resolve…', 'resolve', target),
          button('Keep open', 'keep-open', target),
        )
      : null,
  );
}
