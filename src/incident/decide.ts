import { acknowledgement } from './acknowledgement.ts';
import { alerts } from './alerts.ts';
import { type By, userOf } from './by.ts';
import { channel } from './channel.ts';
import { clockTopic } from './clock.ts';
import type { Command, CommandType } from './commands.ts';
import { begin, declaringEffects } from './declaring.ts';
import { delivery } from './delivery.ts';
import type { Effect } from './effects.ts';
import { escalation } from './escalation.ts';
import { type Fact, type FactType, happenedAt } from './facts.ts';
import type { Incident } from './incident.ts';
import { lifecycle } from './lifecycle.ts';
import { messages } from './messages.ts';
import { notes } from './notes.ts';
import { nudgeTopic } from './nudges.ts';
import { shownIn } from './placement.ts';
import { postmortem } from './postmortem.ts';
import { roleTopic } from './roles.ts';
import { severity } from './severity.ts';
import type { Decision } from './topic.ts';
import { updates } from './updates.ts';

type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>;
type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;

const decisions: {
  [Type in CommandType]: (incident: Incident, command: CommandOf<Type>, now: number) => Decision;
} = {
  ...acknowledgement.decide,
  ...alerts.decide,
  ...channel.decide,
  ...clockTopic.decide,
  ...delivery.decide,
  ...escalation.decide,
  ...lifecycle.decide,
  ...messages.decide,
  ...notes.decide,
  ...nudgeTopic.decide,
  ...postmortem.decide,
  ...roleTopic.decide,
  ...severity.decide,
  ...updates.decide,
};

const changes: { [Type in FactType]: (incident: Incident, fact: FactOf<Type>, at: number) => Incident } = {
  ...acknowledgement.evolve,
  ...alerts.evolve,
  ...channel.evolve,
  ...clockTopic.evolve,
  ...delivery.evolve,
  ...escalation.evolve,
  ...lifecycle.evolve,
  ...messages.evolve,
  ...notes.evolve,
  ...nudgeTopic.evolve,
  ...postmortem.evolve,
  ...roleTopic.evolve,
  ...severity.evolve,
  ...updates.evolve,
  declared: (_incident, fact, at) => begin(fact, at),
};

const obligations: {
  [Type in FactType]: (fact: FactOf<Type>, after: Incident, before: Incident) => Effect[];
} = {
  ...acknowledgement.effects,
  ...alerts.effects,
  ...channel.effects,
  ...clockTopic.effects,
  ...delivery.effects,
  ...escalation.effects,
  ...lifecycle.effects,
  ...messages.effects,
  ...notes.effects,
  ...nudgeTopic.effects,
  ...postmortem.effects,
  ...roleTopic.effects,
  ...severity.effects,
  ...updates.effects,
  declared: (fact) => declaringEffects(fact),
};

/** May I, and what follows? Facts (possibly none), or a named refusal. Pure; `now` epoch ms. */
export function decide<Type extends CommandType>(
  incident: Incident,
  command: CommandOf<Type>,
  now: number,
): Decision {
  const decideOne: (incident: Incident, command: CommandOf<Type>, now: number) => Decision =
    decisions[command.type as Type];
  return decideOne(incident, command, now);
}

/** The incident after one fact that was recorded at `at` (epoch ms). */
export function evolve<Type extends FactType>(incident: Incident, fact: FactOf<Type>, at: number): Incident {
  const change: (incident: Incident, fact: FactOf<Type>, at: number) => Incident = changes[fact.type as Type];
  return seen(change(incident, fact, at), fact, at);
}

/** What one fact obliges us to tell the world. */
export function effectsOf<Type extends FactType>(
  fact: FactOf<Type>,
  after: Incident,
  before: Incident,
): Effect[] {
  const oblige: (fact: FactOf<Type>, after: Incident, before: Incident) => Effect[] =
    obligations[fact.type as Type];
  return oblige(fact, after, before).map((effect) => shownIn(effect, after));
}

/** Whatever a person does or writes is activity, and the acknowledger's own keeps the incident theirs. */
function seen(incident: Incident, fact: Fact, at: number): Incident {
  const user = actorOf(fact);
  if (user === null) return incident;
  const when = Math.min(happenedAt(fact, at), at);
  const lastActivityAt = Math.max(incident.lastActivityAt, when);
  const held = incident.acknowledged;
  if (!held || userOf(held.by) !== user) return { ...incident, lastActivityAt };
  return {
    ...incident,
    lastActivityAt,
    acknowledged: { ...held, lastSeenAt: Math.max(held.lastSeenAt, when) },
  };
}

/** The person behind a fact, if a person is. */
export function actorOf(fact: Fact): string | null {
  if (fact.type === 'message-posted') return fact.author.user;
  if (fact.type === 'member-joined' || fact.type === 'channel-changed') return fact.user;
  return 'by' in fact ? userOf(fact.by as By) : null;
}
