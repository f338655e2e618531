import { shorten } from '../incident/text.ts';
import { answers } from './answers.ts';
import type { Wire } from './wire.ts';

export interface TriggerEvent {
  /** Ours, 255 characters at most; the same one again adds to the open alert instead of paging anew. */
  dedupKey: string;
  /** What the phone reads out: cut at 1,024 characters. */
  summary: string;
  /** The affected system, by a name that tells something. */
  source: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  details?: Readonly<Record<string, string>>;
  /** Where the incident is to be found: its channel. */
  link?: { href: string; text: string };
}

/**
 * Pages by the Events API v2. Each resolves once PagerDuty has taken the event, and rejects with a PagerDutyError. All
 * may be said again with the same key at no cost. An acknowledgement or resolution of a key that is not open is
 * dropped there without a word.
 */
export interface PagerDutyEvents {
  trigger(event: TriggerEvent): Promise<void>;
  acknowledge(dedupKey: string): Promise<void>;
  resolve(dedupKey: string): Promise<void>;
}

/** PagerDuty's own limits (developer docs, Events API v2). */
const dedupKeyLengthMax = 255;
const summaryLengthMax = 1_024;
/** The whole event may have 512 KB; details are for reading on a phone. */
const detailLengthMax = 4_000;
const detailsMax = 50;

export function eventsTo(wire: Wire, routingKey: string): PagerDutyEvents {
  const enqueue = async (action: string, dedupKey: string, more: object = {}) => {
    if (dedupKey === '' || dedupKey.length > dedupKeyLengthMax) {
      throw new RangeError(`a dedup key has 1 to ${dedupKeyLengthMax} characters, not ${dedupKey.length}`);
    }
    await wire({
      method: 'POST',
      template: '/enqueue',
      body: { routing_key: routingKey, event_action: action, dedup_key: dedupKey, ...more },
      urgent: action === 'trigger',
      answer: answers.event,
    });
  };
  return {
    trigger: (event) => enqueue('trigger', event.dedupKey, alertOf(event)),
    acknowledge: (dedupKey) => enqueue('acknowledge', dedupKey),
    resolve: (dedupKey) => enqueue('resolve', dedupKey),
  };
}

function alertOf({ summary, source, severity, details = {}, link }: TriggerEvent): object {
  const shown = Object.entries(details).slice(0, detailsMax);
  return {
    payload: {
      // PagerDuty refuses an empty one, and a page must not be lost over that.
      summary: cut(summary, summaryLengthMax) || 'An incident',
      source: cut(source, summaryLengthMax) || 'tocsin',
      severity,
      ...(shown.length === 0
        ? {}
        : {
            custom_details: Object.fromEntries(
              shown.map(([name, value]) => [name, cut(value, detailLengthMax)]),
            ),
          }),
    },
    client: 'Tocsin',
    ...(link === undefined ? {} : { client_url: link.href, links: [link] }),
  };
}

/** In UTF-16 units, which is never less than what PagerDuty counts. */
function cut(text: string, lengthMax: number): string {
  const short = shorten(text.trim(), lengthMax);
  return short.length <= lengthMax ? short : shorten(short, Math.floor(lengthMax / 2));
}
