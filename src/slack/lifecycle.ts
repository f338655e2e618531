import type { ModalView } from '@slack/types';
import { cancelModal, parseCancel } from '../blocks/cancel-modal.ts';
import { parseResolve, resolveModal } from '../blocks/resolve-modal.ts';
import { parseStatus, statusModal } from '../blocks/status-modal.ts';
import { person } from '../incident/by.ts';
import { type Incident, isOpen, type Status } from '../incident/incident.ts';
import { type Fix, fixes } from '../incident/lifecycle.ts';
import { nearest } from '../incident/nearest.ts';
import { whenEnded } from '../incident/refusal.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, quoted, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, handle, numberOf, type Reply, refusedWith, saying } from './reply.ts';
import { backFromMerge, undoable } from './undo.ts';

/** The form, unless it is over already: nobody fills in what is refused then. */
const asking = (deps: SlackDeps, incident: Incident, modal: ModalView): Reply =>
  isOpen(incident) ? { modal } : refusedWith(deps, whenEnded(incident));

const statuses: readonly Status[] = ['investigating', 'identified', 'monitoring'];

/** Statuses that are ends have commands of their own. */
const ends: Readonly<Record<string, string>> = {
  resolved: 'resolve',
  closed: 'close',
  canceled: 'cancel',
  merged: 'merge INC-12',
};

function noStatus(word: string, command: string): string {
  const typed = quoted(word);
  const close = nearest<string>(word, [...statuses, ...Object.keys(ends)]);
  const end = close === null ? undefined : ends[close];
  if (end !== undefined)
    return `${typed} is no status to set: an end has a command of its own. Nothing changed. Use ${command} ${end}.`;
  const hint = close === null ? '' : `Did you mean ${close}? `;
  return `${typed} is no status. Nothing changed. ${hint}Choose: ${statuses.join(', ')}.`;
}

/** `/incident status identified the cache is cold`. */
export const status: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const { word, rest } = firstWord(unescaped(text));
    if (word === '') return asking(deps, incident, statusModal(incident));
    const to = statuses.find((one) => one === word);
    if (!to) {
      return saying(noStatus(word, deps.config().command));
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
    const how = fixes.find((fix) => new RegExp(`^${fix}(?![\\p{L}\\d])`, 'iu').test(typed));
    if (!how) return asking(deps, incident, resolveModal(incident, typed));
    const rest = typed.slice(how.length).replace(/^[\s:,.]+/, '');
    return resolveWith(deps, incident, user, { how, verified: false, text: rest }, cause);
  },
};

/** `/incident cancel false alarm`: needs a reason. */
export const cancel: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const why = unescaped(text).trim();
    if (why === '') return asking(deps, incident, cancelModal(incident));
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
    { type: 'reopen', by: person(user), why, ...backFromMerge(deps, incident) },
    cause,
    (after) => `${numberOf(after)} is open again (${after.status}).`,
  );

export const clickStatus: ClickHandler = async (deps, { incident }) =>
  asking(deps, incident, statusModal(incident));
export const clickResolve: ClickHandler = async (deps, { incident }) =>
  asking(deps, incident, resolveModal(incident));
export const clickCancel: ClickHandler = async (deps, { incident }) =>
  asking(deps, incident, cancelModal(incident));
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
