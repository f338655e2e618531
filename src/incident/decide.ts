import { acknowledgement } from './acknowledgement.ts';
import { alertDetails } from './alert-details.ts';
import { alerts } from './alerts.ts';
import { type By, userOf } from './by.ts';
import { channel } from './channel.ts';
import { clockTopic } from './clock.ts';
import { closing } from './closing.ts';
import type { Command, CommandType } from './commands.ts';
import { begin, declaringEffects } from './declaring.ts';
import { delivery } from './delivery.ts';
import type { Effect } from './effects.ts';
import { escalation } from './escalation.ts';
import { exporting } from './exporting.ts';
import { type Fact, type FactOf, type FactType, happenedAt } from './facts.ts';
import { followups } from './followups.ts';
import { handover, offersOver, withoutLapsedOffers } from './handover.ts';
import type { Incident } from './incident.ts';
import { lifecycle } from './lifecycle.ts';
import { limits } from './limits.ts';
import { marks } from './marks.ts';
import { merging } from './merging.ts';
import { messages } from './messages.ts';
import { notes } from './notes.ts';
import { retractAnswered, withoutAnswered } from './nudge-state.ts';
import { nudgeTopic } from './nudges.ts';
import { pagingOut, toPagerDuty, withTold } from './paging-out.ts';
import { pauseTopic, withPauseBroken } from './pause.ts';
import { shownIn } from './placement.ts';
import { canvasRedrawn, postmortem } from './postmortem.ts';
import { privacy } from './privacy.ts';
import { quotes } from './quotes.ts';
import { reach } from './reach.ts';
import { references } from './references.ts';
import { roleTopic } from './roles.ts';
import { severity } from './severity.ts';
import { shift } from './shift.ts';
import { title } from './title.ts';
import type { Decision } from './topic.ts';
import { undo } from './undo.ts';
import { updates } from './updates.ts';

type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>;
const decisions: {
  [Type in CommandType]: (incident: Incident, command: CommandOf<Type>, now: number) => Decision;
} = {
  ...acknowledgement.decide,
  ...alertDetails.decide,
  ...alerts.decide,
  ...channel.decide,
  ...clockTopic.decide,
  ...closing.decide,
  ...delivery.decide,
  ...escalation.decide,
  ...exporting.decide,
  ...followups.decide,
  ...handover.decide,
  ...lifecycle.decide,
  ...limits.decide,
  ...merging.decide,
  ...marks.decide,
  ...messages.decide,
  ...notes.decide,
  ...nudgeTopic.decide,
  ...pagingOut.decide,
  ...pauseTopic.decide,
  ...postmortem.decide,
  ...privacy.decide,
  ...quotes.decide,
  ...reach.decide,
  ...references.decide,
  ...roleTopic.decide,
  ...severity.decide,
  ...shift.decide,
  ...title.decide,
  ...undo.decide,
  ...updates.decide,
};

const changes: { [Type in FactType]: (incident: Incident, fact: FactOf<Type>, at: number) => Incident } = {
  ...acknowledgement.evolve,
  ...alertDetails.evolve,
  ...alerts.evolve,
  ...channel.evolve,
  ...clockTopic.evolve,
  ...closing.evolve,
  ...delivery.evolve,
  ...escalation.evolve,
  ...exporting.evolve,
  ...followups.evolve,
  ...handover.evolve,
  ...lifecycle.evolve,
  ...limits.evolve,
  ...merging.evolve,
  ...marks.evolve,
  ...messages.evolve,
  ...notes.evolve,
  ...nudgeTopic.evolve,
  ...pagingOut.evolve,
  ...pauseTopic.evolve,
  ...postmortem.evolve,
  ...privacy.evolve,
  ...quotes.evolve,
  ...reach.evolve,
  ...references.evolve,
  ...roleTopic.evolve,
  ...severity.evolve,
  ...title.evolve,
  ...undo.evolve,
  ...updates.evolve,
  declared: (_incident, fact, at) => begin(fact, at),
};

const obligations: {
  [Type in FactType]: (fact: FactOf<Type>, after: Incident, before: Incident) => Effect[];
} = {
  ...acknowledgement.effects,
  ...alertDetails.effects,
  ...alerts.effects,
  ...channel.effects,
  ...clockTopic.effects,
  ...closing.effects,
  ...delivery.effects,
  ...escalation.effects,
  ...exporting.effects,
  ...followups.effects,
  ...handover.effects,
  ...lifecycle.effects,
  ...limits.effects,
  ...merging.effects,
  ...marks.effects,
  ...messages.effects,
  ...notes.effects,
  ...nudgeTopic.effects,
  ...pagingOut.effects,
  ...pauseTopic.effects,
  ...postmortem.effects,
  ...privacy.effects,
  ...quotes.effects,
  ...reach.effects,
  ...references.effects,
  ...roleTopic.effects,
  ...severity.effects,
  ...title.effects,
  ...undo.effects,
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
  return withPauseBroken(incident, decideOne(incident, command, now));
}

/** The incident after one fact that was recorded at `at` (epoch ms). */
export function evolve<Type extends FactType>(incident: Incident, fact: FactOf<Type>, at: number): Incident {
  const change: (incident: Incident, fact: FactOf<Type>, at: number) => Incident = changes[fact.type as Type];
  const changed = withTold(change(incident, fact, at), fact, incident);
  return withoutAnswered(withoutLapsedOffers(seen(changed, fact, at)));
}

/** What one fact obliges us to tell the world. */
export function effectsOf<Type extends FactType>(
  fact: FactOf<Type>,
  after: Incident,
  before: Incident,
): Effect[] {
  const oblige: (fact: FactOf<Type>, after: Incident, before: Incident) => Effect[] =
    obligations[fact.type as Type];
  const effects = [
    ...oblige(fact, after, before),
    ...offersOver(fact, after, before),
    ...canvasRedrawn(fact, after),
    ...toPagerDuty(fact, after, before),
  ];
  return [...effects.map((effect) => shownIn(effect, after)), ...retractAnswered(before, after)];
}

/** Whatever a person does or writes is activity; the acknowledger's own keeps it theirs, and the commander is seen. */
function seen(incident: Incident, fact: Fact, at: number): Incident {
  const user = actorOf(fact);
  if (user === null) return incident;
  const when = Math.min(happenedAt(fact, at), at);
  const lastActivityAt = Math.max(incident.lastActivityAt, when);
  const { acknowledged: held, roles } = incident;
  const lead = roles.commander;
  const isHeld = held && userOf(held.by) === user;
  return {
    ...incident,
    lastActivityAt,
    acknowledged: isHeld ? { ...held, lastSeenAt: Math.max(held.lastSeenAt, when) } : held,
    roles:
      lead?.user === user
        ? { ...roles, commander: { ...lead, lastSeenAt: Math.max(lead.lastSeenAt ?? lead.at, when) } }
        : roles,
  };
}

/** The person behind a fact, if a person is. */
export function actorOf(fact: Fact): string | null {
  if (fact.type === 'message-posted') return fact.author.user;
  if (fact.type === 'member-joined' || fact.type === 'channel-changed') return fact.user;
  return 'by' in fact ? userOf(fact.by as By) : null;
}
