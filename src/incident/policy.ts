import type { Severity } from './severity-scale.ts';

/** One rung of an escalation ladder. `afterMs` counts from the start of the ladder's clock; `target` names who. */
export interface Step {
  afterMs: number;
  action: 'page' | 'notify' | 'ticket';
  target: string;
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
  };
  workingHours: { days: number[]; from: string; to: string; timeZone: string };
  phones: { name: string; number: string }[];
  /** How the channel is named, e.g. `inc-{date}-{id}-{title}`. */
  channelTemplate: string;
  /** Zone of the `{date}` in a channel's name. */
  timeZone: string;
}
