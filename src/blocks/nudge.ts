import { nextStepOf } from '../incident/escalation.ts';
import type { Incident, NudgeRule } from '../incident/incident.ts';
import { type Rung, updateRungs } from '../incident/rungs.ts';
import { label } from '../incident/severity-scale.ts';
import type { ActionId } from './actions.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { date, flat, type Line, lines, mention, nameOf, type Piece } from './rich-text.ts';
import { byWords, count, duration, idOf, lineLengthMax, pushTitle, statusWord, whom } from './wording.ts';

/** Which rung of which rule speaks, and the due time (epoch ms) it is about. */
export interface NudgeRung {
  rule: NudgeRule;
  rung: number;
  dueAt: number;
}

/** The clock's message: to whom, which rule and why, what was last, what to press, and what comes if nobody answers. */
export function nudge(incident: Incident, { rule, rung, dueAt }: NudgeRung, screen: Screen): Message {
  const rungs = rule === 'update-due' ? (updateRungs(incident)?.rungs ?? []) : [];
  const speaks = rungs[rung];
  const wish = wishes[rule](incident, dueAt, screen);
  const addressed: Piece[] = speaks?.to && speaks.via !== 'dm' ? [mention(speaks.to, screen), ' '] : [];
  return message(
    `${flat(screen, ...addressed)}${escaped(`${pushTitle(incident)}: `)}${flat(screen, ...wish)} ${idOf(incident)}`,
    lines(
      [...addressed, ...wish],
      background(incident, rule, screen),
      otherwise(
        incident,
        rungs.slice(rung + 1),
        dueAt + lateMs(incident, rungs[rung + 1], { rule, rung, dueAt }),
        screen,
      ),
    ),
    buttons(incident, rule),
  );
}

const wishes: Record<NudgeRule, (incident: Incident, dueAt: number, screen: Screen) => Piece[]> = {
  'update-due': (incident, dueAt, screen) => {
    const everyMs = incident.policy.severities[incident.severity].updateEveryMs;
    const rhythm = `(${label(incident.severity)}${everyMs === null ? '' : `, every ${duration(everyMs)}`}).`;
    if (dueAt > screen.now) return ['update due ', date(dueAt, screen), ` ${rhythm}`];
    const isNow = screen.now - dueAt < 60_000;
    return isNow ? [`update due now ${rhythm}`] : ['update was due ', date(dueAt, screen), ` ${rhythm}`];
  },
  'no-commander': (incident, _dueAt, screen) => [
    'Nobody is in command',
    ...vacancy(incident, incident.policy.nudges.noCommanderMs, screen),
    ' Who takes it?',
  ],
  'no-comms': (incident, _dueAt, screen) => [
    'There is no comms lead',
    ...vacancy(incident, incident.policy.nudges.noCommsMs, screen),
    ' Who keeps everybody informed?',
  ],
};

/** Which rule asks, and since when it is open: ` (SEV1, declared 03:01, asked every 5 min).` */
const vacancy = (incident: Incident, everyMs: number, screen: Screen): Piece[] => [
  ` (${label(incident.severity)}, declared `,
  date(incident.times.declaredAt, screen),
  `, asked every ${duration(everyMs)}).`,
];

/** What the asked person needs to answer without scrolling up. */
function background(incident: Incident, rule: NudgeRule, screen: Screen): Line {
  if (rule === 'no-commander') {
    return (
      incident.acknowledged &&
      `${byWords(incident.acknowledged.by, screen)} has it and may need somebody who decides.`
    );
  }
  const { last, messagesSince } = incident.updates;
  const state = `now ${statusWord(incident.status)}`;
  if (!last) {
    return [`No update yet. So far: ${count(messagesSince, 'message')}, ${state}.`];
  }
  return [
    'Last ',
    date(last.at, screen),
    `: "${oneLine(last.doing || last.happening, lineLengthMax).replace(/[.\s]+$/, '')}". Since then: ${count(messagesSince, 'message')}, ${state}.`,
  ];
}

/** A rung that came late moves those after it: by how much. */
function lateMs(incident: Incident, next: Rung | undefined, { rule, dueAt }: NudgeRung): number {
  const notBeforeAt = incident.nudges.rules[rule]?.notBeforeAt ?? null;
  return next && notBeforeAt !== null ? Math.max(0, notBeforeAt - (dueAt + next.afterMs)) : 0;
}

/** `No answer: commander 03:32, page 03:37.` */
function otherwise(incident: Incident, later: readonly Rung[], dueAt: number, screen: Screen): Line {
  const parts = later.flatMap((rung, index): Piece[] => {
    const words = whatThen(incident, rung, screen);
    return words === null ? [] : [index === 0 ? '' : ', ', `${words} `, date(dueAt + rung.afterMs, screen)];
  });
  return parts.length === 0 ? null : ['No answer: ', ...parts, '.'];
}

function whatThen(incident: Incident, rung: Rung, screen: Screen): string | null {
  switch (rung.via) {
    case 'page': {
      const next = nextStepOf(incident);
      return next ? `page ${whom(next.step.target, incident, screen)}` : null;
    }
    case 'mention':
      if (rung.to === null) return 'asked again';
      return rung.to === incident.roles.commander?.user ? 'commander' : nameOf(rung.to, screen);
    case 'channel':
      return 'asked in the channel';
    case 'dm':
      return null;
  }
}

const answers: Record<NudgeRule, readonly (readonly [label: string, action: ActionId])[]> = {
  'update-due': [
    ['Post update', 'post-update'],
    ['No change', 'no-change'],
  ],
  'no-commander': [['Take command', 'take-command']],
  'no-comms': [['Take comms', 'take-comms']],
};

function buttons(incident: Incident, rule: NudgeRule): ReturnType<typeof actions> {
  const target = { incident: incident.id, rule };
  const hasUpdate = incident.updates.last !== null;
  return actions(
    ...answers[rule]
      .filter(([, action]) => action !== 'no-change' || hasUpdate)
      .map(([words, action], index) =>
        button(words, action, target, index === 0 ? { style: 'primary' } : {}),
      ),
    button('Snooze…', 'snooze', target),
    button('Stop', 'stop', target),
  );
}
