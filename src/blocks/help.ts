import { nearest } from '../incident/nearest.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, type Line, lines } from './rich-text.ts';

interface Hint {
  command: string;
  does: string;
}

const hint = (command: string, does: string): Hint => ({ command, does });

/** By situation, because nobody at night looks for a command by its name. */
const situations: readonly (readonly [situation: string, hints: readonly Hint[]])[] = [
  [
    'Something is broken',
    [
      hint('declare sev2 Checkout is down', 'declares at once; without words it asks'),
      hint('declare --test sev1 Trying it out', 'everything works, nobody is paged'),
      hint('list', 'what is open; also: open, mine, all, sev1'),
      hint('oncall payments', 'who would be woken for it now'),
    ],
  ],
  [
    'I was paged',
    [
      hint('ack', 'I have it: stops the paging'),
      hint('unack', 'gives it back: the next person is paged'),
      hint('escalate', 'pages the next person now, or somebody by name: escalate @dana database'),
      hint('role commander me', 'takes command; also comms, tech, ops, scribe'),
    ],
  ],
  [
    'We are working on it',
    [
      hint('update', 'what is happening, impact, what we do, when the next one comes'),
      hint('status identified', 'investigating, identified or monitoring'),
      hint('sev 1 all users', 'changes the severity; without a number it shows the definitions'),
      hint('note -15m rolled back', 'adds to the timeline, 15 minutes back'),
      hint('timeline 20', 'the last 20 entries; show INC-12 shows an incident'),
    ],
  ],
  [
    'It is over',
    [
      hint('resolve rollback', 'how it was fixed; then the postmortem draft follows'),
      hint('cancel false alarm', 'it was nothing'),
      hint('reopen', 'it was not over after all'),
      hint('postmortem', 'the draft once more'),
    ],
  ],
];

/** Commands by situation, short. */
export function help(screen: Screen): Message {
  const blocks = situations.flatMap(([situation, hints]) => [
    lines(bold(situation)),
    bullets(...hints.map(({ command, does }): Line => [code(`${screen.command} ${command}`), ` ${does}`])),
  ]);
  return message(
    `What you can do with ${escaped(screen.command)}`,
    ...blocks,
    lines(
      'Outside an incident channel put the number first: ',
      [code(`${screen.command} INC-12 ack`)],
      `Slack takes no commands in threads: type them in the channel. Is something wrong with Tocsin? ${screen.command} doctor`,
    ),
    actions(button('Declare an incident', 'declare', { incident: 0 }, { style: 'danger' })),
  );
}

const code = (words: string) => ({ type: 'text', text: words, style: { code: true } }) as const;

/** Every word that can follow the command. */
export const commandWords = [
  'help',
  'declare',
  'sev',
  'status',
  'update',
  'ack',
  'unack',
  'escalate',
  'role',
  'note',
  'timeline',
  'resolve',
  'reopen',
  'cancel',
  'list',
  'show',
  'oncall',
  'postmortem',
  'doctor',
] as const;

/** A word we do not know: the nearest one that we do, or where to look. Nothing was changed. */
export function didYouMean(typed: string, screen: Screen): Message {
  const word = oneLine(typed, 60, '(nothing)');
  const near = nearest(typed, commandWords);
  const cure = near ? `Did you mean ${screen.command} ${near}?` : `All commands: ${screen.command} help`;
  const words = `I do not know "${word}". Nothing changed. ${cure}`;
  return message(escaped(words), lines(words));
}
