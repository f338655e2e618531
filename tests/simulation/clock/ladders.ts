import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';

/** Apart from a beat, a page may be this much too early: 1 s, the share by which we near a clock that was set among it. */
const earlyMsMax = 1_000;
/** Later than this, the ladder counts on from the page (product.md: never a burst). */
const lateMsMax = 60_000;

/** One moment: by the time that nobody can set, and by our clock, which may be nearing another one. Epoch ms. */
export interface Moment {
  at: number;
  ours: number;
}

/** The plain idea of one ladder: when its next rung is due. Null: none is. */
interface Expected {
  rung: number;
  round: number;
  due: Moment;
}

const later = ({ at, ours }: Moment, ms: number): Moment => ({ at: at + ms, ours: ours + ms });

/** One beat, as an incident met it. */
export interface Met {
  before: Incident;
  facts: readonly Fact[];
  moment: Moment;
  /** How far our clock was past the due time that stood in `before`. */
  pastDueMs: number;
  /** Since when beats came as they should, true ms. */
  sinceAt: number;
}

/** What is due when, of each incident that nobody has, kept beside the core and compared with it. */
export function ladders() {
  const expected = new Map<number, Expected | null>();
  const wrong: string[] = [];
  /** How late, after its due time and the end of a sleep, the latest page was; true ms. */
  let latestMs = 0;

  function following(
    { policy, severity }: Incident,
    { rung, round }: Omit<Expected, 'due'>,
    from: Moment,
  ): Expected | null {
    const steps = policy.escalation.steps[severity];
    const [step, next] = [steps[rung], steps[rung + 1]];
    if (step && next) return { rung: rung + 1, round, due: later(from, next.afterMs - step.afterMs) };
    const again = round < policy.escalation.repeat;
    return again ? { rung: 0, round: round + 1, due: later(from, policy.escalation.repeatAfterMs) } : null;
  }

  function met(id: number, { before, facts, moment, pastDueMs, sinceAt }: Met): void {
    const next = expected.get(id);
    if (!next) return;
    const fired = facts.filter(
      (fact) =>
        fact.type === 'page-ordered' && fact.order.reason.why === 'ladder' && fact.order.step !== null,
    );
    const name = `INC-${id}, round ${next.round}, rung ${next.rung}`;
    const lateMs = moment.at - next.due.at;
    if (fired.length > 1) wrong.push(`${name}: ${fired.length} rungs at once`);
    if (fired.length === 0) {
      if (lateMs > earlyMsMax) wrong.push(`${name}: lost, ${lateMs} ms after it was due`);
      return;
    }
    if (lateMs < -earlyMsMax) wrong.push(`${name}: ${-lateMs} ms early`);
    latestMs = Math.max(latestMs, moment.at - Math.max(next.due.at, sinceAt));
    // The share by which our clock was nearing another one is not carried from one rung to the next.
    const onTime = pastDueMs <= lateMsMax;
    expected.set(id, following(before, next, onTime ? later(moment, -pastDueMs) : moment));
  }

  return {
    declared: (incident: Incident, moment: Moment): void => {
      // The first rung fires with the declaration.
      expected.set(incident.id, following(incident, { rung: 0, round: 0 }, moment));
    },
    acknowledged: (id: number): void => void expected.set(id, null),
    met,
    /** A new process took over: what is due by our clock stays so, whatever that says now. */
    begun: ({ at, ours }: Moment): void => {
      for (const next of expected.values()) if (next) next.due.at = at + next.due.ours - ours;
    },
    wrong,
    latestMs: () => latestMs,
  };
}
