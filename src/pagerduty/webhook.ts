import type { Logger } from 'pino';
import type { AlertCommand } from '../incident/alerts.ts';
import type { By } from '../incident/by.ts';
import type { PagerDutyMapping } from '../incident/classify.ts';
import { type AlarmReason, alarms } from './alarm.ts';
import { type PagerDutyEvent, parseEvent } from './event.ts';
import { byOf, newsOf, type PagerDutyAlert } from './news.ts';
import { verifyPagerDutySignature } from './signature.ts';

/** PagerDuty delivers for 48 h; what is older than this (an hour of drift) is a replay, or our clock is wrong. */
const eventAgeMsMax = 49 * 60 * 60_000;
/** Of the unsigned `X-Webhook-Id`, which is only ever logged. */
const webhookIdLengthMax = 100;
const subscriptionId = /^[A-Z0-9]{5,30}$/;

/**
 * Where news goes. Each promise resolves once it is stored, and a `cause` that was stored before changes nothing. A
 * rejection means "not stored": PagerDuty will deliver again.
 */
export interface PagerDutyInbox {
  triggered(alert: PagerDutyAlert, by: By, cause: string): Promise<void>;
  /**
   * `id` is PagerDuty's incident. `alert` is null where the event did not carry it whole; else it allows to open an
   * incident whose trigger never came. Nothing is to be opened for one that is resolved by now.
   */
  changed(
    id: string,
    command: AlertCommand,
    alert: PagerDutyAlert | null,
    by: By,
    cause: string,
  ): Promise<void>;
  /** Keeps a signed body that we could not act on. `at` epoch ms, ours. */
  quarantine(body: Buffer, reason: string, at: number): Promise<void>;
  /**
   * PagerDuty was heard of, in a signed event of any kind, at `at` (epoch ms, ours). `subscription`: the one that it
   * says delivers it, an id; null where it does not say.
   */
  heard(at: number, subscription: string | null): void;
}

export interface PagerDutyWebhookDeps {
  /** Empty: every webhook is put off with 503 and an alarm. */
  secrets: readonly string[];
  mapping: PagerDutyMapping;
  log: Pick<Logger, 'debug' | 'error'>;
  /** Epoch ms. */
  now: () => number;
  /** The machine's own clock: an event is as young as the one of both says by which it is younger. Default: `now`. */
  wall?: () => number;
  inbox: PagerDutyInbox;
  /** Hears of each signature whether it fits (null), or what is wrong with it. */
  onSigned?: (fault: 'no-match' | 'no-secret' | null) => void;
}

export interface WebhookHeaders {
  signature: string | string[] | undefined;
  webhookId?: string;
  /** `X-Webhook-Subscription`: sent by PagerDuty, not documented, not signed (platform.md 7.3). A hint. */
  subscription?: string;
}

/**
 * Answers one v3 webhook. PagerDuty drops for good what gets a 4xx, and disables the subscription after three of
 * them, so 401 is for those who are clearly somebody else; 503 (wrong or no secret, not stored) makes it try again
 * for 48 hours; everything else is 202.
 */
export function pagerDutyWebhook(deps: PagerDutyWebhookDeps) {
  const alarm = alarms(deps.log, deps.now);
  return async (body: Buffer, headers: WebhookHeaders): Promise<{ status: number }> => {
    const { secrets } = deps;
    const verdict = verifyPagerDutySignature({ secrets, body, header: headers.signature });
    if (verdict === 'missing' || verdict === 'malformed') return { status: 401 };
    const webhookId = headers.webhookId?.slice(0, webhookIdLengthMax);
    deps.onSigned?.(verdict === 'valid' ? null : verdict);
    if (verdict !== 'valid') {
      alarm(verdict, { webhookId });
      return { status: 503 };
    }
    try {
      await take(deps, alarm, body, { ...headers, webhookId });
      return { status: 202 };
    } catch (error) {
      alarm('not-persisted', { webhookId, err: error });
      return { status: 503 };
    }
  };
}

type Alarm = (reason: AlarmReason, fields: Record<string, unknown>) => void;

/** Hands a signed body to the inbox. Rejects when that does. */
async function take(
  deps: PagerDutyWebhookDeps,
  alarm: Alarm,
  body: Buffer,
  { webhookId, subscription }: Pick<WebhookHeaders, 'webhookId' | 'subscription'>,
): Promise<void> {
  const { inbox, log } = deps;
  const now = deps.now();
  inbox.heard(now, subscription !== undefined && subscriptionId.test(subscription) ? subscription : null);
  const parsed = parseEvent(body);
  if (!parsed.ok) {
    await inbox.quarantine(body, parsed.unreadable, now);
    alarm('unreadable', { webhookId, problem: parsed.unreadable });
    return;
  }
  const { event } = parsed;
  const news = newsOf(event, deps.mapping);
  log.debug({ webhookId, event: event.id, type: event.type, news: news.kind }, 'PagerDuty webhook');
  if (news.kind === 'ping' || news.kind === 'ignored') return;
  const youngest = Math.min(now, deps.wall?.() ?? now);
  if (youngest - event.at > eventAgeMsMax) {
    const reason = `occurred at ${new Date(event.at).toISOString()}, more than 49 hours ago`;
    await inbox.quarantine(body, reason, now);
    alarm('late', { webhookId, event: event.id, problem: reason });
    return;
  }
  await deliver(inbox, event, news);
}

/** The signed id of the event is the cause; the `X-Webhook-Id` header is not signed, and a replay can change it. */
async function deliver(
  inbox: PagerDutyInbox,
  event: PagerDutyEvent,
  news: Extract<ReturnType<typeof newsOf>, { kind: 'triggered' | 'changed' }>,
): Promise<void> {
  const by = byOf(event);
  const cause = `pagerduty:${event.id}`;
  if (news.kind === 'triggered') return inbox.triggered(news.alert, by, cause);
  await inbox.changed(news.id, news.command, news.alert, by, cause);
  if (news.remark) await inbox.changed(news.id, news.remark, null, by, `${cause}#2`);
}
