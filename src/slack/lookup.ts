import { type Incident, visibleTo } from '../incident/incident.ts';
import type { SlackDeps } from './deps.ts';

/** The incident of this channel, if the person may see it. */
export function incidentHere(deps: SlackDeps, channel: string, user: string): Incident | null {
  const incident = deps.store.linked('slack', channel);
  return incident && visibleTo(incident, user) ? incident : null;
}

/** By number. A private one that the person may not see does not exist for them. */
export function incidentNumbered(deps: SlackDeps, id: number, user: string): Incident | null {
  const incident = deps.store.incident(id);
  return incident && visibleTo(incident, user) ? incident : null;
}
