import type { SourceState } from '../oncall/duties.ts';
import { escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, date, type Line, lines } from './rich-text.ts';
import { capital, duration } from './wording.ts';

/** Who would be woken for a service. People as words (a name, an address), null where there is nobody; `until` epoch ms. */
export interface OnCallRow {
  service: string | null;
  team: string | null;
  primary: string | null;
  secondary: string | null;
  until: number | null;
  /** Who comes after `until`; `stays`: the same as now. */
  next: string | null;
  stays: boolean;
  /** Where it comes from, or why there is nobody: `payments on-call list`. */
  source: string;
  /** How old that is, where PagerDuty said it. */
  age?: SourceState;
}

/** Further services are asked for by name. */
const rowsMax = 15;

/** Who would be woken, now and next, and says who. Names only: looking it up wakes nobody. */
export function onCallMessage(rows: readonly OnCallRow[], screen: Screen): Message {
  const shown = rows.slice(0, rowsMax);
  const rest = rows.length - shown.length;
  return message(
    escaped(
      shown.length === 1 && shown[0] ? `${subject(shown[0])}: ${person(shown[0].primary)}` : 'Who is on call',
    ),
    ...(shown.length === 0
      ? [lines('No service is configured yet (services in incident.yml).')]
      : shown.map((row) => lines(...rowLines(row, screen)))),
    rest > 0 ? lines(`and ${rest} more: ${screen.command} oncall <service>`) : null,
  );
}

const person = (words: string | null): string => (words === null ? 'nobody' : oneLine(words, 80, 'nobody'));

const subject = (row: OnCallRow): string => oneLine(row.service ?? '', 80, 'Any other service');

function rowLines(row: OnCallRow, screen: Screen): Line[] {
  const team = row.team === null || row.team === row.service ? '' : ` · team ${oneLine(row.team, 80)}`;
  return [
    [bold(subject(row)), team],
    `Primary: ${person(row.primary)} · Secondary: ${person(row.secondary)}`,
    row.until !== null && [
      'Until ',
      date(row.until, screen),
      row.next !== null &&
        (row.stays ? `, and ${person(row.next)} again after that` : `, then ${person(row.next)}`),
    ],
    `From: ${oneLine(row.source, 200, 'unknown')}${row.age ? agoWords(row.age, screen) : ''}`,
    ...(row.age ? troubleLines(row.age, screen) : []),
  ];
}

/** `, 3 min ago`; nothing where the next line says it. */
function agoWords({ answeredAt, failingSince }: SourceState, { now }: Screen): string {
  if (answeredAt === null || failingSince !== null) return '';
  return `, ${now - answeredAt < 60_000 ? 'just now' : `${duration(now - answeredAt)} ago`}`;
}

function troubleLines({ answeredAt, failingSince, problem }: SourceState, screen: Screen): Line[] {
  const cure = problem === null ? [] : [`${oneLine(capital(problem), 300)}.`];
  if (failingSince === null) return cure;
  const age =
    answeredAt === null
      ? '. It has never answered.'
      : `; last known, ${duration(Math.max(60_000, screen.now - answeredAt))} old.`;
  return [[bold('PagerDuty does not answer'), ' since ', date(failingSince, screen), age], ...cure];
}
