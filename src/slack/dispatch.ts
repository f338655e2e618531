import { didYouMean } from '../blocks/help.ts';
import { pickIncident } from '../blocks/pick.ts';
import { type Incident, involves } from '../incident/incident.ts';
import {
  firstWord,
  type IncidentCommand,
  type Invocation,
  numberFirst,
  quoted,
  type Subcommand,
} from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { isGuest } from './guest.ts';
import { visible } from './list.ts';
import { incidentHere, incidentNumbered, missingWords } from './lookup.ts';
import { deedOfWord, refusedTo } from './permissions.ts';
import { type Reply, saying } from './reply.ts';
import { isOutside, sharedWords } from './shared.ts';
import { subcommands } from './tables.ts';

/**
 * `/incident [INC-12] <subcommand> <text>`: finds the subcommand and, when it is about an incident, which one: the one
 * named, else the channel's, else the person is asked.
 */
export async function dispatch(deps: SlackDeps, invocation: Invocation): Promise<Reply> {
  const { named, word, rest } = parse(invocation.text);
  const refused = refusedTo(invocation.kind, deedOfWord(word, rest));
  if (refused) return saying(refused);
  if (!emergencies.includes(word) && isOutside(deps, invocation.channel)) return saying(sharedWords);
  if (named !== null) {
    const incident = incidentNumbered(deps, named, invocation.user, invocation.channel);
    if (!incident) return noSuch(deps, named);
    const command = subcommandOf(word === '' ? 'show' : word);
    if (!command) return didYouMean(word, screenOf(deps));
    return run(deps, command, { ...invocation, text: rest }, incident);
  }
  const command = subcommandOf(word);
  if (!command) return didYouMean(word, screenOf(deps));
  const shown = showsNumber(word, rest);
  if (shown === 'unreadable') return saying(showUsage(deps, rest));
  const here =
    shown !== null
      ? incidentNumbered(deps, shown, invocation.user, invocation.channel)
      : incidentHere(deps, invocation.channel, invocation.user);
  if (shown !== null && !here) return noSuch(deps, shown);
  if (command.about === 'incident' && !here) return ask(deps, invocation);
  return run(deps, command, { ...invocation, text: shown === null ? rest : '' }, here);
}

/** Whatever stops a page, wakes somebody or tells how works everywhere. */
const emergencies: readonly string[] = ['ack', 'unack', 'escalate', 'help', 'doctor'];

function parse(text: string): { named: number | null; word: string; rest: string } {
  const number = numberFirst(text);
  return { named: number?.id ?? null, ...firstWord(number?.rest ?? text) };
}

/** `show INC-12`, or `show 12`, reads as well as `INC-12 show`. Null: none is named. */
function showsNumber(word: string, rest: string): number | 'unreadable' | null {
  if (word !== 'show' || rest === '') return null;
  return numberFirst(rest)?.id ?? 'unreadable';
}

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
  return pickIncident([...own, ...others], text, screenOf(deps), isGuest(deps, user));
}
