import { type By, userOf } from './by.ts';
import type { Impact } from './classify.ts';
import type { Absence } from './clock.ts';
import type { Followup } from './followups.ts';
import type { Offers } from './handover.ts';
import type { LimitedThing } from './limits.ts';
import type { AbsorbedOne, Other } from './merging.ts';
import type { PageOrder } from './page-order.ts';
import type { Policy } from './policy.ts';
import type { Postmortem } from './postmortem-state.ts';
import type { Severity } from './severity-scale.ts';

export type Status =
  | 'triage'
  | 'investigating'
  | 'identified'
  | 'monitoring'
  | 'resolved'
  | 'closed'
  | 'canceled'
  | 'merged';

export const roles = ['commander', 'comms', 'tech', 'ops', 'scribe'] as const;
export type Role = (typeof roles)[number];

/** A message in Slack: channel id and timestamp. */
export interface Place {
  channel: string;
  ts: string;
}

/** Messages of ours that are edited in place. */
export type PlaceName = 'card' | 'announcement' | 'storm' | 'draft' | 'offer';

/** Where the incident is worked: its own channel, or (channels forbidden, or ours lost) a thread of the announce channel. */
export interface Channel {
  id: string;
  name: string;
  /** Set when the incident runs in a thread. */
  threadTs?: string;
}

/** What PagerDuty last said of one linked alert. `at` is its own clock (epoch ms): older news never overrides newer. */
export interface AlertLink {
  state: 'triggered' | 'acknowledged' | 'resolved';
  at: number;
  /** When it last said who has it: acknowledged, or given back. */
  handedAt?: number;
  /** When it last said how bad it is. */
  gradedAt?: number;
  /** What we told PagerDuty last; newer news of its own take its place. */
  told?: Told;
  /** What it did because we told it, by its own clock: its webhooks say the same again. The latest few. */
  heard?: { to: AlertLink['state']; at: number }[];
  /** Whom we last asked it to page, by their names there. */
  asked?: string[];
  /** The severity that we last set its priority to. */
  priorityTold?: Severity;
  /** We opened it there, to page. */
  ours?: true;
}

/** What PagerDuty was, or will be, told of one of its incidents, and on whose behalf. */
export interface Told {
  to: AlertLink['state'];
  by: By;
  /** It was resolved by us, and is opened again. */
  reopens?: true;
}

/** A person who was told. `at` epoch ms, `severity` the one in force then. */
export interface Reached {
  user: string;
  at: number;
  severity: Severity;
  how: 'paged' | 'notified' | 'asked' | 'raised' | 'pagerduty';
  /** The targets that were named then: `oncall-primary`. Absent: a person was, or nobody wrote it down. */
  as?: string[];
  /** They answered "Can't" then. */
  declinedAt?: number;
}

/** A page DM we sent: where it is, and what it told its reader. */
export interface PageCard extends Place {
  at: number;
  standing: string;
  /** What was asked, to ask it again in the same words; not there where somebody only asked for a sign of life. */
  order?: PageOrder;
  note?: string;
}

/** The rung of the ladder that fires next. `at` epoch ms. */
export interface NextStep {
  step: number;
  round: number;
  at: number;
}

export interface Escalation {
  /** When this ladder's clock started: declared, or raised since. */
  startedAt: number;
  /** Null when nothing is left to fire. */
  next: NextStep | null;
  reached: Reached[];
  /** The alert cleared before anybody acknowledged: the ladder holds since then. */
  heldAt: number | null;
  /** The acknowledger was asked "Still on it?" then. */
  askedStillOnItAt: number | null;
  /** Nobody could be found for a rung, and the announce channel was called for help then. */
  helpCalledAt?: number;
}

export interface Acknowledgement {
  /** A person in Slack, or somebody who acknowledged in PagerDuty. */
  by: By;
  at: number;
  /** The acknowledger's last message or click, epoch ms. */
  lastSeenAt: number;
}

/** A status update in its fixed form (product.md section 4). */
export interface StatusUpdate {
  at: number;
  by: By;
  happening: string;
  impact: string;
  doing: string;
  /** When the next one was promised, epoch ms. */
  nextAt: number | null;
}

