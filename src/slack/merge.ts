import { decodeMetadata } from '../blocks/form.ts';
import { mergeModal, pickSurvivor } from '../blocks/merge-modal.ts';
import { readable } from '../blocks/readable.ts';
import { refusal as refusalWords } from '../blocks/refusal.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { mergeRefusal, survivorOf } from '../incident/merging.ts';
import { similarTo } from '../incident/similar.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, quoted } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { visible } from './list.ts';
import { incidentHere, incidentNumbered } from './lookup.ts';
import { ended, numberOf, type Reply, refusing, saying } from './reply.ts';
import { undoable } from './undo.ts';

/** `INC-12`, `12`, `#12`. */
const numbered = /^(?:inc-|#)?(\d{1,9})$/i;
/** A channel, as Slack writes it into a command's text. */
const channelMention = /^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>/i;

/** What the person wrote, as an incident's number; null: it names none, or a channel whose incident they may not see. */
function survivorNamed(deps: SlackDeps, text: string, user: string): number | null {
  const { word } = firstWord(text);
  const number = numbered.exec(word);
  if (number) return Number(number[1]);
  const channel = channelMention.exec(text.trim())?.[1];
  return channel ? (incidentHere(deps, channel, user)?.id ?? null) : null;
}

/** The confirmation, or why there is nothing to confirm. A private one that they may not see is unknown to them. */
function confirm(deps: SlackDeps, incident: Incident, user: string, into: number): Reply {
  const survivor = incidentNumbered(deps, into, user);
  if (!survivor) return unknown(deps, into);
  const screen = screenOf(deps);
  const refused = mergeRefusal(incident, survivorOf(survivor));
  return refused ? saying(refusalWords(refused, screen)) : { modal: mergeModal(incident, survivor, screen) };
}

const unknown = (deps: SlackDeps, into: number): Reply =>
  saying(`There is no INC-${into}. Nothing changed. What is open: ${deps.config().command} list`);

/** Open incidents that it could be merged into; the most similar one first. */
function choose(deps: SlackDeps, incident: Incident, user: string): Reply {
  const candidates = visible(deps, user, { open: true }).filter(
    (one) => mergeRefusal(incident, survivorOf(one)) === null,
  );
  const { title, service, isTest } = incident;
  const similar = similarTo(candidates, { title, service, isTest });
  const others = candidates.filter((one) => one.id !== similar?.id);
  return pickSurvivor(incident, similar ? [similar, ...others] : others, screenOf(deps));
}

/** `/incident merge INC-12`: this incident goes into INC-12, once that is confirmed. */
export const merge: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text }, incident) => {
    const refused = mergeRefusal(incident, { ...survivorOf(incident), id: 0, status: 'investigating' });
    if (refused?.refused === 'ended') return saying(refusalWords(refused, screenOf(deps)));
    if (text.trim() === '') return choose(deps, incident, user);
    const into = survivorNamed(deps, text, user);
    if (into !== null) return confirm(deps, incident, user, into);
    const { command } = deps.config();
    return refusing(
      `${quoted(readable(text, screenOf(deps)))} is no incident: write its number, like ${command} merge INC-12. Nothing changed.`,
    );
  },
};

/** `target.id`: into which; without one they are asked. */
export const clickMerge: ClickHandler = async (deps, { incident, user, target }) => {
  const into = Number(target.id ?? '0');
  return into > 0 ? confirm(deps, incident, user, into) : choose(deps, incident, user);
};

export const clickKeepApart: ClickHandler = async (deps, { incident, user, cause }) =>
  ended(
    deps,
    await deps.engine.handle(incident.id, { type: 'keep-apart', by: person(user) }, cause),
    (after) => saying(`${numberOf(after)} goes on by itself.`),
  );

export const submitMerge: SubmissionHandler = async (deps, { user, incident, metadata, cause }) => {
  const into = decodeMetadata(metadata).into ?? 0;
  if (!incident) return null;
  const survivor = incidentNumbered(deps, into, user);
  if (!survivor) return unknown(deps, into);
  const command = { type: 'merge', by: person(user), into: survivorOf(survivor) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    undoable(`${numberOf(after)} is merged into ${numberOf(survivor)}: it goes on there.`, after),
  );
};
