import { didYouMean } from '../blocks/help.ts';
import { pickIncident } from '../blocks/pick.ts';
import { type Incident, involves } from '../incident/incident.ts';
import { firstWord, type IncidentCommand, type Invocation, type Subcommand } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { visible } from './list.ts';
import { incidentHere, incidentNumbered } from './lookup.ts';
import { type Reply, saying } from './reply.ts';
import { subcommands } from './tables.ts';

const numbered = /^inc-(\d{1,9})$/i;

/**
 * `/incident [INC-12] <subcommand> <text>`: finds the subcommand and, when it is about an incident, which one: the one
 * named, else the channel's, else the person is asked.
 */
export async function dispatch(deps: SlackDeps, invocation: Invocation): Promise<Reply> {
  const { named, word, rest } = parse(invocation.text);
  if (isOutside(deps, invocation.channel, word)) return saying(sharedWords);
  if (named !== null) {
    const incident = incidentNumbered(deps, named, invocation.user);
    if (!incident)
      return saying(
        `There is no INC-${named}. ${deps.config().command} list shows the open ones. Nothing changed.`,
      );
    const command = subcommandOf(word === '' ? 'show' : word);
    if (!command) return didYouMean(word, screenOf(deps));
    return run(deps, command, { ...invocation, text: rest }, incident);
  }
  const command = subcommandOf(word);
  if (!command) return didYouMean(word, screenOf(deps));
  const shown = showsNumber(word, rest);
  const here = shown
    ? incidentNumbered(deps, shown, invocation.user)
    : incidentHere(deps, invocation.channel, invocation.user);
  if (shown && !here) return saying(`There is no INC-${shown}. Nothing changed.`);
  if (command.about === 'incident' && !here) return ask(deps, invocation);
  return run(deps, command, { ...invocation, text: shown ? '' : rest }, here);
}

/** Whatever stops a page, wakes somebody or tells how works everywhere. */
const emergencies: readonly string[] = ['ack', 'unack', 'escalate', 'help', 'doctor'];

const sharedWords =
  'This channel is shared with another organisation, and incidents are not for their eyes. Nothing changed. Type it in a channel of your own, or in a direct message to yourself.';

/** A channel with people of another organisation in it. One of our own incidents goes on, whoever was let in. */
function isOutside(deps: SlackDeps, channel: string, word: string): boolean {
  if (emergencies.includes(word) || deps.store.linkedId('slack', channel) !== null) return false;
  return deps.isSharedOutside(channel);
}

function parse(text: string): { named: number | null; word: string; rest: string } {
  const first = firstWord(text);
  const number = numbered.exec(first.word);
  if (!number) return { named: null, ...first };
  return { named: Number(number[1]), ...firstWord(first.rest) };
}

/** `show INC-12` reads as well as `INC-12 show`. */
function showsNumber(word: string, rest: string): number | null {
  const number = word === 'show' ? numbered.exec(rest.trim()) : null;
  return number ? Number(number[1]) : null;
}

const subcommandOf = (word: string): Subcommand | null =>
  Object.hasOwn(subcommands, word) ? (subcommands[word] ?? null) : null;

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
  return pickIncident([...own, ...others], text, screenOf(deps));
}
