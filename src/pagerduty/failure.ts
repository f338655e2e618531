/** A call to PagerDuty that did not go as wished: what is known of it, and nothing secret. */
export interface PagerDutyFailure {
  /** The operation as PagerDuty's documentation names it, without ids: `PUT /incidents/{id}`. */
  route: string;
  what:
    | { kind: 'answered'; status: number; code: number | null; words: string; retryAfterMs: number | null }
    /** An answer that is not what PagerDuty documents: the call may have been applied. */
    | { kind: 'unreadable'; status: number }
    | { kind: 'timeout' }
    /** `code` is the machine's word, like ECONNREFUSED. */
    | { kind: 'network'; code: string }
    /** Not sent: the call before it, in the same line, got no answer. */
    | { kind: 'unreachable' }
    /** Not sent: our own limit, which keeps PagerDuty's. */
    | { kind: 'held-back'; retryAfterMs: number }
    /** Not sent: this account has no priority of that name. */
    | { kind: 'no-such-priority'; name: string; known: readonly string[] }
    /** Not sent: PagerDuty's ids are made of letters and digits. */
    | { kind: 'not-an-id' }
    /** Not sent: the configured From is nobody's, and the call needs somebody's id. */
    | { kind: 'no-requester' };
}

export type PagerDutyError = Error & { readonly pagerDuty: PagerDutyFailure };

/** An error to throw. Its message names the operation and the outcome, never a token, key or body. */
export function pagerDutyError(failure: PagerDutyFailure): PagerDutyError {
  const error = new Error(`PagerDuty ${failure.route}: ${outcomeOf(failure.what)}`);
  error.name = 'PagerDutyError';
  return Object.assign(error, { pagerDuty: failure });
}

/** PagerDuty or the way to it failed; anything else that is thrown is a mistake of ours. */
export function isPagerDutyError(error: unknown): error is PagerDutyError {
  return error instanceof Error && 'pagerDuty' in error;
}

function outcomeOf(what: PagerDutyFailure['what']): string {
  switch (what.kind) {
    case 'answered':
      return [`http ${what.status}`, what.code === null ? '' : `code ${what.code}`, what.words]
        .filter((part) => part !== '')
        .join(', ');
    case 'unreadable':
      return `http ${what.status} with an answer that could not be read`;
    case 'timeout':
      return 'no answer in time';
    case 'network':
      return `no connection (${what.code})`;
    case 'unreachable':
      return 'not tried, the call before it got no answer';
    case 'held-back':
      return `held back for ${Math.ceil(what.retryAfterMs / 1000)} s`;
    case 'no-such-priority':
      return `no priority ${JSON.stringify(what.name)}`;
    case 'not-an-id':
      return 'not an id of PagerDuty';
    case 'no-requester':
      return 'the configured e-mail belongs to no user';
  }
}
