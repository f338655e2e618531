import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import type { SectionId } from '../incident/postmortem-sections.ts';
import { defaultOwner, type OwnerAs, postmortemOf } from '../incident/postmortem-state.ts';
import { leadsTo, type TimelineEntry, type TimelineItem } from '../incident/timeline.ts';
import { type Edit, editsOf } from './edits.ts';
import { evidence } from './evidence.ts';
import { type Figures, figures } from './figures.ts';
import type { Evidence } from './finding.ts';
import { escapeInline, toAnswer } from './markdown.ts';
import { type Asking, type Question, questionsOf } from './questions.ts';
import { type Reading, read } from './reading.ts';
import { readable } from './slack-text.ts';
import { withoutHidden } from './taken-back.ts';

/** What a draft is made from. `entries` hold the incident's whole life, in any order; `now` epoch ms. */
export interface DraftInput {
  incident: Incident;
  entries: readonly TimelineEntry[];
  now: number;
  /** A person's name for a Slack user id. */
  names: (user: string) => string;
  /** A fact as one plain-text sentence, without the time. */
  sentence: (fact: Fact) => string;
  /** The address of a message, in its thread where it is a reply; null when there is none. */
  link: (place: { channel: string; ts: string }, threadTs: string | null) => string | null;
}

/** Who writes the postmortem, and for which reason it is them. */
export interface Owner {
  user: string;
  as: OwnerAs | 'assigned';
}

/** Everything the sections draw from, computed once. */
export interface Story extends DraftInput {
  reading: Reading;
  figures: Figures;
  evidence: Evidence[];
  questions: Question[];
  owner: Owner | null;
  dueAt: number | null;
  /** What people wrote instead of what the timeline gives. */
  edits: ReadonlyMap<SectionId, Edit>;
}

/** A postmortem is due this long after a SEV1-2 was resolved (product.md section 7). */
const postmortemDueAfterMs = 48 * 3_600_000;

export function storyOf(input: DraftInput): Story {
  const reading = read(input.incident, input.entries, input.now);
  const incident = withoutHidden(input.incident, reading);
  const counted = figures(reading);
  return {
    ...input,
    incident,
    reading,
    figures: counted,
    evidence: evidence(reading),
    questions: questionsOf(incident, counted),
    owner: ownerOf(input.incident),
    dueAt: dueAtOf(input.incident, counted),
    edits: editsOf(reading.rows),
  };
}

/** Whoever was named, else whom it follows from (incident/postmortem.ts). */
function ownerOf(incident: Incident): Owner | null {
  const { owner, ownerBy } = postmortemOf(incident);
  const meant = defaultOwner(incident);
  if (owner !== null && (ownerBy !== null || owner !== meant?.user)) return { user: owner, as: 'assigned' };
  return meant;
}

function dueAtOf(incident: Incident, counted: Figures): number | null {
  if (incident.postmortem) return incident.postmortem.dueAt;
  const isOwed = counted.resolvedAfterMs !== null && incident.severity <= 2 && !incident.isTest;
  return isOwed ? counted.endAt + postmortemDueAfterMs : null;
}

/** The address that an entry's line leads to. */
export function linkOf(story: Story, item: TimelineItem): string | null {
  const place = leadsTo(item);
  return place && story.link(place, item.kind === 'message' ? item.threadTs : null);
}

/** A user's name, safe in Markdown. */
export const nameIn = (story: Story, user: string): string => escapeInline(story.names(user));

/** Slack's own markup gone, still plain text. */
export const readableIn = (story: Story, text: string): string => readable(text, story.names);

/** A section's questions, each a paragraph in italics. */
export const asked = (story: Story, section: Asking): string =>
  story.questions
    .filter((question) => question.section === section)
    .map((question) => toAnswer(question.text))
    .join('\n\n');
