import type { FactOf } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { itemList } from '../closing-words.ts';
import { type Message, oneLine, type Screen } from '../message.ts';
import { bold, type Line } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { byWords, duration, firingWords, lineLengthMax } from '../wording.ts';
import { comingUp, type Lines, said, told } from './said.ts';

export const endings = {
  resolved: (fact, incident, screen) =>
    said(
      [
        bold('Resolved'),
        ` by ${byWords(fact.by, screen)}: ${fact.how}. ${oneLine(fact.text, lineLengthMax, '')}`.trimEnd(),
      ],
      screen,
      fact.verified ? 'Recovery is verified.' : 'Recovery is not verified yet: keep an eye on it.',
      firingWords(incident),
      `It lasted ${duration((incident.times.resolvedAt ?? incident.statusAt) - incident.times.startedAt)}. Not over? ${screen.command} reopen`,
    ),
  closed: closedLine,
  'close-undone': told,
  canceled: (fact, _incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, `Wrong? ${screen.command} reopen`),
  reopened: (fact, incident, screen) =>
    said([`${sentence(fact, screen)}.`], screen, comingUp(incident, screen)),
  'postmortem-reviewed': told,
  'postmortem-review-undone': told,
} satisfies Lines;

/** Who closed it, and how each item of the checklist was answered. */
function closedLine(fact: FactOf<'closed'>, _incident: Incident, screen: Screen): Message {
  const items = (wanted: (answer: FactOf<'closed'>['answers'][number]) => boolean): string =>
    itemList(fact.answers.filter(wanted).map(({ item }) => item));
  const row = (words: string, found: string): Line => found !== '' && `${words}: ${found}.`;
  return said(
    [bold('Closed'), ` by ${byWords(fact.by, screen)}.`],
    screen,
    row(
      'Shown by the data',
      items(({ proven }) => proven),
    ),
    row(
      `Said by ${byWords(fact.by, screen)}`,
      items(({ ticked, proven }) => ticked && !proven),
    ),
    row(
      'Not so',
      items(({ ticked }) => !ticked),
    ),
    fact.why !== '' && `Closed anyway because: ${oneLine(fact.why, lineLengthMax)}`,
    `Follow-ups stay: ${screen.command} followup list. Not over? ${screen.command} reopen`,
  );
}
