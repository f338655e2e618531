import type { Incident, NudgeRule } from '../incident/incident.ts';
import { intervalOf } from '../incident/nudge-rules.ts';
import type { Rung } from '../incident/rungs.ts';
import { label, type Severity, severities } from '../incident/severity-scale.ts';
import type { ActionId } from './actions.ts';
import { type ButtonLook, confirmation, oneLine, type Screen } from './message.ts';
import { date, type Line, nameOf, type Piece } from './rich-text.ts';
import { byWords, count, duration, firingWords, lineLengthMax, statusWord } from './wording.ts';

/** A button of a nudge. */
export interface Answer {
  label: string;
  action: ActionId;
  look?: ButtonLook;
  /** Whom it is about. */
  user?: string;
}

/** Everything a rule of the clock says: one row per rule. A nudge reads `fact (why). question`. */
interface NudgeWords {
  /** On the timeline and in lists: `update due`. */
  name: string;
  /** After "Next:": `asks for a status update`. */
  asks: string;
  fact: (incident: Incident, screen: Screen, asked: Asked) => Piece[];
  /** Which rule speaks, and why at that time. */
  why: (incident: Incident, screen: Screen, asked: Pick<Asked, 'dueAt'>) => Piece[];
  question: (asked: Asked) => string;
  /** What the asked person needs to answer without scrolling up. */
  background: (incident: Incident, screen: Screen) => Line;
  answers: (incident: Incident, asked: Asked) => Answer[];
}

/** What is being asked: how loudly, and the due time it is about (epoch ms). */
export interface Asked {
  via: Rung['via'];
  dueAt: number;
}

const every = (incident: Incident, rule: NudgeRule): string => {
  const everyMs = intervalOf(incident, rule);
  return everyMs === null ? '' : `, asked every ${duration(everyMs)}`;
};

/** `since 03:01, asked every 30 min` */
const since =
  (rule: NudgeRule, sinceAt: (incident: Incident) => number) =>
  (incident: Incident, screen: Screen): Piece[] => [
    'since ',
    date(sinceAt(incident), screen),
    every(incident, rule),
  ];

/** Since when it is open: `SEV1, declared 03:01, asked every 5 min`. */
const declared =
  (rule: NudgeRule) =>
  (incident: Incident, screen: Screen): Piece[] => [
    `${label(incident.severity)}, declared `,
    date(incident.times.declaredAt, screen),
    every(incident, rule),
  ];

function lastUpdate(incident: Incident, screen: Screen): Line {
  const { last, messagesSince } = incident.updates;
  const state = `now ${statusWord(incident.status)}`;
  if (!last) return [`No update yet. So far: ${count(messagesSince, 'message')}, ${state}.`];
  return [
    'Last ',
    date(last.at, screen),
    `: "${oneLine(last.doing || last.happening, lineLengthMax).replace(/[.\s]+$/, '')}". Since then: ${count(messagesSince, 'message')}, ${state}.`,
  ];
}

/** The last update named this time, and it is not the one that its severity asks for. */
function isPromised(incident: Incident, dueAt: number): boolean {
  const { last } = incident.updates;
  const everyMs = intervalOf(incident, 'update-due');
  if (!last || last.nextAt !== dueAt) return false;
  return everyMs === null || Math.abs(last.at + everyMs - dueAt) >= 60_000;
}

const nothing = () => null;

const severityAnswers = { 1: 'set-sev1', 2: 'set-sev2', 3: 'set-sev3', 4: 'set-sev4' } as const;

function severityAnswer(incident: Incident, severity: Severity): Answer {
  const name = `${label(severity)} ${oneLine(incident.policy.severities[severity].name, 40, '')}`.trim();
  const isRaise = severity < incident.severity;
  const raises = confirmation(`Raise it to ${label(severity)}?`, 'People are paged again.', 'Raise it');
  return { label: name, action: severityAnswers[severity], look: isRaise ? { confirm: raises } : {} };
}

const commanderOf = ({ roles }: Incident): string => roles.commander?.user ?? '';

