import type { By } from '../../incident/by.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { label } from '../../incident/severity-scale.ts';
import { absorbedLine, mergedLine, sameReportedLine, separatedLine } from '../merge-line.ts';
import { escaped, type Message, message, oneLine, paragraph, type Screen } from '../message.ts';
import { bold, date, lines, nameOf, type Piece } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { byWords, idOf, lineLengthMax, list, pushTitle, statusWord } from '../wording.ts';
import { comingUp, type Lines, said, told } from './said.ts';

export const life = {
  'severity-changed': severityLine,
  'status-changed': (fact, _incident, screen) =>
    said(
      [
        `${byWords(fact.by, screen)}: ${statusWord(fact.from).toLowerCase()} → `,
        bold(statusWord(fact.to).toLowerCase()),
        fact.note && `. ${oneLine(fact.note, lineLengthMax)}`,
      ],
      screen,
    ),
  'update-posted': updateLine,
  'no-change-posted': (fact, incident, screen) => {
    const { last } = incident.updates;
    const before: Piece[] = last ? [': still as of ', date(last.at, screen)] : [];
    return said(
      [bold('Update: no change'), `, says ${byWords(fact.by, screen)}`, ...before],
      screen,
      last && `"${oneLine(last.happening, lineLengthMax)}"`,
      fact.nextAt !== null && ['Next update ', date(fact.nextAt, screen)],
    );
  },
  merged: mergedLine,
  absorbed: absorbedLine,
  separated: separatedLine,
  'same-reported': sameReportedLine,
  renamed: told,
} satisfies Lines;

const isPerson = (by: By | null): by is Extract<By, { kind: 'person' }> => by?.kind === 'person';

function severityLine(fact: FactOf<'severity-changed'>, incident: Incident, screen: Screen): Message {
  const isRaise = fact.to < fact.from;
  const asked = isRaise
    ? [
        ...new Set(
          [fact.acknowledgedBefore, fact.by].filter(isPerson).map(({ user }) => nameOf(user, screen)),
        ),
      ]
    : [];
  return said(
    [`${sentence(fact, screen)}.`],
    screen,
    isRaise &&
      incident.escalation.next !== null &&
      !incident.isTest &&
      'The paging starts again for the new severity.',
    asked.length > 0 &&
      !incident.isTest &&
      `${list(asked)} ${asked.length > 1 ? 'are' : 'is'} asked: do you have it?`,
    comingUp(incident, screen),
  );
}

/** The fixed form (product.md section 4): what is happening, impact, what we are doing, next update at. */
function updateLine(fact: FactOf<'update-posted'>, incident: Incident, screen: Screen): Message {
  const happening = paragraph(fact.happening, 2_000);
  const impact = paragraph(fact.impact || incident.impactText, 2_000, '');
  const doing = paragraph(fact.doing, 2_000, '');
  return message(
    escaped(`${pushTitle(incident)}. Update: ${oneLine(happening, 400)} ${idOf(incident)}`),
    lines([
      bold(`Update by ${byWords(fact.by, screen)}`),
      ` · ${label(incident.severity)} ${statusWord(incident.status)}`,
    ]),
    lines(
      [bold('What is happening: '), happening],
      impact !== '' && [bold('Impact: '), impact],
      doing !== '' && [bold('What we are doing: '), doing],
      fact.nextAt !== null && [bold('Next update: '), date(fact.nextAt, screen)],
    ),
  );
}
