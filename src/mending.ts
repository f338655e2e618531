import type { Clock } from './clock.ts';
import { person } from './incident/by.ts';
import type { Command } from './incident/commands.ts';
import type { EffectKind } from './incident/effects.ts';
import type { Committed, FailedCall, Revival, Store } from './store/store.ts';

/** `before`: it is not there as a failed call any more; somebody else was quicker, or it is long gone. */
export type Mended = 'done' | 'before';

interface MendingDeps {
  store: Pick<Store, 'revive'>;
  clock: Clock;
  wake: () => void;
  report: (problem: string) => void;
  handle: (
    id: number,
    command: Command,
    cause: string,
    settles: undefined,
    revives: Revival,
  ) => Promise<Committed>;
}

/**
 * What a person does with a call that failed for good: tried again (looked up first, in case it arrived after all), or
 * given up. The timeline of its incident says who did it, in the same commit; for a call of an on-call desk the log does.
 */
export const mending =
  ({ store, clock, wake, report, handle }: MendingDeps) =>
  async (
    call: FailedCall,
    how: 'retry' | 'discard',
    { user, name }: { user: string; name: string },
    cause: string,
  ): Promise<Mended> => {
    const revival =
      how === 'retry'
        ? ({ row: call.id, as: 'unknown', error: null } as const)
        : ({ row: call.id, as: 'cancelled', error: `discarded by ${name}` } as const);
    const done = await (call.incident === null
      ? store.revive(revival, clock.now())
      : handle(call.incident, commandOf(call, how, user), cause, undefined, revival).then(
          ({ outcome }) => outcome === 'committed',
        ));
    if (!done) return 'before';
    const deed = how === 'retry' ? 'tried again' : 'discarded';
    if (call.incident === null)
      report(`${call.kind} for the on-call desk of ${call.desk} was ${deed} by ${user}`);
    wake();
    return 'done';
  };

const commandOf = ({ id, kind, error }: FailedCall, how: 'retry' | 'discard', user: string): Command => ({
  type: how === 'retry' ? 'retry-call' : 'discard-call',
  by: person(user),
  row: id,
  kind: kind as EffectKind,
  error,
});
