import type { Message } from '../blocks/message.ts';
import { shorten } from '../incident/text.ts';
import type { OutboxRow } from '../store/store.ts';
import type { Context } from './context.ts';
import { deedOf } from './deed.ts';
import { postedInGap } from './gap.ts';
import { historyWindow } from './history-window.ts';
import { findPost, lookBackMs, metadataOf } from './reconcile.ts';
import { wordOf } from './retry.ts';

/** Slack splits or refuses longer texts (platform.md section 2.3). */
const textLengthMax = 4000;
/** Of a text that goes out instead of blocks. */
const plainLengthMax = 3000;

/** What Slack says when our blocks are at fault; the words must go out all the same. */
const renderWords = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'invalid_arguments',
  'block_mismatch',
]);

export interface Where {
  channel: string;
  threadTs?: string;
  broadcast?: boolean;
}

/**
 * Posts, marked with the row's reference. Blocks that Slack refuses are sent once more as plain text. Returns the ts; after
 * a restore, of the message that said it already.
 */
export async function post(
  context: Context,
  { row }: { row: OutboxRow },
  where: Where,
  message: Message,
): Promise<string> {
  const call = (blocks: Message['blocks'] | undefined, text = shorten(message.text, textLengthMax)) =>
    context.slack.chat.postMessage({
      channel: where.channel,
      text,
      ...(blocks ? { blocks } : {}),
      ...(where.threadTs ? { thread_ts: where.threadTs, reply_broadcast: where.broadcast ?? false } : {}),
      metadata: metadataOf(row.ref, deedOf(row)),
      unfurl_links: false,
      unfurl_media: false,
    } as Parameters<typeof context.slack.chat.postMessage>[0]);
  const earlier = await postedInGap(context, row, where);
  if (earlier !== null) return earlier;
  const answer = await call(message.blocks).catch((error: unknown) => {
    if (!renderWords.has(wordOf(error) ?? '')) throw error;
    context.report(
      `Slack refused the blocks of ${row.effect.kind} for ${row.desk ?? `INC-${row.incident}`}; sent as text`,
      error,
    );
    return call(undefined, plainText(context, row, where, message.text));
  });
  if (!answer.ts) throw new Error('Slack accepted a message without saying where');
  return answer.ts;
}

/** Short enough for whatever was too long, with the way to the channel, where buttons and the rest are. */
function plainText(context: Context, row: OutboxRow, { channel }: Where, text: string): string {
  const home = row.incident === null ? null : context.store.incident(row.incident)?.channel?.id;
  return `${shorten(text, plainLengthMax)}${home && home !== channel ? ` <#${home}>` : ''}`;
}

/** Edits in place; the same text again is no error. Throws Slack's refusal, e.g. `message_not_found`. */
export async function edit(
  context: Context,
  place: { channel: string; ts: string },
  message: Message,
): Promise<void> {
  const call = (blocks: Message['blocks']) =>
    context.slack.chat.update({ ...place, text: shorten(message.text, textLengthMax), blocks });
  await call(message.blocks).catch((error: unknown) => {
    if (!renderWords.has(wordOf(error) ?? '')) throw error;
    context.report('Slack refused the blocks of an edit; sent as text', error);
    return call([]);
  });
}

/** Was this row's message posted already? Looks through the history around the call. */
export async function findPosted(
  context: Context,
  { row }: { row: Pick<OutboxRow, 'ref' | 'sentAt'> },
  where: Where,
): Promise<string | null> {
  for await (const messages of historyWindow(context, where, { oldest: row.sentAt - lookBackMs })) {
    const ts = findPost(messages, row.ref);
    if (ts) return ts;
  }
  return null;
}
