import type { Effect, EffectKind, Lane } from '../incident/effects.ts';
import type { Fact } from '../incident/facts.ts';
import type { Incident, Place } from '../incident/incident.ts';
import type { Refusal } from '../incident/refusal.ts';
import type { TimelineEntry } from '../incident/timeline.ts';
import type { Desk, DeskFact, DeskRefusal } from '../oncall/desk.ts';
import type { DeskEffect, DeskEffectKind } from '../oncall/desk-effects.ts';
import type { SourceState } from '../oncall/duties.ts';

/** What a decision wants written: the facts, the incident after them, and the effects they oblige. */
export interface Change {
  facts: Fact[];
  incident: Incident;
  effects: Effect[];
}

/** `cause` makes a redelivery harmless. `at` epoch ms. */
export interface Stamp {
  at: number;
  cause: string;
  settles?: Settled;
  /** Done in the same commit; where somebody did it already, nothing changes and the outcome is `seen`. */
  revives?: Revival;
  /** It is about what goes on: where this incident was merged, it changes the one into which it was. */
  onward?: boolean;
}

/**
 * The tries of a call that was revived are counted from the next such number on: no cause of its life before is met again,
 * and it has all its tries anew. More than any lane allows.
 */
export const triesPerLife = 1_000;

/**
 * A call that failed for good is tried again, as if nobody knew whether it had arrived (it is looked up first), or given
 * up. `error`: who did it.
 */
export interface Revival {
  /** Its row in the outbox. */
  row: number;
  as: 'unknown' | 'cancelled';
  error: string | null;
}

export type Committed =
  | { outcome: 'committed'; incident: Incident; facts: Fact[] }
  | { outcome: 'refused'; refusal: Refusal; incident: Incident | null }
  /** This cause was acted on before. */
  | { outcome: 'seen'; incident: Incident | null }
  | { outcome: 'missing' };

/** The same for an on-call desk. `dueAt`: when the clock must look at it next, epoch ms. */
export interface DeskChange {
  facts: DeskFact[];
  desk: Desk;
  effects: DeskEffect[];
  dueAt: number | null;
}

export type DeskCommitted =
  | { outcome: 'committed'; desk: Desk; facts: DeskFact[] }
  | { outcome: 'refused'; refusal: DeskRefusal; desk: Desk }
  | { outcome: 'seen'; desk: Desk };

/** What must be known across incidents to place a new one, read in the same transaction. */
export interface CreateContext {
  id: number;
  /** The incident this alert already belongs to. */
  linked: Incident | null;
  /** The open incident that an alert of the same service opened, the latest if there are several. */
  openByService: Incident | null;
  /** The latest incident of the same service that was resolved (or closed) since `resolvedSince`. */
  resolvedByService: Incident | null;
  /** Incidents with a channel that machines opened since `machinesSince`, oldest first. */
  openedByMachines: Incident[];
  /** The incident under whose storm message further ones are listed. */
  stormHead: number | null;
  /** The alert was resolved at this time of its own clock, before we heard that it fired. */
  clearedAt: number | null;
  /** When the `declarer` asked about declared incidents, latest first, epoch ms. */
  declaredAt: number[];
}

export interface CreateQuestion {
  alert: string | null;
  service: string | null;
  machinesSince: number;
  resolvedSince: number;
  /** Whose incidents since then (epoch ms) are counted; absent: nobody's. */
  declarer?: { user: string; since: number };
}

/** It belongs to an incident there is, or to the one which that was merged into: `change` is of that one. */
export interface Attaching {
  attachTo: number;
  change: (incident: Incident) => Change | Refusal;
}

export type Creation = Change | Attaching | Refusal;

export type OutboxState = 'pending' | 'sending' | 'unknown' | 'done' | 'cancelled' | 'parked' | 'dead';

interface Row {
  id: number;
  ref: string;
  attempts: number;
  createdAt: number;
  /** When the call whose fate is unknown was made, epoch ms. */
  sentAt: number;
  /** Look before sending: an earlier try may have been applied. */
  reconcile: boolean;
}

export type IncidentRow = Row & { incident: number; desk: null; effect: Effect };
export type DeskRow = Row & { incident: null; desk: string; effect: DeskEffect };
export type OutboxRow = IncidentRow | DeskRow;

/** An outbox row on which something reports, and what becomes of it in the same commit. */
export interface Settled extends Settlement {
  row: number;
}

export interface Settlement {
  state: Exclude<OutboxState, 'sending'>;
  /** For `pending` and `unknown`: not before, epoch ms. */
  notBefore?: number;
  error?: string;
  /** The try did not count (rate limited, or the token was refused). */
  uncounted?: boolean;
  /** For `done`: the same once more, then (epoch ms), in a row of its own that nothing waits for. */
  again?: number;
}

