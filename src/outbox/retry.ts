import type { Settlement } from '../store/store.ts';
import type { LaneBounds } from './lanes.ts';

/**
 * What a failed call means.
 * `rate`: not applied, wait. `unclear`: perhaps applied. `config`: our token or scopes; trying on is useless until a
 * human acts. `refused`: Slack said no and will say no again.
 */
export type Fault = { word: string; words?: FaultWords } & (
  | { kind: 'rate'; retryAfterMs: number }
  | { kind: 'unclear' | 'config' | 'refused' }
);

/** For people: one sentence each, without a full stop. Slack's own words stand for themselves. */
export interface FaultWords {
  says: string;
  cure: string;
}

/** Without a usable Retry-After (platform.md section 1.8; reliability.md fault matrix). */
const retryAfterDefaultMs = 30_000;
const retryAfterMaxMs = 600_000;
const backoffFirstMs = 1_000;

const rateWords = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** The operation may have been carried out, in whole or in part (Slack's own documentation of these errors). */
const unclearWords = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
const configWords = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'not_allowed_token_type',
  'no_permission',
  'org_login_required',
  'ekm_access_denied',
  'access_denied',
]);

interface SlackFailure {
  code?: string;
  data?: { error?: string };
  retryAfter?: number;
  statusCode?: number;
  message?: string;
  /** A performer that does not speak to Slack knows better. */
  fault?: Fault;
}

/** Slack's own word for a failure, when it gave one. */
export const wordOf = (error: unknown): string | null => (error as SlackFailure)?.data?.error ?? null;

/** Slack or the way to it failed; anything else that is thrown is a mistake of ours, or of our disk. */
export const isSlackFailure = (error: unknown): boolean =>
  (error as SlackFailure)?.code?.startsWith('slack_webapi_') ?? false;

/** Reads a thrown failure of the WebClient (or of anything else: then its fate is unclear). */
export function faultOf(error: unknown): Fault {
  const failure = (error ?? {}) as SlackFailure;
  if (failure.fault) return failure.fault;
  if (failure.code === 'slack_webapi_rate_limited_error') {
    return { kind: 'rate', word: 'rate_limited', retryAfterMs: retryAfterMs(failure.retryAfter) };
  }
  if (failure.code === 'slack_webapi_platform_error')
    return faultOfWord(failure.data?.error ?? 'unknown_error');
  if (failure.code === 'slack_webapi_http_error') {
    return { kind: 'unclear', word: `http_${failure.statusCode ?? 'error'}` };
  }
  return { kind: 'unclear', word: failure.message ?? 'no answer' };
}

/** Slack's words for an error look so; the WebClient hands on a page of HTML, or nothing at all, as if it were one. */
const wordPattern = /^[\w:.-]{1,100}$/;

/** An unlisted word is a refusal: Slack answered, and nothing was done. What is no word is no answer of Slack's. */
export function faultOfWord(word: string): Fault {
  if (!wordPattern.test(word)) return { kind: 'unclear', word: 'an answer that cannot be read' };
  if (rateWords.has(word)) return { kind: 'rate', word, retryAfterMs: retryAfterDefaultMs };
  if (unclearWords.has(word)) return { kind: 'unclear', word };
  if (configWords.has(word)) return { kind: 'config', word };
  return { kind: 'refused', word };
}

/** How long to wait when Slack asked for `seconds`; a value that makes no sense gets the default. */
export function retryAfterMs(seconds: number | undefined): number {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds <= 0) return retryAfterDefaultMs;
  return Math.min(seconds * 1000, retryAfterMaxMs);
}

/**
 * What becomes of the row. `looksUp`: its fate can be found out, so an unclear one waits out the grace and looks;
 * the others are absolute and simply go again. A rate limit says nothing of an earlier try that is in doubt. `random` in [0, 1) spreads the tries.
 */
export function afterFault(
  fault: Fault,
  try_: {
    attempts: number;
    looksUp: boolean;
    /** An earlier try may have been applied, and this one has not found out. */
    inDoubt: boolean;
    lane: LaneBounds;
    now: number;
    random: number;
  },
): Settlement {
  const { attempts, lane, now } = try_;
  const error = fault.words ? `${fault.words.says}: ${fault.words.cure}` : fault.word;
  if (fault.kind === 'rate') {
    const spreadMs = Math.floor(try_.random * backoffFirstMs);
    return {
      state: try_.inDoubt ? 'unknown' : 'pending',
      notBefore: now + fault.retryAfterMs + spreadMs,
      error,
      uncounted: true,
    };
  }
  if (fault.kind === 'config') return { state: 'parked', error, uncounted: true };
  if (fault.kind === 'refused' || attempts >= lane.attemptsMax) return { state: 'dead', error };
  const ceilingMs = Math.min(lane.backoffMaxMs, backoffFirstMs * 2 ** Math.min(attempts, 20));
  const pauseMs = Math.ceil(ceilingMs * (0.5 + try_.random / 2));
  if (try_.looksUp) {
    return { state: 'unknown', notBefore: now + Math.max(lane.graceMs, pauseMs), error };
  }
  return { state: 'pending', notBefore: now + pauseMs, error };
}
