import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import {
  answers,
  type PagerDutyAlertState,
  type PagerDutyIncidentState,
  type PagerDutyNote,
  type PagerDutyOnCall,
  type PagerDutyPerson,
  type PagerDutySubscription,
} from './answers.ts';
import { pagerDutyError } from './failure.ts';
import type { Wire } from './wire.ts';

/** PagerDuty gives at most 100 a page; more pages than this are not asked for (its own end is at 10,000 rows). */
const pageSize = 100;
const pagesMax = 20;
/** So many policies or schedules are asked about in one call: the address stays short. */
const idsPerCallMax = 50;
/** Priorities hardly ever change. */
const prioritiesForMs = 60 * 60_000;

export interface Listed<T> {
  rows: T[];
  /** There are more than we asked for. */
  more: boolean;
}

export interface IncidentFilter {
  /** Created at or after, epoch ms; PagerDuty takes a range of six months at most. */
  sinceAt: number;
  untilAt: number;
  statuses?: readonly PagerDutyIncidentState['status'][];
  serviceIds?: readonly string[];
}

export interface OnCallFilter {
  policyIds?: readonly string[];
  scheduleIds?: readonly string[];
  /** Epoch ms. Without: now. */
  sinceAt?: number;
  untilAt?: number;
  /** Only the next duty per person and level (PagerDuty's `earliest`). Default true. */
  earliest?: boolean;
}

/** What is asked of PagerDuty without changing anything. Rejects with a PagerDutyError. */
export interface PagerDutyReading {
  /** By id or number. `urgent`: somebody waits for it to be paged or not. */
  incident(id: string, urgent?: boolean): Promise<PagerDutyIncidentState>;
  /** What the monitoring said, details included. */
  alerts(incidentId: string): Promise<Listed<PagerDutyAlertState>>;
  notes(incidentId: string): Promise<PagerDutyNote[]>;
  incidents(filter: IncidentFilter): Promise<Listed<PagerDutyIncidentState>>;
  /** The open incident with that key (Events v2: `dedup_key`), or null. Urgent. */
  openIncidentWithKey(key: string): Promise<PagerDutyIncidentState | null>;
  /** Sorted as PagerDuty does; with e-mails. */
  onCalls(filter: OnCallFilter): Promise<Listed<PagerDutyOnCall>>;
  person(id: string): Promise<PagerDutyPerson>;
  /** Null: nobody has it. */
  personByEmail(email: string, urgent?: boolean): Promise<PagerDutyPerson | null>;
  /** From a list that is an hour old at most. Rejects (`no_such_priority`) where the account has no such name. */
  priorityId(name: string): Promise<string>;
  subscriptions(): Promise<Listed<PagerDutySubscription>>;
}

type Query = (readonly [name: string, value: string])[];

export function readingFrom(wire: Wire, clock: Clock): PagerDutyReading {
  const { incidents, alerts, people, onCalls, subscriptions } = answers;
  return {
    incident: async (id, urgent = false) => {
      const template = '/incidents/{id}';
      const { incident } = await wire({
        method: 'GET',
        template,
        ids: { id },
        urgent,
        answer: answers.incident,
      });
      return incident;
    },
    alerts: (id) =>
      listed(wire, { template: '/incidents/{id}/alerts', ids: { id } }, [], alerts, (page) => page.alerts),
    notes: async (id) => {
      const { notes } = await wire({
        method: 'GET',
        template: '/incidents/{id}/notes',
        ids: { id },
        answer: answers.notes,
      });
      return notes;
    },
    incidents: (filter) =>
      listed(wire, { template: '/incidents' }, incidentQuery(filter), incidents, (page) => page.incidents),
    openIncidentWithKey: async (key) => {
      const query: Query = [['incident_key', key], ...all('statuses[]', ['triggered', 'acknowledged'])];
      const { rows } = await listed(
        wire,
        { template: '/incidents', urgent: true },
        query,
        incidents,
        (page) => page.incidents,
      );
      return rows.find((one) => one.key === key) ?? null;
    },
    onCalls: async (filter) => {
      const found = { rows: [] as PagerDutyOnCall[], more: false };
      for (const query of onCallQueries(filter)) {
        const part = await listed(wire, { template: '/oncalls' }, query, onCalls, (page) => page.oncalls);
        found.rows.push(...part.rows);
        found.more ||= part.more;
      }
      return found;
    },
    person: async (id) => {
      const { user } = await wire({
        method: 'GET',
        template: '/users/{id}',
        ids: { id },
        answer: answers.person,
      });
      return user;
    },
    personByEmail: async (email, urgent = false) => {
      const wanted = email.toLowerCase();
      const { rows } = await listed(
        wire,
        { template: '/users', urgent },
        [['query', email]],
        people,
        (page) => page.users,
      );
      return rows.find((one) => one.email?.toLowerCase() === wanted) ?? null;
    },
    priorityId: prioritiesFrom(wire, clock),
    subscriptions: () =>
      listed(
        wire,
        { template: '/webhook_subscriptions' },
        [],
        subscriptions,
        (page) => page.webhook_subscriptions,
      ),
  };
}

