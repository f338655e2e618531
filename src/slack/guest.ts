import { type Incident, involves, visibleTo } from '../incident/incident.ts';
import type { SlackDeps } from './deps.ts';

/**
 * A guest of the workspace: invited to some channels and no others, so an incident's channel may be closed to them, and
 * what it says not theirs to read. No command waits for Slack to say so: whom nobody has heard of yet, or not for long,
 * is asked about meanwhile, taken for what they were (at first: a member), and known the next time.
 */
export function isGuest(deps: SlackDeps, user: string): boolean {
  const person = deps.people.known(user);
  deps.meet(user);
  return person !== null && !person.isMember;
}

/**
 * Which incidents this person may read, who acts in `channel`. Guests see in Slack the channels they are in and nothing
 * else; so here those incidents whose channel they were seen to join, or are acting in, and those they are part of.
 */
export function sightOf(
  deps: SlackDeps,
  user: string,
  channel: string | null = null,
): (incident: Incident) => boolean {
  const guest = isGuest(deps, user);
  return (incident) =>
    visibleTo(incident, user) &&
    (!guest || incident.members.includes(user) || involves(incident, user) || isShownIn(incident, channel));
}

const isShownIn = ({ channel, places }: Incident, where: string | null): boolean =>
  where !== null && (where === channel?.id || where === places.announcement?.channel);

export const guestWords =
  'Guests cannot declare incidents: they may not see the channel that opens. Nothing changed. Tell a member of this workspace what is wrong, and they declare it.';
