import { isWorkingTime } from '../oncall/working-hours.ts';
import type { By } from './by.ts';
import { clock } from './by.ts';
import type { Due } from './due.ts';
import type { Fact } from './facts.ts';
import type { Incident, NextStep } from './incident.ts';
import { isOpen } from './incident.ts';
import type { PageOrder, PageReason } from './page-order.ts';
import type { Step, Telling } from './policy.ts';

/** Later than this the clock was away: the ladder resumes from now instead of catching up in a burst. */
export const lateMsMax = 60_000;

/** The ladder in force. */
export const stepsOf = (incident: Incident): Step[] => incident.policy.escalation.steps[incident.severity];

/** What a rung does when it fires at `at`: a policy may tell others in its working hours than outside them. */
export function tellingAt({ policy }: Incident, step: Step, at: number): Telling {
  if (!step.inHours && !step.outOfHours) return step;
  const { timeZone, ...hours } = policy.escalation.hours ?? policy.workingHours;
  return (isWorkingTime(at, hours, timeZone) ? step.inHours : step.outOfHours) ?? step;
}

/** The targets of a rung, in the order in which they are written. */
export const targetsOf = ({ target, also = [] }: Telling): string[] => [target, ...also];

/** Nobody hears of this ladder in person, whenever it fires. */
export const isTicketOnly = (incident: Incident): boolean =>
  stepsOf(incident).every((step) =>
    [step, step.inHours ?? step, step.outOfHours ?? step].every(({ action }) => action === 'ticket'),
  );

/**
 * The rung that fires next and what it does then, if the ladder is running and it is a real one (not the phone numbers
 * at its end).
 */
export function nextStepOf(incident: Incident): { step: Telling; at: number } | null {
  const next = incident.escalation.next;
  const step = next && stepsOf(incident)[next.step];
  return next && step ? { step: tellingAt(incident, step, next.at), at: next.at } : null;
}

/**
 * What comes after `fired` when it fires at `firedAt`: the next rung, after the last one the first of another round,
 * and after the last round one more place past the end, which stands for the phone numbers.
 */
function following(incident: Incident, fired: NextStep, firedAt: number): NextStep | null {
  const steps = stepsOf(incident);
  const step = steps[fired.step];
  if (!step) return null;
  const nextStep = steps[fired.step + 1];
  if (nextStep) {
    return { step: fired.step + 1, round: fired.round, at: firedAt + nextStep.afterMs - step.afterMs };
  }
  if (tellingAt(incident, step, firedAt).action === 'ticket') return null;
  const at = firedAt + incident.policy.escalation.repeatAfterMs;
  return fired.round < incident.policy.escalation.repeat
    ? { step: 0, round: fired.round + 1, at }
    : { step: steps.length, round: fired.round, at };
}

/**
 * Fires the rung that is next, whatever its time: empty when nothing is left. On time, the following rung keeps its
 * place in the policy; after downtime or out of turn it is counted from now.
 */
export function fireNextStep(incident: Incident, now: number, reason: PageReason, by: By = clock): Fact[] {
  const next = incident.escalation.next;
  if (!next) return [];
  const step = stepsOf(incident)[next.step];
  if (!step) return [{ type: 'ladder-exhausted', phones: incident.policy.phones }];
  const lateMs = Math.max(0, now - next.at);
  const onTime = now >= next.at && lateMs <= lateMsMax;
  const after = following(incident, next, onTime ? next.at : now);
  const telling = tellingAt(incident, step, now);
  if (telling.action === 'ticket') return [{ type: 'ticket-recorded', next: after }];
  const order: PageOrder = {
    orderedAt: now,
    action: telling.action,
    target: namedTarget(telling),
    reason,
    step: next.step,
    nextAt: after?.at ?? null,
    whileHeld: incident.acknowledged !== null,
  };
  // Only the clock can be late; a ladder that somebody held meanwhile was not.
  const isLate = reason.why === 'ladder' && lateMs > lateMsMax;
  return [{ type: 'page-ordered', by, order, next: after, lateMs: isLate ? lateMs : 0 }];
}

export const namedTarget = ({ target, also }: Telling): PageOrder['target'] => ({
  kind: 'named',
  name: target,
  ...(also && also.length > 0 ? { also } : {}),
});

/** Asks one person, outside the ladder: the acknowledger who went silent, whoever must confirm after a raise. */
export function askPerson(incident: Incident, user: string, reason: PageReason, now: number): Fact {
  const order: PageOrder = {
    orderedAt: now,
    action: 'page',
    target: { kind: 'user', user },
    reason,
    step: null,
    nextAt: nextStepOf(incident)?.at ?? null,
    whileHeld: incident.acknowledged !== null,
  };
  return { type: 'page-ordered', by: clock, order, next: incident.escalation.next, lateMs: 0 };
}

/** When the ladder fires next: while nobody has it, it is not over, and the alert has not cleared. */
export function escalationDue(incident: Incident): Due[] {
  const next = incident.escalation.next;
  if (!next || incident.acknowledged || !isOpen(incident) || incident.escalation.heldAt !== null) return [];
  return [
    {
      rule: `escalation-${incident.escalation.startedAt}-${next.round}-${next.step}`,
      at: next.at,
      fire: (now) => fireNextStep(incident, now, { why: 'ladder' }),
    },
  ];
}

/** The ladder restarted at `at` with the severity in force: rung 0 fires at once (product.md: raise). */
export function restarted(incident: Incident, at: number): Incident['escalation'] {
  const hasSteps = stepsOf(incident).length > 0;
  return {
    ...incident.escalation,
    startedAt: at,
    next: hasSteps ? { step: 0, round: 0, at } : null,
    heldAt: null,
    askedStillOnItAt: null,
  };
}

/**
 * The ladder after lowering: the old policy's rungs are gone, the new one's that are still ahead stay, none fires now.
 * With all of them behind us the next round waits, unless no round was left: nobody must be the last to hear of it.
 */
export function lowered(incident: Incident, at: number): Incident['escalation'] {
  const { startedAt, next } = incident.escalation;
  const { repeat, repeatAfterMs } = incident.policy.escalation;
  const steps = stepsOf(incident);
  const ahead = steps.findIndex((step) => startedAt + step.afterMs > at);
  const step = steps[ahead];
  const rung = (): NextStep | null => {
    if (step) return { step: ahead, round: 0, at: startedAt + step.afterMs };
    if (next === null || isTicketOnly(incident)) return null;
    return { step: 0, round: Math.min(Math.max(next.round, 1), repeat), at: at + repeatAfterMs };
  };
  return { ...incident.escalation, next: rung() };
}
