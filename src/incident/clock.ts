import { nextDue } from './due.ts';
import { isOpen } from './incident.ts';
import type { Topic } from './topic.ts';

export type ClockCommand =
  /** Is something due? Decided again here, whatever the caller believed. */
  | { type: 'tick' }
  /** The process was down (or asleep) between these times and something became due meanwhile. */
  | { type: 'note-absence'; fromAt: number; toAt: number }
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
  | { type: 'was-away'; fromAt: number; toAt: number }
  | { type: 'history-wanted' }
  | { type: 'commands-missed'; missed: MissedCommand[] };

/** So many are kept by name; of more the latest. */
const missedMax = 50;

export const clockTopic: Topic<ClockCommand, ClockFact> = {
  decide: {
    tick: (incident, _command, now) => {
      const due = nextDue(incident);
      return due && due.at <= now ? due.fire(now) : [];
    },
    // After the end only reminders are left, and nobody missed anything.
    'note-absence': (incident, command) =>
      isOpen(incident) ? [{ type: 'was-away', fromAt: command.fromAt, toAt: command.toAt }] : [],
    'catch-up': () => [{ type: 'history-wanted' }],
    // What somebody wanted of it while it ran is nobody's wish any more.
    'note-missed-commands': (incident, { missed }) =>
      isOpen(incident) && missed.length > 0
        ? [{ type: 'commands-missed', missed: missed.slice(-missedMax) }]
        : [],
  },
  evolve: {
    'was-away': (incident) => incident,
    'history-wanted': (incident) => incident,
    'commands-missed': (incident) => incident,
  },
  effects: {
    'was-away': (fact) => [{ kind: 'say', about: fact }],
    'history-wanted': () => [{ kind: 'pull-history' }],
    'commands-missed': (fact) => [{ kind: 'say', about: fact }],
  },
};
