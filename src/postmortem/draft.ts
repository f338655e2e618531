import { shorten } from '../incident/text.ts';
import { document } from './document.ts';
import { summaryLines } from './lines.ts';
import { type DraftInput, type Owner, type Story, storyOf } from './story.ts';
import { asSentence } from './wording.ts';

/** A postmortem draft: what is posted in the channel, and the document that goes with it. */
export interface Draft {
  /** Exactly five, each understood alone: what happened, impact and length, times, fix, worst gaps. Plain text. */
  lines: string[];
  /** What people have to answer, most important sections first. Plain text. */
  questions: string[];
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
    owner: story.owner?.user ?? null,
    ownerAs: story.owner?.as ?? null,
    dueAt: story.dueAt,
    fileName: fileNameOf(story),
    markdown: document(story),
  };
}

const openQuestions = ({ questions }: Story): string[] =>
  questions
    .filter((question) => question.open)
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
