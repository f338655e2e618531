import { utc } from '../blocks/rich-text.ts';
import type { Incident } from '../incident/incident.ts';
import { restoredFrom } from '../store/store.ts';
import { type SlackDeps, screenOf } from './deps.ts';
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

/**
 * What is said where nobody finds that incident, or the person may not see it: `otherwise`, unless it went with a restore.
 * Then its card still promises pages that nobody sends.
 */
export function missingWords(deps: SlackDeps, id: number, otherwise: string): string {
  const restored = restoredFrom(deps.store.meta('restored-from'));
  const isLost = restored !== null && id > 0 && id <= restored.lastId && deps.store.incident(id) === null;
  if (!isLost) return otherwise;
  const of = utc(restored.backedUpAt, screenOf(deps));
  return `The database was restored from a backup of ${of}, and INC-${id} is younger: nobody is paged for it any more. Declare it again: ${deps.config().command} declare`;
}
