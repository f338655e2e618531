import { isNoise } from '../../blocks/sentence.ts';
import { type Absence, pendingAbsence, type ReadLater } from '../../incident/clock.ts';
import type { Fact } from '../../incident/facts.ts';
import { visibleTo } from '../../incident/incident.ts';
import { readTimeline, type TimelineEntry } from '../../incident/timeline.ts';
import { commandsOf, type SlackMessage, timeOf } from '../../slack-message.ts';
import { causeOf, commandOf, type Heard, heardIn, missedOn, type Reaction } from '../../slack-reaction.ts';
import type { Store } from '../../store/store.ts';
import type { Context, Delivery, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel } from '../incident-channel.ts';
import { missedCommands } from '../missed.ts';

/** Bounds of one pull: 200 pages of 200 messages, and as many threads. */
const pagesMax = 200;
const pageSize = 200;

/**
 * A thread with as many replies as we know, the last of which is older than this, is not read again: only an edit that
 * came later than a day after the reply stays unseen, and a hundred channels cost a hundred calls and not a thousand.
 */
const quietThreadMs = 24 * 3_600_000;
/** Heard so much later than it was written, it was read and not heard: Slack's first two deliveries come at once. */
export const readLaterMs = 60_000;

/** Threads one row has read already: a rate limit in the middle does not send it back to the beginning. */
const threadsRead = new WeakMap<Store, Map<number, Set<string>>>();

/** One look at a conversation, as far as it has come. */
interface Look {
  context: Context;
  job: Job;
  /** Timestamps of everything that is there. */
  there: Set<string>;
  /** The reactions that we had heard of when it began. */
  heard: Heard;
  /** Replies that we had recorded when it began, by their thread. */
  known: ReadonlyMap<string, string[]>;
  /** Messages that this look recorded, long after they were written. */
  late: number;
}

/** What Slack showed of one conversation. */
interface Sighting {
  /** Timestamps of everything that is there. */
  there: Set<string>;
  /** The same, of the messages outside threads only. */
  shown: string[];
  /** False when a bound cut it short. */
  isWhole: boolean;
}

/**
 * What was said while we were away, or before we came: every message and every reply, each under the cause its event
 * would have had, so that what is known already changes nothing. What is not there any more was deleted meanwhile. The
 * reactions of what is there are compared with those we heard of; commands among it are too old to be carried out.
 */
export const pullHistory: Performer<'pull-history'> = {
  send: async (context, _effect, job) => {
    const { channel } = job.incident;
    if (!channel) return caughtUp(context, job) ?? cancelled('it has no channel');
    return inChannel(context, job, async () => {
      const entries = context.store.timeline(job.incident.id);
      const look: Look = {
        ...{ context, job, there: new Set(), late: 0 },
        heard: heardIn(entries),
        known: repliesIn(entries),
      };
      const sighting = channel.threadTs
        ? await lookAtThread(look, channel.id, channel.threadTs)
        : await lookAtChannel(look, channel.id);
      if (sighting.isWhole) await forgetVanished(context, job, sighting);
      await tellMissedCommands(context, job);
      threadsRead.get(context.store)?.delete(job.row.id);
      if (look.late > 0) context.readLate?.();
      return caughtUp(context, job) ?? done();
    });
  },
};

/** Where the channel must still be told of an absence: what came of it. */
function caughtUp({ store }: Context, { incident }: Job): Delivery | null {
  const absence = pendingAbsence(store.incident(incident.id) ?? incident);
  if (!absence) return null;
  return done({ type: 'note-caught-up', ...readLater(store.timeline(incident.id), absence) });
}

/** What is named of it: the latest. */
const untoldMax = 5;

