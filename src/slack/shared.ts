import type { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';
import type { SlackDeps } from './deps.ts';

/** An answer is believed this long. */
const freshMs = 10 * 60_000;
/** Channels remembered; with one more, all are forgotten and asked about again. */
const channelsMax = 1_000;

/**
 * Tells whether a channel is shared with another organisation (Slack Connect), as far as it is known: no command waits
 * for Slack to say so. A channel that nobody asked about yet is asked about meanwhile, and let through that once; where
 * Slack does not say (a private channel without us, an outage) it stays so.
 */
export function knowSharedChannels(slack: WebClient, clock: Clock): (channel: string) => boolean {
  const known = new Map<string, { isShared: boolean; askedAt: number }>();

  async function ask(channel: string): Promise<void> {
    const before = known.get(channel)?.isShared ?? false;
    if (known.size >= channelsMax) known.clear();
    known.set(channel, { isShared: before, askedAt: clock.now() });
    const answer = await slack.conversations.info({ channel }).catch(() => null);
    if (answer)
      known.set(channel, { isShared: answer.channel?.is_ext_shared ?? false, askedAt: clock.now() });
  }

  return (channel) => {
    // Direct messages are between two, and no place for incidents anyway.
    if (!/^[CG]/.test(channel)) return false;
    const before = known.get(channel);
    if (!before || clock.now() - before.askedAt >= freshMs) void ask(channel);
    return before?.isShared ?? false;
  };
}

/** A channel with people of another organisation in it. One of our own incidents goes on, whoever was let in. */
export const isOutside = ({ store, isSharedOutside }: SlackDeps, channel: string): boolean =>
  store.linkedId('slack', channel) === null && isSharedOutside(channel);

const reason =
  'This channel is shared with another organisation, and incidents are not for their eyes. Nothing changed.';

/** A command that was typed there. */
export const sharedWords = `${reason} Type it in a channel of your own, or in a direct message to yourself.`;

/** A menu of a message there. */
export const sharedMenuWords = (command: string): string =>
  `${reason} In a channel of your own, or in a direct message to yourself, ${command} declare, note and followup do the same.`;
