import type { SlackDeps } from './deps.ts';

/**
 * A guest of the workspace: invited to some channels and no others, so an incident's channel may be closed to them, and
 * what it says not theirs to read. No command waits for Slack to say so: whom nobody has heard of yet is let through,
 * and known the next time.
 */
export function isGuest(deps: SlackDeps, user: string): boolean {
  const person = deps.people.known(user);
  return person !== null && !person.isMember;
}

export const guestWords =
  'Guests cannot declare incidents: they may not see the channel that opens. Nothing changed. Tell a member of this workspace what is wrong, and they declare it.';
