import { decodeMetadata } from '../blocks/form.ts';
import { nudgeList } from '../blocks/nudge-list.ts';
import { parseSnooze, snoozeModal } from '../blocks/snooze-modal.ts';
import { person } from '../incident/by.ts';
import { dues } from '../incident/due.ts';
import { openFollowups } from '../incident/followups.ts';
import { type Incident, isNudgeRule, nudgeRules } from '../incident/incident.ts';
import { plannedNudges } from '../incident/nudge-clock.ts';
import { label, type Severity } from '../incident/severity-scale.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import type { IncidentCommand } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

async function listed(deps: SlackDeps, incident: Incident): Promise<Reply> {
  const planned = plannedNudges(incident);
  const asked = [
    ...planned.map(({ rung }) => rung.to),
    ...openFollowups(incident).map(({ owner }) => owner),
    incident.postmortem?.owner,
  ];
  await deps.people.learn(asked.flatMap((user) => user ?? []));
  const others = dues(incident)
    .filter(({ rule }) => !nudgeRules.some((nudge) => rule.startsWith(nudge)))
    .map(({ rule, at }) => ({ what: rule, at }))
    .sort((a, b) => a.at - b.at);
  return nudgeList(incident, planned, others, screenOf(deps));
}

/** `/incident nudges`: what the clock will say, when, why and to whom. */
export const nudges: IncidentCommand = {
  about: 'incident',
  run: (deps, _invocation, incident) => listed(deps, incident),
};

export const clickNudges: ClickHandler = (deps, { incident }) => listed(deps, incident);

export const clickSnooze: ClickHandler = async (_deps, { incident, target }) =>
  target.rule ? { modal: snoozeModal(incident, target.rule) } : null;

export const clickStop: ClickHandler = async (deps, { incident, target, user, cause }) => {
  if (!target.rule) return null;
  const command = { type: 'stop-nudge', by: person(user), rule: target.rule } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying(`This reminder stops. Start it again: ${deps.config().command} nudges`),
  );
};

/** Takes a Stop back. */
export const clickStartAgain: ClickHandler = async (deps, { incident, target, user, cause }) => {
  if (!target.rule) return null;
  const command = { type: 'start-nudge', by: person(user), rule: target.rule } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('This reminder goes on.'),
  );
};

export const submitSnooze: SubmissionHandler = async (deps, { user, incident, values, metadata, cause }) => {
  const { rule } = decodeMetadata(metadata);
  const parsed = parseSnooze(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  if (!incident || !isNudgeRule(rule)) return null;
  const command = { type: 'snooze-nudge', by: person(user), rule, untilAt: parsed.ok.untilAt } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () => saying('Snoozed.'));
};

/** "I'm here", says the commander who was asked. */
export const clickConfirmCommand: ClickHandler = async (deps, { incident, user, cause }) => {
  const command = { type: 'confirm-command', by: person(user) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`Noted: you are in command of ${numberOf(after)}.`),
  );
};

/** **Take command** from a commander who is silent; from nobody else, should it have passed on meanwhile. */
export const clickTakeOverCommand: ClickHandler = async (deps, { incident, user, target, cause }) => {
  const command = {
    type: 'assign-role',
    by: person(user),
    role: 'commander',
    user,
    timeZone: deps.people.known(user)?.timeZone ?? null,
    onlyIfVacant: true,
    ...(target.user && { insteadOf: target.user }),
  } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`You are in command of ${numberOf(after)}. What that means is in your DMs.`),
  );
};

/** One of the severities under "How bad is it for users?". */
export const clickSetSeverity =
  (to: Severity): ClickHandler =>
  async (deps, { incident, user, cause }) => {
    const command = { type: 'change-severity', by: person(user), to, reason: '' } as const;
    return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
      saying(`${numberOf(after)} is ${label(after.severity)}.`),
    );
  };

/** Triage is decided: it is an incident. */
export const clickInvestigate: ClickHandler = async (deps, { incident, user, cause }) => {
  const command = { type: 'change-status', by: person(user), to: 'investigating', note: '' } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`${numberOf(after)} is being investigated.`),
  );
};
