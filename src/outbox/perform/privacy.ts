import { leftCard, leftNotice, leftTopic } from '../../blocks/privacy.ts';
import type { Context, Performer } from '../context.ts';
import { done, screenOf } from '../context.ts';
import { edit, findPosted, post } from '../post.ts';
import { faultOf, wordOf } from '../retry.ts';

/** Pages of replies under one announcement that are looked through for ours. */
const pagesMax = 20;
const pageSize = 200;

/** Everything that we said under the announcement, then itself: what people wrote there is theirs and stays. */
export const withdrawAnnouncement: Performer<'withdraw-announcement'> = {
  send: async (context, { place }) => {
    for (const ts of await ourReplies(context, place)) await remove(context, place.channel, ts);
    await remove(context, place.channel, place.ts);
    return done();
  },
};

async function ourReplies(context: Context, place: { channel: string; ts: string }): Promise<string[]> {
  const ours: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await context.slack.conversations
      .replies({ ...place, limit: pageSize, cursor })
      .catch((error: unknown) => {
        if (faultOf(error).kind !== 'refused') throw error;
        return null;
      });
    for (const { ts, bot_id: bot } of answer?.messages ?? []) {
      if (ts && ts !== place.ts && bot === context.identity().botId) ours.push(ts);
    }
    cursor = answer?.response_metadata?.next_cursor || undefined;
    if (!cursor) break;
  }
  return ours;
}

async function remove(context: Context, channel: string, ts: string): Promise<void> {
  await context.slack.chat.delete({ channel, ts }).catch((error: unknown) => {
    if (!goneForUs.has(wordOf(error) ?? '')) throw error;
  });
}

/** There is nothing left that we could change. */
const goneForUs = new Set([
  'message_not_found',
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'not_in_channel',
  'cant_update_message',
  'edit_window_closed',
]);

/** The card there has no buttons any more, the topic says nothing, and a last message says what became of it. */
export const leaveChannel: Performer<'leave-channel'> = {
  send: async (context, { channel, card }, job) => {
    const screen = screenOf(context);
    try {
      if (card) await edit(context, card, leftCard(job.incident)).catch(unlessGone);
      await context.slack.conversations
        .setTopic({ channel: channel.id, topic: leftTopic(job.incident) })
        .catch(unlessGone);
      await post(context, job, { channel: channel.id }, leftNotice(job.incident, screen));
    } catch (error) {
      unlessGone(error);
    }
    return done();
  },
  find: async (context, { channel }, job) =>
    (await findPosted(context, job, { channel: channel.id })) ? done() : null,
};

function unlessGone(error: unknown): void {
  if (!goneForUs.has(wordOf(error) ?? '')) throw error;
}
