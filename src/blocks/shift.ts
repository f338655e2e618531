import type { Incident } from '../incident/incident.ts';
import type { Address } from '../oncall/address.ts';
import type { ShiftChanged } from '../oncall/desk-effects.ts';
import { type Place, places } from '../oncall/schedule.ts';
import type { ShiftReport } from '../oncall/shift-report.ts';
import { memberWords, placeWords } from './desk-words.ts';
import { type Message, message, oneLine, type Screen } from './message.ts';
import { bold, channelLink, date, flat, type Line, lines, type Piece } from './rich-text.ts';
import { byWords, count, heading, list, statusFrom } from './wording.ts';

/** What somebody hears who comes, or goes, at a change of shift. `until` epoch ms: to when the new shift lasts. */
export interface ShiftBriefing {
  team: string;
  member: Address;
  about: ShiftChanged;
  until: number | null;
  /** Open ones of the team's services that the reader may see, the worst in front. */
  open: readonly Incident[];
  /** What the shift that ended had. */
  report: ShiftReport;
}

/** Further ones are in the list. */
const openMax = 10;

export function shiftMessage(briefing: ShiftBriefing, screen: Screen): Message {
  const { team, about, open, report } = briefing;
  const first = standing(briefing, screen);
  const number = open.length === 0 ? 'No open incident.' : `${count(open.length, 'open incident')}.`;
  const rest = open.length - openMax;
  return message(
    flat(screen, `On call for ${oneLine(team, 80)}: `, ...first, ` ${number}`),
    lines(bold(`On call for ${oneLine(team, 80)}`), first, [
      `Primary: ${memberWords(about.after.primary, screen)} · Secondary: ${memberWords(about.after.secondary, screen)}`,
    ]),
    lines(bold(number)),
    ...open.slice(0, openMax).map((incident) => lines(...incidentLines(incident, screen))),
    rest > 0 ? lines(`and ${rest} more: ${screen.command} list`) : null,
    about.before && lines(['The shift since ', date(about.before.since, screen), `: ${shiftWords(report)}`]),
  );
}

const placeOf = (shift: ShiftChanged['before'], member: Address): Place | null =>
  places.find((place) => JSON.stringify(shift?.[place] ?? null) === JSON.stringify(member)) ?? null;

function standing({ team, member, about, until }: ShiftBriefing, screen: Screen): Piece[] {
  const [was, is] = [placeOf(about.before, member), placeOf(about.after, member)];
  if (is === null) {
    const place = was ?? 'primary';
    const successor = about.after[place];
    const next = successor ? ` ${memberWords(successor, screen)} is ${place} now.` : '';
    return [`Your turn as ${placeWords(place, { team })} is over. Thank you.${next}`];
  }
  return [
    `You are ${placeWords(is, { team })} now`,
    until === null ? null : ', until ',
    until === null ? null : date(until, screen),
    was === null ? '.' : `; you were ${was}.`,
  ];
}

function incidentLines(incident: Incident, screen: Screen): Line[] {
  const { acknowledged, updates, statusAt, channel } = incident;
  const last = updates.last;
  return [
    heading(incident),
    [
      acknowledged ? `${byWords(acknowledged.by, screen)} has it` : 'Nobody has it',
      ` · ${statusFrom(incident)} `,
      date(statusAt, screen),
    ],
    last && ['Last update ', date(last.at, screen), `: ${oneLine(last.happening, 200)}`],
    channel && channelLink(channel),
  ];
}

/** `4 pages, 3 out of hours. Noisiest: payments 3, search 1.` */
function shiftWords({ pages, outOfHours, noisy }: ShiftReport): string {
  if (pages === 0) return 'quiet, nobody was paged.';
  const services = noisy.map(({ service, pages: of }) => `${oneLine(service ?? '', 80, 'no service')} ${of}`);
  return `${count(pages, 'page')}, ${outOfHours === 0 ? 'none' : outOfHours} out of hours. Noisiest: ${list(services)}.`;
}
