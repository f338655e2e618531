import { type Logger, WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';
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
}

/**
 * Pages have a client of their own: nothing else is ahead of them in its queue. No client retries by itself, and none
 * calls before Slack's Retry-After is over.
 */
export function slackClients({ token, apiUrl, clock, logger, timeoutMs, inlineTimeoutMs }: ClientOptions) {
  const patientFetch = respectRateLimits(webClientFetch, clock);
  const client = (timeout: number) =>
    new WebClient(token, {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout,
      logger,
      fetch: patientFetch,
    });
  return {
    page: client(timeoutMs),
    rest: client(timeoutMs),
    inline: client(Math.min(timeoutMs, inlineTimeoutMs)),
  };
}