/** What the clock speaks up about, in precedence: commander, then update, then comms, then the rest (product.md section 7). */
export const nudgeRules = [
  'no-commander',
  'update-due',
  'no-comms',
  'severity-unsure',
  'undecided-triage',
  'still-investigating',
  'commander-silent',
  'channel-silent',
  'monitoring-long',
  'commander-fatigue',
  'resolution-target',
] as const;
export type NudgeRule = (typeof nudgeRules)[number];

export const isNudgeRule = (word: unknown): word is NudgeRule => nudgeRules.some((rule) => rule === word);

/** The clock's messages: at most one is standing. */
export interface Nudges {
  standing: {
    rule: NudgeRule;
    rung: number;
    dueAt: number;
    place: Place | null;
    /** What it is about, as `NudgeState.sinceAt`: it goes when that is over. */
    sinceAt?: number | null;
  } | null;
  lastAt: number | null;
  /** Nothing before then counts, epoch ms: it was reopened, or a pause ended. */
  freshAt?: number;
  rules: Partial<Record<NudgeRule, NudgeState>>;
}

/** How far one rule has come. */
export interface NudgeState {
  /** How often in a row it went unanswered to its last rung. */
  ignored: number;
  /** The rung that speaks next, for the due time it belongs to; another due time begins at the first. */
  rung: number;
  dueAt: number | null;
  /** Not before then, epoch ms: it was snoozed, or the rung before was late and this one keeps its distance. */
  notBeforeAt: number | null;
  stopped: boolean;
  /** Since when there was a reason to ask, epoch ms: with another one, asking begins anew. */
  sinceAt?: number | null;
  /** What was last asked to the end: it is asked again an interval later. Epoch ms. */
  askedAt?: number;
}

export interface Updates {
  last: StatusUpdate | null;
  /** When the next update is due, epoch ms. Null: none is owed. */
  dueAt: number | null;
  noChangeRunning: number;
  /** Human messages since the last update. */
  messagesSince: number;
}

/** Everything that a change of severity changes, as it was before. `at`: of the change, epoch ms. */
export interface SeverityBefore {
  at: number;
  severity: Severity;
  severityReason: string;
  severityBy: By;
  provisional: boolean;
  acknowledged: Acknowledgement | null;
  /** Of the ladder. */
  startedAt: number;
  next: NextStep | null;
  updateDueAt: number | null;
}

/** A message in Slack that something was made from: where it is, who wrote it, and a link for those who may read it. */
export interface MessageSource extends Place {
  author: { user: string | null; app: string | null };
  link: string;
}

