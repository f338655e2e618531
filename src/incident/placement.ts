import type { AlertNews } from './alerts.ts';
import type { Incident } from './incident.ts';

/** What is known across incidents when an alert comes in. */
export interface Surroundings {
  linked: Incident | null;
  openByService: Incident | null;
  resolvedByService: Incident | null;
  openedByMachines: Incident[];
  stormHead: number | null;
  clearedAt: number | null;
}

export type Placement =
  | { attachTo: number }
  | { visibility: Incident['visibility']; stormOf?: number }
  | { refused: 'stale' };

/**
 * Where an alert belongs (product.md section 8): to the incident it is already linked to; to the open one its service
 * has; to the one just resolved (somebody is paged and may reopen); else to a new one. A SEV4 alert gets a line instead of a
 * channel, and beyond `channelsMax` channels that machines opened in the window it is listed in the storm message.
 */
export function placeAlert(alert: AlertNews, around: Surroundings, channelsMax: number): Placement {
  if (around.linked) return { attachTo: around.linked.id };
  if (around.clearedAt !== null && around.clearedAt >= alert.at) return { refused: 'stale' };
  if (around.openByService) return { attachTo: around.openByService.id };
  if (around.resolvedByService) return { attachTo: around.resolvedByService.id };
  if (alert.severity === 4) return { visibility: 'line' };
  if (around.openedByMachines.length >= channelsMax && around.stormHead !== null) {
    return { visibility: 'storm', stormOf: around.stormHead };
  }
  return { visibility: 'channel' };
}
