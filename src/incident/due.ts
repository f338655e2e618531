import { silenceDue } from './acknowledgement.ts';
import type { Fact } from './facts.ts';
import { followupDues } from './followups.ts';
import { offerDues } from './handover.ts';
import type { Incident } from './incident.ts';
import { escalationDue } from './ladder.ts';
import { clearedDue } from './lifecycle.ts';
import { nudgeDues } from './nudge-clock.ts';
import { pauseDue } from './pause.ts';
import { postmortemDues } from './postmortem-reminders.ts';

/**
 * A time at which the clock must look at an incident. `rule` names it uniquely within the incident (it becomes part of
 * the tick's cause, so each fires once); `fire` gives the facts, from the incident as it was asked.
 */
export interface Due {
  rule: string;
  /** Epoch ms. */
  at: number;
  fire: (now: number) => Fact[];
}

/** Everything the clock has to do with this incident, in precedence. Nothing in canceled, merged or closed ones. */
export const dues = (incident: Incident): Due[] => [
  ...escalationDue(incident),
  ...silenceDue(incident),
  ...clearedDue(incident),
  ...pauseDue(incident),
  ...nudgeDues(incident),
  ...offerDues(incident),
  ...followupDues(incident),
  ...postmortemDues(incident),
];

/** What is due first; of two at the same time, the one with precedence. Null: the clock may forget this incident. */
export function nextDue(incident: Incident): Due | null {
  let first: Due | null = null;
  for (const due of dues(incident)) if (!first || due.at < first.at) first = due;
  return first;
}
