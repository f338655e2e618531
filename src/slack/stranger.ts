import type { SlackDeps } from './deps.ts';

/**
 * Of another organisation (a shared channel's guest): reads nothing, does nothing. `team` and `enterprise` are the
 * person's, as the payload has them. In an Enterprise Grid organisation people belong to many workspaces, and a payload
 * may name another one of them than ours: whoever is of our organisation is no stranger.
 */
export function isStranger(deps: SlackDeps, team: string | undefined, enterprise?: string | null): boolean {
  const us = deps.identity();
  if (team === undefined || us.team === '' || team === us.team) return false;
  const ours = us.enterprise ?? '';
  return ours === '' || (team !== ours && enterprise !== ours);
}

export const strangerWords = 'Only members of the workspace that runs Tocsin can do this. Nothing changed.';
