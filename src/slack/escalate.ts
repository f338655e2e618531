import { escalateModal, parseEscalate } from '../blocks/escalate-modal.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { targetsOf } from '../incident/ladder.ts';
import { nearest } from '../incident/nearest.ts';
import { directoryNow } from '../oncall/directory.ts';
import { resolveTarget, targetWords } from '../oncall/targets.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, mentionedUser, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, type Reply, saying } from './reply.ts';

type Target = { kind: 'named'; name: string } | { kind: 'user'; user: string };

/** Targets a person may name: those of the policies, and whatever the configuration adds. */
export function targetNames(deps: SlackDeps, incident: Incident): string[] {
  const steps = Object.values(incident.policy.escalation.steps).flat();
  const ladder = steps
    .flatMap((step) => [step, step.inHours ?? step, step.outOfHours ?? step])
    .filter(({ action }) => action !== 'ticket')
    .flatMap(targetsOf);
  return [...new Set([...ladder, ...Object.keys(deps.config().targets)])];
}

/** Whom a name means now and what time it is there: "Dana, 03:12 there". */
async function whoIs(deps: SlackDeps, incident: Incident, name: string): Promise<string | undefined> {
  const at = deps.clock.now();
  const { addresses } = resolveTarget(name, { service: incident.service, config: directoryNow(deps), at });
  const users = addresses.flatMap((address) => (address.kind === 'user' ? [address.value] : []));
  const words = await Promise.all(users.slice(0, 2).map((user) => personThere(deps, user)));
  return words.length > 0 ? words.join('; ') : undefined;
}

async function personThere(deps: SlackDeps, user: string): Promise<string> {
  const found = await deps.people.find(user).catch(() => null);
  const name = found?.name ?? user;
  return found?.timeZone ? `${name}, ${localTime(deps.clock.now(), found.timeZone)} there` : name;
}

/** `03:12`, wall clock of that zone. */
const localTime = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at);

async function openModal(
  deps: SlackDeps,
  incident: Incident,
  chosen: Target | null,
  reason: string,
): Promise<Reply> {
  const names = targetNames(deps, incident);
  const targets = await Promise.all(
    names.map(async (name) => ({ name, who: await whoIs(deps, incident, name) })),
  );
  const question = await questionFor(deps, chosen, targets);
  const beginning = {
    name: chosen?.kind === 'named' ? chosen.name : undefined,
    user: chosen?.kind === 'user' ? chosen.user : undefined,
    reason: reason || undefined,
    question,
  };
  return { modal: escalateModal(incident, targets, screenOf(deps), beginning) };
}

async function questionFor(
  deps: SlackDeps,
  chosen: Target | null,
  targets: { name: string; who?: string }[],
): Promise<string | undefined> {
  if (chosen?.kind === 'user') return `Page ${await personThere(deps, chosen.user)}?`;
  if (chosen?.kind !== 'named') return undefined;
  const who = targets.find(({ name }) => name === chosen.name)?.who;
  return `Page the ${targetWords(chosen.name)}${who ? ` (${who})` : ''}?`;
}

/**
 * `/incident escalate [who] [reason]`: everybody is asked once more before somebody's phone rings, with the person's
 * local time. `now` as the only word fires the next step without asking.
 */
export const escalate: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const mentioned = mentionedUser(text);
    if (mentioned)
      return openModal(deps, incident, { kind: 'user', user: mentioned.user }, unescaped(mentioned.rest));
    const { word, rest } = firstWord(unescaped(text));
    if (word === '') return openModal(deps, incident, null, '');
    if (word === 'now') return fire(deps, incident, user, rest, undefined, cause);
    const names = targetNames(deps, incident);
    if (names.includes(word)) return openModal(deps, incident, { kind: 'named', name: word }, rest);
    if (word.startsWith('@')) {
      const close = nearest(word.slice(1), names);
      const hint = close ? ` Did you mean ${close}?` : '';
      return saying(
        `Nobody here is called ${word}.${hint} Mention a person, or name one of: ${names.map(targetWords).join(', ')}. Nothing changed.`,
      );
    }
    return openModal(deps, incident, null, unescaped(text));
  },
};

async function fire(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  text: string,
  target: Target | undefined,
  cause: string,
): Promise<Reply> {
  const command = { type: 'escalate', by: person(user), text, target } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('They are told now. The channel says who, and what comes next.'),
  );
}

export const clickEscalate: ClickHandler = (deps, { incident }) => openModal(deps, incident, null, '');

export const clickEscalateNow: ClickHandler = (deps, { incident, user, cause }) =>
  fire(deps, incident, user, '', undefined, cause);

export const submitEscalate: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseEscalate(values);
  if ('errors' in parsed) return parsed;
  return fire(deps, incident, user, parsed.ok.text, parsed.ok.target, cause);
};
