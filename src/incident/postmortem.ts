import type { By } from './by.ts';
import { ended } from './incident.ts';
import type { Topic } from './topic.ts';

/** Asks for the draft, or for a fresh one. */
export type PostmortemCommand = { type: 'request-draft'; by: By };

export type PostmortemFact = {
  type: 'draft-requested';
  by: By;
  /** Posted because the incident was resolved, not because somebody asked. */
  quiet: boolean;
};

export const postmortem: Topic<PostmortemCommand, PostmortemFact> = {
  decide: {
    'request-draft': (_incident, command) => [{ type: 'draft-requested', by: command.by, quiet: false }],
  },
  evolve: { 'draft-requested': (incident) => incident },
  effects: {
    'draft-requested': (_fact, after) =>
      after.visibility === 'channel' || ended(after.status)
        ? [{ kind: 'draft' }, { kind: 'draft-file' }]
        : [],
  },
};
