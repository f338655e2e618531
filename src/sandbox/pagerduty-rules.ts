/**
 * PagerDuty's rules as data, from its developer docs and its published OpenAPI. Where they leave something open the
 * stricter reading stands here, so that what passes here passes there.
 */

export const PAGERDUTY_LIMITS = {
  /** Calls in a minute, REST, per key. */
  restPerMinute: 960,
  /** Events in a minute and integration key. */
  eventsPerMinute: 120,
  pageDefault: 25,
  pageSize: 100,
  /** offset + limit. */
  listRows: 10_000,
  notesPerIncident: 2_000,
  /** Shifts are told so far ahead. */
  onCallDays: 90,
  dedupKeyLength: 255,
  eventSummaryLength: 1_024,
  eventBytes: 512 * 1024,
} as const;

export const ACCEPT = 'application/vnd.pagerduty+json;version=2';
export const AUTHORIZATION = /^Token token=(\S+)$/;

/** `{error: {message, code, errors}}`; where no code is documented there is none. */
export const PAGERDUTY_ERRORS = {
  resolved: { status: 400, code: 1001, message: 'Incident Already Resolved' },
  acknowledged: { status: 400, code: 1002, message: 'Incident Already Acknowledged' },
  cannotEscalate: { status: 400, code: 1006, message: 'Incident Cannot Be Escalated' },
  requester: { status: 400, code: 1008, message: 'Requester User Not Found' },
  notAuthorized: { status: 403, code: 1018, message: 'User Not Authorized' },
  merged: { status: 400, code: 1019, message: 'Incident Already Merged' },
  invalid: { status: 400, code: 2001, message: 'Invalid Input Provided' },
  limit: { status: 400, code: 2019, message: 'Product Limit Reached' },
  rate: { status: 429, code: 2020, message: 'Rate Limit Exceeded' },
  notFound: { status: 404, code: 2100, message: 'Not Found' },
  gone: { status: 404, code: 5001, message: 'Not Found' },
  unauthorized: { status: 401, code: null, message: 'Access Denied' },
  plan: { status: 402, code: null, message: 'Required abilities are unavailable' },
} as const;

export type PagerDutyRefusalName = keyof typeof PAGERDUTY_ERRORS;

/** s text, i integer, o object, l list, * anything. A `!` after it: required. */
type FieldKind = 's' | 's!' | 'i' | 'o' | 'o!' | 'l' | 'l!' | '*';

export interface RouteRule {
  /** Changes an incident: needs the `From` of a user. */
  from?: boolean;
  /** Names of what may be asked for. */
  query?: readonly string[];
  /** The key that the body's fields are under; without: the body itself. */
  under?: string;
  body?: Readonly<Record<string, FieldKind>>;
  /** What the plan must include, else 402. */
  ability?: PagerDutyAbility;
}

/** What an account may lack. */
export type PagerDutyAbility = 'priorities' | 'coordinated_responding' | 'stakeholder_updates';

const PAGE = ['limit', 'offset', 'total'];

/** The calls that this PagerDuty knows, by method and path of the OpenAPI. */
export const ROUTES = {
  'GET /incidents': {
    query: [
      ...PAGE,
      'since',
      'until',
      'statuses[]',
      'service_ids[]',
      'incident_key',
      'sort_by',
      'urgencies[]',
    ],
  },
  'POST /incidents': {
    from: true,
    under: 'incident',
    body: {
      type: 's!',
      title: 's!',
      service: 'o!',
      urgency: 's',
      incident_key: 's',
      body: 'o',
      priority: 'o',
      escalation_policy: 'o',
      assignments: 'l',
    },
  },
  'GET /incidents/{id}': { query: ['include[]'] },
  'PUT /incidents/{id}': {
    from: true,
    under: 'incident',
    body: {
      type: 's!',
      status: 's',
      resolution: 's',
      title: 's',
      urgency: 's',
      escalation_level: 'i',
      assignments: 'l',
      escalation_policy: 'o',
      priority: '*',
    },
  },
  'GET /incidents/{id}/alerts': { query: [...PAGE, 'statuses[]', 'sort_by', 'include[]'] },
  'GET /incidents/{id}/notes': {},
  'POST /incidents/{id}/notes': { from: true, under: 'note', body: { content: 's!' } },
  'POST /incidents/{id}/status_updates': {
    from: true,
    body: { message: 's!', subject: 's', html_message: 's' },
    ability: 'stakeholder_updates',
  },
  'POST /incidents/{id}/responder_requests': {
    from: true,
    body: { requester_id: 's!', message: 's!', responder_request_targets: 'l!' },
    ability: 'coordinated_responding',
  },
  'GET /oncalls': {
    query: [
      ...PAGE,
      'include[]',
      'user_ids[]',
      'escalation_policy_ids[]',
      'schedule_ids[]',
      'since',
      'until',
      'earliest',
      'time_zone',
    ],
  },
  'GET /users': { query: [...PAGE, 'query', 'include[]'] },
  'GET /users/{id}': { query: ['include[]'] },
  'GET /priorities': { query: PAGE, ability: 'priorities' },
  'GET /webhook_subscriptions': { query: [...PAGE, 'filter_type', 'filter_id'] },
  'POST /webhook_subscriptions/{id}/enable': {},
} as const satisfies Readonly<Record<string, RouteRule>>;

export type RouteName = keyof typeof ROUTES;

/** The Events API v2: the fields of an event, of its payload, and what they may say. */
export const ENQUEUE = 'POST /v2/enqueue';
export const EVENT = {
  fields: ['routing_key', 'event_action', 'dedup_key', 'payload', 'client', 'client_url', 'links', 'images'],
  actions: ['trigger', 'acknowledge', 'resolve'],
  payload: ['summary', 'source', 'severity', 'timestamp', 'component', 'group', 'class', 'custom_details'],
  severities: ['critical', 'error', 'warning', 'info'],
} as const;
