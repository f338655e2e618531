import { userOf } from './by.ts';
import type { Incident, NudgeRule, NudgeState } from './incident.ts';
import { roleHolder } from './incident.ts';
import type { PageReason } from './page-order.ts';
import type { NudgeIntervals } from './policy.ts';
import { byMessage, inChannel, type Ladder, type Rung, updateLadder } from './rungs.ts';

/** Product.md section 7, for incidents whose policy was stored before these were in it. */
export const defaultIntervals: NudgeIntervals = {
  severityUnsureMs: 600_000,
  undecidedTriageMs: 1_200_000,
  stillInvestigatingMs: 1_800_000,
  commanderSilentMs: { 1: 1_200_000, 2: 2_400_000, 3: null, 4: null },
  takeCommandAfterMs: 300_000,
  channelSilentMs: 3_600_000,
  monitoringSilentMs: 43_200_000,
  monitoringLongMs: 1_800_000,
  commanderFatigueMs: 14_400_000,
  resolveWithinMs: { 1: null, 2: null, 3: null, 4: null },
  resolveHeadsUpMs: 1_800_000,
};

/** What this incident's policy says, else the default. */
const set =
  <Key extends keyof NudgeIntervals>(key: Key) =>
  ({ policy }: Incident): NudgeIntervals[Key] => {
    const written: Partial<NudgeIntervals> = policy.nudges;
    return written[key] === undefined ? defaultIntervals[key] : written[key];
  };

/** The same for what differs by severity. */
const bySeverity =
  (key: 'commanderSilentMs' | 'resolveWithinMs') =>
  (incident: Incident): number | null =>
    set(key)(incident)[incident.severity];

/** A question that is asked again after the same interval, for as long as there is a reason. */
interface Question {
  /** Since when there is a reason to ask, epoch ms; null: there is none. */
  since: (incident: Incident) => number | null;
  /** How long after that, and again that long after it was asked. Null: never. */
  every: (incident: Incident) => number | null;
  rungs: (incident: Incident) => Rung[];
  /** Asked once for one reason, and no pause moves it: it is about a moment. */
  once?: true;
}

/** One rule of the clock: what it speaks about, when, how loudly and to whom. */
type NudgeRow = (Question | { ladder: (incident: Incident) => Ladder | null }) & {
  /** Ignored too often, at SEV1-2 it pages the next person instead of stopping. */
  escalates?: (dueAt: number) => PageReason;
  /** SEV3-4 wait for working hours; this one does not. */
  anyHour?: true;
  /** Speaks before the acknowledgement too, once the escalation has nothing left to say. */
  unacknowledged?: true;
};

const everybody = () => [inChannel(null)];
const commander = (incident: Incident): string | null => roleHolder(incident, 'commander');

/** Who knows most: the commander, else the acknowledger, else whoever was paged first. */
const whoKnows = (incident: Incident): string | null =>
  commander(incident) ??
  (incident.acknowledged && userOf(incident.acknowledged.by)) ??
  incident.escalation.reached[0]?.user ??
  null;

const isWatched = ({ status }: Incident): boolean => status === 'monitoring';