/** Page after page, until PagerDuty says that was all or the bound is reached. */
async function listed<T extends { more?: boolean | null }, Row>(
  wire: Wire,
  where: { template: string; ids?: Record<string, string>; urgent?: boolean },
  query: Query,
  answer: z.ZodType<T>,
  rowsOf: (page: T) => Row[],
): Promise<Listed<Row>> {
  const rows: Row[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const range: Query = [
      ['limit', String(pageSize)],
      ['offset', String(page * pageSize)],
    ];
    const read = await wire({ method: 'GET', ...where, query: [...query, ...range], answer });
    const found = rowsOf(read);
    rows.push(...found);
    if (read.more !== true || found.length === 0) return { rows, more: false };
  }
  return { rows, more: true };
}

function prioritiesFrom(wire: Wire, clock: Clock): PagerDutyReading['priorityId'] {
  let known: { at: number; ids: Map<string, string> } | null = null;
  return async (name) => {
    const now = clock.now();
    if (known === null || Math.abs(now - known.at) > prioritiesForMs) {
      const { rows } = await listed(
        wire,
        { template: '/priorities' },
        [],
        answers.priorities,
        (page) => page.priorities,
      );
      // Of two with the same name PagerDuty itself takes the higher one; the list begins with the highest.
      known = { at: now, ids: new Map(rows.toReversed().map((one) => [one.name.toLowerCase(), one.id])) };
    }
    const id = known.ids.get(name.toLowerCase());
    if (id !== undefined) return id;
    const names = [...known.ids.keys()].toReversed();
    throw pagerDutyError({
      route: 'GET /priorities',
      what: { kind: 'no-such-priority', name, known: names },
    });
  };
}

const all = (name: string, values: readonly string[]): Query =>
  values.map((value): [string, string] => [name, value]);

const isoTime = (at: number): string => new Date(at).toISOString();

function incidentQuery({ sinceAt, untilAt, statuses = [], serviceIds = [] }: IncidentFilter): Query {
  return [
    ['since', isoTime(sinceAt)],
    ['until', isoTime(untilAt)],
    ...all('statuses[]', statuses),
    ...all('service_ids[]', serviceIds),
    ['sort_by', 'created_at:asc'],
  ];
}

function onCallQueries({ policyIds, scheduleIds, sinceAt, untilAt, earliest = true }: OnCallFilter): Query[] {
  const common: Query = [['include[]', 'users']];
  if (earliest) common.push(['earliest', 'true']);
  if (sinceAt !== undefined) common.push(['since', isoTime(sinceAt)]);
  if (untilAt !== undefined) common.push(['until', isoTime(untilAt)]);
  const chunks = [
    ...chunked(policyIds ?? []).map((ids) => all('escalation_policy_ids[]', ids)),
    ...chunked(scheduleIds ?? []).map((ids) => all('schedule_ids[]', ids)),
  ];
  return chunks.map((ids) => [...ids, ...common]);
}

function chunked(ids: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < ids.length; at += idsPerCallMax) chunks.push(ids.slice(at, at + idsPerCallMax));
  return chunks;
}
