import { parseUpdate, updateModal } from '../blocks/update-modal.ts';
import { person } from '../incident/by.ts';
import { type Incident, isAnnounced } from '../incident/incident.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

interface Words {
  happening: string;
  impact: string;
  doing: string;
  nextAt: number | null;
}

async function post(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  words: Words,
  cause: string,
): Promise<Reply> {
  const command = { type: 'post-update', by: person(user), ...words } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(
      `Posted in the channel${isAnnounced(after) ? ' and in the announcement' : ''} of ${numberOf(after)}.`,
    ),
  );
}

const openModal = (incident: Incident): Reply => ({ modal: updateModal(incident) });

/** `/incident update rolling back release 512`; bare, the modal with the fixed form. */
export const update: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const happening = unescaped(text).trim();
    if (happening === '') return openModal(incident);
    return post(deps, incident, user, { happening, impact: '', doing: '', nextAt: null }, cause);
  },
};

export const clickUpdate: ClickHandler = async (_deps, { incident }) => openModal(incident);

export const clickNoChange: ClickHandler = async (deps, { incident, user, cause }) =>
  ended(deps, await deps.engine.handle(incident.id, { type: 'no-change', by: person(user) }, cause), () =>
    saying('Noted as an update: no change.'),
  );

export const submitUpdate: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseUpdate(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  return post(deps, incident, user, parsed.ok, cause);
};
