import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import {
  clockTime,
  count,
  duration,
  durationOrNone,
  field,
  perSeverity,
  section,
  timeZone,
  weekday,
} from '../fields.ts';

export const cadenceSection = section({
  noCommander: duration,
  noComms: duration,
  spacing: duration,
  ignoredMax: count(1, 20),
  noChangeMax: count(0, 20),
  updateHeadsUp: duration,
  updateMention: perSeverity(duration),
  updatePage: duration,
  severityUnsure: durationOrNone,
  undecidedTriage: durationOrNone,
  stillInvestigating: durationOrNone,
  commanderSilent: perSeverity(durationOrNone),
  takeCommandAfter: duration,
  channelSilent: durationOrNone,
  monitoringSilent: durationOrNone,
  monitoringLong: durationOrNone,
  commanderFatigue: durationOrNone,
  resolveWithin: perSeverity(durationOrNone),
  resolveHeadsUp: duration,
}).transform((written) => ({
  noCommanderMs: written.noCommander,
  noCommsMs: written.noComms,
  spacingMs: written.spacing,
  ignoredMax: written.ignoredMax,
  noChangeMax: written.noChangeMax,
  updateHeadsUpMs: written.updateHeadsUp,
  updateMentionMs: written.updateMention,
  updatePageMs: written.updatePage,
  severityUnsureMs: written.severityUnsure,
  undecidedTriageMs: written.undecidedTriage,
  stillInvestigatingMs: written.stillInvestigating,
  commanderSilentMs: written.commanderSilent,
  takeCommandAfterMs: written.takeCommandAfter,
  channelSilentMs: written.channelSilent,
  monitoringSilentMs: written.monitoringSilent,
  monitoringLongMs: written.monitoringLong,
  commanderFatigueMs: written.commanderFatigue,
  resolveWithinMs: written.resolveWithin,
  resolveHeadsUpMs: written.resolveHeadsUp,
}));

export const workingHoursSection = section({
  days: z.array(weekday).min(1),
  from: clockTime,
  to: clockTime,
  timeZone: timeZone.optional(),
}).refine(({ from, to }) => from < to, {
  path: ['to'],
  error: 'is not later than from',
  params: { cure: 'working hours lie within one day, like 09:00 to 17:00' },
});

export const machinesSection = section({
  channelsMax: count(1, 100),
  window: duration,
  reopenWithin: duration,
}).transform((written) => ({
  channelsMax: written.channelsMax,
  windowMs: written.window,
  reopenWithinMs: written.reopenWithin,
}));

export const tickSection = field({
  what: 'a cron expression',
  cure: 'write six fields, seconds first, like "*/5 * * * * *"',
  read: (value) => (typeof value === 'string' && isCron(value) ? value : undefined),
});
