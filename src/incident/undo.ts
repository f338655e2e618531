import { announced } from './announced.ts';
import type { By } from './by.ts';
import type { Followup } from './followups.ts';
import { type AlertLink, ended, type Incident, isOpen } from './incident.ts';
import { lifecycle, undoWithinMs } from './lifecycle.ts';
import { whenEnded } from './refusal.ts';
import type { Decision, Topic } from './topic.ts';

export type UndoCommand =
  /** The last change of severity. `changedAt`: the one that is meant, epoch ms; absent: whichever was last. */
  | { type: 'undo-severity'; by: By; changedAt?: number }
  /** The end it came to: resolved, closed, canceled, merged. `endedAt`: the one that is meant; the rest as in `reopen`. */
  | {
      type: 'undo-end';
      by: By;
      endedAt?: number;
      alerts?: Record<string, AlertLink>;
      followups?: Followup[];
    };

export type UndoFact = { type: 'close-undone'; by: By };

function undoSeverity(incident: Incident, by: By, changedAt: number | undefined, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const before = incident.severityBefore;
  const { severity, severityReason: reason, severityBy } = incident;
  if (changedAt !== undefined && changedAt !== before?.at) {
    return { refused: 'undo-superseded', severity, by: severityBy, reason };
  }
  if (!before) return { refused: 'nothing-to-undo' };
  if (now - before.at > undoWithinMs) return { refused: 'undo-severity-expired', severity, at: before.at };
  return [
    {
      type: 'severity-changed',
      by,
      from: severity,
      to: before.severity,
      reason: before.severityReason,
      provisional: before.provisional,
      acknowledgedBefore: null,
      undone: { severityBy: before.severityBy },
    },
  ];
}

type UndoEnd = Extract<UndoCommand, { type: 'undo-end' }>;

/** Closing is undone quietly: it is resolved again. Every other end is undone by reopening. */
function undoEnd(incident: Incident, { endedAt, ...wish }: UndoEnd, now: number): Decision {
  const { status, statusAt } = incident;
  if (!ended(status)) return { refused: 'not-ended', status };
  if (endedAt !== undefined && endedAt !== statusAt)
    return { refused: 'end-superseded', status, at: statusAt };
  if (status !== 'closed')
    return lifecycle.decide.reopen(incident, { ...wish, type: 'reopen', why: '' }, now);
  if (now - statusAt > undoWithinMs) return { refused: 'undo-expired', status, at: statusAt };
  return [{ type: 'close-undone', by: wish.by }];
}

/** For 24 hours, what was done in haste can be taken back (product.md section 3). */
export const undo: Topic<UndoCommand, UndoFact> = {
  decide: {
    'undo-severity': (incident, { by, changedAt }, now) => undoSeverity(incident, by, changedAt, now),
    'undo-end': undoEnd,
  },
  evolve: {
    'close-undone': (incident, _fact, at) => ({ ...incident, status: 'resolved', statusAt: at }),
  },
  effects: {
    'close-undone': (fact, after) => [
      { kind: 'card' },
      { kind: 'topic' },
      { kind: 'say', about: fact },
      ...announced(after),
    ],
  },
};
