import type { CallActionId, Target } from '../blocks/actions.ts';
import { callMended, callMendedBefore } from '../blocks/doctor.ts';
import { userOf } from '../incident/by.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { sightOf } from './guest.ts';
import { type Reply, saying } from './reply.ts';

const gone = saying('That call is not there any more. Nothing changed.');

/**
 * **Retry** or **Discard** under a call that failed for good. The button says which row; whose it is, and who may see that,
 * is read anew.
 */
export async function clickFailedCall(
  deps: SlackDeps,
  action: CallActionId,
  { user, target, cause }: { user: string; target: Target; cause: string },
): Promise<Reply> {
  const { store } = deps;
  const row = Number(target.id);
  const call = Number.isSafeInteger(row) ? store.watch.call(row) : null;
  if (!call) return gone;
  const about = call.incident === null ? null : store.incident(call.incident);
  if (call.incident !== null && !(about && sightOf(deps, user)(about))) return gone;
  const how = action === 'retry-call' ? 'retry' : 'discard';
  const mended = await deps.engine.mend(call, how, { user, name: deps.people.name(user) }, cause);
  if (mended === 'done') return saying(callMended(how, deps.config().command));
  const before = call.incident === null ? null : mendedBefore(deps, call.incident, row);
  if (before) await deps.people.learn([before.by]);
  return callMendedBefore(before, screenOf(deps));
}

/** Who saw to it last, by the incident's timeline. */
function mendedBefore({ store }: SlackDeps, incident: number, row: number) {
  for (const { fact, at } of store.timeline(incident).reverse()) {
    if ((fact.type !== 'call-retried' && fact.type !== 'call-discarded') || fact.row !== row) continue;
    const how = fact.type === 'call-retried' ? ('retry' as const) : ('discard' as const);
    return { how, by: userOf(fact.by) ?? '', at };
  }
  return null;
}
