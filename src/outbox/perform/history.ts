import { commandsOf, type SlackMessage } from '../../slack-message.ts';
import type { Context, Job, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import { inChannel } from '../incident-channel.ts';

/** Bounds of one pull: 200 pages of 200 messages, and as many threads. */
const pagesMax = 200;
const pageSize = 200;

/**
 * What was said while we were away, or before we came: every message and every reply, each under the cause its event
 * would have had, so that what is known already changes nothing.
 */
export const pullHistory: Performer<'pull-history'> = {
  send: async (context, _effect, job) => {
    const { channel } = job.incident;
    if (!channel || channel.threadTs !== undefined) return cancelled('no channel of its own');
    return inChannel(context, job, async () => {
      const threads: string[] = [];
      await eachPage(
        (cursor) => context.slack.conversations.history({ channel: channel.id, limit: pageSize, cursor }),
        async (message) => {
          if ((message.reply_count ?? 0) > 0 && message.ts) threads.push(message.ts);
          await record(context, job, message);
        },
      );
      for (const ts of threads.slice(0, pagesMax)) {
        await eachPage(
          (cursor) =>
            context.slack.conversations.replies({ channel: channel.id, ts, limit: pageSize, cursor }),
          (message) => record(context, job, message),
        );
      }
      return done();
    });
  },
};

interface Page {
  messages?: SlackMessage[];
  response_metadata?: { next_cursor?: string };
}

async function eachPage(
  fetch: (cursor: string | undefined) => Promise<unknown>,
  visit: (message: SlackMessage) => Promise<void>,
): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = (await fetch(cursor)) as Page;
    await Promise.all((answer.messages ?? []).map(visit));
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return;
  }
}

async function record(context: Context, { incident }: Job, message: SlackMessage): Promise<void> {
  const channel = incident.channel?.id;
  if (!channel) return;
  const { botId, botUser } = context.identity();
  for (const { command, cause } of commandsOf(channel, message, { botId, botUser })) {
    await context.engine.handle(incident.id, command, cause);
  }
}
