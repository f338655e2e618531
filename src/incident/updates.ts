import { announced } from './announced.ts';
import type { By } from './by.ts';
import type { Effect } from './effects.ts';
import type { Incident, StatusUpdate } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

export type UpdateCommand =
  | {
      type: 'post-update';
      by: By;
      happening: string;
      impact: string;
      doing: string;
      /** When the next one is promised, epoch ms; null: the severity's cadence. */
      nextAt: number | null;
    }
  /** "No change": counts as an update, at most `noChangeMax` times running. */
  | { type: 'no-change'; by: By };

export type UpdateFact =
  | { type: 'update-posted'; by: By; happening: string; impact: string; doing: string; nextAt: number | null }
  | { type: 'no-change-posted'; by: By; nextAt: number | null };

const cadence = (incident: Incident): number | null =>
  incident.policy.severities[incident.severity].updateEveryMs;

function post(
  incident: Incident,
  command: Extract<UpdateCommand, { type: 'post-update' }>,
  now: number,
): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const happening = clean(command.happening, updateLengthMax);
  if (happening === '') return { refused: 'empty', what: 'what is happening' };
  if (command.nextAt !== null && command.nextAt <= now) return { refused: 'stale' };
  const cadenceMs = cadence(incident);
  return [
    {
      type: 'update-posted',
      by: command.by,
      happening,
      impact: clean(command.impact, updateLengthMax),
      doing: clean(command.doing, updateLengthMax),
      nextAt: command.nextAt ?? (cadenceMs === null ? null : now + cadenceMs),
    },
  ];
}

/** Longest field of an update, in code points: it must fit a card and an announcement. */
export const updateLengthMax = 2000;

function noChange(incident: Incident, by: By, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  if (!incident.updates.last) return { refused: 'no-update-yet' };
  const { noChangeMax } = incident.policy.nudges;
  if (incident.updates.noChangeRunning >= noChangeMax) {
    return { refused: 'no-change-used-up', max: noChangeMax };
  }
  const cadenceMs = cadence(incident);
  return [{ type: 'no-change-posted', by, nextAt: cadenceMs === null ? null : now + cadenceMs }];
}

/**
 * The update's nudge is answered: its ladder starts afresh at the next due time. A person's Stop holds; what stopped
 * because nobody answered starts again with the answer.
 */
function answered({ nudges, policy }: Incident): Incident['nudges'] {
  const { 'update-due': state, ...rules } = nudges.rules;
  const holds = state?.stopped === true && state.ignored < policy.nudges.ignoredMax;
  const standing = nudges.standing?.rule === 'update-due' ? null : nudges.standing;
  return { ...nudges, rules: holds ? nudges.rules : rules, standing };
}

export const updates: Topic<UpdateCommand, UpdateFact> = {
  decide: {
    'post-update': post,
    'no-change': (incident, command, now) => noChange(incident, command.by, now),
  },
  evolve: {
    'update-posted': (incident, fact, at) => {
      const last: StatusUpdate = {
        at,
        by: fact.by,
        happening: fact.happening,
        impact: fact.impact || (incident.updates.last?.impact ?? ''),
        doing: fact.doing,
        nextAt: fact.nextAt,
      };
      return {
        ...incident,
        impactText: fact.impact || incident.impactText,
        updates: { last, dueAt: fact.nextAt, noChangeRunning: 0, messagesSince: 0 },
        nudges: answered(incident),
      };
    },
    'no-change-posted': (incident, fact) => ({
      ...incident,
      updates: {
        ...incident.updates,
        dueAt: fact.nextAt,
        noChangeRunning: incident.updates.noChangeRunning + 1,
      },
      nudges: answered(incident),
    }),
  },
  effects: {
    'update-posted': (fact, after) => told(after, [{ kind: 'say', about: fact }]),
    'no-change-posted': (fact, after) => told(after, [{ kind: 'say', about: fact }]),
  },
};

function told(after: Incident, said: Effect[]): Effect[] {
  return [{ kind: 'card' }, ...said, ...announced(after)];
}
