import type { Clock } from '../clock.ts';
import { eventsTo, type PagerDutyEvents } from './enqueue.ts';
import type { Pace } from './pace.ts';
import { type PagerDutyReading, readingFrom } from './reading.ts';
import { signatures } from './signed.ts';
import { type Fetch, wireTo } from './wire.ts';
import { type PagerDutyWriting, writingTo } from './writing.ts';

export interface PagerDutyClientOptions {
  /** REST API key; null: no REST. */
  token: string | null;
  /** Login e-mail of the user whom PagerDuty shows where the acting person has no user there. Goes with the token. */
  fromEmail: string | null;
  /** Integration key of an Events API v2 integration; null: no pages by events. */
  routingKey: string | null;
  /** Both end with a slash. */
  apiUrl: string;
  eventsUrl: string;
  fetch: Fetch;
  clock: Clock;
  /** After that a call has an unknown fate. Real time. */
  timeoutMs: number;
  /** Other limits than PagerDuty's, for who measures without them. */
  paces?: { rest?: Partial<Pace>; events?: Partial<Pace> };
}

export type PagerDutyRest = PagerDutyReading & PagerDutyWriting;

export interface PagerDutyClient {
  rest: PagerDutyRest | null;
  events: PagerDutyEvents | null;
}

/** 960 a minute and key, one after the other as PagerDuty asks (platform.md 7.6). */
export const restPace: Pace = { perMinuteMax: 960, urgentReserve: 120, atOnceMax: 1, waitingMax: 500 };
/** About 120 a minute and integration (platform.md 7.7); a storm of pages need not go one by one. */
export const eventsPace: Pace = { perMinuteMax: 120, urgentReserve: 40, atOnceMax: 8, waitingMax: 1_000 };

const json = 'application/json';

/**
 * PagerDuty as we call it: REST API v2 and Events API v2. Nothing is retried here, the outbox does that; nothing is
 * called during a pause that PagerDuty asked for. Every rejection is a PagerDutyError; `pagerDutyFaultOf` says what it
 * means, and no secret is in it.
 */
export function pagerDutyClient(options: PagerDutyClientOptions): PagerDutyClient {
  return { rest: restOf(options), events: eventsOf(options) };
}

function restOf(options: PagerDutyClientOptions): PagerDutyRest | null {
  const { token, fromEmail, apiUrl, fetch, clock, timeoutMs, paces } = options;
  if (token === null || fromEmail === null) return null;
  const wire = wireTo({
    baseUrl: apiUrl,
    fetch,
    clock,
    timeoutMs,
    pace: { ...restPace, ...paces?.rest },
    headers: {
      authorization: `Token token=${token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
      'content-type': json,
    },
    secrets: [token],
  });
  const reading = readingFrom(wire, clock);
  return { ...reading, ...writingTo({ wire, reading, sign: signatures(clock, fromEmail), fromEmail }) };
}

function eventsOf(options: PagerDutyClientOptions): PagerDutyEvents | null {
  const { routingKey, eventsUrl, fetch, clock, timeoutMs, paces } = options;
  if (routingKey === null) return null;
  const wire = wireTo({
    baseUrl: eventsUrl,
    fetch,
    clock,
    timeoutMs,
    pace: { ...eventsPace, ...paces?.events },
    headers: { 'content-type': json },
    secrets: [routingKey],
  });
  return eventsTo(wire, routingKey);
}
