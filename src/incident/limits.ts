import type { Topic } from './topic.ts';

/** What Slack may refuse a workspace (its plan, its policies, its bounds) without stopping an incident. */
export type LimitedThing = 'bookmarks' | 'pins' | 'channel-name';

/** The outbox: Slack does not let us, with this word. The incident goes on without. */
export type LimitCommand = { type: 'note-limit'; what: LimitedThing; error: string };

export type LimitFact = { type: 'limit-met'; what: LimitedThing; error: string };

/** Said once an incident: what does not come back is no news the second time. */
export const limits: Topic<LimitCommand, LimitFact> = {
  decide: {
    'note-limit': (incident, { what, error }) =>
      incident.limitsMet?.includes(what) ? [] : [{ type: 'limit-met', what, error }],
  },
  evolve: {
    'limit-met': (incident, { what }) => ({
      ...incident,
      limitsMet: [...(incident.limitsMet ?? []), what],
    }),
  },
  effects: { 'limit-met': (fact) => [{ kind: 'say', about: fact }] },
};
