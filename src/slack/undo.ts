import { actions, button, type Message } from '../blocks/message.ts';
import { person } from '../incident/by.ts';
import { type AlertLink, type Incident, ended as isEnded } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import type { ClickHandler } from './click.ts';
import type { IncidentCommand } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

/** One plain sentence with **Undo**, for what the person has just done to the incident: its end, else its severity. */
export function undoable(text: string, incident: Incident): Message {
  const { text: flat, blocks } = saying(text);
  const id = isEnded(incident.status)
    ? `end-${incident.statusAt}`
    : incident.severityBefore && `severity-${incident.severityBefore.at}`;
  const undo = id ? actions(button('Undo', 'undo', { incident: incident.id, id })) : null;
  return { text: flat, blocks: undo ? [...blocks, undo] : blocks };
}

/** Of a merged incident: what the one it went into has heard of its alerts meanwhile. */
export function alertsOfMerged({ store }: SlackDeps, incident: Incident): Record<string, AlertLink> {
  const survivor = incident.mergedInto === undefined ? null : store.incident(incident.mergedInto);
  const known = Object.entries(survivor?.alerts ?? {});
  return Object.fromEntries(known.filter(([id]) => Object.hasOwn(incident.alerts, id)));
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
  const alerts = alertsOfMerged(deps, incident);
  const command = { type: 'undo-end', by: person(user), endedAt, alerts } as const;
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
  run: (deps, { user, cause }, incident) =>
    isEnded(incident.status)
      ? undoEnd(deps, { incident, user, cause })
      : undoSeverity(deps, { incident, user, cause }),
};

/** The button says what it undoes: `end-<time>`, `severity-<time>`, or `end` for whichever it came to. */
export const clickUndo: ClickHandler = async (deps, { incident, user, cause, target }) => {
  const [what, time] = (target.id ?? '').split('-');
  const at = time === undefined ? undefined : Number(time);
  if (what === 'severity') return undoSeverity(deps, { incident, user, cause }, at);
  if (what === 'end') return undoEnd(deps, { incident, user, cause }, at);
  return saying('This button is too old. Nothing changed.');
};
