import { didYouMean } from '../blocks/help.ts';
import { pickIncident } from '../blocks/pick.ts';
import { type Incident, involves } from '../incident/incident.ts';
import { type IncidentCommand, type Invocation, quoted, type Subcommand } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { isGuest } from './guest.ts';
import { visible } from './list.ts';
import { incidentHere, incidentNumbered, missingWords } from './lookup.ts';
import { deedOfWord, refusedTo } from './permissions.ts';
import { type Reply, saying } from './reply.ts';
import { isOutside, sharedWords } from './shared.ts';
import { subcommandOf } from './tables.ts';
import { readTyped } from './typed.ts';

/**
 * `/incident [INC-12] <subcommand> <text>`: finds the subcommand and, when it is about an incident, which one: the one
 * named, before the subcommand or behind it, else the channel's, else the person is asked.
 */
export async function dispatch(deps: SlackDeps, invocation: Invocation): Promise<Reply> {
  const { user, channel } = invocation;
  const { named, word, rest, beside } = readTyped(invocation.text);
  const refused = refusedTo(invocation.kind, deedOfWord(word, rest));
  if (refused) return saying(refused);
  if (!emergencies.includes(word) && isOutside(deps, channel)) return saying(sharedWords);
  if (named !== null) {
    const incident = incidentNumbered(deps, named, user, channel);
    if (!incident) return noSuch(deps, named);
    const command = subcommandOf(word === '' ? 'show' : word);
    if (!command) return didYouMean(word, screenOf(deps));
    if (beside) return saying(whichOne(deps, word, named, beside.id));
    return run(deps, command, { ...invocation, text: rest }, incident);
  }
  const command = subcommandOf(word);
  if (!command) return didYouMean(word, screenOf(deps));
  if (word === 'show' && rest !== '') return saying(showUsage(deps, rest));
  const here = incidentHere(deps, channel, user);
  if (beside && !here)
    return dispatch(deps, { ...invocation, text: `INC-${beside.id} ${word} ${beside.rest}` });
  if (beside && here && here.id !== beside.id && incidentNumbered(deps, beside.id, user, channel))
    return saying(whichOne(deps, word, here.id, beside.id));
  if (command.about === 'incident' && !here) return ask(deps, invocation);
  return run(deps, command, { ...invocation, text: rest }, here);
}

/** Whatever stops a page, wakes somebody or tells how works everywhere. */
const emergencies: readonly string[] = ['ack', 'unack', 'escalate', 'help', 'doctor'];

const noSuch = (deps: SlackDeps, id: number): Reply =>
  saying(
    missingWords(
      deps,
      id,
      `There is no INC-${id}. Nothing changed. What is open: ${deps.config().command} list`,
    ),
  );

const showUsage = (deps: SlackDeps, typed: string): string =>
  `${quoted(typed)} is no incident. Nothing changed. Name it by its number: ${deps.config().command} show INC-12`;

const whichOne = (deps: SlackDeps, word: string, one: number, other: number): string => {
  const { command } = deps.config();
  return `This could be about INC-${one} or about INC-${other}. Nothing changed. Put the one you mean first: ${command} INC-${one} ${word} or ${command} INC-${other} ${word}`;
};

function run(
  deps: SlackDeps,
  command: Subcommand,
  invocation: Invocation,
  incident: Incident | null,
): Promise<Reply> {
  if (command.about === 'everything') return command.run(deps, invocation, incident);
  return incident ? (command as IncidentCommand).run(deps, invocation, incident) : Promise.resolve(null);
}

/** Their own first: those they declared, have, or were told about. */
async function ask(deps: SlackDeps, { user, text }: Invocation): Promise<Reply> {
  const open = visible(deps, user, { open: true });
  const own = open.filter((incident) => involves(incident, user));
  const others = open.filter((incident) => !involves(incident, user));
  return pickIncident([...own, ...others], text, screenOf(deps), isGuest(deps, user));
}
