import type { By } from './by.ts';
import type { ClosingItem } from './closing.ts';
import type { Incident, NudgeRule, Role, Status } from './incident.ts';
import type { MergeObstacle } from './merging.ts';
import type { SectionId } from './postmortem-sections.ts';
import type { Severity } from './severity-scale.ts';

/** Why a command changed nothing. Wording: blocks/refusal.ts, one sentence and one cure each. */
export type Refusal =
  | { refused: 'already-acknowledged'; by: By; at: number }
  | { refused: 'not-acknowledged' }
  | { refused: 'not-the-acknowledger'; by: By; at: number }
  | { refused: 'confirm-acknowledge'; nextAt: number | null; nextTargets: string[] }
  | { refused: 'not-asked' }
  | { refused: 'already-declined'; at: number }
  /** `into`: it was merged into that one, and everybody may know. */
  | { refused: 'ended'; status: Status; at: number; into?: number }
  /** `into`: where `id` itself went, if everybody may know. */
  | { refused: 'merge-refused'; why: MergeObstacle; id: number; status: Status; into: number | null }
  | { refused: 'nothing-to-undo' }
  | { refused: 'undo-superseded'; severity: Severity; by: By; reason: string }
  | { refused: 'end-superseded'; status: Status; at: number }
  | { refused: 'undo-severity-expired'; severity: Severity; at: number }
  | { refused: 'not-ended'; status: Status }
  | { refused: 'illegal-transition'; from: Status; to: Status; allowed: Status[] }
  | { refused: 'undo-expired'; status: Status; at: number }
  | { refused: 'same-severity'; severity: Severity }
  | { refused: 'severity-set-by-person' }
  | { refused: 'already-has-role'; role: Role; user: string }
  | { refused: 'role-vacant'; role: Role }
  | { refused: 'role-taken'; role: Role; user: string; at: number }
  | { refused: 'nothing-to-hand-over'; role: Role }
  | { refused: 'offer-to-oneself'; role: Role; user: string }
  | { refused: 'already-offered'; role: Role; user: string; at: number }
  /** `user`: who holds the role now. */
  | { refused: 'offer-gone'; role: Role; user: string | null }
  | { refused: 'no-change-used-up'; max: number }
  | { refused: 'no-update-yet' }
  | { refused: 'nudge-gone'; rule: NudgeRule }
  | { refused: 'nudge-runs'; rule: NudgeRule }
  | { refused: 'nobody-has-it' }
  | { refused: 'not-paused' }
  | { refused: 'too-long'; maxMs: number }
  | { refused: 'empty'; what: string }
  | { refused: 'not-resolved'; status: Status }
  | { refused: 'checklist-open'; missing: ClosingItem[] }
  | { refused: 'no-followup'; n: number; open: number[] }
  | { refused: 'followup-done'; n: number; at: number }
  | { refused: 'followup-exists'; n: number; text: string }
  | { refused: 'too-many-followups'; max: number }
  | { refused: 'not-a-member'; user: string }
  | { refused: 'section-changed'; section: SectionId; by: By; at: number }
  | { refused: 'section-not-edited'; section: SectionId }
  | { refused: 'postmortem-not-yet'; status: Status }
  | { refused: 'already-reviewed'; by: By; at: number }
  | { refused: 'not-reviewed' }
  | { refused: 'owns-already'; user: string }
  | { refused: 'no-reminder' }
  | { refused: 'no-channel' }
  | { refused: 'has-channel' }
  | { refused: 'already-private' }
  | { refused: 'channel-opening' }
  | { refused: 'same-title' }
  | { refused: 'same-call' }
  | { refused: 'declared-too-often'; max: number; windowMs: number; nextAt: number }
  | { refused: 'ladder-exhausted' }
  | { refused: 'in-the-future' }
  /** `earliestAt`: the first moment that is taken, epoch ms, `maxMs` before the incident began. */
  | { refused: 'too-long-ago'; earliestAt: number; maxMs: number }
  | { refused: 'stale' };

export const isRefusal = (decision: object): decision is Refusal => 'refused' in decision;

/** The refusal every change of a running incident shares: it is over. */
export const whenEnded = (incident: Incident): Refusal => ({
  refused: 'ended',
  status: incident.status,
  at: incident.statusAt,
  ...(incident.survivor && !incident.survivor.isPrivate && { into: incident.survivor.id }),
});
