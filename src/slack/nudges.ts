import { decodeMetadata } from '../blocks/form.ts';
import { parseSnooze, snoozeModal } from '../blocks/snooze-modal.ts';
import { person } from '../incident/by.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { ended, saying } from './reply.ts';

export const clickSnooze: ClickHandler = async (_deps, { incident, target }) =>
  target.rule ? { modal: snoozeModal(incident, target.rule) } : null;

export const clickStop: ClickHandler = async (deps, { incident, target, user, cause }) => {
  if (!target.rule) return null;
  const command = { type: 'stop-nudge', by: person(user), rule: target.rule } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('This reminder stops.'),
  );
};

export const submitSnooze: SubmissionHandler = async (deps, { user, incident, values, metadata, cause }) => {
  const { rule } = decodeMetadata(metadata);
  const parsed = parseSnooze(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  if (!incident || !rule) return null;
  const command = { type: 'snooze-nudge', by: person(user), rule, untilAt: parsed.ok.untilAt } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () => saying('Snoozed.'));
};