/** What the timeline holds of an absence that the channel has not heard of. */
export function readLater(entries: readonly TimelineEntry[], { fromAt, toAt }: Absence): ReadLater {
  const late = entries.filter(({ at, happenedAt }) => at >= fromAt && at - happenedAt >= readLaterMs);
  const within = late.filter(({ happenedAt }) => happenedAt <= toAt);
  const deleted = entries.filter(({ at, fact }) => fact.type === 'message-deleted' && at >= toAt);
  const said = new Set(
    entries.flatMap(({ fact }) => (fact.type === 'said' ? [JSON.stringify(fact.about)] : [])),
  );
  const untold = entries.filter(
    ({ at, fact }) => at >= fromAt && at < toAt && isClockwork(fact) && !said.has(JSON.stringify(fact)),
  );
  return {
    messages: within.filter(({ fact }) => fact.type === 'message-posted').length,
    changes: within.filter(({ fact }) => fact.type === 'message-edited').length + deleted.length,
    untold: untold.slice(-untoldMax).map(({ fact }) => fact),
    more: Math.max(0, untold.length - untoldMax),
  };
}

/** What happens without anybody's words: they are not repeated where they could not be taken back. */
const isClockwork = (fact: Fact): boolean =>
  !isNoise(fact) && !/^(message|channel|followup|note|effect|commands|was-away|nudge)/.test(fact.type);

/** No replies, or none that we do not know; those we know then count as seen. */
function isQuiet(
  { context, known, there }: Look,
  { ts = '', reply_count: count = 0, latest_reply: last }: SlackMessage,
): boolean {
  if (count === 0) return true;
  const replies = known.get(ts) ?? [];
  const isOld = last !== undefined && context.clock.now() - timeOf(last) > quietThreadMs;
  if (!isOld || replies.length !== count || !replies.includes(last)) return false;
  for (const reply of replies) there.add(reply);
  return true;
}

/** The replies that stand in our timeline, by their thread. */
function repliesIn(entries: readonly TimelineEntry[]): Map<string, string[]> {
  const known = new Map<string, string[]>();
  for (const item of readTimeline(entries)) {
    if (item.kind !== 'message' || item.threadTs === null) continue;
    known.set(item.threadTs, [...(known.get(item.threadTs) ?? []), item.ts]);
  }
  return known;
}

async function lookAtChannel(look: Look, channel: string): Promise<Sighting> {
  const { context, job, there } = look;
  const threads: string[] = [];
  const isWhole = await eachPage(
    (cursor) => context.slack.conversations.history({ channel, limit: pageSize, cursor }),
    async (message) => {
      if (!isQuiet(look, message) && message.ts) threads.push(message.ts);
      await note(look, message);
    },
  );
  const shown = [...there];
  const read = readBefore(context, job);
  const unread = threads.filter((ts) => !read.has(ts));
  for (const ts of unread.slice(0, pagesMax)) {
    await lookAtReplies(look, channel, ts);
    read.add(ts);
  }
  // Replies read by an earlier try are not among `there`: nothing is concluded from their absence.
  return { there, shown, isWhole: isWhole && unread.length === threads.length && threads.length <= pagesMax };
}

async function lookAtThread(look: Look, channel: string, ts: string): Promise<Sighting> {
  const isWhole = await lookAtReplies(look, channel, ts);
  return { there: look.there, shown: [...look.there], isWhole };
}

const lookAtReplies = (look: Look, channel: string, ts: string) =>
  eachPage(
    (cursor) => look.context.slack.conversations.replies({ channel, ts, limit: pageSize, cursor }),
    (message) => note(look, message),
  );

async function note(look: Look, message: SlackMessage): Promise<void> {
  const { context, job, there } = look;
  if (message.ts && message.subtype !== 'tombstone') there.add(message.ts);
  const late = await record(context, job, message);
  look.late += late;
  await noteReactions(look, message);
}

