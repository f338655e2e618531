import { createHmac, timingSafeEqual } from 'node:crypto';

export type PagerDutySignatureVerdict = 'valid' | 'missing' | 'malformed' | 'no-match' | 'no-secret';

export interface PagerDutySignature {
  /** More than one while a secret is being replaced. */
  secrets: readonly string[];
  /** The bytes as they arrived. */
  body: Buffer;
  /**
   * `X-PagerDuty-Signature`: `v1=<64 hex digits>`, several with commas between; a list where the header came more
   * than once.
   */
  header: string | readonly string[] | undefined;
}

/**
 * Whether PagerDuty signed this body: HMAC-SHA256 of the raw bytes, any `v1=` of the header with any of our secrets.
 * Other versions are passed over. No time is signed, so only the event's id tells a replay. `no-secret`: nothing to
 * compare with.
 */
export function verifyPagerDutySignature(request: PagerDutySignature): PagerDutySignatureVerdict {
  const { header, body } = request;
  if (header === undefined || header === '') return 'missing';
  if (typeof header !== 'string') return 'malformed';
  const signatures = header
    .split(',')
    .map((part) => /^v1=([0-9a-f]{64})$/i.exec(part.trim())?.[1])
    .filter((hex) => hex !== undefined)
    .map((hex) => Buffer.from(hex, 'hex'));
  if (signatures.length === 0) return 'malformed';
  const secrets = request.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) return 'no-secret';
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(body).digest());
  // Every pair is compared: when it matches tells nothing about which did.
  const matches = expected.flatMap((ours) => signatures.filter((theirs) => equal(ours, theirs)));
  return matches.length > 0 ? 'valid' : 'no-match';
}

function equal(ours: Buffer, theirs: Buffer): boolean {
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
