import type { Incident } from '../incident/incident.ts';
import type { SlackDeps } from './deps.ts';
import { sightOf } from './guest.ts';

/** The incident of this channel, if the person may see it. */
export function incidentHere(deps: SlackDeps, channel: string, user: string): Incident | null {
  const incident = deps.store.linked('slack', channel);
  return incident && sightOf(deps, user, channel)(incident) ? incident : null;
}

/** By number, for somebody who acts in `channel`. One that they may not see does not exist for them. */
export function incidentNumbered(
  deps: SlackDeps,
  id: number,
  user: string,
  channel: string | null = null,
): Incident | null {
  const incident = deps.store.incident(id);
  return incident && sightOf(deps, user, channel)(incident) ? incident : null;
}
