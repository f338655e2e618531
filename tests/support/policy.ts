import type { Policy } from '../../src/incident/policy.ts';

const min = 60_000;

/** The defaults of product.md (sections 2 and 7), as an incident carries them. */
export const defaultPolicy: Policy = {
  severities: {
    1: { name: 'critical', respondWithinMs: 5 * min, updateEveryMs: 15 * min },
    2: { name: 'major', respondWithinMs: 15 * min, updateEveryMs: 30 * min },
    3: { name: 'minor', respondWithinMs: 60 * min, updateEveryMs: 60 * min },
    4: { name: 'low', respondWithinMs: null, updateEveryMs: null },
  },
  escalation: {
    steps: {
      1: [
        { afterMs: 0, action: 'page', target: 'oncall-primary' },
        { afterMs: 5 * min, action: 'page', target: 'oncall-secondary' },
        { afterMs: 10 * min, action: 'page', target: 'engineering-manager' },
        { afterMs: 20 * min, action: 'page', target: 'vp-engineering' },
        { afterMs: 30 * min, action: 'page', target: 'cto' },
      ],
      2: [
        { afterMs: 0, action: 'page', target: 'oncall-primary' },
        { afterMs: 15 * min, action: 'page', target: 'oncall-secondary' },
        { afterMs: 30 * min, action: 'page', target: 'engineering-manager' },
        { afterMs: 60 * min, action: 'notify', target: 'director' },
      ],
      3: [
        { afterMs: 0, action: 'notify', target: 'oncall-primary' },
        { afterMs: 60 * min, action: 'notify', target: 'team-lead' },
        { afterMs: 240 * min, action: 'notify', target: 'engineering-manager' },
      ],
      4: [{ afterMs: 0, action: 'ticket', target: 'announce-channel' }],
    },
    repeat: 2,
    repeatAfterMs: 10 * min,
    silentAfterMs: { 1: 15 * min, 2: 30 * min, 3: null, 4: null },
    stillOnItMs: 5 * min,
    clearedAfterMs: 30 * min,
    rearmWithinMs: 15 * min,
    pagerdutyGraceMs: 5 * min,
  },
  nudges: {
    noCommanderMs: 5 * min,
    noCommsMs: 10 * min,
    spacingMs: 5 * min,
    ignoredMax: 3,
    noChangeMax: 2,
    updateHeadsUpMs: 5 * min,
    updateMentionMs: { 1: 5 * min, 2: 15 * min, 3: 15 * min, 4: 15 * min },
    updatePageMs: 10 * min,
  },
  workingHours: { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', timeZone: 'UTC' },
  phones: [],
  channelTemplate: 'inc-{date}-{id}-{title}',
  timeZone: 'UTC',
};
