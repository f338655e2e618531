import type { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';
import { soon } from '../people.ts';

/** An answer is believed this long. */
const freshMs = 10 * 60_000;
/** Channels remembered; with one more, all are forgotten and asked about again. */
const channelsMax = 1_000;

/**
 * Tells whether a channel is shared with another organisation (Slack Connect). Asks Slack once in a while for each, and
 * not for long: where it does not say (a private channel without us, an outage), the answer is no.
 */
export function knowSharedChannels(slack: WebClient, clock: Clock): (channel: string) => Promise<boolean> {
  const known = new Map<string, { shared: Promise<boolean>; at: number }>();

  async function ask(channel: string): Promise<boolean> {
    const answer = await slack.conversations.info({ channel });
    return answer.channel?.is_ext_shared ?? false;
  }

  return async (channel) => {
    // Direct messages are between two, and no place for incidents anyway.
    if (!/^[CG]/.test(channel)) return false;
    const now = clock.now();
    const before = known.get(channel);
    const shared = before && now - before.at < freshMs ? before.shared : ask(channel);
    if (shared !== before?.shared) {
      if (known.size >= channelsMax) known.clear();
      known.set(channel, { shared, at: now });
    }
    return soon(shared, clock).catch(() => {
      known.delete(channel);
      return false;
    });
  };
}
