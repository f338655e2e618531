import { parseRename, renameModal } from '../blocks/rename-modal.ts';
import { person } from '../incident/by.ts';
import { type Incident, isAnnounced } from '../incident/incident.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, named, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

async function renameTo(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  title: string,
  cause: string,
): Promise<Reply> {
  const command = { type: 'rename', by: person(user), title } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(
      `${numberOf(after)} is “${after.title}” now. Card${isAnnounced(after) ? ', announcement' : ''} and channel follow.`,
    ),
  );
}

/** `/incident rename Card payments fail`; without a title the modal. */
export const rename: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const title = unescaped(named(text)).trim();
    return title === '' ? { modal: renameModal(incident) } : renameTo(deps, incident, user, title, cause);
  },
};

export const clickRename: ClickHandler = async (_deps, { incident }) => ({ modal: renameModal(incident) });

export const submitRename: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseRename(values);
  if ('errors' in parsed) return parsed;
  if (parsed.ok.title === incident.title)
    return { errors: { title: 'That is its title already: change it, or press “Not now”.' } };
  return renameTo(deps, incident, user, parsed.ok.title, cause);
};
