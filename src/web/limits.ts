/** What the front door lets in. Bytes, milliseconds, counts; everything beyond is refused or closed. */
export interface DoorLimits {
  /** Slack's payloads are far below: a message has at most 40,000 characters. */
  slackBodyBytesMax: number;
  /** PagerDuty never sends more than 256 KB (developer.pagerduty.com, webhooks, behavior). */
  pagerdutyBodyBytesMax: number;
  /** All bodies that are being read at one time, together. */
  bodiesBytesMax: number;
  /** Request line and headers together. */
  headerBytesMax: number;
  headersWithinMs: number;
  /** Headers and body: a slow sender is cut off then. */
  requestWithinMs: number;
  /** A connection on which nothing moves for so long is closed. Slack gives up after 3 s, PagerDuty after 5 s. */
  silenceMsMax: number;
  /** How long `stop` waits for answers under way, on the injected clock. */
  drainWithinMs: number;
  /** How much of a refused body is still read, so that its sender can read the refusal before the connection ends. */
  discardBytesMax: number;
  jsonDepthMax: number;
  connectionsMax: number;
}

export const doorLimits: DoorLimits = {
  slackBodyBytesMax: 1024 * 1024,
  pagerdutyBodyBytesMax: 512 * 1024,
  bodiesBytesMax: 4 * 1024 * 1024,
  headerBytesMax: 16 * 1024,
  headersWithinMs: 5_000,
  requestWithinMs: 10_000,
  silenceMsMax: 30_000,
  drainWithinMs: 10_000,
  discardBytesMax: 2 * 1024 * 1024,
  jsonDepthMax: 64,
  connectionsMax: 1_000,
};
