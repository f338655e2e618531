import type { Incident } from '../incident/incident.ts';
import { isWrittenAfter, postmortemOf } from '../incident/postmortem-state.ts';
import type { Screen } from './message.ts';
import { date, type Line, nameOf, type Piece } from './rich-text.ts';
import { byWords } from './wording.ts';

/** `Reviewed by Cai 10:05`, with what came after it; null when it was not. */
export function reviewedWords(incident: Incident, screen: Screen): Piece[] | null {
  const { reviewedAt, reviewedBy, sections } = postmortemOf(incident);
  if (reviewedAt === null) return null;
  const isChanged = Object.values(sections).some(({ at }) => at > reviewedAt);
  const by = reviewedBy ? ` by ${byWords(reviewedBy, screen)}` : '';
  return [`Reviewed${by} `, date(reviewedAt, screen), isChanged && ', edited since'];
}

/** For the card of what is over: who writes it, until when, or that it is done. Null: none is owed. */
export function postmortemLine(incident: Incident, screen: Screen): Line {
  const { postmortem } = incident;
  if (!postmortem || !isWrittenAfter(incident.status)) return null;
  const reviewed = reviewedWords(incident, screen);
  if (reviewed) return ['Postmortem: ', ...lowered(reviewed)];
  const { owner, dueAt } = postmortem;
  if (dueAt === null && owner === null) return null;
  const word = dueAt !== null && dueAt < screen.now ? ', was due ' : ', due ';
  return [
    `Postmortem: ${owner === null ? 'nobody' : nameOf(owner, screen)}`,
    dueAt !== null && word,
    dueAt !== null && date(dueAt, screen),
  ];
}

const lowered = ([first, ...rest]: Piece[]): Piece[] => [
  typeof first === 'string' ? first.charAt(0).toLowerCase() + first.slice(1) : first,
  ...rest,
];
