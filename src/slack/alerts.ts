import { person } from '../incident/by.ts';
import type { ClickHandler } from './click.ts';
import { ended, numberOf, saying } from './reply.ts';

/** A line or a storm entry becomes a channel. */
export const clickOpenChannel: ClickHandler = async (deps, { incident, user, cause }) =>
  ended(
    deps,
    await deps.engine.handle(incident.id, { type: 'open-channel', by: person(user) }, cause),
    (after) => saying(`${numberOf(after)} gets its channel now.`),
  );

/** A SEV4 line that needs nobody. */
export const clickDismiss: ClickHandler = async (deps, { incident, user, cause }) => {
  const command = { type: 'cancel', by: person(user), why: 'dismissed' } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`${numberOf(after)} is dismissed.`),
  );
};

/** The alerts are gone, the people are not finished. */
export const clickKeepOpen: ClickHandler = async (deps, { incident, user, cause }) =>
  ended(
    deps,
    await deps.engine.handle(incident.id, { type: 'keep-open', by: person(user) }, cause),
    (after) =>
      saying(
        after.acknowledged
          ? 'It stays open.'
          : 'It stays open. Nobody has it: press Acknowledge, or the paging goes on in a moment.',
      ),
  );
