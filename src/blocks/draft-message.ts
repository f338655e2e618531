import type { Incident } from '../incident/incident.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, date, lines, nameOf } from './rich-text.ts';
import { count, idOf, titleOf } from './wording.ts';

/** The draft in short. `owner` is a Slack user id, `dueAt` epoch ms. */
export interface DraftSummary {
  lines: string[];
  questions: string[];
  owner: string | null;
  dueAt: number | null;
}

const linesMax = 10;
const questionsMax = 10;

/** The postmortem in five lines that stand alone, what is still open, who owns it, by when. Mentions nobody. */
export function draftMessage(draft: DraftSummary, incident: Incident, screen: Screen): Message {
  const title = `Postmortem draft: ${titleOf(incident, 120)} · ${idOf(incident)}`;
  const owner = draft.owner === null ? 'nobody yet' : nameOf(draft.owner, screen);
  const unasked = draft.questions.length - questionsMax;
  return message(
    escaped(`${title}. ${count(draft.questions.length, 'open question')}.`),
    lines(bold(title)),
    lines(...draft.lines.slice(0, linesMax).map((line) => oneLine(line, 500, ''))),
    draft.questions.length > 0 ? lines(bold('Open questions')) : null,
    bullets(...draft.questions.slice(0, questionsMax).map((question) => oneLine(question, 300, ''))),
    lines(
      unasked > 0 && `and ${unasked} more in the file`,
      [
        `Owner: ${owner}`,
        draft.dueAt !== null && ' · due ',
        draft.dueAt !== null && date(draft.dueAt, screen),
      ],
      'The whole draft is in the file below.',
    ),
    actions(button('Draft again', 'postmortem', { incident: incident.id })),
  );
}
