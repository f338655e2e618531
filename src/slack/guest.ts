import { type Incident, involves, visibleTo } from '../incident/incident.ts';
import { rightTo } from '../incident/permissions.ts';
import type { SlackDeps } from './deps.ts';
import { kindOf } from './permissions.ts';

/**
 * A guest of the workspace: invited to some channels and no others, so an incident's channel may be closed to them, and
 * what it says not theirs to read.
 */
export const isGuest = (deps: SlackDeps, user: string): boolean => kindOf(deps, { user }) === 'guest';

/**
 * Which incidents this person may read, who acts in `channel`. Guests see in Slack the channels they are in and nothing
 * else; so here those incidents whose channel they were seen to join, or are acting in, and those they are part of.
 * Whoever is known to be of another organisation, deactivated or a bot sees none.
 */
export function sightOf(
  deps: SlackDeps,
  user: string,
  channel: string | null = null,
): (incident: Incident) => boolean {
  const right = rightTo('look', kindOf(deps, { user }));
  return (incident) =>
    right !== 'none' &&
    visibleTo(incident, user) &&
    (right === 'all' ||
      incident.members.includes(user) ||
      involves(incident, user) ||
      isShownIn(incident, channel));
}

const isShownIn = ({ channel, places }: Incident, where: string | null): boolean =>
  where !== null && (where === channel?.id || where === places.announcement?.channel);