export interface Person {
  user: string;
  name: string;
  timeZone: string | null;
  dm: string | null;
  /** False: a guest, a bot, deactivated, or of another organisation. */
  isMember: boolean;
  /** Of another organisation, met in a shared channel. */
  isStranger?: boolean;
  /** What else they are, where that is neither a member nor a guest. */
  is?: 'deactivated' | 'bot';
  at: number;
}

/** Somebody in PagerDuty, as it told of them at `at`. */
export interface PagerDutyUser {
  id: string;
  name: string;
  /** They sign in with it. */
  email: string | null;
  at: number;
}

/** Of an incident, or of a team's on-call desk. */
export interface OutboxTrouble {
  id: number;
  incident: number | null;
  desk: string | null;
  kind: EffectKind | DeskEffectKind;
  /** Whom it is for: Slack user ids, or the names of machines. */
  to: string[];
  state: 'dead' | 'parked' | 'unknown' | 'pending';
  error: string;
  at: number;
}

export interface OutboxReport {
  waiting: number;
  unknown: number;
  parked: number;
  dead: number;
  /** The latest of them, newest first, at most `limit`. */
  troubles: OutboxTrouble[];
}

/** One call as it stands now. */
export type FailedCall = Omit<OutboxTrouble, 'at' | 'to' | 'state'> & { state: OutboxState };

/** How one lane of the outbox stands. Times epoch ms; null: there is no such row. */
export interface LaneReport {
  lane: Lane;
  waiting: number;
  sending: number;
  unknown: number;
  parked: number;
  dead: number;
  /** When the oldest of those that are not over was obliged; parked and dead ones apart. */
  oldestAt: number | null;
  sendingSinceAt: number | null;
  /** Pages that were obliged before the asked time and have not gone out; those that wait for their time apart. */
  latePages: number;
}

/** What the database takes on its disk, and what the disk has left, bytes. */
export interface Space {
  databaseBytes: number;
  walBytes: number;
  freeBytes: number;
}

/** What whoever watches Tocsin asks of the store. Reads alone, each of bounded cost. */
export interface StoreWatch {
  /** Every lane. `lateBefore`: pages obliged before then are late, epoch ms. */
  lanes(now: number, lateBefore: number): LaneReport[];
  /** Calls that failed for good since then, epoch ms. */
  failedSince(at: number): number;
  /** Without private ones and tests. */
  openBySeverity(): { severity: number; n: number }[];
  /** Open incidents with a higher id, by id. */
  openAfter(id: number, limit: number): number[];
  /** The facts of an incident as they were recorded, in that order, at most `limit`, from after that `seq` on. */
  recordedAfter(id: number, seq: number, limit: number): TimelineEntry[];
  call(row: number): FailedCall | null;
  /** Rejects when the disk cannot say. */
  space(): Promise<Space>;
}

export interface ListFilter {
  open?: boolean;
  severity?: number;
  limit: number;
}

export type MetaKey =
  | 'identity'
  | 'announce-channel'
  | 'last-tick'
  | 'last-slack-event'
  | 'last-pagerduty-event'
  /** Ids of the webhook subscriptions that delivered something, JSON. */
  | 'pagerduty-subscriptions'
  /** When PagerDuty was last polled to the end, epoch ms. */
  | 'pagerduty-polled'
  /** Tells this installation from others that share a routing key. */
  | 'installation'
  /** When a backup last succeeded, epoch ms. */
  | 'last-backup'
  /** `RestoredFrom`, JSON. */
  | 'restored-from'
  /** Which version runs, and since when: `{"version": "1.2.0", "since": 0}`, epoch ms. */
  | 'version'
  /** Since when Slack has not answered, epoch ms; 0: it does. */
  | 'slack-away-since';

/** That this database is an older copy, and of when. Times epoch ms. */
export interface RestoredFrom {
  /** Name of the file. */
  file: string;
  /** The last sign of life in it: what happened later it does not know. */
  backedUpAt: number;
  /** When Tocsin started on it; null: it has not yet. */
  restoredAt: number | null;
  /** The highest number that an incident may have had by then: none is given twice. */
  lastId: number;
  /** The numbers that were given since then, from the first to the last; null: nobody can tell, or none was. */
  lost?: { first: number; last: number } | null;
  /** People were told. */
  told: boolean;
}

/** Null: this database was never restored. */
export const restoredFrom = (stored: string | null): RestoredFrom | null =>
  stored ? (JSON.parse(stored) as RestoredFrom) : null;

/**
 * Where everything durable lives. Every write resolves only after it is on disk. `change` functions are pure and
 * synchronous, so the same contract fits SQLite and PostgreSQL. tests/store/contract.ts runs on every implementation.
 */
export interface Store {
  create(
    change: (context: CreateContext) => Creation,
    stamp: Stamp,
    question: CreateQuestion,
  ): Promise<Committed>;
  /** Remembers that an alert nobody here knows was resolved, so that its late trigger opens nothing. */
  noteCleared(alert: string, at: number): Promise<void>;
  update(id: number, change: (incident: Incident) => Change | Refusal, stamp: Stamp): Promise<Committed>;

