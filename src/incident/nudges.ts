import type { By } from './by.ts';
import { userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Incident, NudgeRule } from './incident.ts';
import { isOpen } from './incident.ts';
import { evolveNudged, fresh, quietened, stateOf, withRule } from './nudge-state.ts';
import { whenEnded } from './refusal.ts';
import type { Rung } from './rungs.ts';
import type { Decision, Topic } from './topic.ts';

export type NudgeCommand =
  | { type: 'snooze-nudge'; by: By; rule: NudgeRule; untilAt: number }
  | { type: 'stop-nudge'; by: By; rule: NudgeRule }
  /** Takes a Stop back, whoever or whatever it came from. */
  | { type: 'start-nudge'; by: By; rule: NudgeRule }
  /** The commander, asked for a sign of life: "I'm here". */
  | { type: 'confirm-command'; by: By };

export type NudgeFact =
  | {
      type: 'nudged';
      rule: NudgeRule;
      rung: number;
      dueAt: number;
      via: Rung['via'];
      /** Whom it mentions or reaches by DM; null: the whole channel. */
      to: string | null;
      /** This was the last rung for this due time, and nothing came of it. */
      lastRung: boolean;
    }
  | { type: 'nudge-snoozed'; by: By; rule: NudgeRule; untilAt: number }
  | { type: 'nudge-stopped'; by: By; rule: NudgeRule; ignored: number }
  | { type: 'nudge-started'; by: By; rule: NudgeRule }
  | { type: 'command-confirmed'; by: By };

type CommandOf<Type extends NudgeCommand['type']> = Extract<NudgeCommand, { type: Type }>;

/** A mention does not reach whoever has left the channel (product.md section 5). A private one is theirs to come back to. */
function invitedAgain({ to, via }: Extract<NudgeFact, { type: 'nudged' }>, incident: Incident): Effect[] {
  const isGone = to !== null && via !== 'dm' && !incident.isPrivate && !incident.members.includes(to);
  return isGone ? [{ kind: 'invite', users: [to] }] : [];
}

function stop(incident: Incident, { rule, by }: CommandOf<'stop-nudge'>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const state = stateOf(incident, rule);
  return state.stopped
    ? { refused: 'nudge-gone', rule }
    : [{ type: 'nudge-stopped', by, rule, ignored: state.ignored }];
}

function startAgain(incident: Incident, { rule, by }: CommandOf<'start-nudge'>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  return stateOf(incident, rule).stopped
    ? [{ type: 'nudge-started', by, rule }]
    : { refused: 'nudge-runs', rule };
}

function snooze(incident: Incident, { by, rule, untilAt }: CommandOf<'snooze-nudge'>, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  if (stateOf(incident, rule).stopped) return { refused: 'nudge-gone', rule };
  return untilAt <= now ? { refused: 'stale' } : [{ type: 'nudge-snoozed', by, rule, untilAt }];
}

function confirm(incident: Incident, { by }: CommandOf<'confirm-command'>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const held = incident.roles.commander;
  if (!held) return { refused: 'role-vacant', role: 'commander' };
  return held.user === userOf(by)
    ? [{ type: 'command-confirmed', by }]
    : { refused: 'role-taken', role: 'commander', user: held.user, at: held.at };
}

export const nudgeTopic: Topic<NudgeCommand, NudgeFact> = {
  decide: {
    'snooze-nudge': snooze,
    'stop-nudge': stop,
    'start-nudge': startAgain,
    'confirm-command': confirm,
  },
  evolve: {
    nudged: evolveNudged,
    'nudge-snoozed': (incident, fact) => ({
      ...incident,
      nudges: withRule(quietened(incident, fact.rule), fact.rule, { ...fresh, notBeforeAt: fact.untilAt }),
    }),
    'nudge-stopped': (incident, fact) => ({
      ...incident,
      nudges: withRule(quietened(incident, fact.rule), fact.rule, {
        ...stateOf(incident, fact.rule),
        stopped: true,
      }),
    }),
    'nudge-started': (incident, fact) => ({
      ...incident,
      nudges: withRule(incident.nudges, fact.rule, fresh),
    }),
    // That they did something is what counts (decide.ts, `seen`).
    'command-confirmed': (incident) => incident,
  },
  effects: {
    nudged: (fact, after) => [
      ...invitedAgain(fact, after),
      { kind: 'nudge', rule: fact.rule, rung: fact.rung, dueAt: fact.dueAt },
      ...(fact.rule === 'update-due' && fact.lastRung ? [{ kind: 'card' } as const] : []),
    ],
    'nudge-snoozed': () => [],
    'nudge-stopped': (fact) => [{ kind: 'say', about: fact }],
    'nudge-started': (fact) => [{ kind: 'say', about: fact }],
    'command-confirmed': () => [],
  },
};
