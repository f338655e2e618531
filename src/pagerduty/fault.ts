import { isPagerDutyError, type PagerDutyFailure } from './failure.ts';

/**
 * What a failed call means; the kinds are those of the outbox. `rate`: not applied, wait. `unclear`: perhaps applied.
 * `config`: the token, the key or the From; trying on is useless until a human acts. `refused`: PagerDuty said no and
 * will say no again. `says` and `cure` are for people (doctor, channel): one sentence each, without a full stop.
 */
export type PagerDutyFault = { word: PagerDutyWord; says: string; cure: string } & (
  | { kind: 'rate'; retryAfterMs: number }
  | { kind: 'unclear' | 'config' | 'refused' }
);

/** Where no answer says how long to wait; and the longest wait that is believed. */
const retryAfterDefaultMs = 30_000;
const retryAfterMaxMs = 600_000;

interface Meaning {
  kind: PagerDutyFault['kind'];
  says: string;
  cure: string;
}

const meanings = {
  token_refused: {
    kind: 'config',
    says: 'PagerDuty does not accept the API token',
    cure: 'make a new REST API key (Integrations, API Access Keys), set PAGERDUTY_API_TOKEN to it and restart',
  },
  not_allowed: {
    kind: 'config',
    says: 'the API token, or the person it acts for, may not do this in PagerDuty',
    cure: 'use an API key that is not read-only, and give the user of PAGERDUTY_FROM_EMAIL the role Responder or higher',
  },
  from_unknown: {
    kind: 'config',
    says: 'PAGERDUTY_FROM_EMAIL belongs to nobody in PagerDuty',
    cure: 'set it to the login e-mail of a PagerDuty user, and restart',
  },
  routing_key_refused: {
    kind: 'config',
    says: 'PagerDuty does not accept the event: the integration key or the event is wrong',
    cure: 'compare PAGERDUTY_ROUTING_KEY with the Integration Key of an Events API v2 integration',
  },
  plan_lacks_it: {
    kind: 'refused',
    says: 'the plan of this PagerDuty account does not include this',
    cure: 'do it by hand in PagerDuty, or change the plan; Tocsin goes on without it',
  },
  not_found: {
    kind: 'refused',
    says: 'PagerDuty has no such incident, user, policy or service, or hides it from this API token',
    cure: 'look whether it was deleted, and whether the token may see its team',
  },
  already_resolved: {
    kind: 'refused',
    says: 'the incident is already resolved in PagerDuty',
    cure: 'nothing to do',
  },
  already_acknowledged: {
    kind: 'refused',
    says: 'the incident is already acknowledged in PagerDuty',
    cure: 'nothing to do',
  },
  already_merged: {
    kind: 'refused',
    says: 'the incident was merged into another one in PagerDuty',
    cure: 'go on with the one it was merged into',
  },
  cannot_escalate: {
    kind: 'refused',
    says: 'PagerDuty cannot escalate this incident: its policy has no such level, or it is assigned by hand',
    cure: 'reassign it in PagerDuty, or call the next person',
  },
  product_limit: {
    kind: 'refused',
    says: 'a limit of the PagerDuty product is reached (2,000 notes on one incident, for instance)',
    cure: 'write it in the incident channel; Tocsin goes on without it',
  },
  no_such_priority: {
    kind: 'refused',
    says: 'PagerDuty has no priority of that name',
    cure: 'compare the names in incident.yml with Incident Priorities in PagerDuty',
  },
  too_large: {
    kind: 'refused',
    says: 'PagerDuty found the request too large',
    cure: 'shorten the text, or write it in the incident channel',
  },
  bad_request: {
    kind: 'refused',
    says: 'PagerDuty did not accept the request',
    cure: 'do it by hand in PagerDuty, and report this line as a bug of Tocsin',
  },
  moved: {
    kind: 'config',
    says: 'the address of PagerDuty sends us elsewhere',
    cure: 'correct PAGERDUTY_API_URL or PAGERDUTY_EVENTS_URL (an account in Europe has api.eu.pagerduty.com)',
  },
  rate_limited: {
    kind: 'rate',
    says: 'PagerDuty asks for a pause: too many calls with this token or key',
    cure: 'nothing to do, it goes on by itself; another program with the same token may use it up',
  },
  held_back: {
    kind: 'rate',
    says: 'so much goes to PagerDuty that Tocsin waits before it reaches the limit',
    cure: 'nothing to do, it goes on by itself',
  },
  server_error: {
    kind: 'unclear',
    says: 'PagerDuty has trouble of its own',
    cure: 'nothing to do, Tocsin tries again; see status.pagerduty.com',
  },
  timeout: {
    kind: 'unclear',
    says: 'PagerDuty did not answer in time',
    cure: 'nothing to do, Tocsin tries again; see status.pagerduty.com',
  },
  no_connection: {
    kind: 'unclear',
    says: 'PagerDuty cannot be reached from here',
    cure: 'check DNS, proxy and firewall for api.pagerduty.com and events.pagerduty.com',
  },
  unreadable_answer: {
    kind: 'unclear',
    says: 'PagerDuty answered something that Tocsin cannot read',
    cure: 'check that PAGERDUTY_API_URL is PagerDuty and no proxy answers in its place',
  },
  unknown: {
    kind: 'unclear',
    says: 'the call to PagerDuty failed for a reason nobody foresaw',
    cure: 'look at the log, and report it as a bug of Tocsin',
  },
} as const satisfies Record<string, Meaning>;

