import { parseRole, roleModal } from '../blocks/role-modal.ts';
import { roleWord } from '../blocks/wording.ts';
import { person } from '../incident/by.ts';
import { type Incident, type Role, roles as roleNames } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, mentionedUser, named, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, refusing, saying } from './reply.ts';

interface Assignment {
  incident: Incident;
  by: string;
  role: Role;
  /** Null: nobody. */
  user: string | null;
  onlyIfVacant: boolean;
  cause: string;
}

/** Gives the role to a person, or to nobody. A Take button (`onlyIfVacant`) takes it from nobody. */
export async function assign(deps: SlackDeps, wanted: Assignment): Promise<Reply> {
  const { role, user, onlyIfVacant } = wanted;
  const by = person(wanted.by);
  const word = roleWord(role, screenOf(deps));
  if (user === null) {
    const dropped = await deps.engine.handle(
      wanted.incident.id,
      { type: 'drop-role', by, role },
      wanted.cause,
    );
    return ended(deps, dropped, (after) => saying(`Nobody is ${word} of ${numberOf(after)} now.`));
  }
  // Whoever presses the button is a member; somebody else is looked up.
  const found =
    user === wanted.by ? deps.people.known(user) : await deps.people.find(user).catch(() => undefined);
  if ((found === null && user !== wanted.by) || found?.isMember === false) {
    return refusing(noMember);
  }
  const timeZone = found?.timeZone ?? null;
  const command = { type: 'assign-role', by, role, user, timeZone, onlyIfVacant } as const;
  return ended(deps, await deps.engine.handle(wanted.incident.id, command, wanted.cause), (after) =>
    saying(
      user === wanted.by
        ? `You are ${word} of ${numberOf(after)}. What that means is in your DMs.`
        : `${deps.people.name(user)} is ${word} of ${numberOf(after)}.`,
    ),
  );
}

/** Guests, bots, and people of other workspaces. */
export const noMember =
  'That is no member of this workspace who could take a role: a guest, a bot, deactivated, or of another organisation. Nothing changed. Choose a member.';

const openModal = (deps: SlackDeps, incident: Incident, role: Role | null): Reply => ({
  modal: roleModal(incident, screenOf(deps), { role: role ?? undefined }),
});

export const isRole = (word: string): word is Role => roleNames.some((role) => role === word);

/** Whom the words name (`whom` null: nobody); null when they name no one person. */
function whomOf(typed: string, user: string): { whom: string | null } | null {
  const mentioned = mentionedUser(typed);
  if (mentioned) return mentionedUser(mentioned.rest) ? null : { whom: mentioned.user };
  const word = typed.toLowerCase();
  if (word === 'me') return { whom: user };
  return word === 'nobody' ? { whom: null } : null;
}

/** `/incident role commander me`, `role comms @ana`, `role scribe nobody`; the modal when something is missing. */
export const role: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const { word, rest } = firstWord(text);
    if (word === '') return openModal(deps, incident, null);
    if (!isRole(word)) {
      const close = nearest(word, roleNames);
      const hint = close ? ` Did you mean ${close}?` : '';
      return saying(
        `${quoted(unescaped(word))} is no role.${hint} Roles: ${roleNames.join(', ')}. Nothing changed.`,
      );
    }
    if (rest === '') return openModal(deps, incident, word);
    const holder = whomOf(rest, user);
    if (holder)
      return assign(deps, { incident, by: user, role: word, user: holder.whom, onlyIfVacant: false, cause });
    return saying(
      `${quoted(unescaped(named(rest)))} is no one person. Nothing changed. Mention a person, or say me or nobody: ${deps.config().command} role ${word} me`,
    );
  },
};

const take =
  (role: Role): ClickHandler =>
  (deps, { incident, user, cause }) =>
    assign(deps, { incident, by: user, role, user, onlyIfVacant: true, cause });

export const clickTakeCommand = take('commander');
export const clickTakeComms = take('comms');
export const clickRole: ClickHandler = async (deps, { incident }) => openModal(deps, incident, null);

export const submitRole: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseRole(values);
  if ('errors' in parsed) return parsed;
  const reply = await assign(deps, { incident, by: user, ...parsed.ok, onlyIfVacant: false, cause });
  return reply && 'refused' in reply && reply.refused ? { errors: { user: reply.refused } } : reply;
};
