import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';

/** Apart from a beat, a page may be this much too early: 1 s, the share by which we near a clock that was set among it. */
const earlyMsMax = 1_000;
/** Later than this, the ladder counts on from the page (product.md: never a burst). */
const lateMsMax = 60_000;

/** The plain idea of one ladder: when, by the time that nobody can set, its next rung is due. Null: none is. */
interface Expected {
  rung: number;
  round: number;
  dueAt: number;
}

/** One beat, as an incident met it. Times in true ms. */
export interface Met {
  before: Incident;
  facts: readonly Fact[];
  at: number;
  /** How far our clock was past the due time that stood in `before`. */
  pastDueMs: number;
  /** Since when beats came as they should. */
  sinceAt: number;
}

/** What is due when, of each incident that nobody has, kept beside the core and compared with it. */
export function ladders() {
  const expected = new Map<number, Expected | null>();
  const wrong: string[] = [];
  /** How late, after its due time and the end of a sleep, the latest page was; true ms. */
  let latestMs = 0;

  function following({ policy, severity }: Incident, { rung, round }: Expected, at: number): Expected | null {
    const steps = policy.escalation.steps[severity];
    const [step, next] = [steps[rung], steps[rung + 1]];
    if (step && next) return { rung: rung + 1, round, dueAt: at + next.afterMs - step.afterMs };
    const again = round < policy.escalation.repeat;
    return again ? { rung: 0, round: round + 1, dueAt: at + policy.escalation.repeatAfterMs } : null;
  }

  function met(id: number, { before, facts, at, pastDueMs, sinceAt }: Met): void {
    const next = expected.get(id);
    if (!next) return;
    const fired = facts.filter(
      (fact) =>
        fact.type === 'page-ordered' && fact.order.reason.why === 'ladder' && fact.order.step !== null,
    );
    const name = `INC-${id}, round ${next.round}, rung ${next.rung}`;
    const lateMs = at - next.dueAt;
    if (fired.length > 1) wrong.push(`${name}: ${fired.length} rungs at once`);
    if (fired.length === 0) {
      if (lateMs > earlyMsMax) wrong.push(`${name}: lost, ${lateMs} ms after it was due`);
      return;
    }
    if (lateMs < -earlyMsMax) wrong.push(`${name}: ${-lateMs} ms early`);
    latestMs = Math.max(latestMs, at - Math.max(next.dueAt, sinceAt));
    // The share by which our clock was nearing another one is not carried from one rung to the next.
    const dueAt = at - pastDueMs;
    const onTime = pastDueMs <= lateMsMax;
    expected.set(id, following(before, next, onTime ? dueAt : at));
  }

  return {
    declared: (incident: Incident, at: number): void => {
      // The first rung fires with the declaration.
      expected.set(incident.id, following(incident, { rung: 0, round: 0, dueAt: at }, at));
    },
    acknowledged: (id: number): void => void expected.set(id, null),
    met,
    /** A new process took over, whose clock is so much further. */
    shifted: (byMs: number): void => {
      for (const next of expected.values()) if (next) next.dueAt -= byMs;
    },
    wrong,
    latestMs: () => latestMs,
  };
}
