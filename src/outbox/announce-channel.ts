import { standInNotice } from '../blocks/announce-channel.ts';
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
 * Finds the configured announce channel, joins it, or makes it when there is none; where its name is taken, another one
 * stands in. Remembers it. Throws Slack's refusal when none of this is possible: `/incident doctor` then says so.
 */
export async function announceChannel(context: Context): Promise<AnnounceChannel> {
  const known = knownAnnounceChannel(context);
  if (known) return known;
  const configured = context.config().announceChannel;
  const found = isId(configured)
    ? { id: configured, name: configured }
    : await findOrMake(context, configured);
  await context.slack.conversations.join({ channel: found.id }).catch((error: unknown) => {
    if (wordOf(error) !== 'method_not_supported_for_channel_type') throw error;
  });
  await context.store.saveMeta('announce-channel', JSON.stringify({ ...found, configured }));
  return found;
}

/** One that stands in is looked at again, at the latest at the next start: perhaps the configured one is back. */
export async function announceChannelAnew(context: Context): Promise<AnnounceChannel> {
  const known = knownAnnounceChannel(context);
  if (!known || !isStandIn(known, context.config().announceChannel)) return announceChannel(context);
  const back = await findByName(context, context.config().announceChannel);
  if (!back) return known;
  await forgetAnnounceChannel(context);
  return announceChannel(context);
}

/** The channel vanished or was archived: look again next time. */
export async function forgetAnnounceChannel(context: Context): Promise<void> {
  await context.store.saveMeta('announce-channel', '');
}

interface Found {
  id?: string;
  name?: string;
  creator?: string;
}

async function findByName(
  context: Context,
  name: string,
  isWanted: (channel: Found) => boolean = () => true,
): Promise<AnnounceChannel | null> {
  let cursor: string | undefined;
  for (let page = 0; page < listPagesMax; page += 1) {
    const answer = await context.slack.conversations.list({
      types: 'public_channel',
      exclude_archived: true,
      limit: listPageSize,
      cursor,
    });
    const found = answer.channels?.find((channel) => channel.name === name && isWanted(channel));
    if (found?.id) return { id: found.id, name };
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return null;
  }
  return null;
}

/** Names tried when the configured one is held by a channel that we cannot use: `incidents-2`, `incidents-3`, … */
const namesMax = 5;

/**
 * By its name, else made. A name that an archived channel, or a private one without us, holds cannot be taken: then a
 * channel of a similar name stands in, and says there what it is for.
 */
async function findOrMake(context: Context, configured: string): Promise<AnnounceChannel> {
  for (let suffix = 1; ; suffix += 1) {
    const name = suffix === 1 ? configured : `${configured.slice(0, nameLengthMax - 2)}-${suffix}`;
    const usable = suffix === 1 ? await usableNamed(context, name) : await standIn(context, name, configured);
    if (usable) return usable;
    if (suffix === namesMax) throw new Error(`no channel like ${configured} can be used`);
  }
}

/** Slack's, for a channel's name. */
const nameLengthMax = 80;

/** Null: the name is taken by a channel that is no use to us. Another lane, or an earlier try, may have made it since we looked. */
async function usableNamed(context: Context, name: string): Promise<AnnounceChannel | null> {
  const found = await findByName(context, name);
  if (found) return found;
  try {
    return await make(context, name);
  } catch (error) {
    if (wordOf(error) !== 'name_taken') throw error;
    return findByName(context, name);
  }
}

/** Another one stands in for the configured channel. */
export const isStandIn = (known: AnnounceChannel, configured: string): boolean =>
  !isId(configured) && known.name !== configured;

const isId = (configured: string): boolean => /^[CG][A-Z0-9]{6,}$/.test(configured);

async function make(context: Context, name: string): Promise<AnnounceChannel> {
  const answer = await context.slack.conversations.create({ name });
  if (!answer.channel?.id) throw new Error('Slack made a channel without saying which');
  return { id: answer.channel.id, name };
}

/** Only a channel that we made stands in: somebody else's is about something else. */
async function standIn(context: Context, name: string, configured: string): Promise<AnnounceChannel | null> {
  const isOurs = ({ creator }: Found): boolean => creator === context.identity().botUser;
  const found = await findByName(context, name, isOurs);
  if (found) return found;
  try {
    const made = await make(context, name);
    await introduce(context, made.id, configured);
    return made;
  } catch (error) {
    if (wordOf(error) !== 'name_taken') throw error;
    return findByName(context, name, isOurs);
  }
}

/** Everybody looks for announcements where they used to be, so the one that stands in says so. Best effort. */
async function introduce(context: Context, channel: string, configured: string): Promise<void> {
  const { text, blocks } = standInNotice(configured);
  await context.slack.chat.postMessage({ channel, text, blocks }).catch((error: unknown) => {
    context.report('the announce channel that stands in could not be introduced', error);
  });
}
