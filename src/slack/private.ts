import { askPrivate } from '../blocks/privacy.ts';
import { person } from '../incident/by.ts';
import { peopleOf } from '../incident/channel.ts';
import { decide } from '../incident/decide.ts';
import type { Incident } from '../incident/incident.ts';
import { isRefusal } from '../incident/refusal.ts';
import type { ClickHandler } from './click.ts';
import type { IncidentCommand } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, refusedWith, saying } from './reply.ts';

/** It cannot be undone, so it is asked first; what would be refused is refused before anybody is asked. */
async function ask(deps: SlackDeps, incident: Incident, user: string): Promise<Reply> {
  const decision = decide(incident, { type: 'make-private', by: person(user) }, deps.clock.now());
  if (isRefusal(decision)) return refusedWith(deps, decision);
  const people = [...new Set([...peopleOf(incident), user])];
  await deps.people.learn(people);
  return askPrivate(incident, people, screenOf(deps));
}

async function make(deps: SlackDeps, incident: Incident, user: string, cause: string): Promise<Reply> {
  const command = { type: 'make-private', by: person(user) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`${numberOf(after)} is private now. Its new channel opens; you are invited.`),
  );
}

/** `/incident private`, and `/incident private yes` for what the button does. */
export const makePrivate: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = text.trim().toLowerCase();
    if (typed === 'yes') return make(deps, incident, user, cause);
    if (typed === '') return ask(deps, incident, user);
    const { command } = deps.config();
    return saying(
      `“${text.trim()}” means nothing here. Nothing changed. ${command} private says what will happen, ${command} private yes does it.`,
    );
  },
};

export const clickPrivate: ClickHandler = (deps, { incident, user }) => ask(deps, incident, user);
export const clickMakePrivate: ClickHandler = (deps, { incident, user, cause }) =>
  make(deps, incident, user, cause);
