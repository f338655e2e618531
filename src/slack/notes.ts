import { noteModal, parseNote } from '../blocks/note-modal.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, type Reply, saying } from './reply.ts';

/** `-15m text`: how long ago, in minutes, hours or days. */
const backDated = /^-(\d{1,4})(m|h|d)(?:\s+|$)/;
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

async function add(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  text: string,
  happenedAt: number,
  cause: string,
): Promise<Reply> {
  const command = { type: 'add-note', by: person(user), text, happenedAt } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('Noted in the timeline.'),
  );
}

/** `/incident note -15m deployed 512`. */
export const note: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    if (typed === '') return { modal: noteModal(incident) };
    const match = backDated.exec(typed);
    const agoMs = match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : 0;
    return add(deps, incident, user, typed.slice(match?.[0].length ?? 0), deps.clock.now() - agoMs, cause);
  },
};

export const clickNote: ClickHandler = async (_deps, { incident }) => ({
  modal: noteModal(incident),
});

export const submitNote: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseNote(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  return add(deps, incident, user, parsed.ok.text, parsed.ok.happenedAt, cause);
};
