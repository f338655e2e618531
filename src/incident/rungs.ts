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
}

/**
 * The ladder of a status update that is due (product.md section 7). SEV1: in the channel when due, mention after 5
 * min, page after 10. SEV2-3: a DM 5 min ahead to the comms lead (else the commander, else nobody: it is skipped), the
 * channel, mention after 15.
 */
export function updateRungs(incident: Incident): Ladder | null {
  const { dueAt } = incident.updates;
  if (dueAt === null) return null;
  const { nudges } = incident.policy;
  const commander = roleHolder(incident, 'commander');
  const writer = roleHolder(incident, 'comms') ?? commander;
  const channel: Rung = { afterMs: 0, via: 'channel', to: writer };
  const mention: Rung = { afterMs: nudges.updateMentionMs[incident.severity], via: 'mention', to: commander };
  if (incident.severity === 1) {
    return { dueAt, rungs: [channel, mention, { afterMs: nudges.updatePageMs, via: 'page', to: commander }] };
  }
  const headsUp: Rung = { afterMs: -nudges.updateHeadsUpMs, via: 'dm', to: writer };
  return { dueAt, rungs: [headsUp, channel, mention] };
}

/** Nobody commands, or (SEV1-2) nobody does comms: asked in the channel, again after the same interval. */
export function roleRungs(incident: Incident, role: 'commander' | 'comms'): Ladder | null {
  const vacantSince = incident.vacantSince[role];
  if (vacantSince === null || roleHolder(incident, role) !== null) return null;
  if (role === 'comms' && incident.severity > 2) return null;
  const { noCommanderMs, noCommsMs } = incident.policy.nudges;
  const dueAt = vacantSince + (role === 'commander' ? noCommanderMs : noCommsMs);
  const since = incident.acknowledged ? incident.acknowledged.at + incident.policy.nudges.spacingMs : dueAt;
  return { dueAt: Math.max(dueAt, since), rungs: [{ afterMs: 0, via: 'channel', to: null }] };
}
