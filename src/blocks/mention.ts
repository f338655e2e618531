import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { date, flat, lines, type Piece } from './rich-text.ts';

/** Longest command that a button can remember; see `idLengthMax` in actions.ts. */
const rememberedMax = 900;

/** A mention needs a form, and Slack opens forms for clicks and commands only. `typed` is what the button repeats. */
export function formNeeded(typed: string, screen: Screen): Message {
  const said = oneLine(typed, 100, screen.command);
  const words = `"${said}" needs a form, and Slack opens one only when a button is pressed.`;
  if (Array.from(typed).length > rememberedMax) {
    const tooLong = `"${said}" needs a form, and is too long for a button to remember. Nothing changed. Send it shorter, or type ${screen.command} in the channel.`;
    return message(escaped(tooLong), lines(tooLong));
  }
  return message(
    escaped(words),
    lines(words),
    actions(button('Open the form', 'open-form', { incident: 0, id: typed }, { style: 'primary' })),
  );
}

/** A mention in the middle of a sentence is talk; where it reads like a command, say how it becomes one. */
export function mentionFirst(word: string, screen: Screen): Message {
  const shown = oneLine(word, 40, 'help');
  const words = `Was that a command? Put the mention first, then "${shown}" and the rest. Nothing changed. Commands in a channel: ${screen.command} ${shown}`;
  return message(escaped(words), lines(words));
}

/** What was said is edited, what was done is not. */
export function editedMention(screen: Screen): Message {
  const words = `An edited message gives no command. Nothing changed. Send it again as a new message, or type ${screen.command} in the channel.`;
  return message(escaped(words), lines(words));
}

/** Whoever wrote it long ago (epoch ms) may want something else by now. */
export function staleMention(typed: string, writtenAt: number, screen: Screen): Message {
  const words: Piece[] = [
    `"${oneLine(typed, 100, screen.command)}" of `,
    date(writtenAt, screen),
    ' reached me only now, too late to be carried out. Nothing changed. Still wanted? Send it again.',
  ];
  return message(flat(screen, ...words), lines(words));
}
