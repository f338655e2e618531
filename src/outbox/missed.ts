import { commandWords } from '../blocks/help.ts';
import type { MissedCommand } from '../incident/clock.ts';
import type { Place } from '../incident/incident.ts';
import { readTimeline, type TimelineEntry } from '../incident/timeline.ts';
import { addressed, commandFreshMs } from '../slack-message.ts';

const isCommand = (word: string): boolean => commandWords.some((one) => one === word);

/** `INC-12 ack now` -> `ack`; null when it is none of our words. */
function wordOf(command: string): string | null {
  const [first = '', second = ''] = command.toLowerCase().split(/\s+/, 2);
  const word = /^inc-\d+$/.test(first) ? second : first;
  return isCommand(word) ? word : null;
}

/**
 * Mentions of us that were recorded so late that they are not carried out any more, oldest first. Each is told once:
 * what was recorded before they were last told (`commands-missed`) is not looked at. `isDone`: this message was obeyed.
 */
export function missedCommands(
  entries: readonly TimelineEntry[],
  botUser: string,
  isDone: (place: Place) => boolean,
): MissedCommand[] {
  const toldAt = entries.findLast(({ fact }) => fact.type === 'commands-missed')?.seq ?? 0;
  const recordedAt = new Map(entries.map(({ seq, at }) => [seq, at]));
  return readTimeline(entries).flatMap((item) => {
    if (item.kind !== 'message' || item.seq <= toldAt || item.author.user === null) return [];
    const late = (recordedAt.get(item.seq) ?? item.at) - item.at;
    const words = late < commandFreshMs ? null : addressed(item.text, botUser);
    const word = words?.isFirst ? wordOf(words.command) : null;
    return word === null || isDone(item) ? [] : [{ user: item.author.user, word, writtenAt: item.at }];
  });
}
