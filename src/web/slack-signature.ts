import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a request's time may be from ours, before or after, ms. Slack's documentation asks for five minutes. */
const slackTimeDriftMsMax = 300_000;

/** A header as Node has it: a list where it was sent more than once. */
type Header = string | readonly string[] | undefined;

export interface SlackSignature {
  secret: string;
  /** The bytes as they arrived. */
  body: Buffer;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  timestamp: Header;
  /** `X-Slack-Signature`: `v0=` and 64 hex digits. */
  signature: Header;
  /** Epoch ms. */
  now: number;
}

export type SlackSignatureProblem = 'missing' | 'malformed' | 'stale' | 'future' | 'mismatch';

/**
 * Whether Slack signed this request, and lately: HMAC-SHA256 of `v0:<timestamp>:<body>`, at most five minutes old and
 * at most five minutes ahead (Bolt's own check knows no future). A header that came twice is malformed.
 */
export function verifySlackSignature(
  request: SlackSignature,
): { ok: true } | { ok: false; why: SlackSignatureProblem } {
  const { secret, body, timestamp, signature, now } = request;
  if (timestamp === undefined || signature === undefined) return { ok: false, why: 'missing' };
  if (typeof timestamp !== 'string' || typeof signature !== 'string') return { ok: false, why: 'malformed' };
  if (!/^\d{1,11}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) {
    return { ok: false, why: 'malformed' };
  }
  const ageMs = now - Number(timestamp) * 1000;
  if (ageMs > slackTimeDriftMsMax) return { ok: false, why: 'stale' };
  if (ageMs < -slackTimeDriftMsMax) return { ok: false, why: 'future' };
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  const actual = Buffer.from(signature);
  const equal = expected.length === actual.length && timingSafeEqual(expected, actual);
  return equal ? { ok: true } : { ok: false, why: 'mismatch' };
}