  incident(id: number): Incident | null;
  /** By Slack channel id, or PagerDuty incident id. */
  linked(kind: 'slack' | 'pagerduty', externalId: string): Incident | null;
  /**
   * The same without reading the incident: what every message in every channel asks. `slack-past`: the public channel
   * that an incident left when it became private.
   */
  linkedId(kind: 'slack' | 'slack-past' | 'pagerduty', externalId: string): number | null;
  /** Incidents that have, or had, a follow-up in the words of this message. */
  quoting(place: Place): number[];
  /** The incident that acted on this cause, e.g. recorded this message. Null: nobody did. */
  causedBy(cause: string): number | null;
  /** Newest first; worst severity first among the open ones. */
  list(filter: ListFilter): Incident[];
  /**
   * Open incidents with a channel that may be the same problem: of that service, and those of which one names no service
   * and the titles are alike; of each kind the worst first, at most `limit`. Its cost does not grow with how many are open.
   */
  similar(described: { title: string; service: string | null }, limit: number): Incident[];
  /** Open incidents that this person acknowledged, the worst first. */
  heldBy(user: string, limit: number): Incident[];
  /** Incidents listed in the storm message of `id`. */
  stormMembers(id: number): Incident[];
  /** Ids due at or before `now`, longest overdue first. */
  due(now: number, limit: number): { id: number; dueAt: number }[];
  /** The earliest due time there is, of an incident or a desk, epoch ms. */
  nextDueAt(): number | null;
  timeline(id: number): TimelineEntry[];

  /** A team without a desk gets one with the first fact. A new `dueAt` is written also where nothing happened. */
  updateDesk(
    team: string,
    change: (desk: Desk) => DeskChange | DeskRefusal,
    stamp: Stamp,
  ): Promise<DeskCommitted>;
  /** Null: nothing ever happened there. */
  desk(team: string): Desk | null;
  /** All there are. Cheap: what pages, cards and lists ask to know who stands in for whom. Not to be changed. */
  desks(): readonly Desk[];
  /** How old PagerDuty's answers are, of every team that it was asked about. Cheap, and not to be changed. */
  sources(): readonly SourceState[];
  saveSource(state: SourceState): Promise<void>;
  /** By their id there; null: PagerDuty never told of them. */
  pagerDutyPerson(id: string): PagerDutyUser | null;
  savePagerDutyPeople(people: readonly PagerDutyUser[]): Promise<void>;
  /** Teams whose desk is due at or before `now`, longest overdue first. */
  dueDesks(now: number, limit: number): { team: string; dueAt: number }[];

  /**
   * Takes rows that may go now, oldest first, lane by lane, up to `room` of each, `taken` being how many it has so far;
   * they are `sending` until settled. Asked for while a change is being decided, it rides in the commit of that change
   * and finds what it obliged.
   */
  claim(
    lanes: readonly Lane[],
    now: number,
    room: (lane: Lane, taken: number) => number,
  ): Promise<OutboxRow[]>;
  /** The call of this row is made only now, and not when it was claimed: a death from here on counts its grace from here. */
  calling(id: number, at: number): Promise<void>;
  settle(id: number, settlement: Settlement, at: number): Promise<void>;
  /**
   * At start: whatever was being sent when the process died has an unknown fate, to be looked up a grace after the
   * call. Later: the same for rows that nobody carries, `carried` being those that somebody does. Returns how many.
   */
  recover(graceMs: Record<Lane, number>, carried?: readonly number[]): Promise<number>;
  /**
   * Parked rows of these lanes wait again (the token is accepted, Slack is back); of coalescing ones the newest, and of the
   * pages of one incident to one person. Returns how many.
   */
  unpark(at: number, lanes: readonly Lane[]): Promise<number>;
  /** Drops calls that were done or cancelled before then (epoch ms), some thousands at a time. Returns how many. */
  forget(before: number): Promise<number>;
  /** When the outbox has something to do next, later than `now`, epoch ms. */
  nextSendAt(now: number): number | null;
  outboxReport(limit: number): OutboxReport;
  /** How many rows of these lanes are parked. */
  parkedIn(lanes: readonly Lane[]): number;
  /** For a call of a desk, which has no timeline. False: somebody did it already. */
  revive(revival: Revival, at: number): Promise<boolean>;
  readonly watch: StoreWatch;

  person(user: string): Person | null;
  savePerson(person: Person): Promise<void>;
  meta(key: MetaKey): string | null;
  saveMeta(key: MetaKey, value: string): Promise<void>;
  quarantine(entry: { at: number; source: string; reason: string; body: Buffer }): Promise<void>;
  quarantined(): number;

  /**
   * A copy of the whole database beside it, made while it is in use and checked; the oldest copies go. Returns its path.
   * Rejects where there is no whole copy; what was there before is still there.
   */
  backUp(at: number): Promise<string>;
  /** False: the disk was full, and the room that is kept for that is in use. The next backup after there is space takes it again. */
  hasReserve(): boolean;
  close(): void;
}
