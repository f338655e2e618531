import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Store } from './store/store.ts';
import type { State } from './voice.ts';

export interface SilenceDeps {
  store: Store;
  clock: Clock;
  engine: Pick<Engine, 'catchUp' | 'noteAbsence'>;
  state: State;
  isSlackAway: () => boolean;
  report: (problem: string, error?: unknown) => void;
}

/** So long without any event, and the channels are looked through (reliability.md section 3.7). */
const silenceMs = 15 * 60_000;
/** A quiet night is looked at less and less often, down to this. */
const quietMsMax = 3_600_000;
/** Once something was read that no event told us of. */
const lostMs = 5 * 60_000;
/** Incidents looked through in one round, worst severity first: a minute's calls of Slack's Tier 3. */
const incidentsMax = 50;

/**
 * Slack may stop sending events while it answers calls (in February 2025 it did so for 17 hours, and sent none of them
 * later). Nothing tells that from a quiet night, so the channels of open incidents are read every now and then while no
 * event comes: one call for each, and more for what is new.
 */
export function watchSilence({ store, clock, engine, state, isSlackAway, report }: SilenceDeps) {
  let beganAt = clock.now();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = silenceMs;
  /** Events are lost: since when, and when we last found one that was. */
  let lost: { sinceAt: number; foundAt: number } | null = null;
  let looking: Promise<void> | null = null;

  const heardAt = (): number => Math.max(Number(store.meta('last-slack-event') ?? 0), beganAt);
  const isSilent = (): boolean => clock.now() - heardAt() >= silenceMs;

  async function look(): Promise<void> {
    const toAt = heardAt();
    if (lost && toAt > lost.foundAt) {
      await engine.noteAbsence({ of: 'events', fromAt: lost.sinceAt, toAt });
      lost = null;
      state.problems.delete('slack events');
    }
    if (!isSilent()) [pauseMs, lookedAt] = [silenceMs, Number.NEGATIVE_INFINITY];
    else if (clock.now() - lookedAt >= pauseMs) {
      lookedAt = clock.now();
      await engine.catchUp(incidentsMax);
      pauseMs = lost ? lostMs : Math.min(pauseMs * 2, quietMsMax);
    }
  }

  return {
    /** Looks, if it is time; nobody waits for it. */
    tick: (): void => {
      if (looking || isSlackAway() || state.stopping || !state.identity) return;
      looking = look()
        .catch((error: unknown) => report('what was missed could not be asked for', error))
        .finally(() => {
          looking = null;
        });
    },
    /** A message was read of which no event came. */
    readLate: (): void => {
      if (!isSilent() || isSlackAway()) return;
      lost = { sinceAt: lost?.sinceAt ?? heardAt(), foundAt: clock.now() };
      pauseMs = lostMs;
      // Where the socket is known to be down, that is why.
      if (state.problems.has('slack events') || state.problems.has('socket')) return;
      const problem =
        'Slack answers but sends no events: channels are read every 5 minutes instead. See slack-status.com, and Event Subscriptions of the app.';
      state.problems.set('slack events', problem);
      report(problem);
    },
    /** Slack is back: what was missed is read in any case. */
    begin: (): void => {
      beganAt = clock.now();
      pauseMs = silenceMs;
    },
    idle: (): Promise<void> => looking ?? Promise.resolve(),
  };
}
