import { editedMention, formNeeded, mentionFirst, staleMention } from '../blocks/mention.ts';
import { placeKey } from '../incident/channel.ts';
import type { Incident } from '../incident/incident.ts';
import type { KindOfPerson } from '../incident/permissions.ts';
import { addressed, commandFreshMs, timeOf } from '../slack-message.ts';
import { firstWord } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { dispatch } from './dispatch.ts';
import type { Events } from './events.ts';
import { give } from './give.ts';
import { sightOf } from './guest.ts';
import { incidentHere, incidentNumbered } from './lookup.ts';
import { deedOfWord, kindOf, kindOfActor, refusedTo } from './permissions.ts';
import { type Reply, saying } from './reply.ts';
import { subcommandOf } from './tables.ts';
import { readTyped } from './typed.ts';

/** What we read of a message that is meant for us. Slack's own names. */
interface Addressed {
  user?: string;
  bot_id?: string;
  subtype?: string;
  team?: string;
  user_team?: string;
  text?: string;
  channel: string;
  channel_type?: string;
  ts: string;
  thread_ts?: string;
  edited?: object;
}

/**
 * `@tocsin <command>`, where Slack refuses slash commands: in threads. The same dispatch; the answer is for the person
 * alone, in that thread. A direct message to us needs no mention. What was said is the log's business (`log.ts`).
 */
export function hearMentions(app: Events, deps: SlackDeps): void {
  app.event('app_mention', async ({ event }) => {
    const said = event as Addressed;
    if (said.bot_id || !said.user) return;
    const { user } = said;
    const reply = await answer(deps, said, user);
    await give(deps, reply, { user, channel: said.channel, thread: said.thread_ts });
  });
  app.event('message', async ({ event }) => {
    const said = event as Addressed;
    if (said.channel_type !== 'im' || said.subtype || said.bot_id || !said.user) return;
    if (said.user === deps.identity().botUser) return;
    const { user } = said;
    const reply = await obey(deps, said, user, spoken(deps, said.text ?? '')?.command ?? said.text ?? '');
    // In a direct message nothing shows that it was done.
    await give(deps, reply ?? saying('Done.'), { user, channel: null });
  });
}

/** Only a message that begins with us is a command; "thanks, @tocsin" is not. */
async function answer(deps: SlackDeps, said: Addressed, user: string): Promise<Reply> {
  const words = spoken(deps, said.text ?? '');
  if (!words) return null;
  if (!words.isFirst) {
    const { word } = firstWord(words.command);
    const isCommand = word !== '' && subcommandOf(word) !== null;
    return isCommand ? mentionFirst(word, screenOf(deps)) : null;
  }
  if (said.edited) return editedMention(screenOf(deps));
  return obey(deps, said, user, words.command);
}

async function obey(deps: SlackDeps, said: Addressed, user: string, command: string): Promise<Reply> {
  const kind = await kindOfSpeaker(deps, said, user);
  const refused = refusedTo(kind, deedOfWord('', ''));
  if (refused) return saying(refused);
  const typed = withNames(deps, command);
  const cause = `mention:${said.channel}:${said.ts}`;
  const writtenAt = timeOf(said.ts);
  const isStale = deps.clock.now() - writtenAt >= commandFreshMs;
  if (isStale && deps.store.causedBy(cause) === null) return staleMention(typed, writtenAt, screenOf(deps));
  const inThread = incidentOfThread(deps, said, user);
  const isNamed = namesOne(deps, said, user, typed);
  const text = inThread && !isNamed ? `INC-${inThread.id} ${typed}` : typed;
  const reply = await dispatch(deps, {
    user,
    kind,
    channel: said.channel,
    text,
    cause,
  });
  if (!reply || !('modal' in reply)) return reply;
  const here = inThread ?? incidentHere(deps, said.channel, user);
  const repeated = here && !isNamed ? `INC-${here.id} ${typed}` : typed;
  return formNeeded(repeated, screenOf(deps));
}

/** A message names the workspace where its author is at home, not the organisation: in a Grid Slack is asked for that. */
async function kindOfSpeaker(deps: SlackDeps, said: Addressed, user: string): Promise<KindOfPerson> {
  const kind = await kindOfActor(deps, { user, team: said.user_team ?? said.team });
  if (kind !== 'external' || !deps.identity().enterprise) return kind;
  const found = await deps.people.find(user).catch(() => null);
  return found === null ? 'external' : kindOf(deps, { user });
}

/** An incident of ours, that is: what stands behind a word may be the number of another tool. */
function namesOne(deps: SlackDeps, { channel }: Addressed, user: string, text: string): boolean {
  const { named, beside } = readTyped(text);
  return named !== null || (beside !== null && incidentNumbered(deps, beside.id, user, channel) !== null);
}

/** Where channels are forbidden an incident runs in a thread, and has no other place to take commands. */
function incidentOfThread(deps: SlackDeps, said: Addressed, user: string): Incident | null {
  const incident = said.thread_ts ? deps.store.linked('slack', placeKey(said.channel, said.thread_ts)) : null;
  return incident && sightOf(deps, user, said.channel)(incident) ? incident : null;
}

const spoken = (deps: SlackDeps, text: string) => addressed(text, deps.identity().botUser);

/** Commands name people as `<@U1|ana>`, messages as `<@U1>`: from here on they are the same. */
const withNames = (deps: SlackDeps, text: string): string =>
  text.replace(/<@([UW][A-Z0-9]+)>/g, (whole, id: string) => {
    const name = deps.store.person(id)?.name.replace(/[<>|&]/g, '');
    return name ? `<@${id}|${name}>` : whole;
  });
