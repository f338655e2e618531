import type { Incident } from '../incident/incident.ts';
import { isOpen, nudgeRules } from '../incident/incident.ts';
import type { ActionId } from './actions.ts';
import { card } from './card.ts';
import { actions, button, type Message, message, oneLine, type Screen } from './message.ts';
import { wordsOf } from './nudge-words.ts';
import { date, lines } from './rich-text.ts';

/** What comes next by itself: `what` is a rule of the clock or words, `at` epoch ms. */
export interface NextDue {
  what: string;
  at: number;
}

type Choice = readonly [label: string, action: ActionId];

/** Everything about one incident for one reader: the facts, what is due next, and every action that makes sense now. */
export function tray(incident: Incident, next: NextDue | null, screen: Screen): Message {
  const facts = card(incident, screen);
  const due = next && [`Next: ${dueWords(next.what)} `, date(next.at, screen)];
  return message(
    facts.text,
    ...facts.blocks.filter((block) => block.type !== 'actions'),
    lines(due),
    ...rowsOf(incident).map((row) =>
      actions(...row.map(([label, action]) => button(label, action, { incident: incident.id }))),
    ),
    lines(`All commands: ${screen.command} help`),
  );
}

function rowsOf(incident: Incident): Choice[][] {
  if (!isOpen(incident)) {
    return [
      [
        ...(incident.status === 'resolved' ? [['Close…', 'close'] as const] : []),
        ['Reopen', 'reopen'],
        ['Postmortem', 'postmortem'],
        ['Follow-ups', 'followups'],
        ['Timeline', 'timeline'],
      ],
    ];
  }
  const mine: Choice[] = incident.acknowledged
    ? [['Give it back', 'unacknowledge']]
    : [['Acknowledge', 'acknowledge']];
  const vacant: Choice[] = [
    ...(incident.roles.commander ? [] : [['Take command', 'take-command'] as const]),
    ...(incident.roles.comms ? [] : [['Take comms', 'take-comms'] as const]),
  ];
  const handover: Choice[] = Object.keys(incident.roles).length > 0 ? [['Hand over…', 'handoff']] : [];
  const isLine = incident.visibility !== 'channel';
  return [
    [...mine, ...vacant, ['Roles…', 'role'], ...handover, ['Escalate…', 'escalate']],
    [
      ['Update…', 'post-update'],
      ['Status…', 'status'],
      ['Severity…', 'severity'],
      ['Add a note…', 'note'],
      ['Timeline', 'timeline'],
    ],
    [
      ['Reminders', 'nudges'],
      incident.paused ? ['Resume reminders', 'resume'] : ['Pause reminders…', 'pause'],
      ['Resolve…', 'resolve'],
      ['Cancel…', 'cancel'],
      ['Merge…', 'merge'],
      ['Follow-ups', 'followups'],
      ...(isLine ? [['Open channel', 'open-channel'] as const] : []),
    ],
    [
      ['Runbook', 'runbook'],
      ['Call', 'call'],
      ['Rename…', 'rename'],
      ...(incident.isPrivate ? [] : [['Make private…', 'private'] as const]),
    ],
  ];
}

/** By how the rules of the clock begin (incident/due.ts). */
const dueTexts: readonly (readonly [rule: string, words: string])[] = [
  ['escalation', 'the next person is told'],
  ['silent', 'the acknowledgement is taken back'],
  ['still-on-it', 'whoever has it is asked "Still on it?"'],
  ['cleared', 'canceled as cleared by itself'],
  ['wake', 'the pause ends'],
  ...nudgeRules.map((rule) => [rule, wordsOf(rule).asks] as const),
  ['followups', 'whoever owns a follow-up is asked whether it is done'],
  ['postmortem-ask', 'asks the owner for the postmortem'],
  ['postmortem-due', 'reminds the owner that the postmortem is due'],
  ['offer-reminder', 'whoever was offered a role is asked again'],
  ['offer-unanswered', 'the channel hears that an offered role was not taken'],
];

/** A rule of the clock, in words. */
export const dueWords = (what: string): string =>
  dueTexts.find(([rule]) => what.startsWith(rule))?.[1] ?? oneLine(what, 200);
