import type { Severity } from './severity-scale.ts';

/** What a rung does, and to whom. A target is a name that the configuration explains, or an address of Slack's. */
export interface Telling {
  action: 'page' | 'notify' | 'ticket';
  target: string;
  /** Told at the same time as `target`. */
  also?: string[];
}

/** One rung of an escalation ladder. `afterMs` counts from the start of the ladder's clock. */
export interface Step extends Telling {
  afterMs: number;
  /** Instead, when it fires within the policy's working hours, or outside them. */
  inHours?: Telling;
  outOfHours?: Telling;
}

/** Days ISO: 1 is Monday; wall clock, `09:00`; IANA zone. */
export interface PolicyHours {
  days: number[];
  from: string;
  to: string;
  timeZone: string;
}

/** When the clock asks, and asks again, about what is neither a vacancy nor an update. Null: never. */
export interface NudgeIntervals {
  /** A person was not sure of the severity. */
  severityUnsureMs: number | null;
  undecidedTriageMs: number | null;
  stillInvestigatingMs: number | null;
  /** By severity: nothing heard from the commander for this long. */
  commanderSilentMs: Record<Severity, number | null>;
  /** The silent commander was asked; this much later the channel is. */
  takeCommandAfterMs: number;
  /** Nobody wrote or did anything, while it is worked on and while it is watched. */
  channelSilentMs: number | null;
  monitoringSilentMs: number | null;
  monitoringLongMs: number | null;
  commanderFatigueMs: number | null;
  /** By severity: it should be resolved this long after it was declared, or raised. Null: no such target. */
  resolveWithinMs: Record<Severity, number | null>;
  /** So long before, the target is at risk. */
  resolveHeadsUpMs: number;
}

/**
 * The rules in force for one incident, copied from the configuration when it was declared: the clock reads the
 * incident alone, and an edit of the configuration never changes a running incident silently. Durations in ms.
 * Numbers: product.md sections 2 and 7.
 */
export interface Policy {
  severities: Record<
    Severity,
    { name: string; respondWithinMs: number | null; updateEveryMs: number | null }
  >;
  escalation: {
    /** Which of the configured policies this is; absent: the one for everybody. */
    name?: string;
    /** Decide between `inHours` and `outOfHours`; absent: the hours of `workingHours` below. */
    hours?: PolicyHours;
    steps: Record<Severity, Step[]>;
    /** How often the whole ladder is walked again when nobody acknowledges. */
    repeat: number;
    /** From the last rung to the first of the next round. */
    repeatAfterMs: number;
    /** Acknowledged, then silent this long: "Still on it?". Null: never asked. */
    silentAfterMs: Record<Severity, number | null>;
    stillOnItMs: number;
    clearedAfterMs: number;
    /** A severity that flaps pages nobody twice within this. */
    rearmWithinMs: number;
    /** Nobody PagerDuty paged is paged again within this. */
    pagerdutyGraceMs: number;
  };
  nudges: {
    noCommanderMs: number;
    noCommsMs: number;
    spacingMs: number;
    ignoredMax: number;
    noChangeMax: number;
    updateHeadsUpMs: number;
    updateMentionMs: Record<Severity, number>;
    /** SEV1: page the next step this long after a missed update. */
    updatePageMs: number;
    // Incidents stored by an earlier release lack these: nudge-rules.ts then takes its defaults.
  } & Partial<NudgeIntervals>;
  workingHours: PolicyHours;
  phones: { name: string; number: string }[];
  /** How the channel is named, e.g. `inc-{date}-{id}-{title}`. */
  channelTemplate: string;
  /** Address of each incident's call, `{id}` in it is the incident's number; absent: people set one. */
  callUrl?: string;
  /** Zone of the `{date}` in a channel's name. */
  timeZone: string;
  /** What goes out to PagerDuty; absent: nothing. */
  pagerduty?: PagerDutyPolicy;
}

export interface PagerDutyPolicy {
  /** Our own incidents page there under `<keyPrefix>INC-<id>`. Null: they do not. */
  keyPrefix: string | null;
  /** Its incidents are acknowledged, resolved and so on with ours. */
  writes: boolean;
  /** Status updates are written there as notes. */
  notes: boolean;
}
