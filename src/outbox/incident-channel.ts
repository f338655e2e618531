import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import type { Context, Delivery, Job } from './context.ts';
import type { Where } from './post.ts';
import { wordOf } from './retry.ts';

/** Where the incident is spoken about, if it has a place at all. */
export function whereOf(incident: Incident): Where | null {
  return incident.channel && { channel: incident.channel.id, threadTs: incident.channel.threadTs };
}

export const goneWords = new Set(['channel_not_found', 'is_archived', 'is_inactive', 'channel_is_archived']);

/**
 * Does something in the incident's channel. Removed from a public one, we come back and try once more; where that is
 * impossible (archived, deleted, private) the loss becomes a fact and the row goes on in whatever replaces it.
 */
export async function inChannel(
  context: Context,
  { incident }: Job,
  act: () => Promise<Delivery>,
): Promise<Delivery> {
  try {
    return await act();
  } catch (error) {
    const word = wordOf(error);
    const { channel } = incident;
    if (!channel || channel.threadTs !== undefined || word === null) throw error;
    if (word === 'not_in_channel' && (await rejoined(context, channel.id))) return act();
    if (!goneWords.has(word) && word !== 'not_in_channel') throw error;
    if (!isOpen(incident)) return { did: 'cancelled', why: word };
    return { did: 'again', report: { type: 'note-channel-lost', reason: word }, why: word };
  }
}

async function rejoined(context: Context, channel: string): Promise<boolean> {
  return context.slack.conversations.join({ channel }).then(
    () => true,
    () => false,
  );
}
