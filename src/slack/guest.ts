import type { SlackDeps } from './deps.ts';

/**
 * A guest of the workspace: invited to some channels and no others, so an incident's channel may be closed to them, and
 * what it says not theirs to read. Asks Slack about people nobody has heard of; where it does not say, nobody is one.
 */
export async function isGuest(deps: SlackDeps, user: string): Promise<boolean> {
  const person = deps.people.known(user) ?? (await deps.people.find(user).catch(() => null));
  return person !== null && !person.isMember;
}

export const guestWords =
  'Guests cannot declare incidents: they may not see the channel that opens. Nothing changed. Tell a member of this workspace what is wrong, and they declare it.';
