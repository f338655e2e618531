import { parsePostmortemSnooze, postmortemSnoozeModal } from '../blocks/postmortem-modal.ts';
import { person } from '../incident/by.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { ended, saying } from './reply.ts';

export const clickPostmortemSnooze: ClickHandler = async (_deps, { incident }) => ({
  modal: postmortemSnoozeModal(incident),
});

export const submitPostmortemSnooze: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parsePostmortemSnooze(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  const command = { type: 'snooze-postmortem', by: person(user), ...parsed.ok } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () => saying('Snoozed.'));
};

export const clickPostmortemStop: ClickHandler = async (deps, { incident, user, cause }) => {
  const command = { type: 'stop-postmortem', by: person(user) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('This reminder stops. The postmortem is due all the same.'),
  );
};
