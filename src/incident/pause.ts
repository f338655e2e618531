import { type By, clock, tocsin } from './by.ts';
import type { Due } from './due.ts';
import type { Fact } from './facts.ts';
import { type Incident, isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

export type PauseCommand =
  /** No reminders until then, epoch ms. Paused already: until another time. */
  { type: 'pause'; by: By; untilAt: number; why: string } | { type: 'resume'; by: By };

export type PauseFact =
  /** `insteadOf`: it was paused until then already, epoch ms. */
  | { type: 'paused'; by: By; untilAt: number; why: string; insteadOf?: number }
  /** `because`: somebody wanted it, the time came, or something happened that nobody may sleep through. */
  | { type: 'pause-ended'; by: By; because: 'asked' | 'time' | 'news' };

/** Longer than a week is no pause: then it is monitored, or resolved. */
export const pauseMsMax = 7 * 86_400_000;

function pause(incident: Incident, command: Extract<PauseCommand, { type: 'pause' }>, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  // A pause silences reminders. It must never silence the search for somebody who has it.
  if (!incident.acknowledged) return { refused: 'nobody-has-it' };
  const { by, untilAt } = command;
  if (untilAt <= now) return { refused: 'stale' };
  if (untilAt - now > pauseMsMax) return { refused: 'too-long', maxMs: pauseMsMax };
  const why = clean(command.why, reasonLengthMax);
  const { paused } = incident;
  if (!paused) return [{ type: 'paused', by, untilAt, why }];
  const isSame = isSameMinute(paused.untilAt, untilAt) && paused.why === why;
  return isSame ? [] : [{ type: 'paused', by, untilAt, why, insteadOf: paused.untilAt }];
}

const reasonLengthMax = 300;

/** Nobody reads seconds, and the same words typed twice mean the same. */
const isSameMinute = (at: number, other: number): boolean => Math.abs(at - other) < 60_000;

/** Awake again: everything counts from now, so that nothing comes in a burst. */
function awake(incident: Incident, at: number): Incident {
  const { paused: _over, ...rest } = incident;
  const { acknowledged, roles, updates, nudges, policy } = incident;
  const updateAt = updates.dueAt;
  return {
    ...rest,
    nudges: { ...nudges, freshAt: at },
    acknowledged: acknowledged && { ...acknowledged, lastSeenAt: Math.max(acknowledged.lastSeenAt, at) },
    roles: roles.commander ? { ...roles, commander: { ...roles.commander, lastSeenAt: at } } : roles,
    updates: {
      ...updates,
      dueAt: updateAt === null ? null : Math.max(updateAt, at + policy.nudges.spacingMs),
    },
  };
}

export const pauseTopic: Topic<PauseCommand, PauseFact> = {
  decide: {
    pause,
    resume: (incident, { by }) => {
      if (!isOpen(incident)) return whenEnded(incident);
      return incident.paused ? [{ type: 'pause-ended', by, because: 'asked' }] : { refused: 'not-paused' };
    },
  },
  evolve: {
    paused: (incident, { by, untilAt, why }) => ({
      ...incident,
      paused: { by, untilAt, why },
      nudges: { ...incident.nudges, standing: null },
      escalation: { ...incident.escalation, askedStillOnItAt: null },
    }),
    'pause-ended': (incident, _fact, at) => awake(incident, at),
  },
  effects: {
    // Another reason is on the card; only another time is news.
    paused: (fact) =>
      fact.insteadOf !== undefined && isSameMinute(fact.insteadOf, fact.untilAt)
        ? [{ kind: 'card' }]
        : [{ kind: 'card' }, { kind: 'say', about: fact }],
    'pause-ended': (fact) => [{ kind: 'card' }, { kind: 'say', about: fact }],
  },
};

/** It wakes by itself. */
export const pauseDue = (incident: Incident): Due[] =>
  incident.paused && isOpen(incident)
    ? [
        {
          rule: `wake-${incident.paused.untilAt}`,
          at: incident.paused.untilAt,
          fire: () => [{ type: 'pause-ended', by: clock, because: 'time' }],
        },
      ]
    : [];

/** What nobody may sleep through: a new page, a raise, an alert that fires, and that nobody has it any more. */
function breaks(fact: Fact): boolean {
  switch (fact.type) {
    case 'page-ordered':
    case 'people-paged':
    case 'unacknowledged':
    case 'alert-attached':
      return true;
    case 'alert-changed':
      return fact.to === 'triggered' && !fact.outdated;
    case 'severity-changed':
      return fact.to < fact.from;
    default:
      return false;
  }
}

/** The facts of a decision about a paused incident; where one of them breaks the pause, that comes first. */
export function withPauseBroken(incident: Incident, decision: Decision): Decision {
  const isBroken = incident.paused && Array.isArray(decision) && decision.some(breaks);
  return isBroken ? [{ type: 'pause-ended', by: tocsin, because: 'news' }, ...decision] : decision;
}
