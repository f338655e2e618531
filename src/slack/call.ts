import { callMessage } from '../blocks/references.ts';
import { person } from '../incident/by.ts';
import { callAddress } from '../incident/references.ts';
import type { ClickHandler } from './click.ts';
import { type IncidentCommand, quoted, unescaped } from './command.ts';
import { screenOf } from './deps.ts';
import { ended, numberOf, saying } from './reply.ts';

/** `/incident call https://meet.example.com/42`; without an address it shows the one there is. */
export const call: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    if (typed === '') return callMessage(incident, screenOf(deps));
    const url = callAddress(typed);
    if (url === null) {
      return saying(
        `${quoted(typed)} is no link to a call: it must be one address that begins with https:// and has no password in it. Nothing changed. Example: ${deps.config().command} call https://meet.example.com/your-room`,
      );
    }
    const command = { type: 'set-call', by: person(user), url } as const;
    return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
      saying(`The call of ${numberOf(after)} is ${url}. Card and bookmark show it.`),
    );
  },
};

export const clickCall: ClickHandler = async (deps, { incident }) => callMessage(incident, screenOf(deps));
