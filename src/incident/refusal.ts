import type { By } from './by.ts';
import type { Incident, NudgeRule, Role, Status } from './incident.ts';
import type { Severity } from './severity-scale.ts';

/** Why a command changed nothing. Wording: blocks/refusal.ts, one sentence and one cure each. */
export type Refusal =
  | { refused: 'already-acknowledged'; by: By; at: number }
  | { refused: 'not-acknowledged' }
  | { refused: 'not-the-acknowledger'; by: By; at: number }
  | { refused: 'confirm-acknowledge'; nextAt: number | null; nextTarget: string | null }
  | { refused: 'not-asked' }
  | { refused: 'already-declined'; at: number }
  | { refused: 'ended'; status: Status; at: number }
  | { refused: 'not-ended'; status: Status }
  | { refused: 'illegal-transition'; from: Status; to: Status; allowed: Status[] }
  | { refused: 'undo-expired'; status: Status; at: number }
  | { refused: 'same-severity'; severity: Severity }
  | { refused: 'severity-set-by-person' }
  | { refused: 'already-has-role'; role: Role; user: string }
  | { refused: 'role-vacant'; role: Role }
  | { refused: 'role-taken'; role: Role; user: string; at: number }
  | { refused: 'no-change-used-up'; max: number }
  | { refused: 'no-update-yet' }
  | { refused: 'nudge-gone'; rule: NudgeRule }
  | { refused: 'empty'; what: string }
  | { refused: 'has-channel' }
  | { refused: 'ladder-exhausted' }
  | { refused: 'in-the-future' }
  | { refused: 'stale' };

export const isRefusal = (decision: object): decision is Refusal => 'refused' in decision;

/** The refusal every change of a running incident shares: it is over. */
export const whenEnded = (incident: Incident): Refusal => ({
  refused: 'ended',
  status: incident.status,
  at: incident.statusAt,
});
