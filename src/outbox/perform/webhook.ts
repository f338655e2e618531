import { createHmac } from 'node:crypto';
import { permalink } from '../../blocks/permalink.ts';
import type { Incident } from '../../incident/incident.ts';
import { nextStepOf, targetsOf } from '../../incident/ladder.ts';
import { type PageOrder, pageStillWanted } from '../../incident/page-order.ts';
import { label } from '../../incident/severity-scale.ts';
import { shorten } from '../../incident/text.ts';
import type { Context, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import { leanFetch } from '../lean-fetch.ts';
import type { Fault } from '../retry.ts';

/** Real time: a machine that takes longer has perhaps heard us, and is told again under the same delivery. */
const timeoutMs = 5_000;
/** Then somebody else must be told: with the pauses between them, about a minute. */
const triesMax = 6;

/**
 * A machine is told what a person would read in their page, as JSON (docs/webhooks.md). `X-Tocsin-Signature` is
 * `v1=` and the hex HMAC-SHA256 of `v1:<timestamp>:<body>` under WEBHOOK_SECRET; `X-Tocsin-Delivery` stays the same when
 * it is told again.
 */
export const callWebhook: Performer<'call-webhook'> = {
  send: async (context, { name, order }, { row, incident }) => {
    if (!pageStillWanted(incident, order)) return cancelled('no longer wanted');
    const { webhooks } = context.config();
    const webhook = Object.hasOwn(webhooks, name) ? webhooks[name] : undefined;
    if (!webhook) throw refusal('no such webhook in incident.yml');
    const at = Math.floor(context.clock.now() / 1000);
    const body = JSON.stringify(bodyOf(context, incident, order));
    const answer = await leanFetch(webhook.url, {
      method: 'POST',
      body,
      // A redirection would carry the news to wherever it points.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Tocsin',
        'x-tocsin-delivery': row.ref,
        'x-tocsin-timestamp': String(at),
        'x-tocsin-signature': signature(context.webhookSecret ?? '', at, body),
      },
    }).catch((error: unknown) => {
      throw row.attempts >= triesMax ? refusal(wordsOf(error)) : error;
    });
    if (answer.status >= 200 && answer.status < 300) return done({ type: 'note-webhook-told', name, order });
    const words = `answered ${answer.status}`;
    const isTemporary = answer.status === 429 || answer.status >= 500;
    throw isTemporary && row.attempts < triesMax ? new Error(words) : refusal(words);
  },
};

/** `v1=…`; `at` epoch seconds. */
const signature = (secret: string, at: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`v1:${at}:${body}`).digest('hex')}`;

/** Trying again is useless. */
const refusal = (word: string): Error & { fault: Fault } =>
  Object.assign(new Error(word), { fault: { kind: 'refused', word } as const });

const wordsOf = (error: unknown): string => {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return name === 'TimeoutError' ? 'no answer in time' : shorten(code ?? message ?? 'no answer', 100);
};

const iso = (at: number): string => new Date(at).toISOString();

/** A private incident is not described to a machine that may not be as discreet. */
function bodyOf(context: Context, incident: Incident, order: PageOrder) {
  const { isPrivate, channel } = incident;
  const next = nextStepOf(incident);
  const place = channel && { channel: channel.id, ts: channel.threadTs ?? '' };
  const link =
    place && (place.ts ? permalink(context.identity().url, place) : channelLink(context, place.channel));
  return {
    version: 1,
    event: order.action,
    why: order.reason.why,
    incident: incident.id,
    severity: label(incident.severity),
    title: isPrivate ? 'Private incident' : incident.title,
    summary: isPrivate ? '' : incident.summary,
    status: incident.status,
    service: isPrivate ? null : incident.service,
    link: isPrivate ? null : link,
    declaredAt: iso(incident.times.declaredAt),
    orderedAt: iso(order.orderedAt),
    next: next && { at: iso(next.at), action: next.step.action, targets: targetsOf(next.step) },
  };
}

const channelLink = (context: Context, id: string): string | null => {
  const { url } = context.identity();
  return url === '' ? null : `${url}archives/${id}`;
};
