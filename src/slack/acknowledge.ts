import { askAcknowledge } from '../blocks/ask-acknowledge.ts';
import { type By, person, userOf } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { Committed } from '../store/store.ts';
import type { ClickHandler } from './click.ts';
import type { IncidentCommand } from './command.ts';
import { isOnCall, isOnCallByAddress } from './declare.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

/** "I have it." Somebody who was not called is asked first: it stops the paging of those who were. */
async function acknowledgeBy(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  cause: string,
  confirmed: boolean,
): Promise<Reply> {
  const attempt = (onCall: boolean) =>
    deps.engine.handle(incident.id, { type: 'acknowledge', by: person(user), onCall, confirmed }, cause);
  let outcome = await attempt(isOnCall(deps, user, incident.service));
  if (wantsConfirmation(outcome) && (await isOnCallByAddress(deps, user, incident.service))) {
    outcome = await attempt(true);
  }
  if (wantsConfirmation(outcome)) return askAcknowledge(outcome.incident ?? incident, screenOf(deps));
  if (isTheirsAlready(outcome, user))
    return saying(`You have ${numberOf(incident)} already. Nothing changed.`);
  return ended(deps, outcome, (after) => saying(`You have ${numberOf(after)}. Paging stopped.`));
}

const wantsConfirmation = (outcome: Committed): outcome is Extract<Committed, { outcome: 'refused' }> =>
  outcome.outcome === 'refused' && outcome.refusal.refused === 'confirm-acknowledge';

const isTheirsAlready = (outcome: Committed, user: string): boolean =>
  outcome.outcome === 'refused' &&
  outcome.refusal.refused === 'already-acknowledged' &&
  userOf(outcome.refusal.by) === user;

async function give(
  deps: SlackDeps,
  incident: Incident,
  type: 'unacknowledge' | 'decline' | 'confirm-still-on-it',
  by: By,
  cause: string,
  success: string,
): Promise<Reply> {
  return ended(deps, await deps.engine.handle(incident.id, { type, by }, cause), () => saying(success));
}

export const acknowledge: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, cause }, incident) => acknowledgeBy(deps, incident, user, cause, false),
};

export const unacknowledge: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, cause }, incident) =>
    give(
      deps,
      incident,
      'unacknowledge',
      person(user),
      cause,
      `${numberOf(incident)} is given back; the next person is told now.`,
    ),
};

export const clickAcknowledge: ClickHandler = (deps, { incident, user, cause }) =>
  acknowledgeBy(deps, incident, user, cause, false);

export const clickConfirmAcknowledge: ClickHandler = (deps, { incident, user, cause }) =>
  acknowledgeBy(deps, incident, user, cause, true);

export const clickJustWatching: ClickHandler = async () =>
  saying('Fine: nothing changed, the paging goes on.');

export const clickUnacknowledge: ClickHandler = (deps, { incident, user, cause }) =>
  give(deps, incident, 'unacknowledge', person(user), cause, 'Given back; the next person is told now.');

export const clickDecline: ClickHandler = (deps, { incident, user, cause }) =>
  give(deps, incident, 'decline', person(user), cause, 'Thanks for saying so: the next person is told now.');

export const clickStillOnIt: ClickHandler = (deps, { incident, user, cause }) =>
  give(deps, incident, 'confirm-still-on-it', person(user), cause, 'Noted: it stays yours.');
