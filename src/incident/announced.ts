import type { Effect } from './effects.ts';
import { type Incident, isAnnounced } from './incident.ts';

/** What the announce channel is owed, the announcement itself unless said otherwise: nothing for a private incident or a test. */
export const announced = (incident: Incident, effects: Effect[] = [{ kind: 'announcement' }]): Effect[] =>
  isAnnounced(incident) ? effects : [];
