import { nearest } from '../incident/nearest.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, type Line, lines, mention, type Piece } from './rich-text.ts';

interface Hint {
  command: string;
  /** In words; further commands stand between backticks. */
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
      hint(
        'oncall cover 2h',
        'asks the others to stand in; also: `oncall override @bea 2h`, `oncall covers`, `oncall test`',
      ),
    ],
  ],
  [
    'I was paged',
    [
      hint('ack', 'I have it: stops the paging'),
      hint('unack', 'gives it back: the next person is paged'),
      hint('escalate', 'pages the next person now, or somebody by name: `escalate @dana database`'),
      hint('role commander me', 'takes command; also comms, tech, ops, scribe'),
    ],
  ],
  [
    'We are working on it',
    [
      hint('update', 'what is happening, impact, what we do, when the next one comes'),
      hint('status identified', 'investigating, identified or monitoring'),
      hint('sev 1 all users', 'changes the severity; without a number it shows the definitions'),
      hint('roles', 'who holds what, since when, with buttons'),
      hint('handoff commander @bea', 'offers it with a briefing; you stay until she accepts'),
      hint('nudges', 'what I will remind whom of, when and why; each can be snoozed or stopped'),
      hint('pause for 2h waiting for the vendor', 'no reminders until then; `resume` ends it'),
      hint('note -15m rolled back', 'adds to the timeline, 15 minutes back'),
      hint('call https://meet.example.com/42', 'sets the call link; without one it shows it'),
      hint('runbook payments', 'shows and bookmarks it; without a service this one’s'),
      hint('rename Card payments fail', 'a better title, everywhere'),
      hint('private', 'goes on in a private channel; says first what that means'),
      hint('timeline 20', 'the last 20 entries, to page, star or hide; `show INC-12` shows an incident'),
      hint(
        'timeline export csv',
        'as a file; also markdown, json. Reactions on messages: :pushpin: :star: :ticket:',
      ),
    ],
  ],
  [
    'It is over',
    [
      hint('resolve rollback', 'how it was fixed; then the postmortem draft follows'),
      hint('followup add limit the retries @bea by friday', 'for afterwards; also: list, done 2'),
      hint('close', 'after resolve: goes through the closing checklist'),
      hint('cancel false alarm', 'it was nothing'),
      hint('merge INC-12', 'this one goes into INC-12, after you confirmed it'),
      hint('reopen', 'it was not over after all; `undo` takes back an end, or the last change of severity'),
      hint('postmortem edit impact', 'write a section; without more, the draft once more'),
      hint('postmortem owner @bea', 'also: due friday, reviewed, action, export html'),
    ],
  ],
];

/** Commands by situation, short. */
export function help(screen: Screen): Message {
  const blocks = situations.flatMap(([situation, hints]) => [
    lines(bold(situation)),
    bullets(
      ...hints.map(
        ({ command, does }): Line => [code(`${screen.command} ${command}`), ': ', ...marked(does)],
      ),
    ),
  ]);
  return message(
    `What you can do with ${escaped(screen.command)}`,
    ...blocks,
    lines(
      ['Outside an incident channel put the number first: ', code(`${screen.command} INC-12 ack`)],
      [
        'In a thread, where Slack takes no commands: ',
        us(screen),
        ' ack. By direct message to me: ',
        code('INC-12 ack'),
      ],
      ['Is something wrong with Tocsin? ', code(`${screen.command} doctor`)],
    ),
    actions(button('Declare an incident', 'declare', { incident: 0 }, { style: 'danger' })),
  );
}

/** By whatever name the workspace knows us. */
const us = (screen: Screen): Piece => (screen.bot ? mention(screen.bot, screen) : '@tocsin');

const code = (words: string) => ({ type: 'text', text: words, style: { code: true } }) as const;

/** What stands between backticks is a command. */
const marked = (words: string): Piece[] =>
  words.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part));

/** Every word that can follow the command. */
export const commandWords = [
  'help',
  'declare',
  'sev',
  'status',
  'update',
  'nudges',
  'pause',
  'resume',
  'ack',
  'unack',
  'escalate',
  'role',
  'roles',
  'handoff',
  'note',
  'timeline',
  'resolve',
  'followup',
  'close',
  'reopen',
  'merge',
  'undo',
  'cancel',
  'list',
  'show',
  'oncall',
  'postmortem',
  'private',
  'rename',
  'runbook',
  'call',
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
