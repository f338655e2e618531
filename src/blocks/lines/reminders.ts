import type { FactOf } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from '../message.ts';
import { bold, date, lines, nameOf } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { byWords, idOf, lineLengthMax } from '../wording.ts';
import { type Lines, said, told } from './said.ts';

export const reminders = {
  'followup-added': followupLine,
  'followup-done': told,
  'followup-removed': told,
  'followups-given-up': (fact, _incident, screen) =>
    said(
      [`${sentence(fact, screen)}.`],
      screen,
      `Nobody is asked again. Who does it? ${screen.command} followup list`,
    ),
  paused: (fact, incident, screen) =>
    message(
      `${escaped(`${sentence(fact, screen)}. `)}${idOf(incident)}`,
      lines(
        [
          `${byWords(fact.by, screen)} paused the reminders until `,
          date(fact.untilAt, screen),
          fact.insteadOf !== undefined && ' instead of ',
          fact.insteadOf !== undefined && date(fact.insteadOf, screen),
          fact.why && `: ${oneLine(fact.why, lineLengthMax)}`,
        ],
        'A new page, a raise or a new alert ends the pause.',
      ),
      incident.paused ? actions(button('Resume now', 'resume', { incident: incident.id })) : null,
    ),
  'pause-ended': told,
  'nudge-started': told,
  'nudge-stopped': (fact, _incident, screen) =>
    said(
      [`${sentence(fact, screen)}. Nobody is asked about it any more.`],
      screen,
      `Wrong? ${screen.command} nudges`,
    ),
} satisfies Lines;

/** `Follow-up 2 by Ana: fix the retry`, and under it who does it by when. */
function followupLine(fact: FactOf<'followup-added'>, incident: Incident, screen: Screen): Message {
  const owner = fact.owner === null ? 'Nobody owns it yet' : `For ${nameOf(fact.owner, screen)}`;
  // Its message may have been deleted while this waited.
  const { text } = incident.followups?.find(({ n }) => n === fact.n) ?? fact;
  return said(
    [bold(`Follow-up ${fact.n}`), ` by ${byWords(fact.by, screen)}: ${oneLine(text, lineLengthMax)}`],
    screen,
    [owner, fact.dueAt !== null && ', due ', fact.dueAt !== null && date(fact.dueAt, screen), '.'],
  );
}