/** Only content has a meaning, and only to colleagues: as with the events (slack/reactions.ts). */
async function noteReactions({ context, job, heard }: Look, message: SlackMessage): Promise<void> {
  const { incident, row } = job;
  const { ts, reactions = [] } = message;
  const channel = incident.channel?.id;
  if (!ts || !channel) return;
  const missed = missedOn({ channel, ts }, reactions, heard);
  if (missed.length === 0 || context.store.causedBy(`msg:${channel}:${ts}`) !== incident.id) return;
  const known = { ...context, screen: screenOf(context) };
  for (const reaction of missed) {
    if (!(await isOurs(context, job, reaction))) continue;
    const command = await commandOf(known, incident, reaction);
    if (command) await context.engine.handle(incident.id, command, causeOf(reaction, `pull-${row.id}`));
  }
}

async function isOurs(context: Context, { incident }: Job, { user }: Reaction): Promise<boolean> {
  if (user === context.identity().botUser || !visibleTo(incident, user)) return false;
  const found = await context.people.find(user);
  return found !== null && found.isStranger !== true;
}

/** Nobody would know that nothing came of them. */
async function tellMissedCommands(context: Context, { incident, row }: Job): Promise<void> {
  const { store, engine, people, identity } = context;
  const isDone = ({ channel, ts }: { channel: string; ts: string }): boolean =>
    store.causedBy(`mention:${channel}:${ts}`) !== null;
  const missed = missedCommands(store.timeline(incident.id), identity().botUser, isDone);
  if (missed.length === 0) return;
  await people.learn(missed.map(({ user }) => user));
  await engine.handle(
    incident.id,
    { type: 'note-missed-commands', missed },
    `missed:${incident.id}:${row.id}`,
  );
}

function readBefore({ store }: Context, { row }: Job): Set<string> {
  const rows = threadsRead.get(store) ?? new Map<number, Set<string>>();
  threadsRead.set(store, rows);
  const read = rows.get(row.id) ?? new Set<string>();
  rows.set(row.id, read);
  return read;
}

/**
 * Messages we know that Slack no longer shows, between the oldest and the newest that it did show: older ones fell to
 * the workspace's retention, newer ones came while we were reading.
 */
async function forgetVanished(
  context: Context,
  { incident }: Job,
  { there, shown }: Sighting,
): Promise<void> {
  const [oldest, newest] = [shown.reduce(earlier, shown[0] ?? ''), shown.reduce(later, '')];
  for (const item of readTimeline(context.store.timeline(incident.id))) {
    if (item.kind !== 'message' || item.channel !== incident.channel?.id || there.has(item.ts)) continue;
    if (Number(item.ts) < Number(oldest) || Number(item.ts) > Number(newest)) continue;
    const { channel, ts } = item;
    const happenedAt = context.clock.now();
    const command = { type: 'record-deletion', channel, ts, happenedAt } as const;
    await context.engine.handle(incident.id, command, `msg:${channel}:${ts}:deleted`);
  }
}

const earlier = (one: string, other: string): string => (Number(one) <= Number(other) ? one : other);
const later = (one: string, other: string): string => (Number(one) >= Number(other) ? one : other);

interface Page {
  messages?: SlackMessage[];
  response_metadata?: { next_cursor?: string };
}

/** Resolves to whether that was all there is. */
async function eachPage(
  fetch: (cursor: string | undefined) => Promise<unknown>,
  visit: (message: SlackMessage) => Promise<void>,
): Promise<boolean> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = (await fetch(cursor)) as Page;
    await Promise.all((answer.messages ?? []).map(visit));
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return true;
  }
  return false;
}

/** Returns how many messages were new, and old. */
async function record(context: Context, { incident }: Job, message: SlackMessage): Promise<number> {
  const channel = incident.channel?.id;
  if (!channel) return 0;
  const { botId, botUser } = context.identity();
  let late = 0;
  for (const { command, cause } of commandsOf(channel, message, { botId, botUser })) {
    const { outcome } = await context.engine.handle(incident.id, command, cause);
    if (outcome !== 'committed' || command.type !== 'record-message') continue;
    if (context.clock.now() - command.happenedAt >= readLaterMs) late += 1;
  }
  return late;
}
