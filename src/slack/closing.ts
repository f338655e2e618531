import { closeModal, parseClose } from '../blocks/close-modal.ts';
import { person } from '../incident/by.ts';
import type { ClosingItem } from '../incident/closing.ts';
import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply } from './reply.ts';
import { undoable } from './undo.ts';

/** `ticked` null: what the data proves. */
async function closeWith(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  form: { ticked: ClosingItem[] | null; why: string },
  cause: string,
): Promise<Reply> {
  const command = { type: 'close', by: person(user), ...form } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    undoable(
      `${numberOf(after)} is closed. ${deps.config().command} undo takes that back for 24 hours.`,
      after,
    ),
  );
}

/** The checklist; what is not resolved has none, and is told why by the decision itself. */
const ask = (deps: SlackDeps, incident: Incident, user: string, cause: string): Promise<Reply> =>
  isOpen(incident) || incident.status !== 'resolved'
    ? closeWith(deps, incident, user, { ticked: null, why: '' }, cause)
    : Promise.resolve({ modal: closeModal(incident, screenOf(deps)) });

/** `/incident close`: the checklist; `close because …` closes at once, the reason standing for what is not proven. */
export const close: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, text, cause }, incident) => {
    const why = unescaped(text)
      .trim()
      .replace(/^because\b[\s:,]*/i, '');
    return why === ''
      ? ask(deps, incident, user, cause)
      : closeWith(deps, incident, user, { ticked: null, why }, cause);
  },
};

export const clickClose: ClickHandler = (deps, { incident, user, cause }) => ask(deps, incident, user, cause);

export const submitClose: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseClose(values);
  return 'errors' in parsed ? parsed : closeWith(deps, incident, user, parsed.ok, cause);
};
