import type { Json } from './json.ts';
import {
  type Account,
  accountUser,
  type EscalationPolicy,
  type PagerDutyUser,
  policyReference,
  type Schedule,
  scheduleNamed,
  shiftsOf,
  userReference,
} from './pagerduty-account.ts';
import { priorityNamed, reference, wholeSeconds } from './pagerduty-events.ts';
import { refuseCall } from './pagerduty-refuse.ts';
import { PAGERDUTY_LIMITS } from './pagerduty-rules.ts';
import { alertShapes, incidentShape, noteShape, priorityShape, userShape } from './pagerduty-shapes.ts';
import type { Desk, Ticket } from './pagerduty-tickets.ts';
import { SUBSCRIPTION_ID } from './pagerduty-webhook.ts';

export interface Asked {
  desk: Desk;
  /** What stands in the place of `{id}`, or ''. */
  id: string;
  query: URLSearchParams;
}

/** The incident with that id or number. */
export function ticketAsked({ desk, id }: Asked): Ticket {
  const tickets = [...desk.tickets.values()];
  const ticket = tickets.find(({ incident }) => incident.id === id || String(incident.number) === id);
  return ticket ?? refuseCall('notFound');
}

export function listIncidents(asked: Asked): Json {
  const { desk, query } = asked;
  const statuses = query.getAll('statuses[]');
  const services = query.getAll('service_ids[]');
  const [since, until] = [timeAsked(query, 'since'), timeAsked(query, 'until')];
  const key = query.get('incident_key');
  const found = [...desk.tickets.values()].filter(
    ({ incident }) =>
      (statuses.length === 0 || statuses.includes(incident.status)) &&
      (services.length === 0 || services.includes(incident.service.id)) &&
      (key === null || incident.incidentKey === key) &&
      (since === null || incident.createdAt >= since) &&
      (until === null || incident.createdAt < until),
  );
  return paged('incidents', found.map(incidentShape), query);
}

/** ISO time, or nothing. PagerDuty refuses what is none. */
function timeAsked(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? refuseCall('invalid', `${name} is not a time`) : at;
}

/** The part of the rows that was asked for. */
export function paged(name: string, rows: readonly Json[], query: URLSearchParams): Json {
  const limit = countAsked(query, 'limit', PAGERDUTY_LIMITS.pageDefault);
  const offset = countAsked(query, 'offset', 0);
  if (limit < 1 || limit > PAGERDUTY_LIMITS.pageSize) {
    refuseCall('invalid', `limit must be from 1 to ${PAGERDUTY_LIMITS.pageSize}`);
  }
  if (offset + limit > PAGERDUTY_LIMITS.listRows) {
    refuseCall('invalid', `offset and limit must be ${PAGERDUTY_LIMITS.listRows} at most together`);
  }
  const more = rows.length > offset + limit;
  return { [name]: rows.slice(offset, offset + limit), limit, offset, more, total: null };
}

function countAsked(query: URLSearchParams, name: string, usual: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  return /^\d{1,9}$/.test(text) ? Number(text) : refuseCall('invalid', `${name} must be a number`);
}

export const showIncident = (asked: Asked): Json => ({ incident: incidentShape(ticketAsked(asked)) });
export const listAlerts = (asked: Asked): Json =>
  paged('alerts', alertShapes(ticketAsked(asked)), asked.query);
export const listNotes = (asked: Asked): Json => ({ notes: ticketAsked(asked).notes.map(noteShape) });

export function listUsers({ desk, query }: Asked): Json {
  const wanted = (query.get('query') ?? '').toLowerCase();
  const found = desk.account.users.filter((one) => `${one.name} ${one.email}`.toLowerCase().includes(wanted));
  return paged('users', found.map(userShape), query);
}

export function showUser({ desk, id }: Asked): Json {
  const user = desk.account.users.find((one) => one.id === id) ?? refuseCall('notFound');
  return { user: userShape(user) };
}

export function listPriorities({ desk, query }: Asked): Json {
  return paged('priorities', desk.account.priorities.map(priorityNamed).map(priorityShape), query);
}

interface Duty {
  policy: EscalationPolicy;
  level: number;
  user: PagerDutyUser;
  schedule: Schedule | null;
  /** Null: always. */
  startAt: number | null;
  endAt: number | null;
}

