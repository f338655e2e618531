import type { By } from './by.ts';
import { arrival, inThread } from './channel.ts';
import { pendingAbsence } from './clock.ts';
import type { EffectKind } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, NudgeRule, PlaceName } from './incident.ts';
import type { Topic } from './topic.ts';

/** What the outbox reports back about its own work, beyond channels and pages. */
export type DeliveryCommand =
  | { type: 'note-posted'; what: PlaceName; channel: string; ts: string }
  /** A fact stands in the channel, in words. */
  | { type: 'note-said'; about: Fact; channel: string; ts: string }
  /** A call for help stands in the announce channel. */
  | { type: 'note-help-called'; channel: string; ts: string }
  | { type: 'note-nudge-posted'; rule: NudgeRule; rung: number; dueAt: number; channel: string; ts: string }
  /** Somebody deleted a message of ours that we edit in place. */
  | { type: 'note-place-lost'; what: PlaceName }
  /** An effect that will not be tried again. `error` is Slack's own word. */
  | { type: 'note-failed'; kind: EffectKind; error: string }
  /** A person has a call that failed for good tried again, or gives it up. `row`: its number in the outbox. */
  | { type: 'retry-call'; by: By; row: number; kind: EffectKind; error: string }
  | { type: 'discard-call'; by: By; row: number; kind: EffectKind; error: string };

export type DeliveryFact =
  | { type: 'posted'; what: PlaceName; channel: string; ts: string }
  /** `about` exactly as it was recorded: that is how its entry is found again. */
  | { type: 'said'; about: Fact; channel: string; ts: string }
  | { type: 'help-called'; channel: string; ts: string }
  | { type: 'nudge-posted'; rule: NudgeRule; rung: number; dueAt: number; channel: string; ts: string }
  | { type: 'place-lost'; what: PlaceName }
  | { type: 'effect-failed'; kind: EffectKind; error: string }
  | { type: 'call-retried'; by: By; row: number; kind: EffectKind; error: string }
  | { type: 'call-discarded'; by: By; row: number; kind: EffectKind; error: string };

/** A deleted card is posted anew at most this often: we do not fight a person who deletes it on purpose. */
export const renewCardAfterMs = 3_600_000;

/** Calls for help that are remembered, to be taken away when it becomes private: the latest. */
const helpCallsMax = 50;

const mayRenew = (incident: Incident, now: number): boolean =>
  incident.cardLostAt === null || now - incident.cardLostAt >= renewCardAfterMs;

/** Posted in public while the incident became private: it is taken away again. */
const isStray = (incident: Incident, { what, channel }: { what: PlaceName; channel: string }): boolean =>
  incident.isPrivate && (what === 'announcement' || (what === 'card' && channel !== incident.channel?.id));

export const delivery: Topic<DeliveryCommand, DeliveryFact> = {
  decide: {
    'note-posted': (_incident, command) => [{ ...command, type: 'posted' }],
    'note-said': (_incident, command) => [{ ...command, type: 'said' }],
    'note-help-called': (_incident, command) => [{ ...command, type: 'help-called' }],
    'note-nudge-posted': (_incident, command) => [{ ...command, type: 'nudge-posted' }],
    'note-place-lost': (incident, command, now) =>
      mayRenew(incident, now) ? [{ type: 'place-lost', what: command.what }] : [],
    'note-failed': (incident, command) => {
      const failed = { ...command, type: 'effect-failed' } as const;
      const away = command.kind === 'pull-history' ? pendingAbsence(incident) : null;
      return away ? [failed, { type: 'was-away', ...away, messages: null }] : [failed];
    },
    'retry-call': (_incident, command) => [{ ...command, type: 'call-retried' }],
    'discard-call': (_incident, command) => [{ ...command, type: 'call-discarded' }],
  },
  evolve: {
    posted: (incident, fact) =>
      isStray(incident, fact)
        ? incident
        : inThread({
            ...incident,
            places: { ...incident.places, [fact.what]: { channel: fact.channel, ts: fact.ts } },
          }),
    said: (incident) => incident,
    'help-called': (incident, { channel, ts }) =>
      incident.isPrivate
        ? incident
        : { ...incident, helpCalls: [...(incident.helpCalls ?? []), { channel, ts }].slice(-helpCallsMax) },
    'nudge-posted': (incident, fact) => {
      const { standing } = incident.nudges;
      const stands =
        standing?.rule === fact.rule && standing.rung === fact.rung && standing.dueAt === fact.dueAt;
      if (!stands) return incident;
      const place = { channel: fact.channel, ts: fact.ts };
      return { ...incident, nudges: { ...incident.nudges, standing: { ...standing, place } } };
    },
    'place-lost': (incident, fact, at) => ({
      ...incident,
      cardLostAt: at,
      places: { ...incident.places, [fact.what]: undefined },
    }),
    'effect-failed': (incident) => incident,
    'call-retried': (incident) => incident,
    'call-discarded': (incident) => incident,
  },
  effects: {
    posted: (fact, after, before) => {
      if (isStray(after, fact)) return [{ kind: 'retract', place: { channel: fact.channel, ts: fact.ts } }];
      if (fact.what === 'card') return [{ kind: 'pin-card' }];
      return after.channel && !before.channel ? arrival(after) : [];
    },
    said: () => [],
    'help-called': ({ channel, ts }, after) =>
      after.isPrivate ? [{ kind: 'retract', place: { channel, ts } }] : [],
    // Answered while it was on its way: it goes again.
    'nudge-posted': (fact, after) =>
      after.nudges.standing?.place?.ts === fact.ts
        ? []
        : [{ kind: 'retract', place: { channel: fact.channel, ts: fact.ts } }],
    'place-lost': (fact, after) => {
      if (fact.what === 'card') return [{ kind: 'card' }];
      if (fact.what === 'announcement') return [{ kind: 'announcement' }];
      return fact.what === 'storm' ? [{ kind: 'storm-message', head: after.id }] : [];
    },
    'call-retried': () => [],
    'call-discarded': () => [],
    // Somebody has to tell the others.
    'effect-failed': (fact) => (fact.kind === 'announcement' ? [{ kind: 'say', about: fact }] : []),
  },
};
