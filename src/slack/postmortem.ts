import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { ClickHandler } from './click.ts';
import type { IncidentCommand } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, type Reply, saying } from './reply.ts';

async function request(deps: SlackDeps, incident: Incident, user: string, cause: string): Promise<Reply> {
  const command = { type: 'request-draft', by: person(user) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('The draft is on its way to the channel, then the file.'),
  );
}

/** `/incident postmortem`: a fresh draft from the timeline as it is now. */
export const postmortem: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, cause }, incident) => request(deps, incident, user, cause),
};

export const clickPostmortem: ClickHandler = (deps, { incident, user, cause }) =>
  request(deps, incident, user, cause);
