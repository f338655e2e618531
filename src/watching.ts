import type { AppDeps, Report } from './hearing.ts';
import type { State } from './voice.ts';
import { type Watchman, watchman } from './watch/watchman.ts';

interface Watching {
  state: State;
  /** Asks Slack who we are; what comes of it is among the problems of `state`. */
  ask: () => Promise<unknown>;
  /** Tells people in the announce channel. */
  alarm: (words: string) => Promise<void>;
  report: Report;
}

/** Who looks at Tocsin from inside. Slack is asked whether it still knows us only where somebody outside wants to know. */
export function watchOver(deps: AppDeps, { state, ask, alarm, report }: Watching): Watchman {
  const { heartbeatUrl, healthToken } = deps.environment;
  const isWatched = heartbeatUrl !== null || healthToken !== null;
  const probe = async (): Promise<void> => {
    await ask().catch(() => undefined);
  };
  return watchman({
    ...deps,
    standing: {
      get tickedAt() {
        return state.tickedAt;
      },
      problems: state.problems,
    },
    heartbeatUrl,
    probe: isWatched ? probe : null,
    alarm,
    command: deps.config.command,
    report,
  });
}

/** A beat of the clock that is counted, and after which we look at ourselves, whether it succeeded or not. */
export const watchedTick =
  ({ store, clock }: Pick<AppDeps, 'store' | 'clock'>, watch: Watchman, tick: () => Promise<void>) =>
  async (): Promise<void> => {
    let lateMs: number | null = null;
    try {
      const now = clock.now();
      const [due] = store.due(now, 1);
      lateMs = due ? now - due.dueAt : null;
      await tick();
      watch.ticked('ok', lateMs);
    } catch (error) {
      watch.ticked('failed', lateMs);
      throw error;
    } finally {
      watch.tick();
    }
  };

/** The part of the front door that is for monitoring. */
export const watchedDoor = ({ environment: { healthToken: token } }: AppDeps, watch: Watchman) => ({
  watched: token === null ? null : { token, health: watch.health, metrics: watch.metrics },
  onRefused: (reason: string): void => {
    watch.refused(reason);
    watch.signed('slack', reason);
  },
  onSlackAccepted: (): void => watch.signed('slack', null),
});
