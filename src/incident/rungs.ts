import type { Incident } from './incident.ts';
import { roleHolder } from './incident.ts';

/** One rung of a nudge's ladder: `afterMs` from its due time (negative: a heads-up), how loudly, and to whom. */
export interface Rung {
  afterMs: number;
  via: 'dm' | 'channel' | 'mention' | 'page';
  /** A Slack user, or null for everyone in the channel; a DM to nobody is skipped. */
  to: string | null;
}

/** All rungs of one rule for one due time (epoch ms). */
export interface Ladder {
  dueAt: number;
  rungs: Rung[];
  /** Since when there is a reason to ask, epoch ms: another time is another reason. Null: the rule keeps that itself. */
  sinceAt: number | null;
}

/** Said in the channel when due; `to` is mentioned. */
export const inChannel = (to: string | null, afterMs = 0): Rung => ({ afterMs, via: 'channel', to });

/** Between the two of us. */
export const byMessage = (to: string | null, afterMs = 0): Rung => ({ afterMs, via: 'dm', to });

/**
 * The ladder of a status update that is due (product.md section 7). SEV1: in the channel when due, mention after 5
 * min, page after 10. SEV2-3: a DM 5 min ahead to the comms lead (else the commander, else nobody: it is skipped), the
 * channel, mention after 15.
 */
export function updateLadder(incident: Incident): Ladder | null {
  const { dueAt } = incident.updates;
  if (dueAt === null) return null;
  const { nudges } = incident.policy;
  const commander = roleHolder(incident, 'commander');
  const writer = roleHolder(incident, 'comms') ?? commander;
  const mention: Rung = { afterMs: nudges.updateMentionMs[incident.severity], via: 'mention', to: commander };
  const page: Rung = { afterMs: nudges.updatePageMs, via: 'page', to: commander };
  const rungs =
    incident.severity === 1
      ? [inChannel(writer), mention, page]
      : [byMessage(writer, -nudges.updateHeadsUpMs), inChannel(writer), mention];
  return { dueAt, rungs, sinceAt: null };
}
