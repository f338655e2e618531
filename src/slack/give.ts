import type { View } from '@slack/types';
import type { Message } from '../blocks/message.ts';
import { readAloud } from '../blocks/read-aloud.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { type OnView, showOnView } from './on-view.ts';
import { type Reply, saying } from './reply.ts';

/** Whom an answer is for, and how they can be reached. */
export interface Reader {
  user: string;
  /** Where they acted; null: nowhere in particular. */
  channel: string | null;
  /** The thread in it, where it was one: the thread's root. */
  thread?: string;
  /** Opens one form, within three seconds. A submitted form brings none. */
  trigger?: string;
  /** The click's own way back, where there is one. */
  respond?: (message: Message) => Promise<unknown>;
  /** Where they pressed, if that was no message. */
  view?: OnView;
}

/** Slack's own word for a refusal; null: there was no answer. */
const wordOf = (error: unknown): string | null =>
  (error as { data?: { error?: string } }).data?.error ?? null;

/** Hands a reply to one person alone. Best effort: what it says is on the timeline anyway. */
export async function give(deps: SlackDeps, reply: Reply, reader: Reader): Promise<void> {
  if (reply === null) return;
  if (reader.view) return showOver(deps, reply, reader, reader.view);
  if ('modal' in reply) return openModal(deps, reply.modal, reader);
  await tell(deps, reply, reader);
}

/** Where Slack takes no modal, they are told by DM. */
async function showOver(
  deps: SlackDeps,
  reply: NonNullable<Reply>,
  reader: Reader,
  view: OnView,
): Promise<void> {
  try {
    await showOnView(deps, reply, view, reader.trigger ?? '');
  } catch (error) {
    deps.report('a modal could not be shown', error);
    await tell(deps, 'modal' in reply ? saying(sorry(wordOf(error))) : reply, reader);
  }
}

async function tell(deps: SlackDeps, reply: Message & { refused?: string }, reader: Reader): Promise<void> {
  try {
    const { refused: _why, ...message } = readAloud(reply, screenOf(deps));
    if (reader.respond) await reader.respond(message);
    else {
      const { text, blocks } = message;
      if (!(await whispered(deps, { text, blocks }, reader)))
        await wrote(deps, { text, blocks }, reader.user);
    }
  } catch (error) {
    deps.report('an answer to one person did not reach them', error);
  }
}

/** In the channel, seen by them alone. False: we or they are not in it, and they have to be told elsewhere. */
async function whispered(
  deps: SlackDeps,
  message: Message,
  { user, channel, thread }: Reader,
): Promise<boolean> {
  if (channel === null) return false;
  try {
    await deps.slack.chat.postEphemeral({ channel, user, ...(thread && { thread_ts: thread }), ...message });
    return true;
  } catch (error) {
    if (absentWords.has(wordOf(error) ?? '')) return false;
    throw error;
  }
}

const absentWords = new Set(['not_in_channel', 'channel_not_found', 'user_not_in_channel', 'is_archived']);

async function wrote(deps: SlackDeps, message: Message, user: string): Promise<void> {
  const channel = await deps.people.dm(user);
  await deps.slack.chat.postMessage({ channel, ...message });
}

/** A trigger lives three seconds and works once: too late, the person is told to try again. */
async function openModal(deps: SlackDeps, view: View, reader: Reader): Promise<void> {
  try {
    await deps.slack.views.open({ trigger_id: reader.trigger ?? '', view });
  } catch (error) {
    deps.report('a modal could not be opened', error);
    await tell(deps, saying(sorry(wordOf(error))), reader);
  }
}

function sorry(word: string | null): string {
  const cure = 'Please try again, or type the whole command.';
  const isLate = word === null || lateWords.has(word);
  return isLate
    ? `Slack did not open the form in time. ${cure}`
    : `Slack refused the form (${word}). ${cure}`;
}

const lateWords = new Set([
  'expired_trigger_id',
  'trigger_expired',
  'exchanged_trigger_id',
  'trigger_exchanged',
]);