/** All rules. Their precedence is the order of `nudgeRules` (incident.ts), their words are in blocks/nudge-words.ts. */
const rows: Record<NudgeRule, NudgeRow> = {
  'no-commander': {
    since: ({ roles, vacantSince }) => (roles.commander ? null : vacantSince.commander),
    every: ({ policy }) => policy.nudges.noCommanderMs,
    rungs: everybody,
    escalates: () => ({ why: 'no-commander' }),
  },
  'update-due': { ladder: updateLadder, escalates: (dueAt) => ({ why: 'no-update', dueAt }) },
  'no-comms': {
    since: ({ roles, vacantSince, severity }) => (roles.comms || severity > 2 ? null : vacantSince.comms),
    every: ({ policy }) => policy.nudges.noCommsMs,
    rungs: everybody,
  },
  // Whether it is a SEV3 is what is asked: the hours of a SEV3 cannot decide when.
  'severity-unsure': {
    since: ({ provisional, severityBy, times }) =>
      provisional && severityBy.kind === 'tocsin' ? times.declaredAt : null,
    every: set('severityUnsureMs'),
    rungs: (incident) => [inChannel(whoKnows(incident))],
    anyHour: true,
  },
  'undecided-triage': {
    since: ({ status, statusAt }) => (status === 'triage' ? statusAt : null),
    every: set('undecidedTriageMs'),
    rungs: everybody,
    unacknowledged: true,
  },
  'still-investigating': {
    since: ({ status, statusAt }) => (status === 'investigating' ? statusAt : null),
    every: set('stillInvestigatingMs'),
    rungs: (incident) => [inChannel(commander(incident))],
  },
  // Watching a fix hold is quiet work: no commander is asked for a sign of life while monitoring.
  'commander-silent': {
    since: (incident) => {
      const held = incident.roles.commander;
      return held && !isWatched(incident) ? Math.max(held.at, held.lastSeenAt ?? held.at) : null;
    },
    every: bySeverity('commanderSilentMs'),
    rungs: (incident) => [
      byMessage(commander(incident)),
      inChannel(null, set('takeCommandAfterMs')(incident)),
    ],
  },
  'channel-silent': {
    since: ({ lastActivityAt }) => lastActivityAt,
    every: (incident) => set(isWatched(incident) ? 'monitoringSilentMs' : 'channelSilentMs')(incident),
    rungs: (incident) => [inChannel(commander(incident))],
  },
  'monitoring-long': {
    since: (incident) => (isWatched(incident) ? incident.statusAt : null),
    every: set('monitoringLongMs'),
    rungs: (incident) => [inChannel(commander(incident))],
  },
  'commander-fatigue': {
    since: ({ roles }) => roles.commander?.at ?? null,
    every: set('commanderFatigueMs'),
    rungs: (incident) => [byMessage(commander(incident))],
  },
  'resolution-target': {
    since: ({ escalation }) => escalation.startedAt,
    every: bySeverity('resolveWithinMs'),
    rungs: (incident) => [
      inChannel(commander(incident), -set('resolveHeadsUpMs')(incident)),
      inChannel(commander(incident)),
    ],
    once: true,
  },
};

export const rowOf = (rule: NudgeRule): NudgeRow => rows[rule];

/** How often a rule asks in this incident. Null: never, or (`update-due`) as the severity says. */
export function intervalOf(incident: Incident, rule: NudgeRule): number | null {
  const row = rows[rule];
  return 'ladder' in row ? incident.policy.severities[incident.severity].updateEveryMs : row.every(incident);
}

/** When a rule is due next, and its rungs; null: there is nothing to speak about. */
export function ladderOf(incident: Incident, rule: NudgeRule): Ladder | null {
  const row = rows[rule];
  return 'ladder' in row ? row.ladder(incident) : asked(row, incident, incident.nudges.rules[rule]);
}

function asked(question: Question, incident: Incident, state: NudgeState | undefined): Ladder | null {
  const sinceAt = question.since(incident);
  const everyMs = question.every(incident);
  if (sinceAt === null || everyMs === null) return null;
  const askedAt = state?.sinceAt === sinceAt ? state.askedAt : undefined;
  const countsFrom = question.once
    ? sinceAt
    : Math.max(sinceAt, askedAt ?? sinceAt, incident.nudges.freshAt ?? sinceAt);
  // Whoever has just taken it gets a moment before the first nudge.
  const takenAt = incident.acknowledged?.at ?? Number.NEGATIVE_INFINITY;
  const dueAt = Math.max(countsFrom + everyMs, takenAt + incident.policy.nudges.spacingMs);
  return { sinceAt, dueAt, rungs: question.rungs(incident) };
}
