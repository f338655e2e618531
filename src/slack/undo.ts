import { actions, button, type Message } from '../blocks/message.ts';
import { person } from '../incident/by.ts';
import { givenBack, holdersOf } from '../incident/carried-followups.ts';
import type { Followup } from '../incident/followups.ts';
import { type AlertLink, type Incident, ended as isEnded } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import type { ClickHandler } from './click.ts';
import { type IncidentCommand, named, quoted, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, refusing, saying } from './reply.ts';

/** One plain sentence with **Undo**, for what the person has just done to the incident: its end, else its severity. */
export function undoable(text: string, incident: Incident): Message {
  const { text: flat, blocks } = saying(text);
  const id = isEnded(incident.status)
    ? `end-${incident.statusAt}`
    : incident.severityBefore && `severity-${incident.severityBefore.at}`;
  const undo = id ? actions(button('Undo', 'undo', { incident: incident.id, id })) : null;
  return { text: flat, blocks: undo ? [...blocks, undo] : blocks };
}

/** Of a merged incident: what the one it went into has heard of its alerts, and its follow-ups as they are there now. */
export function backFromMerge(
  { store }: SlackDeps,
  incident: Incident,
): { alerts?: Record<string, AlertLink>; followups?: Followup[] } {
  if (incident.mergedInto === undefined) return {};
  const known = Object.entries(store.incident(incident.mergedInto)?.alerts ?? {});
  return {
    alerts: Object.fromEntries(known.filter(([id]) => Object.hasOwn(incident.alerts, id))),
    followups: givenBack(incident, holdersOf(incident, store.incident)),
  };
}

interface Wish {
  incident: Incident;
  user: string;
  cause: string;
}

async function undoSeverity(deps: SlackDeps, wish: Wish, changedAt?: number): Promise<Reply> {
  const command = { type: 'undo-severity', by: person(wish.user), changedAt } as const;
  const outcome = await deps.engine.handle(wish.incident.id, command, wish.cause);
  return ended(deps, outcome, (after) =>
    saying(
      `${numberOf(after)} is ${label(after.severity)} again${after.provisional ? ' (provisional)' : ''}.`,
    ),
  );
}

async function undoEnd(deps: SlackDeps, wish: Wish, endedAt?: number): Promise<Reply> {
  const { incident, user, cause } = wish;
  const command = { type: 'undo-end', by: person(user), endedAt, ...backFromMerge(deps, incident) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(
      after.status === 'resolved'
        ? `The closing is undone: ${numberOf(after)} is resolved again.`
        : `${numberOf(after)} is open again (${after.status}).`,
    ),
  );
}

/** `/incident undo`: the end it came to, or, while it is open, the last change of its severity. */
export const undo: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    // Whoever names something else would have that undone which they did not mean.
    if (text.trim() !== '') return refusing(noChoice(text, deps.config().command));
    return isEnded(incident.status)
      ? undoEnd(deps, { incident, user, cause })
      : undoSeverity(deps, { incident, user, cause });
  },
};

const noChoice = (typed: string, command: string): string =>
  `${quoted(unescaped(named(typed)))} cannot be chosen: ${command} undo takes back the end it came to or, while it is open, the last change of severity. Nothing changed. Write ${command} undo alone.`;

/** The button says what it undoes: `end-<time>`, `severity-<time>`, or `end` for whichever it came to. */
export const clickUndo: ClickHandler = async (deps, { incident, user, cause, target }) => {
  const [what, time] = (target.id ?? '').split('-');
  const at = time === undefined ? undefined : Number(time);
  if (what === 'severity') return undoSeverity(deps, { incident, user, cause }, at);
  if (what === 'end') return undoEnd(deps, { incident, user, cause }, at);
  return saying('This button is too old. Nothing changed.');
};
