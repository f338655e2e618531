import { mergeChoice, sameQuestion } from '../blocks/merge-modal.ts';
import type { Message } from '../blocks/message.ts';
import { escaped } from '../blocks/message.ts';
import { lines } from '../blocks/rich-text.ts';
import { person } from '../incident/by.ts';
import { type Incident, isOpen } from '../incident/incident.ts';
import { type Described, similarTo } from '../incident/similar.ts';
import type { Submitted } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { sightOf } from './guest.ts';
import { incidentNumbered } from './lookup.ts';
import { ended, numberOf, saying } from './reply.ts';

/** Read of the same service, and of those with a title alike: tests and what the person may not see are among them. */
const candidatesMax = 20;

/** What is known of the incident that is about to be declared. */
export interface Planned extends Described {
  /** A private one could not be merged into a public one, so none is offered. */
  isPrivate: boolean;
}

/** The open incident this may be the same as, of those that the person may see; `apart`: not the one they ruled out. */
export function similarOpen(
  deps: SlackDeps,
  user: string,
  planned: Planned,
  apart: number | null = null,
): Incident | null {
  const mayRead = sightOf(deps, user);
  const candidates = deps.store
    .similar(planned, candidatesMax)
    .filter((one) => mayRead(one) && one.id !== apart && (one.isPrivate || !planned.isPrivate));
  return similarTo(candidates, planned);
}

/** The answer to a declaration, with **Merge into INC-12** / **Different problem** under it. */
export function offering(answer: Message, incident: Incident, similar: Incident | null): Message {
  if (!similar) return answer;
  const words = sameQuestion(similar);
  const more = [lines(words), mergeChoice(incident, similar)].filter((block) => block !== null);
  return { text: `${answer.text} ${escaped(words)}`, blocks: [...answer.blocks, ...more] };
}

interface SameReport {
  user: string;
  cause: string;
  title: string;
  summary: string;
  /** They wrote it for an incident that not everybody sees. */
  isPrivate: boolean;
}

/** Somebody was about to declare what is open already: nothing is declared, they join it and what they wrote is kept. */
export async function reportSame(deps: SlackDeps, known: number, report: SameReport): Promise<Submitted> {
  const { user, cause, title, summary } = report;
  const incident = incidentNumbered(deps, known, user);
  if (!incident || !isOpen(incident)) {
    return { errors: { similar: `INC-${known} is not open any more. Choose "Different problem".` } };
  }
  if (report.isPrivate && !incident.isPrivate) {
    const words = `INC-${known} is not private: everybody would read there what you wrote. Choose "Different problem", or leave Private out.`;
    return { errors: { similar: words } };
  }
  const command = { type: 'report-same', by: person(user), title, summary } as const;
  return ended(deps, await deps.engine.handle(known, command, cause), (after) =>
    saying(
      `Nothing new was declared: what you wrote is in ${numberOf(after)}, and you are invited to its channel.`,
    ),
  );
}
