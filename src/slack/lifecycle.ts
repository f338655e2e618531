import { cancelModal, parseCancel } from '../blocks/cancel-modal.ts';
import { parseResolve, resolveModal } from '../blocks/resolve-modal.ts';
import { parseStatus, statusModal } from '../blocks/status-modal.ts';
import { person } from '../incident/by.ts';
import type { Command } from '../incident/commands.ts';
import type { Incident, Status } from '../incident/incident.ts';
import { type Fix, fixes } from '../incident/lifecycle.ts';
import { nearest } from '../incident/nearest.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';
import { alertsOfMerged, undoable } from './undo.ts';

const handle = async (
  deps: SlackDeps,
  incident: Incident,
  command: Command,
  cause: string,
  success: (after: Incident) => string,
): Promise<Reply> =>
  ended(deps, await deps.engine.handle(incident.id, command, cause), (after) => saying(success(after)));

const statuses: readonly Status[] = ['investigating', 'identified', 'monitoring'];

/** `/incident status identified the cache is cold`. */
export const status: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const { word, rest } = firstWord(unescaped(text));
    if (word === '') return { modal: statusModal(incident) };
    const to = statuses.find((one) => one === word);
    if (!to) {
      const close = nearest(word, [...statuses, 'resolved', 'closed']);
      const hint =
        close === 'resolved'
          ? ` Use ${deps.config().command} resolve.`
          : close === 'closed'
            ? ` Use ${deps.config().command} close.`
            : close
              ? ` Did you mean ${close}?`
              : '';
      return saying(`“${word}” is no status.${hint} Choose: ${statuses.join(', ')}. Nothing changed.`);
    }
    const command = { type: 'change-status', by: person(user), to, note: rest } as const;
    return handle(deps, incident, command, cause, (after) => `${numberOf(after)} is ${after.status} now.`);
  },
};

const resolveWith = async (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  form: { how: Fix; verified: boolean; text: string },
  cause: string,
): Promise<Reply> =>
  ended(
    deps,
    await deps.engine.handle(incident.id, { type: 'resolve', by: person(user), ...form }, cause),
    (after) =>
      undoable(`${numberOf(after)} is resolved. The postmortem draft follows in its channel.`, after),
  );

/** `/incident resolve rollback of 512`: starts with how it was fixed, else the modal asks. */
export const resolve: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    const how = fixes.find((fix) => typed.toLowerCase().startsWith(fix));
    if (!how) return { modal: resolveModal(incident, typed) };
    const rest = typed.slice(how.length).trim();
    return resolveWith(deps, incident, user, { how, verified: false, text: rest }, cause);
  },
};

/** `/incident cancel false alarm`: needs a reason. */
export const cancel: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const why = unescaped(text).trim();
    if (why === '') return { modal: cancelModal(incident) };
    return cancelWith(deps, incident, user, why, cause);
  },
};

const cancelWith = async (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  why: string,
  cause: string,
): Promise<Reply> =>
  ended(
    deps,
    await deps.engine.handle(incident.id, { type: 'cancel', by: person(user), why }, cause),
    (after) =>
      undoable(
        `${numberOf(after)} is canceled. ${deps.config().command} reopen undoes it for 24 hours.`,
        after,
      ),
  );

/** `/incident reopen it is back`. */
export const reopen: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, text, cause }, incident) => reopenWith(deps, incident, user, unescaped(text), cause),
};

const reopenWith = (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  why: string,
  cause: string,
): Promise<Reply> =>
  handle(
    deps,
    incident,
    { type: 'reopen', by: person(user), why, alerts: alertsOfMerged(deps, incident) },
    cause,
    (after) => `${numberOf(after)} is open again (${after.status}).`,
  );

export const clickStatus: ClickHandler = async (_deps, { incident }) => ({
  modal: statusModal(incident),
});
export const clickResolve: ClickHandler = async (_deps, { incident }) => ({
  modal: resolveModal(incident),
});
export const clickCancel: ClickHandler = async (_deps, { incident }) => ({
  modal: cancelModal(incident),
});
export const clickReopen: ClickHandler = (deps, { incident, user, cause }) =>
  reopenWith(deps, incident, user, '', cause);

export const submitStatus: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseStatus(values);
  if ('errors' in parsed) return parsed;
  const command = { type: 'change-status', by: person(user), ...parsed.ok } as const;
  return handle(deps, incident, command, cause, (after) => `${numberOf(after)} is ${after.status} now.`);
};

export const submitResolve: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseResolve(values);
  return 'errors' in parsed ? parsed : resolveWith(deps, incident, user, parsed.ok, cause);
};

export const submitCancel: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseCancel(values);
  return 'errors' in parsed ? parsed : cancelWith(deps, incident, user, parsed.ok.why, cause);
};
