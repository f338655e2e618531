import type { PagerDutyMapping, PriorityMatrix, Rule } from '../incident/classify.ts';
import type { Role } from '../incident/incident.ts';
import type { NudgeIntervals, PolicyHours, Step } from '../incident/policy.ts';
import type { Severity } from '../incident/severity-scale.ts';
import type { Address } from '../oncall/address.ts';
import type { Team } from '../oncall/targets.ts';
import type { WorkingHours } from '../oncall/working-hours.ts';

/** `incident.yml` over the defaults, checked. Durations are milliseconds. `incident.example.yml` explains each key. */
export type Config = {
  severities: Record<Severity, SeverityPolicy>;
  classification: { criticalServices: string[]; rules: Rule[] };
  priorityMatrix: PriorityMatrix;
  /**
   * `users`: Slack user id -> e-mail in PagerDuty, where it is another than in Slack. `notes`: status updates are
   * written there too.
   */
  pagerduty: PagerDutyMapping & { users: Record<string, string>; notes: boolean };
  escalation: Escalation;
  cadence: Cadence;
  /** Target name -> who that is, for all teams. Names from `managerTargets` may be missing: nobody is configured. */
  targets: Record<string, Address[]>;
  /** Machines that the escalation tells: `webhook:noc`. */
  webhooks: Record<string, { url: string }>;
  /** Shown when the escalation is exhausted. */
  phones: Phone[];
  teams: Record<string, Team>;
  /** Answers for services that no team owns. */
  catchAllTeam?: string;
  services: Record<string, Service>;
  roles: Record<Role, RoleGuide>;
  categories: Category[];
  workingHours: WorkingHours & { timeZone: string };
  /** IANA name; the zone of dates in channel names, and of everything that has no zone of its own. */
  timeZone: string;
  channel: { template: string };
  /** A channel's name without `#`, or its id. */
  announceChannel: string;
  /** Template of the address where people talk, `{id}` for the incident's number; absent: none. */
  callUrl?: string;
  /** How incidents are noticed, as the declare form offers it. */
  sources: string[];
  /** `canvas`: the draft goes into a canvas of the incident's channel, where Slack's plan allows one; else it is a file. */
  postmortem: { canvas: boolean };
  /** How many incidents one person may declare in which time. */
  declaring: { max: number; windowMs: number };
  /** With the slash. */
  command: string;
  /** node-cron expression, seconds first. */
  tick: string;
  machines: Machines;
  /** Everybody it names, at every place where it does: `teams.payments.onCall.primary.#2 (line 7)`. */
  people: NamedPerson[];
};

export type NamedPerson = { address: Address; place: string };

/** The table of product.md, section 2. */
type SeverityPolicy = {
  name: string;
  meaning: string;
  /** Null: no target. */
  respondWithinMs: number | null;
  /** Null: no status updates are asked for. */
  updateEveryMs: number | null;
  whoIsTold: string;
};

/** Who is told, and when, until somebody acknowledges. */
type EscalationPolicy = {
  /** In order of `afterMs`. A target is a name that `resolveTarget` knows; `announce-channel` for a ticket. */
  steps: Record<Severity, Step[]>;
  /** How often an exhausted ladder starts again before the phone numbers are shown. */
  repeat: number;
  /** From the last step to the first step of the repetition. */
  repeatAfterMs: number;
  /** Its own working hours; absent: those for everybody. */
  hours?: PolicyHours;
};

/** Product.md, section 7. */
type Escalation = Omit<EscalationPolicy, 'hours'> & {
  /** Name -> a policy that a service or a team names instead. */
  policies: Record<string, EscalationPolicy>;
  /** An acknowledger who is silent this long is asked "Still on it?". Null: never asked. */
  silentAfterMs: Record<Severity, number | null>;
  /** No answer to "Still on it?" for this long: the acknowledgement is taken back. */
  stillOnItMs: number;
  /** The alert cleared and nobody touched the incident for this long: canceled as "cleared by itself". */
  clearedAfterMs: number;
  /** A severity raised again within this time pages nobody a second time. */
  rearmWithinMs: number;
  /** PagerDuty has paged: nobody is paged again within this time. */
  pagerdutyGraceMs: number;
};

/** When the clock speaks, and how often (product.md, section 7, nudges). */
type Cadence = {
  noCommanderMs: number;
  noCommsMs: number;
  /** Between two nudges of one incident. */
  spacingMs: number;
  /** A nudge ignored this often stops. */
  ignoredMax: number;
  /** How often running "No change" stands for an update. */
  noChangeMax: number;
  /** Before an update is due, SEV2 and SEV3 only. */
  updateHeadsUpMs: number;
  /** From an update's due time to the mention. */
  updateMentionMs: Record<Severity, number>;
  /** From an update's due time to paging the next step, SEV1 only. */
  updatePageMs: number;
} & NudgeIntervals;

type Phone = { name: string; number: string };

export type Service = {
  team?: string;
  /** Name of an escalation policy; absent: the team's, else that for everybody. */
  escalation?: string;
  critical: boolean;
  /** PagerDuty service ids; none belongs to two services. */
  pagerduty: string[];
  /** Integration key of an Events v2 integration of it: what is declared in Slack pages by that one. */
  routingKey?: string;
  /** http(s) address. */
  runbook?: string;
  /** Services that suffer when this one does; their number stands in for an unreported `dependent_services`. */
  dependents: string[];
};

/** `instructions` is what somebody is told who takes the role, one line per instruction. */
export type RoleGuide = { title: string; instructions: string };

type Category = { name: string; private: boolean };

/** Bounds on what machines may open (product.md, section 8). */
type Machines = {
  channelsMax: number;
  windowMs: number;
  /** A trigger this soon after a resolve pages and offers **Reopen**. */
  reopenWithinMs: number;
};