export function listOnCalls({ desk, query }: Asked): Json {
  const now = desk.clock.now();
  const { from, until } = rangeAsked(query, now);
  refuseUnless(query, 'include[]', ['escalation_policies', 'users', 'schedules']);
  refuseUnless(query, 'earliest', ['true', 'false']);
  const wanted = (name: string, id: string | null) => {
    const ids = query.getAll(name);
    return ids.length === 0 || ids.includes(id ?? 'null');
  };
  const all = desk.account.policies.flatMap((policy) => dutiesOf(desk.account, policy, from, until));
  const asked = all.filter(
    (duty) =>
      wanted('escalation_policy_ids[]', duty.policy.id) &&
      wanted('schedule_ids[]', duty.schedule?.id ?? null) &&
      wanted('user_ids[]', duty.user.id),
  );
  const shown = query.get('earliest') === 'true' ? earliest(asked) : asked;
  const isWhole = query.getAll('include[]').includes('users');
  return paged(
    'oncalls',
    shown.map((duty) => onCallShape(duty, isWhole)),
    query,
  );
}

/** From now to now where nothing is said; shifts are known for some time ahead. */
function rangeAsked(query: URLSearchParams, now: number): { from: number; until: number } {
  const from = timeAsked(query, 'since') ?? now;
  const until = timeAsked(query, 'until') ?? Math.max(now, from);
  if (until < from) refuseCall('invalid', 'until is before since');
  const latest = now + PAGERDUTY_LIMITS.onCallDays * 86_400_000;
  return { from, until: Math.max(Math.min(until, latest), from + 1) };
}

function refuseUnless(query: URLSearchParams, name: string, words: readonly string[]): void {
  const wrong = query.getAll(name).find((word) => !words.includes(word));
  if (wrong !== undefined) refuseCall('invalid', `${name} cannot be ${wrong}`);
}

function dutiesOf(account: Account, policy: EscalationPolicy, from: number, until: number): Duty[] {
  return policy.levels.flatMap(({ targets }, at) =>
    targets.flatMap((target): Duty[] => {
      const common = { policy, level: at + 1 };
      if ('user' in target) {
        const user = accountUser(account, target.user);
        return [{ ...common, user, schedule: null, startAt: null, endAt: null }];
      }
      const schedule = scheduleNamed(account, target.schedule);
      return shiftsOf(schedule, from, until).map(({ user, startAt, endAt }) => {
        return { ...common, user: accountUser(account, user), schedule, startAt, endAt };
      });
    }),
  );
}

/** Of each person, policy and level only the first. */
function earliest(duties: readonly Duty[]): Duty[] {
  const seen = new Set<string>();
  return duties.filter(({ policy, level, user }) => {
    const key = `${policy.id} ${level} ${user.id}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

function onCallShape({ policy, level, user, schedule, startAt, endAt }: Duty, isWhole: boolean): Json {
  return {
    user: isWhole ? userShape(user) : userReference(user),
    schedule: schedule === null ? null : reference('schedule', schedule.id, schedule.name),
    escalation_policy: policyReference(policy),
    escalation_level: level,
    start: startAt === null ? null : wholeSeconds(startAt),
    end: endAt === null ? null : wholeSeconds(endAt),
  };
}

export function listSubscriptions({ desk, query }: Asked): Json {
  return paged('webhook_subscriptions', [subscriptionShape(desk)], query);
}

export function enableSubscription({ desk, id }: Asked): Json {
  if (id !== SUBSCRIPTION_ID) refuseCall('notFound');
  desk.webhook.enable();
  return { webhook_subscription: subscriptionShape(desk) };
}

function subscriptionShape(desk: Desk): Json {
  return {
    id: SUBSCRIPTION_ID,
    type: 'webhook_subscription',
    active: desk.isSubscribed,
    description: 'Tells Tocsin',
    delivery_method: {
      id: 'PDELIVR',
      type: 'http_delivery_method',
      secret: null,
      temporarily_disabled: desk.webhook.disabledUntil() !== null,
      url: desk.webhook.url(),
      custom_headers: [],
    },
    events: ['incident.triggered', 'incident.acknowledged', 'incident.resolved'],
    filter: { type: 'account_reference' },
  };
}
