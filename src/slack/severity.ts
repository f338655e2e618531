import { parseSeverityModal, severityModal } from '../blocks/severity-modal.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { label, parseSeverity, type Severity } from '../incident/severity-scale.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';
import { undoable } from './undo.ts';

const change = async (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  to: Severity,
  reason: string,
  cause: string,
): Promise<Reply> => {
  const command = { type: 'change-severity', by: person(user), to, reason } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    undoable(`${numberOf(after)} is ${label(after.severity)} now.`, after),
  );
};

const openModal = (deps: SlackDeps, incident: Incident): Reply => ({
  modal: severityModal(incident, deps.config().severities, screenOf(deps)),
});

/** `/incident sev 2 only the EU`; without a number the modal with the definitions. */
export const severity: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const { word, rest } = firstWord(unescaped(text));
    if (word === '') return openModal(deps, incident);
    const to = parseSeverity(word);
    if (to === null) {
      const { command } = deps.config();
      return saying(
        `${quoted(word)} is no severity: use 1, 2, 3 or 4, e.g. ${command} sev 2 half of the EU. Nothing changed.`,
      );
    }
    return change(deps, incident, user, to, rest, cause);
  },
};

export const clickSeverity: ClickHandler = async (deps, { incident }) => openModal(deps, incident);

export const submitSeverity: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseSeverityModal(values);
  if ('errors' in parsed) return parsed;
  return change(deps, incident, user, parsed.ok.to, parsed.ok.reason, cause);
};
