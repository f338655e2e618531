import type { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';

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