export type PagerDutyWord = keyof typeof meanings;

/** Every word with what it means, for those who list them. */
export const pagerDutyWords = Object.keys(meanings) as readonly PagerDutyWord[];

/** PagerDuty's own codes (developer docs, REST errors). They say more than the HTTP status. */
const wordOfCode: Readonly<Record<number, PagerDutyWord>> = {
  1001: 'already_resolved',
  1002: 'already_acknowledged',
  1006: 'cannot_escalate',
  1008: 'from_unknown',
  1018: 'not_allowed',
  1019: 'already_merged',
  2019: 'product_limit',
  2020: 'rate_limited',
  2100: 'not_found',
  5001: 'not_found',
};

const wordOfStatus: Readonly<Record<number, PagerDutyWord>> = {
  401: 'token_refused',
  402: 'plan_lacks_it',
  403: 'not_allowed',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  429: 'rate_limited',
};

/** Reads a thrown failure of the client (or of anything else: then its fate is unclear). Pure. */
export function pagerDutyFaultOf(error: unknown): PagerDutyFault {
  if (!isPagerDutyError(error)) return faultOfWord('unknown', null);
  const { what, route } = error.pagerDuty;
  switch (what.kind) {
    case 'answered':
      return faultOfWord(wordOfAnswer(what, route), what.retryAfterMs);
    case 'unreadable':
      return faultOfWord('unreadable_answer', null);
    case 'timeout':
      return faultOfWord('timeout', null);
    case 'network':
    case 'unreachable':
      return faultOfWord('no_connection', null);
    case 'held-back':
      return faultOfWord('held_back', what.retryAfterMs);
    case 'no-such-priority':
      return faultOfWord('no_such_priority', null);
    case 'not-an-id':
      return faultOfWord('not_found', null);
    case 'no-requester':
      return faultOfWord('from_unknown', null);
  }
}

type Answered = Extract<PagerDutyFailure['what'], { kind: 'answered' }>;

function wordOfAnswer({ status, code }: Answered, route: string): PagerDutyWord {
  if (status >= 500) return 'server_error';
  if (status >= 300 && status < 400) return 'moved';
  const byStatus = wordOfStatus[status];
  if (byStatus === 'token_refused' || byStatus === 'rate_limited') return byStatus;
  if (route === eventsRoute) return byStatus ?? 'routing_key_refused';
  return (code === null ? undefined : wordOfCode[code]) ?? byStatus ?? 'bad_request';
}

/** The one operation of the Events API v2: its 400 means the key or the event. */
export const eventsRoute = 'POST /enqueue';

function faultOfWord(word: PagerDutyWord, retryAfterMs: number | null): PagerDutyFault {
  const { kind, says, cure }: Meaning = meanings[word];
  if (kind !== 'rate') return { kind, word, says, cure };
  return { kind, word, says, cure, retryAfterMs: believable(retryAfterMs) };
}

function believable(waitMs: number | null): number {
  if (waitMs === null || !Number.isFinite(waitMs) || waitMs <= 0) return retryAfterDefaultMs;
  return Math.min(waitMs, retryAfterMaxMs);
}
