import { nextDue } from './due.ts';
import { isOpen } from './incident.ts';
import type { Topic } from './topic.ts';

export type ClockCommand =
  /** Is something due? Decided again here, whatever the caller believed. */
  | { type: 'tick' }
  /** The process was down (or asleep) between these times and something became due meanwhile. */
  | { type: 'note-absence'; fromAt: number; toAt: number }
  /** The process has started (again): pull what was said meanwhile. */
  | { type: 'catch-up' };

export type ClockFact = { type: 'was-away'; fromAt: number; toAt: number } | { type: 'history-wanted' };

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
  },
  evolve: { 'was-away': (incident) => incident, 'history-wanted': (incident) => incident },
  effects: {
    'was-away': (fact) => [{ kind: 'say', about: fact }],
    'history-wanted': () => [{ kind: 'pull-history' }],
  },
};
