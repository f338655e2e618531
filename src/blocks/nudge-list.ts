import type { KnownBlock } from '@slack/types';
import type { Incident, NudgeRule } from '../incident/incident.ts';
import { isOpen, nudgeRules } from '../incident/incident.ts';
import type { PlannedNudge } from '../incident/nudge-clock.ts';
import { stateOf } from '../incident/nudge-state.ts';
import type { ActionId } from './actions.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { ruleWord, wordsOf } from './nudge-words.ts';
import { pausedLine } from './pause.ts';
import { bold, date, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { dueWords, type NextDue } from './tray.ts';
import { capital, idOf, list, pushTitle } from './wording.ts';

/** What the clock will say: when, why and to whom, each with its Snooze and Stop; `others`: what it will do besides. */
export function nudgeList(
  incident: Incident,
  planned: readonly PlannedNudge[],
  others: readonly NextDue[],
  screen: Screen,
): Message {
  const paused = pausedLine(incident, screen);
  const stopped = nudgeRules.filter((rule) => stateOf(incident, rule).stopped);
  return message(
    escaped(`${pushTitle(incident)}: what comes next by itself. ${idOf(incident)}`),
    lines(
      bold(`What comes next by itself · ${idOf(incident)}`),
      paused && [...paused, '. Nobody is reminded before.'],
      planned.length === 0 && !paused && nothing(incident, others, screen),
    ),
    paused ? actions(button('Resume now', 'resume', { incident: incident.id })) : null,
    ...planned.flatMap((one) => reminder(incident, one, screen)),
    lines(
      ...others.map((other): Line => [date(other.at, screen), ` ${otherWords(incident, other, screen)}`]),
    ),
    stopped.length > 0
      ? lines(`Stopped: ${list(stopped.map(ruleWord))}. Nobody is asked about that any more.`)
      : null,
    ...stopped.map((rule) => startAgain(incident, rule)),
  );
}

function nothing(incident: Incident, others: readonly NextDue[], screen: Screen): string {
  if (!isOpen(incident))
    return `It is over${others.length > 0 ? '. What is left:' : ': nobody is reminded of anything.'}`;
  return incident.acknowledged
    ? 'No reminder is due.'
    : `Nobody has it: until somebody does, only the paging speaks. Take it with ${screen.command} ack`;
}

/** What is asked after the end is asked of one person, who is named; the rest is in the words of the tray. */
function otherWords(incident: Incident, { what }: NextDue, screen: Screen): string {
  const owner = what.split('followups-')[1] ?? incident.postmortem?.owner;
  if (!owner) return dueWords(what);
  const words = paperwork.find(([rule]) => what.startsWith(rule))?.[1];
  return words ? `${nameOf(owner, screen)} ${words}, by direct message` : dueWords(what);
}

const paperwork: readonly (readonly [rule: string, words: string])[] = [
  ['followups-', 'is asked whether what they took on is done (2 days before it is due, then weekly)'],
  ['postmortem-ask', 'is asked for the postmortem (10:00 on the next working day)'],
  ['postmortem-due', 'is reminded that the postmortem is due'],
];

function reminder(incident: Incident, planned: PlannedNudge, screen: Screen): KnownBlock[] {
  const { rule, rung, at, waitsForWork } = planned;
  const target = { incident: incident.id, rule };
  const said = lines([
    date(at, screen),
    ' ',
    bold(capital(ruleWord(rule))),
    ' (',
    ...wordsOf(rule).why(incident, screen, planned),
    `), ${place(rung, screen)}`,
    waitsForWork && ', in working hours',
    snoozed(incident, rule, screen),
  ]);
  const press = (label: string, action: ActionId) =>
    button(label, action, target, { spoken: `${label} ${ruleWord(rule)}` });
  const pressed = actions(press('Snooze…', 'snooze'), press('Stop', 'stop'));
  return [said, pressed].filter((block) => block !== null);
}

const startAgain = (incident: Incident, rule: NudgeRule): KnownBlock | null =>
  actions(button(`Start "${ruleWord(rule)}" again`, 'start-again', { incident: incident.id, rule }));

function place(rung: PlannedNudge['rung'], screen: Screen): string {
  if (rung.via === 'dm') return `to ${rung.to ? nameOf(rung.to, screen) : 'nobody'} by direct message`;
  if (rung.via === 'page') return 'the next person is paged';
  return rung.to ? `to ${nameOf(rung.to, screen)} in the channel` : 'to the channel';
}

/** Only a person's Snooze belongs to no due time. */
function snoozed(incident: Incident, rule: NudgeRule, screen: Screen): Piece {
  const { notBeforeAt, dueAt } = stateOf(incident, rule);
  return notBeforeAt !== null && dueAt === null && notBeforeAt > screen.now && ', snoozed';
}
