import { nextDue } from './due.ts';
import type { Fact } from './facts.ts';
import { type Incident, isOpen } from './incident.ts';
import type { Topic } from './topic.ts';

/** A time in which the channel and we did not hear of each other, epoch ms. */
export interface Absence {
  fromAt: number;
  toAt: number;
  /** Slack did not answer, or it sent no events while it answered. Absent: the process was down, or asleep. */
  of?: 'slack' | 'events';
}

/** What came of looking through the channel afterwards. */
export interface ReadLater {
  /** People's words, and words changed or deleted, that were read later. Null: the channel could not be looked through. */
  messages: number | null;
  changes: number;
  /** What happened meanwhile and the channel was not told, oldest first; `more`: besides these. */
  untold: Fact[];
  more: number;
}

export type ClockCommand =
  /** Is something due? Decided again here, whatever the caller believed. */
  | { type: 'tick' }
  /** Slack was away; or the process was, and something became due meanwhile. It is told when the channel was looked through. */
  | ({ type: 'note-absence' } & Absence)
  /** The channel was looked through. */
  | ({ type: 'note-caught-up' } & ReadLater)
  /** The process has started (again): pull what was said meanwhile. */
  | { type: 'catch-up' }
  /** Commands among it, too old to be carried out; oldest first. */
  | { type: 'note-missed-commands'; missed: MissedCommand[] };

/** `@tocsin resolve …`, heard long after it was written. `word`: one of our commands; `writtenAt`: epoch ms. */
export interface MissedCommand {
  user: string;
  word: string;
  writtenAt: number;
}

export type ClockFact =
  /** Once for each absence, when what was missed is read. */
  | ({ type: 'was-away' } & Absence & Partial<ReadLater>)
  /** `away`: why. */
  | { type: 'history-wanted'; away?: Absence }
  | { type: 'commands-missed'; missed: MissedCommand[] };

/** One that the channel has not been told of. */
export function pendingAbsence({ away }: Incident): Absence | null {
  if (!away || away.told) return null;
  const { told: _, ...absence } = away;
  return absence;
}

/** Two absences of which nobody was told are told as one. */
function joined(before: Absence | null, away: Absence): Absence {
  if (!before) return away;
  const of = before.of ?? away.of;
  return {
    fromAt: Math.min(before.fromAt, away.fromAt),
    toAt: Math.max(before.toAt, away.toAt),
    ...(of && { of }),
  };
}

/** The line about something that happened then is not said any more: the note on the absence names it. */
export const isToldInNote = ({ away }: Incident, obligedAt: number): boolean =>
  away?.of !== undefined && obligedAt >= away.fromAt && obligedAt < away.toAt;

/** So many are kept by name; of more the latest. */
const missedMax = 50;

export const clockTopic: Topic<ClockCommand, ClockFact> = {
  decide: {
    tick: (incident, _command, now) => {
      const due = nextDue(incident);
      return due && due.at <= now ? due.fire(now) : [];
    },
    // After the end only reminders are left, and nobody missed anything but the end itself.
    'note-absence': (incident, { of, fromAt, toAt }) =>
      isOpen(incident) || (of !== undefined && incident.statusAt >= fromAt)
        ? [{ type: 'history-wanted', away: { fromAt, toAt, ...(of !== undefined && { of }) } }]
        : [],
    'note-caught-up': (incident, command) => {
      const away = pendingAbsence(incident);
      return away ? [{ ...away, ...command, type: 'was-away' }] : [];
    },
    'catch-up': () => [{ type: 'history-wanted' }],
    // What somebody wanted of it while it ran is nobody's wish any more.
    'note-missed-commands': (incident, { missed }) =>
      isOpen(incident) && missed.length > 0
        ? [{ type: 'commands-missed', missed: missed.slice(-missedMax) }]
        : [],
  },
  evolve: {
    'was-away': (incident) => {
      const away = pendingAbsence(incident);
      return away ? { ...incident, away: { ...away, told: true } } : incident;
    },
    'history-wanted': (incident, { away }) =>
      away ? { ...incident, away: joined(pendingAbsence(incident), away) } : incident,
    'commands-missed': (incident) => incident,
  },
  effects: {
    'was-away': (fact) => [{ kind: 'say', about: fact }],
    'history-wanted': () => [{ kind: 'pull-history' }],
    'commands-missed': (fact) => [{ kind: 'say', about: fact }],
  },
};
