import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import type { EscalationAction } from '../config.ts';
import {
  clockTime,
  count,
  duration,
  durationOrNone,
  field,
  oneOf,
  perSeverity,
  section,
  text,
  timeZone,
  weekday,
} from '../fields.ts';

const actions = ['page', 'notify', 'ticket'] as const satisfies readonly EscalationAction[];

const step = section({ after: duration, action: oneOf(actions), target: text(60) }).transform(
  ({ after, ...rest }) => ({ afterMs: after, ...rest }),
);

export const escalationSection = section({
  steps: perSeverity(z.array(step)),
  repeat: count(0, 10),
  repeatAfter: duration,
  silentAfter: perSeverity(durationOrNone),
  stillOnIt: duration,
  clearedAfter: duration,
  rearmWithin: duration,
  pagerdutyGrace: duration,
}).transform((written) => ({
  steps: written.steps,
  repeat: written.repeat,
  repeatAfterMs: written.repeatAfter,
  silentAfterMs: written.silentAfter,
  stillOnItMs: written.stillOnIt,
  clearedAfterMs: written.clearedAfter,
  rearmWithinMs: written.rearmWithin,
  pagerdutyGraceMs: written.pagerdutyGrace,
}));

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
