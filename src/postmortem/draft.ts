import type { By } from '../incident/by.ts';
import { type SectionId, sectionIds } from '../incident/postmortem-sections.ts';
import { shorten } from '../incident/text.ts';
import { document } from './document.ts';
import type { Edit } from './edits.ts';
import { htmlDocument } from './html.ts';
import { summaryLines } from './lines.ts';
import { drawn } from './sections.ts';
import { type DraftInput, type Owner, type Story, storyOf } from './story.ts';
import { asSentence } from './wording.ts';

/** A postmortem draft: what is posted in the channel, and the document that goes with it. */
export interface Draft {
  /** Exactly five, each understood alone: what happened, impact and length, times, fix, worst gaps. Plain text. */
  lines: string[];
  /** What people have to answer, most important sections first. Plain text. */
  questions: string[];
  /** The sections that people wrote: their texts stand in the document instead of drawn ones. */
  kept: { id: SectionId; by: By; at: number }[];
  /** A Slack user id; null when no person was there. */
  owner: string | null;
  /** Why it is theirs. */
  ownerAs: Owner['as'] | null;
  /** Epoch ms: 48 h after a SEV1-2 was resolved; null when none is owed. */
  dueAt: number | null;
  /** `INC-42-checkout-is-down.md`: ASCII letters, digits and hyphens. */
  fileName: string;
  markdown: string;
}

/** One section for whoever edits it. Markdown. */
export interface SectionDraft {
  /** As it stands: what somebody wrote, else what the timeline gives. */
  text: string;
  edit: Edit | null;
}

/** One section of the draft alone: the rest is not drawn. */
export function sectionDraft(input: DraftInput, id: SectionId): SectionDraft {
  const story = storyOf(input);
  const edit = story.edits.get(id) ?? null;
  return { text: edit?.text ?? drawn(story, id), edit };
}

/** The whole document as one HTML file, and its name. */
export function htmlDraft(input: DraftInput): { fileName: string; html: string } {
  const { fileName, markdown } = draft(input);
  return { fileName: fileName.replace(/\.md$/, '.html'), html: htmlDocument(markdown) };
}

/** How many questions the channel is asked; the document asks them all. */
const questionsAskedMax = 6;

/** Longest slug in a file's name. */
const slugLengthMax = 60;

/**
 * The draft for one incident at any time of its life: what its rows show is filled in, what they cannot show is a
 * question, and nothing is invented. Linear in the rows.
 */
export function draft(input: DraftInput): Draft {
  const story = storyOf(input);
  return {
    lines: summaryLines(story),
    questions: openQuestions(story),
    kept: sectionIds.flatMap((id) => {
      const edit = story.edits.get(id);
      return edit ? [{ id, by: edit.by, at: edit.at }] : [];
    }),
    owner: story.owner?.user ?? null,
    ownerAs: story.owner?.as ?? null,
    dueAt: story.dueAt,
    fileName: fileNameOf(story),
    markdown: document(story),
  };
}

/** Those of a section that somebody wrote are answered there, and action items by follow-ups. */
const openQuestions = ({ questions, edits, incident }: Story): string[] =>
  questions
    .filter(({ open, section }) => open && !edits.has(section))
    .filter(({ section }) => section !== 'actions' || (incident.followups ?? []).length === 0)
    .slice(0, questionsAskedMax)
    .map((question) => asSentence(question.text));

function fileNameOf({ incident }: Story): string {
  const slug = shorten(incident.title, 4 * slugLengthMax)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugLengthMax)
    .replace(/^-+|-+$/g, '');
  return `INC-${incident.id}${slug === '' ? '' : `-${slug}`}.md`;
}