const words: Record<NudgeRule, NudgeWords> = {
  'no-commander': {
    name: 'nobody in command',
    asks: 'asks who takes command',
    fact: () => ['Nobody is in command'],
    why: declared('no-commander'),
    question: () => 'Who takes it?',
    background: ({ acknowledged }, screen) =>
      acknowledged && `${byWords(acknowledged.by, screen)} has it and may need somebody who decides.`,
    answers: () => [{ label: 'Take command', action: 'take-command' }],
  },
  'update-due': {
    name: 'update due',
    asks: 'asks for a status update',
    fact: (_incident, screen, { dueAt }) => {
      if (dueAt > screen.now) return ['update due ', date(dueAt, screen)];
      return screen.now - dueAt < 60_000 ? ['update due now'] : ['update was due ', date(dueAt, screen)];
    },
    why: (incident, _screen, { dueAt }) => {
      const everyMs = intervalOf(incident, 'update-due');
      if (isPromised(incident, dueAt)) return [`${label(incident.severity)}, promised in the last update`];
      return [`${label(incident.severity)}${everyMs === null ? '' : `, every ${duration(everyMs)}`}`];
    },
    question: () => '',
    background: lastUpdate,
    answers: ({ updates }) => [
      { label: 'Post update', action: 'post-update' },
      ...(updates.last ? [{ label: 'No change', action: 'no-change' } as const] : []),
    ],
  },
  'no-comms': {
    name: 'no comms lead',
    asks: 'asks for a comms lead',
    fact: () => ['There is no comms lead'],
    why: declared('no-comms'),
    question: () => 'Who keeps everybody informed?',
    background: lastUpdate,
    answers: () => [{ label: 'Take comms', action: 'take-comms' }],
  },
  'severity-unsure': {
    name: 'severity not sure',
    asks: 'asks how bad it is',
    fact: (incident) => [`Nobody was sure of the severity; ${label(incident.severity)} is only assumed`],
    why: (incident, screen) => [
      'declared ',
      date(incident.times.declaredAt, screen),
      every(incident, 'severity-unsure'),
    ],
    question: () => 'How bad is it for users?',
    background: nothing,
    answers: (incident) => severities.map((severity) => severityAnswer(incident, severity)),
  },
  'undecided-triage': {
    name: 'undecided triage',
    asks: 'asks whether it is an incident',
    fact: () => ['Nobody has decided whether this is an incident'],
    why: (incident, screen) => [
      'in triage since ',
      date(incident.statusAt, screen),
      every(incident, 'undecided-triage'),
    ],
    question: () => 'Is it one?',
    background: (incident) => firingWords(incident),
    answers: () => [
      { label: 'Investigate', action: 'investigate' },
      { label: 'Cancel: false alarm…', action: 'cancel' },
    ],
  },
  'still-investigating': {
    name: 'still investigating',
    asks: 'asks whether to escalate',
    fact: () => ['Still investigating'],
    why: since('still-investigating', ({ statusAt }) => statusAt),
    question: () => 'Does somebody else have to help?',
    background: lastUpdate,
    answers: () => [
      { label: 'Escalate…', action: 'escalate' },
      { label: 'Status…', action: 'status' },
    ],
  },
  'commander-silent': {
    name: 'commander silent',
    asks: 'asks the commander for a sign of life',
    fact: (incident, screen, { via }) =>
      via === 'dm'
        ? ['You are in command, and nothing was heard from you']
        : [`Nothing is heard from ${nameOf(commanderOf(incident), screen)}, who is in command`],
    why: (incident, screen) => {
      const held = incident.roles.commander;
      const afterMs = intervalOf(incident, 'commander-silent');
      return [
        'since ',
        held ? date(held.lastSeenAt ?? held.at, screen) : null,
        afterMs !== null && `, asked after ${duration(afterMs)} at ${label(incident.severity)}`,
      ];
    },
    question: ({ via }) => (via === 'dm' ? 'Are you still there?' : 'Who takes command?'),
    background: nothing,
    answers: (incident, { via }) =>
      via === 'dm'
        ? [
            { label: "I'm here", action: 'confirm-command' },
            { label: 'Hand off…', action: 'handoff' },
          ]
        : [{ label: 'Take command', action: 'take-over-command', user: commanderOf(incident) }],
  },
  'channel-silent': {
    name: 'silent channel',
    asks: 'asks what the state is',
    fact: () => ['Nobody has written or done anything here'],
    why: since('channel-silent', ({ lastActivityAt }) => lastActivityAt),
    question: () => 'What is the state?',
    background: lastUpdate,
    answers: () => [
      { label: 'Post update', action: 'post-update' },
      { label: 'Resolve…', action: 'resolve' },
    ],
  },
  'monitoring-long': {
    name: 'monitoring long enough',
    asks: 'asks whether it is over',
    fact: () => ['It is only being watched'],
    why: since('monitoring-long', ({ statusAt }) => statusAt),
    question: () => 'Is it over?',
    background: (incident) => firingWords(incident),
    answers: () => [{ label: 'Resolve…', action: 'resolve' }],
  },
  'commander-fatigue': {
    name: 'commander for long',
    asks: 'asks the commander to hand over',
    fact: () => ['You are in command'],
    why: since('commander-fatigue', ({ roles, times }) => roles.commander?.at ?? times.declaredAt),
    question: () => 'A fresh head decides better. Hand over?',
    background: nothing,
    answers: () => [{ label: 'Hand off…', action: 'handoff' }],
  },
  'resolution-target': {
    name: 'resolution target',
    asks: 'speaks of the resolution target',
    fact: (_incident, screen, { dueAt }) =>
      dueAt > screen.now
        ? ['The resolution target is at risk: ', date(dueAt, screen)]
        : ['The resolution target was missed: ', date(dueAt, screen)],
    why: (incident) => {
      const withinMs = intervalOf(incident, 'resolution-target');
      return [`${label(incident.severity)}${withinMs === null ? '' : `, within ${duration(withinMs)}`}`];
    },
    question: () => 'Does somebody else have to help?',
    background: lastUpdate,
    answers: () => [
      { label: 'Escalate…', action: 'escalate' },
      { label: 'Post update', action: 'post-update' },
    ],
  },
};

export const wordsOf = (rule: NudgeRule): NudgeWords => words[rule];

/** A nudge's rule in words: `update due`. */
export const ruleWord = (rule: NudgeRule): string => words[rule].name;
