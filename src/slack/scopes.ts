/**
 * The bot scopes that the code needs; tests/manifest.test.ts holds them against manifest.yml and the methods we call.
 */
export const neededScopes = [
  'app_mentions:read',
  'bookmarks:read',
  'bookmarks:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'commands',
  'dnd:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:write',
  'pins:write',
  'reactions:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
] as const;

/** What only the postmortem draft as a canvas needs; without them it is a file. */
export const canvasScopes = ['canvases:read', 'canvases:write'] as const;

/** What only a user group that follows the schedule needs. */
export const groupScopes = ['usergroups:write'] as const;

/** Scopes that were not granted. Slack names the granted ones in a header; without it nothing is known to be missing. */
export const missingScopes = (
  granted: readonly string[],
  needed: readonly string[] = neededScopes,
): string[] => (granted.length === 0 ? [] : needed.filter((scope) => !granted.includes(scope)));
