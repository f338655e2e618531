import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { AlertCommand } from '../incident/alerts.ts';
import type { By } from '../incident/by.ts';
import type { AlertLink } from '../incident/incident.ts';
import type { Store } from '../store/store.ts';
import type { PagerDutyIncidentState } from './answers.ts';
import { isPagerDutyError } from './failure.ts';
import { pagerDutyFaultOf } from './fault.ts';
import { alertOf, type PagerDutyAlert } from './news.ts';
import type { PagerDutyRest } from './rest.ts';
import { lookAtSubscriptions } from './subscriptions.ts';
import type { PagerDutyInbox } from './webhook.ts';

export interface PollDeps {
  rest: PagerDutyRest;
  inbox: PagerDutyInbox;
  store: Store;
  config: Config;
  clock: Clock;
  /** What is wrong with the webhook subscription, in words; null: nothing. */
  onSubscription: (problem: string | null) => void;
}

/** A webhook gets this long before its news is taken from elsewhere. */
const webhookWithinMs = 90_000;
/** Open incidents are looked for this far back, and back to the last look where that is longer ago. */
const lookBackMs = 24 * 3_600_000;
const overlapMs = 15 * 60_000;
/** PagerDuty takes a range of six months. */
const lookBackMaxMs = 30 * 24 * 3_600_000;
/** Services named in one call: the address stays short. */
const servicesPerCallMax = 50;
/** Open incidents of ours whose alerts are compared, and alerts that are asked for one by one, in one look. */
const incidentsMax = 200;
const askedMax = 20;

const by: By = { kind: 'pagerduty' };

/**
 * Finds what no webhook told us: open incidents of the services in `incident.yml`, and what became of those that we
 * know. Rejects with a PagerDutyError where PagerDuty cannot be asked.
 */
export function pagerDutyPoll(deps: PollDeps) {
  const { store, clock } = deps;
  return async (): Promise<void> => {
    const now = clock.now();
    await lookAtSubscriptions(deps);
    const open = await openIncidents(deps, now);
    for (const found of open) await compare(deps, found, now);
    for (const id of alertsToAsk(store, new Set(open.map((one) => one.id)), now)) {
      const found = await incidentOf(deps, id);
      if (found) await compare(deps, found, now);
    }
    await store.saveMeta('pagerduty-polled', String(now));
  };
}

async function openIncidents(
  { rest, store, config }: PollDeps,
  now: number,
): Promise<PagerDutyIncidentState[]> {
  const services = Object.values(config.services).flatMap(({ pagerduty }) => pagerduty);
  const last = Number(store.meta('pagerduty-polled') ?? now);
  const sinceAt = Math.max(Math.min(now - lookBackMs, last - overlapMs), now - lookBackMaxMs);
  const found: PagerDutyIncidentState[] = [];
  for (let at = 0; at < services.length; at += servicesPerCallMax) {
    const serviceIds = services.slice(at, at + servicesPerCallMax);
    const statuses = ['triggered', 'acknowledged'] as const;
    const { rows } = await rest.incidents({ sinceAt, untilAt: now, statuses, serviceIds });
    found.push(...rows);
  }
  return found;
}

/** Alerts that fire as far as we know, and are not among the open ones: in turns, where there are many. */
function alertsToAsk(store: Store, open: ReadonlySet<string>, now: number): string[] {
  const ids = store
    .list({ open: true, limit: incidentsMax })
    .flatMap(({ alerts }) => Object.entries(alerts))
    .flatMap(([id, link]) => (link.state === 'resolved' || open.has(id) ? [] : [id]));
  if (ids.length <= askedMax) return ids;
  const start = (Math.floor(now / 60_000) * askedMax) % ids.length;
  return [...ids.slice(start), ...ids.slice(0, start)].slice(0, askedMax);
}

/** Null: it was deleted, or is hidden from our token. */
async function incidentOf({ rest }: PollDeps, id: string): Promise<PagerDutyIncidentState | null> {
  try {
    return await rest.incident(id);
  } catch (error) {
    if (isPagerDutyError(error) && pagerDutyFaultOf(error).kind === 'refused') return null;
    throw error;
  }
}

async function compare(deps: PollDeps, found: PagerDutyIncidentState, now: number): Promise<void> {
  const { inbox, store, config } = deps;
  const at = found.changedAt ?? found.createdAt ?? now;
  if (now - at < webhookWithinMs) return;
  const alert = alertIn(found, at, config);
  const cause = `pagerduty-poll:${found.id}:${at}:${found.status}`;
  const linked = store.linked('pagerduty', found.id);
  const known = linked?.alerts[found.id];
  // Beyond those that are followed one by one.
  if (linked && !known) return;
  if (!known) await inbox.triggered(alert, by, `${cause}#trigger`);
  else if (known.state === found.status || at < Math.floor(known.at / 1000) * 1000) return;
  const command = newsIn(found, known, at);
  if (command) await inbox.changed(found.id, command, alert, by, cause);
  else if (known) await inbox.triggered(alert, by, cause);
}

/** Null: it fires (again), and nothing else. */
function newsIn(
  { id, status: to }: PagerDutyIncidentState,
  known: AlertLink | undefined,
  at: number,
): AlertCommand | null {
  if (to === 'triggered' && known?.state !== 'acknowledged') return null;
  return { type: 'note-alert', by, id, to, at, unacknowledged: to === 'triggered' };
}

const alertIn = (found: PagerDutyIncidentState, at: number, { pagerduty }: Config): PagerDutyAlert => {
  const reference = (named: { id: string; name: string } | null) =>
    named && { id: named.id, summary: named.name };
  const { id, title, number, urgency, url, key } = found;
  const data = {
    ...{ id, title, number, urgency, html_url: url, incident_key: key },
    service: reference(found.service),
    priority: reference(found.priority),
    escalation_policy: reference(found.escalationPolicy),
    assignees: found.assignees.map((one) => ({ id: one.id, summary: one.name })),
    created_at: found.createdAt,
    resolve_reason: null,
  };
  return alertOf(data, at, pagerduty);
};
