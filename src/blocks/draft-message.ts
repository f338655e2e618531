import type { Button } from '@slack/types';
import type { By } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { type SectionId, sectionTitles } from '../incident/postmortem-sections.ts';
import { isWrittenAfter, postmortemOf } from '../incident/postmortem-state.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { reviewedWords } from './postmortem-line.ts';
import { bold, bullets, date, type Line, lines, link, nameOf } from './rich-text.ts';
import { byWords, count, idOf, list, titleOf } from './wording.ts';

/** The draft in short. `owner` is a Slack user id, `dueAt` epoch ms. */
export interface DraftSummary {
  lines: string[];
  questions: string[];
  /** The sections that people wrote, and who. */
  kept?: readonly { id: SectionId; by: By }[];
  owner: string | null;
  dueAt: number | null;
}

/** Where the document is: a file, a canvas (its address, null: unknown), or nobody knows yet which. */
export type WholeDraft = 'file' | 'coming' | { canvas: string | null };

const linesMax = 10;
const questionsMax = 10;

/** The postmortem in five lines that stand alone, what is still open, who owns it, by when. Mentions nobody. */
export function draftMessage(
  draft: DraftSummary,
  incident: Incident,
  screen: Screen,
  whole: WholeDraft = 'file',
): Message {
  const title = `Postmortem draft: ${titleOf(incident, 120)} · ${idOf(incident)}`;
  const owner = draft.owner === null ? 'nobody yet' : nameOf(draft.owner, screen);
  const unasked = draft.questions.length - questionsMax;
  const said = draft.lines.slice(0, linesMax).map((line) => oneLine(line, 500, ''));
  return message(
    escaped([`${title}. ${count(draft.questions.length, 'open question')}.`, ...said].join('\n')),
    lines(bold(title)),
    lines(...said),
    draft.questions.length > 0 ? lines(bold('Open questions')) : null,
    bullets(...draft.questions.slice(0, questionsMax).map((question) => oneLine(question, 300, ''))),
    lines(
      unasked > 0 && `and ${unasked} more in the file`,
      [
        `Owner: ${owner}`,
        draft.dueAt !== null && ' · due ',
        draft.dueAt !== null && date(draft.dueAt, screen),
      ],
      reviewedWords(incident, screen),
      keptWords(draft.kept ?? [], screen),
      wholeWords(whole),
    ),
    actions(...buttons(incident)),
  );
}

const wholeWords = (whole: WholeDraft): Line => {
  if (whole === 'file') return 'The whole draft is in the file below.';
  if (whole === 'coming') return 'The whole draft follows.';
  return [
    'The whole draft is ',
    link("the canvas among this channel's tabs", whole.canvas),
    '. It shows every edit.',
  ];
};

/** Which sections stand as people wrote them, and how to undo that. */
function keptWords(kept: readonly { id: SectionId; by: By }[], screen: Screen): Line {
  if (kept.length === 0) return null;
  const words = kept.map(({ id, by }) => `${sectionTitles[id]} (${byWords(by, screen)})`);
  return `Kept as edited: ${list(words, sectionsNamedMax)}. To go back: ${screen.command} postmortem restore ${kept[0]?.id}`;
}

const sectionsNamedMax = 14;

function buttons(incident: Incident): Button[] {
  const target = { incident: incident.id };
  const isReviewed = postmortemOf(incident).reviewedAt !== null;
  const review = isReviewed
    ? button('Not reviewed after all', 'postmortem-unreviewed', target)
    : button('Mark as reviewed', 'postmortem-reviewed', target);
  return [
    button('Edit…', 'postmortem-edit', target),
    button('Add action item…', 'followup', target),
    button('Owner and due…', 'postmortem-owner', target),
    ...(isWrittenAfter(incident.status) ? [review] : []),
    button('Draft again', 'postmortem', target),
    ...(incident.status === 'resolved' ? [button('Close…', 'close', target)] : []),
  ];
}
