import { isOutdated } from './alert-links.ts';
import type { AlertCommand, AlertNews } from './alerts.ts';
import type { Effect } from './effects.ts';
import type { Incident } from './incident.ts';
import { isOpen } from './incident.ts';

/** What is known across incidents when an alert comes in. */
export interface Surroundings {
  linked: Incident | null;
  openByService: Incident | null;
  resolvedByService: Incident | null;
  openedByMachines: Incident[];
  stormHead: number | null;
  clearedAt: number | null;
}

/** `channelsMax`: channels that machines may open in the window. `endedSince`: what ended later can still be reopened. */
export interface PlacementRules {
  channelsMax: number;
  endedSince: number;
}

export type Placement =
  | { attachTo: number }
  | { visibility: Incident['visibility']; stormOf?: number }
  | { refused: 'stale' };

/**
 * Where an alert belongs (product.md section 8): to the incident it is already linked to; to the open one its service
 * has; to the one just resolved (somebody is paged and may reopen), unless it is worse than that one was; else to a new
 * one. A SEV4 alert gets a line instead of a channel, and beyond `channelsMax` channels that machines opened in the
 * window it is listed in the storm message.
 */
export function placeAlert(alert: AlertNews, around: Surroundings, rules: PlacementRules): Placement {
  const { linked, openByService } = around;
  if (linked && belongsStill(alert, linked, rules)) return { attachTo: linked.id };
  if (around.clearedAt !== null && around.clearedAt >= alert.at) return { refused: 'stale' };
  if (openByService) return { attachTo: openByService.id };
  if (alert.severity === 4) return { visibility: 'line' };
  const { resolvedByService } = around;
  if (resolvedByService && !isWorse(alert, resolvedByService)) return { attachTo: resolvedByService.id };
  if (around.openedByMachines.length >= rules.channelsMax && around.stormHead !== null) {
    return { visibility: 'storm', stormOf: around.stormHead };
  }
  return { visibility: 'channel' };
}

/** An ended incident keeps its alert as long as it can be reopened for it, and for news older than what it knows. */
function belongsStill(alert: AlertNews, linked: Incident, { endedSince }: PlacementRules): boolean {
  const isLate = isOutdated(linked.alerts[alert.id], 'triggered', alert.at);
  if (isOpen(linked) || linked.status === 'merged' || isLate) return true;
  return linked.statusAt >= endedSince && !isWorse(alert, linked);
}

const isWorse = (alert: { severity: number }, than: Incident): boolean => alert.severity < than.severity;

/**
 * News of a linked alert that its ended incident cannot answer: a firing alert got worse, after the end, than that incident
 * was. What was so before is no news, however often it is delivered.
 */
export const outgrows = (incident: Incident, command: AlertCommand): boolean =>
  command.type === 'note-alert-severity' &&
  !isOpen(incident) &&
  command.at > incident.statusAt &&
  incident.alerts[command.id]?.state !== 'resolved' &&
  isWorse(command, incident);

/** An incident without a channel shows in its line, or in the storm it is listed in: there its changes appear. */
export function shownIn(effect: Effect, incident: Incident): Effect {
  if (effect.kind !== 'card' && effect.kind !== 'announcement') return effect;
  if (incident.visibility === 'line') return { kind: 'announcement' };
  return incident.visibility === 'storm'
    ? { kind: 'storm-message', head: incident.stormOf ?? incident.id }
    : effect;
}
