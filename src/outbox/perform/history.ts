import { readTimeline } from '../../incident/timeline.ts';
import { commandsOf, type SlackMessage } from '../../slack-message.ts';
import type { Store } from '../../store/store.ts';
import type { Context, Job, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import { inChannel } from '../incident-channel.ts';

/** Bounds of one pull: 200 pages of 200 messages, and as many threads. */
const pagesMax = 200;
const pageSize = 200;

/** Threads one row has read already: a rate limit in the middle does not send it back to the beginning. */
const threadsRead = new WeakMap<Store, Map<number, Set<string>>>();

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
 * would have had, so that what is known already changes nothing. What is not there any more was deleted meanwhile.
 */
export const pullHistory: Performer<'pull-history'> = {
  send: async (context, _effect, job) => {
    const { channel } = job.incident;
    if (!channel) return cancelled('it has no channel');
    return inChannel(context, job, async () => {
      const sighting = channel.threadTs
        ? await lookAtThread(context, job, channel.id, channel.threadTs)
        : await lookAtChannel(context, job, channel.id);
      if (sighting.isWhole) await forgetVanished(context, job, sighting);
      threadsRead.get(context.store)?.delete(job.row.id);
      return done();
    });
  },
};

async function lookAtChannel(context: Context, job: Job, channel: string): Promise<Sighting> {
  const there = new Set<string>();
  const threads: string[] = [];
  const isWhole = await eachPage(
    (cursor) => context.slack.conversations.history({ channel, limit: pageSize, cursor }),
    async (message) => {
      if ((message.reply_count ?? 0) > 0 && message.ts) threads.push(message.ts);
      await note(context, job, there, message);
    },
  );
  const shown = [...there];
  const read = readBefore(context, job);
  const unread = threads.filter((ts) => !read.has(ts));
  for (const ts of unread.slice(0, pagesMax)) {
    await lookAtReplies(context, job, there, channel, ts);
    read.add(ts);
  }
  // Replies read by an earlier try are not among `there`: nothing is concluded from their absence.
  return { there, shown, isWhole: isWhole && unread.length === threads.length && threads.length <= pagesMax };
}

async function lookAtThread(context: Context, job: Job, channel: string, ts: string): Promise<Sighting> {
  const there = new Set<string>();
  const isWhole = await lookAtReplies(context, job, there, channel, ts);
  return { there, shown: [...there], isWhole };
}

const lookAtReplies = (context: Context, job: Job, there: Set<string>, channel: string, ts: string) =>
  eachPage(
    (cursor) => context.slack.conversations.replies({ channel, ts, limit: pageSize, cursor }),
    (message) => note(context, job, there, message),
  );

async function note(context: Context, job: Job, there: Set<string>, message: SlackMessage): Promise<void> {
  if (message.ts && message.subtype !== 'tombstone') there.add(message.ts);
  await record(context, job, message);
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

async function record(context: Context, { incident }: Job, message: SlackMessage): Promise<void> {
  const channel = incident.channel?.id;
  if (!channel) return;
  const { botId, botUser } = context.identity();
  for (const { command, cause } of commandsOf(channel, message, { botId, botUser })) {
    await context.engine.handle(incident.id, command, cause);
  }
}
