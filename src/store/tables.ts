import { sql } from 'drizzle-orm';
import {
  blob,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { Effect } from '../incident/effects.ts';
import type { Fact } from '../incident/facts.ts';
import type { Desk, DeskFact } from '../oncall/desk.ts';
import type { DeskEffect } from '../oncall/desk-effects.ts';

/** One row per incident: its state as JSON, and the columns we search by. Times epoch ms. */
export const incidents = sqliteTable(
  'incidents',
  {
    id: integer('id').primaryKey(),
    /** JSON: an `Incident` (recall.ts). */
    state: text('state').notNull(),
    status: text('status').notNull(),
    severity: integer('severity').notNull(),
    isOpen: integer('is_open').notNull(),
    service: text('service'),
    declaredAt: integer('declared_at').notNull(),
    /** 1 when an alert opened it. */
    byMachine: integer('by_machine').notNull(),
    visibility: text('visibility').notNull(),
    stormOf: integer('storm_of'),
    /** The person who acknowledged it. */
    holder: text('holder'),
    /** When the clock must look at it; null: never. The tick's cost follows this index, not how many are open. */
    dueAt: integer('due_at'),
  },
  (table) => [
    index('incidents_due').on(table.dueAt).where(sql`due_at is not null`),
    index('incidents_open').on(table.isOpen, table.severity),
    index('incidents_service').on(table.service, table.isOpen),
    index('incidents_storm').on(table.stormOf).where(sql`storm_of is not null`),
    index('incidents_machine').on(table.byMachine, table.declaredAt),
    index('incidents_held').on(table.holder, table.severity).where(sql`is_open = 1 and holder is not null`),
    index('incidents_of_service')
      .on(table.service, table.severity, sql`id desc`)
      .where(sql`is_open = 1 and visibility = 'channel'`),
  ],
);

/** What the titles of open incidents are about, so that one alike is found without reading them all. */
export const titleWords = sqliteTable(
  'title_words',
  {
    word: text('word').notNull(),
    incident: integer('incident')
      .notNull()
      .references(() => incidents.id),
    /** How many of them its title has. */
    size: integer('size').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.word, table.incident] }),
    index('title_words_incident').on(table.incident),
  ],
);

/** What happened, append-only. */
export const timeline = sqliteTable(
  'timeline',
  {
    incident: integer('incident')
      .notNull()
      .references(() => incidents.id),
    seq: integer('seq').notNull(),
    /** Recorded then; `happened_at` differs for messages that were pulled later and for back-dated notes. */
    at: integer('at').notNull(),
    happenedAt: integer('happened_at').notNull(),
    cause: text('cause').notNull(),
    fact: text('fact', { mode: 'json' }).$type<Fact>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.seq] })],
);

/** One row per team that has, or had, an on-call schedule. */
export const desks = sqliteTable(
  'desks',
  {
    team: text('team').primaryKey(),
    state: text('state', { mode: 'json' }).$type<Desk>().notNull(),
    /** When the clock must look at it; null: never. */
    dueAt: integer('due_at'),
  },
  (table) => [index('desks_due').on(table.dueAt).where(sql`due_at is not null`)],
);

/** How old PagerDuty's answers are about who is on call, by team; the answers themselves are the desks'. */
export const oncallSources = sqliteTable('oncall_sources', {
  team: text('team').primaryKey(),
  answeredAt: integer('answered_at'),
  failingSince: integer('failing_since'),
  problem: text('problem'),
});

/** PagerDuty's users, as it last told of them. */
export const pagerdutyPeople = sqliteTable('pagerduty_people', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** They sign in with it; null: PagerDuty tells none. */
  email: text('email'),
  at: integer('at').notNull(),
});

/** What happened at a desk, append-only. */
export const deskFacts = sqliteTable(
  'desk_facts',
  {
    team: text('team')
      .notNull()
      .references(() => desks.team),
    seq: integer('seq').notNull(),
    at: integer('at').notNull(),
    cause: text('cause').notNull(),
    fact: text('fact', { mode: 'json' }).$type<DeskFact>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.team, table.seq] })],
);

/** Causes already acted on: a redelivery changes nothing. `incident` 0: it was none's business, but a desk's. */
export const seen = sqliteTable('seen', {
  cause: text('cause').primaryKey(),
  incident: integer('incident').notNull(),
  at: integer('at').notNull(),
});

/** What we owe the outside world, and how far each is. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** `<incident>/<seq>/<n>`, `desk/<team>/<seq>/<n>`: the same fact never obliges the same thing twice. */
    key: text('key').notNull().unique(),
    /** Opaque mark that a post carries, to be found again in Slack's history. */
    ref: text('ref').notNull(),
    /** Whose it is: an incident's, or a desk's. */
    incident: integer('incident').references(() => incidents.id),
    desk: text('desk').references(() => desks.team),
    effect: text('effect', { mode: 'json' }).$type<Effect | DeskEffect>().notNull(),
    lane: integer('lane').notNull(),
    /** Rows of one queue go out one after the other, by lane, then by age. Null: in any order. */
    queue: text('queue'),
    /** A waiting row with the same value makes another unnecessary. */
    coalesce: text('coalesce'),
    state: text('state').notNull(),
    attempts: integer('attempts').notNull(),
    /** Of one that is being sent: when it was claimed. */
    notBefore: integer('not_before').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Of one in doubt: when the first call was made that may have been applied. */
    sentAt: integer('sent_at'),
    settledAt: integer('settled_at'),
    /** 1 while the claimed row must first look whether an earlier try was applied. */
    reconcile: integer('reconcile').notNull().default(0),
    error: text('error'),
  },
  (table) => [
    index('outbox_ready').on(table.lane, table.notBefore).where(sql`state in ('pending', 'unknown')`),
    index('outbox_queue')
      .on(table.queue, table.lane, table.id)
      .where(sql`state in ('pending', 'sending', 'unknown')`),
    uniqueIndex('outbox_coalesce').on(table.coalesce).where(sql`state = 'pending'`),
    index('outbox_failed').on(table.state).where(sql`state in ('dead', 'parked')`),
    check('outbox_owner', sql`(incident is null) <> (desk is null)`),
  ],
);

/** External id -> incident: Slack channels and PagerDuty incidents. */
export const links = sqliteTable(
  'links',
  {
    kind: text('kind').notNull(),
    externalId: text('external_id').notNull(),
    incident: integer('incident')
      .notNull()
      .references(() => incidents.id),
  },
  (table) => [primaryKey({ columns: [table.kind, table.externalId] })],
);

/** What we know of people in Slack: a cache, so that names and DMs work while Slack does not. */
export const people = sqliteTable('people', {
  user: text('user').primaryKey(),
  name: text('name').notNull(),
  timeZone: text('time_zone'),
  /** Their DM channel with us. */
  dm: text('dm'),
  /** 1: a member; 0: a guest; -1: of another organisation; -2: deactivated; -3: a bot. Until 0.1 the last two were 0. */
  isMember: integer('is_member').notNull(),
  at: integer('at').notNull(),
});

/** Signed input that we could not read: kept for a human, never retried by itself. */
export const quarantine = sqliteTable('quarantine', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  source: text('source').notNull(),
  reason: text('reason').notNull(),
  body: blob('body', { mode: 'buffer' }).notNull(),
  /** SHA-256 of the body: a replay of the same bytes adds nothing. */
  digest: text('digest').notNull().unique(),
});

/** Facts about this installation: the cached identity, the announce channel, when we last ticked. */
export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});
