import type { Context } from './context.ts';
import { wordOf } from './retry.ts';

/** Where incidents are announced. */
export interface AnnounceChannel {
  id: string;
  name: string;
}

/** Pages of the workspace's channels looked through for the name. */
const listPagesMax = 20;
const listPageSize = 200;

/** The announce channel was found, joined or made before: no call. */
export function knownAnnounceChannel(context: Context): AnnounceChannel | null {
  const stored = context.store.meta('announce-channel');
  if (!stored) return null;
  const known = JSON.parse(stored) as AnnounceChannel & { configured: string };
  return known.configured === context.config().announceChannel ? known : null;
}

/**
 * Finds the configured announce channel, joins it, or makes it when there is none. Remembers it. Throws Slack's
 * refusal when none of this is possible: `/incident doctor` then says so.
 */
export async function announceChannel(context: Context): Promise<AnnounceChannel> {
  const known = knownAnnounceChannel(context);
  if (known) return known;
  const configured = context.config().announceChannel;
  const found = /^[CG][A-Z0-9]{6,}$/.test(configured)
    ? { id: configured, name: configured }
    : await findOrMake(context, configured);
  await context.slack.conversations.join({ channel: found.id }).catch((error: unknown) => {
    if (wordOf(error) !== 'method_not_supported_for_channel_type') throw error;
  });
  await context.store.saveMeta('announce-channel', JSON.stringify({ ...found, configured }));
  return found;
}

/** The channel vanished or was archived: look again next time. */
export async function forgetAnnounceChannel(context: Context): Promise<void> {
  await context.store.saveMeta('announce-channel', '');
}

async function findByName(context: Context, name: string): Promise<AnnounceChannel | null> {
  let cursor: string | undefined;
  for (let page = 0; page < listPagesMax; page += 1) {
    const answer = await context.slack.conversations.list({
      types: 'public_channel',
      exclude_archived: true,
      limit: listPageSize,
      cursor,
    });
    const found = answer.channels?.find((channel) => channel.name === name);
    if (found?.id) return { id: found.id, name };
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return null;
  }
  return null;
}

/** Another lane, or an earlier try of ours, may have made it since we looked. */
async function findOrMake(context: Context, name: string): Promise<AnnounceChannel> {
  const found = await findByName(context, name);
  if (found) return found;
  try {
    return await make(context, name);
  } catch (error) {
    const made = wordOf(error) === 'name_taken' ? await findByName(context, name) : null;
    if (!made) throw error;
    return made;
  }
}

async function make(context: Context, name: string): Promise<AnnounceChannel> {
  const answer = await context.slack.conversations.create({ name });
  if (!answer.channel?.id) throw new Error('Slack made a channel without saying which');
  return { id: answer.channel.id, name };
}
