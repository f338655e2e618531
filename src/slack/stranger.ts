import { isForeign } from '../people.ts';
import type { SlackDeps } from './deps.ts';

/**
 * Of another organisation (a shared channel's guest): reads nothing, does nothing. `team` and `enterprise` are the
 * person's, as the payload has them.
 */
export const isStranger = (deps: SlackDeps, team: string | undefined, enterprise?: string | null): boolean =>
  isForeign(deps.identity(), team, enterprise);

export const strangerWords = 'Only members of the workspace that runs Tocsin can do this. Nothing changed.';