/** Everything decisions need of an incident. Bodies of messages are not here: they live in the timeline alone. */
export interface Incident {
  id: number;
  title: string;
  summary: string;
  severity: Severity;
  /** Why it has this severity, as people read it: "error_rate 62 >= 50, revenue_impacting". */
  severityReason: string;
  severityBy: By;
  /** Nobody confirmed the severity yet. */
  provisional: boolean;
  status: Status;
  /** First entry into each state, epoch ms; never lost on reopening. */
  times: {
    startedAt: number;
    detectedAt: number;
    declaredAt: number;
    acknowledgedAt: number | null;
    mitigatedAt: number | null;
    resolvedAt: number | null;
    closedAt: number | null;
  };
  /** When the current status was entered. */
  statusAt: number;
  /** The status before an end state, for undo. */
  endedFrom: Status | null;
  declaredBy: By;
  resolution: { how: string; verified: boolean; text: string; by: By } | null;
  isTest: boolean;
  isPrivate: boolean;
  service: string | null;
  category: string | null;
  impact: Impact;
  impactText: string;
  runbook: string | null;
  policy: Policy;
  /** `line`: a SEV4 alert, one line in the announce channel; `storm`: listed in the storm message of `stormOf`. */
  visibility: 'channel' | 'line' | 'storm';
  stormOf: number | null;
  channel: Channel | null;
  /** Why there is no channel of its own, when there is none. */
  channelProblem: string | null;
  places: Partial<Record<PlaceName, Place>>;
  /** Where everybody in the announce channel was called for help. */
  helpCalls?: Place[];
  /** When the card was last found missing and posted anew (at most once an hour). */
  cardLostAt: number | null;
  /** `lastSeenAt`: the commander's last message or click since, epoch ms. */
  roles: Partial<Record<Role, { user: string; at: number; timeZone: string | null; lastSeenAt?: number }>>;
  /** Roles that are offered to somebody who has not answered yet (handover.ts). */
  offers?: Offers;
  /** When command, and comms, last became vacant, epoch ms. */
  vacantSince: { commander: number | null; comms: number | null };
  acknowledged: Acknowledgement | null;
  escalation: Escalation;
  pages: Record<string, PageCard>;
  updates: Updates;
  nudges: Nudges;
  alerts: Record<string, AlertLink>;
  /** Linked alerts beyond those that are followed one by one (alert-links.ts). */
  alertsBeyond?: { firing: number; resolved: number };
  /** When the channel last heard that every alert is resolved, epoch ms. */
  clearedSaidAt?: number;
  /** When somebody was last paged because an alert fired after the end, epoch ms. */
  firedAgainAt?: number;
  /**
   * PagerDuty was asked to page for it, `askedAt` epoch ms; `told` while it has not told us which incident that made.
   * `handed`: it has taken the page, and the channel has heard so.
   */
  ownPage?: { askedAt: number; told?: Told; handed?: true };
  /** Title and link of the alert that came first, for the card and the bookmark. */
  alertSource: { id: string; title: string; url: string | null; service: string } | null;
  lastActivityAt: number;
  messageCount: number;
  /** The reminders hold until then (pause.ts). */
  paused?: { untilAt: number; by: By; why: string };
  followups?: Followup[];
  /** Who writes the postmortem, until when, and what people wrote into it. */
  postmortem?: Postmortem;
  /** How many follow-ups there ever were: the number of the last one. */
  followupsMade?: number;
  /** Where people talk: an address that was given, or the configured one. */
  callUrl?: string;
  /** Runbooks of other services that somebody looked up here. */
  runbooks?: { service: string; url: string }[];
  /** What Slack refused this incident (limits.ts): the channel heard of it. */
  limitsMet?: LimitedThing[];
  /** How it was noticed, one of the configured sources. */
  noticedBy?: string;
  /** Other services that suffer with `service`. */
  alsoServices?: string[];
  /** Who may see a private incident. */
  members: string[];
  /** The incident it was merged into, and what is known of that one. */
  mergedInto?: number;
  survivor?: Other;
  /** Incidents that were merged into this one (merging.ts). */
  absorbed?: AbsorbedOne[];
  /** The open incident this may be a second report of, until somebody says so or not. */
  similarTo?: number;
  /** How it was before the severity last changed, for undo (undo.ts). */
  severityBefore?: SeverityBefore;
  /** The message it was declared from. */
  fromMessage?: MessageSource;
  /** The last time in which Slack, or we, were away (clock.ts). `told`: the channel has heard of it. */
  away?: Absence & { told?: true };
}

export const ended = (status: Status): boolean =>
  status === 'resolved' || status === 'closed' || status === 'canceled' || status === 'merged';

export const isOpen = (incident: Incident): boolean => !ended(incident.status);

/** A person may see it: everybody for a public incident, its members for a private one. */
export const visibleTo = (incident: Incident, user: string): boolean =>
  !incident.isPrivate || incident.members.includes(user);

/** Its pages go to PagerDuty too: it has an incident there, or opens one. */
export const isInPagerDuty = ({ policy: { pagerduty }, alerts }: Incident): boolean =>
  pagerduty !== undefined && (pagerduty.keyPrefix !== null || Object.keys(alerts).length > 0);

/** It has an announcement: everybody may know of it, and it is no test. */
export const isAnnounced = (incident: Incident): boolean => !incident.isPrivate && !incident.isTest;

export const roleHolder = (incident: Incident, role: Role): string | null =>
  incident.roles[role]?.user ?? null;

/** Is this person part of it: declared it, has it, holds a role, or was told? */
export function involves(incident: Incident, user: string): boolean {
  const { declaredBy, acknowledged } = incident;
  return (
    userOf(declaredBy) === user ||
    (acknowledged !== null && userOf(acknowledged.by) === user) ||
    Object.values(incident.roles).some((held) => held.user === user) ||
    incident.escalation.reached.some((reached) => reached.user === user)
  );
}
