import type { Incident } from '../incident/incident.ts';
import { escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { date, type Line, lines } from './rich-text.ts';
import { count, idOf, lineLengthMax, titleOf } from './wording.ts';

/** One line: `at` epoch ms; `author` stands in front of what they wrote. */
export interface TimelineLine {
  at: number;
  text: string;
  author?: string;
}

/** More would not be read, and Slack refuses messages that are too long. */
const shownMax = 30;

/** The last entries, oldest first, for one reader. `more`: how many earlier ones there are. */
export function timelineMessage(
  entries: readonly TimelineLine[],
  incident: Incident,
  screen: Screen,
  { more }: { more: number },
): Message {
  const shown = entries.slice(-shownMax);
  const earlier = more + entries.length - shown.length;
  const title = `Timeline of ${idOf(incident)}: ${titleOf(incident, 100)}`;
  return message(
    escaped(`${title}, ${count(shown.length, 'entry', 'entries')}`),
    lines(title),
    lines(...shown.map((entry): Line => [date(entry.at, screen), ` ${words(entry)}`])) ??
      lines('Nothing yet.'),
    earlier > 0
      ? lines(
          `${count(earlier, 'earlier entry', 'earlier entries')}: ${screen.command} timeline ${shownMax} shows the last ${shownMax}.`,
        )
      : null,
  );
}

const words = ({ text, author }: TimelineLine): string => {
  const said = oneLine(text, lineLengthMax);
  return author === undefined ? said : `${oneLine(author, 60, 'somebody')}: ${said}`;
};
