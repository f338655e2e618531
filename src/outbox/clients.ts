import type { Logger } from '@slack/web-api';
import type { Clock } from '../clock.ts';
import { type Heard, watchedClient } from './away.ts';
import { webClientFetch } from './lean-fetch.ts';
import { respectRateLimits } from './rate-limits.ts';

export interface ClientOptions {
  token: string;
  /** Ends with a slash. */
  apiUrl: string;
  clock: Clock;
  logger: Logger;
  /** After that a call has an unknown fate. */
  timeoutMs: number;
  /** The same for calls that a person waits for. */
  inlineTimeoutMs: number;
  /** Makes the calls; default: over the network. */
  fetch?: typeof globalThis.fetch;
  /** Told of every call whether Slack answered it; default: nobody is. */
  heard?: Heard;
}

/**
 * Pages have a client of their own: nothing else is ahead of them in its queue. No client retries by itself, and none
 * calls before Slack's Retry-After is over.
 */
export function slackClients({
  token,
  apiUrl,
  clock,
  logger,
  timeoutMs,
  inlineTimeoutMs,
  fetch = webClientFetch,
  heard = () => undefined,
}: ClientOptions) {
  const patientFetch = respectRateLimits(fetch, clock);
  const client = (timeout: number) =>
    watchedClient(token, { slackApiUrl: apiUrl, timeout, logger, fetch: patientFetch }, heard);
  return {
    page: client(timeoutMs),
    rest: client(timeoutMs),
    inline: client(Math.min(timeoutMs, inlineTimeoutMs)),
  };
}
