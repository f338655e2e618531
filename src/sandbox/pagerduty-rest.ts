import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from './json.ts';
import { isObject, objectAt } from './json.ts';
import type { PagerDutyUser } from './pagerduty-account.ts';
import {
  type Asked,
  enableSubscription,
  listAlerts,
  listIncidents,
  listNotes,
  listOnCalls,
  listPriorities,
  listSubscriptions,
  listUsers,
  showIncident,
  showUser,
} from './pagerduty-reads.ts';
import { pagerDutyRefusal, refusalThrown, refuseCall } from './pagerduty-refuse.ts';
import { ACCEPT, ROUTES, type RouteName, type RouteRule } from './pagerduty-rules.ts';
import type { PagerDutyCall } from './pagerduty-server.ts';
import type { Desk } from './pagerduty-tickets.ts';
import {
  createIncident,
  createNote,
  createStatusUpdate,
  requestResponders,
  updateIncident,
  type Wanted,
} from './pagerduty-writes.ts';

const READS: Partial<Record<RouteName, (asked: Asked) => Json>> = {
  'GET /incidents': listIncidents,
  'GET /incidents/{id}': showIncident,
  'GET /incidents/{id}/alerts': listAlerts,
  'GET /incidents/{id}/notes': listNotes,
  'GET /oncalls': listOnCalls,
  'GET /users': listUsers,
  'GET /users/{id}': showUser,
  'GET /priorities': listPriorities,
  'GET /webhook_subscriptions': listSubscriptions,
  'POST /webhook_subscriptions/{id}/enable': enableSubscription,
};

const WRITES: Partial<Record<RouteName, (wanted: Wanted) => Json>> = {
  'POST /incidents': createIncident,
  'PUT /incidents/{id}': updateIncident,
  'POST /incidents/{id}/notes': createNote,
  'POST /incidents/{id}/status_updates': createStatusUpdate,
  'POST /incidents/{id}/responder_requests': requestResponders,
};

/** The route that a path belongs to, and what stands in the place of `{id}`. An unknown one is named as it came. */
export function routeOf(method: string, path: string): { route: string; id: string } {
  const parts = path.split('/').slice(1);
  for (const route of Object.keys(ROUTES)) {
    const [verb = '', template = ''] = route.split(' ');
    const places = template.split('/').slice(1);
    const fits = places.every((place, at) => (place === '{id}' ? parts[at] : place === parts[at]));
    if (verb !== method || places.length !== parts.length || !fits) continue;
    const at = places.indexOf('{id}');
    return { route, id: at < 0 ? '' : decodeURIComponent(parts[at] ?? '') };
  }
  return { route: `${method} ${path}`, id: '' };
}

/** Carries a call out, or says what is wrong with it. Whoever calls has looked at token and limits. */
export function restAnswer(
  desk: Desk,
  call: PagerDutyCall,
  headers: IncomingHttpHeaders,
): { status: number; body: Json } {
  if (!Object.hasOwn(ROUTES, call.route)) return pagerDutyRefusal('notFound');
  const name = call.route as RouteName;
  try {
    const query = new URLSearchParams(call.query);
    judgeHeaders(headers, call);
    judgeQuery(ROUTES[name], query);
    judgeAbility(desk, ROUTES[name]);
    const asked = { desk, id: call.id, query };
    const read = READS[name];
    if (read) return { status: 200, body: read(asked) };
    const user = requesterOf(desk, call.from);
    const body = fieldsOf(ROUTES[name], call.body);
    const answer = WRITES[name]?.({ ...asked, body, user }) ?? {};
    return { status: name === 'POST /incidents' ? 201 : 200, body: answer };
  } catch (thrown) {
    const refusal = refusalThrown(thrown);
    if (refusal) return refusal;
    throw thrown;
  }
}

/** PagerDuty is lenient about these in places; here they are as its documentation wants them. */
function judgeHeaders(headers: IncomingHttpHeaders, call: PagerDutyCall): void {
  if (headers.accept !== ACCEPT) refuseCall('invalid', `Accept must be ${ACCEPT}`);
  const isJson = headers['content-type'] === 'application/json';
  if (!call.route.startsWith('GET') && !isJson)
    refuseCall('invalid', 'Content-Type must be application/json');
}

function judgeQuery({ query: known = [] }: RouteRule, query: URLSearchParams): void {
  const unknown = [...query.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) refuseCall('invalid', ...unknown.map((name) => `${name} is not a parameter`));
}

function judgeAbility({ account }: Desk, { ability }: RouteRule): void {
  if (ability !== undefined && account.lacks.has(ability)) refuseCall('plan', ability);
}

function requesterOf({ account }: Desk, from: string | null): PagerDutyUser {
  if (from === null) return refuseCall('invalid', 'From header is missing');
  const wanted = from.toLowerCase();
  const user = account.users.find(({ email }) => email.toLowerCase() === wanted) ?? refuseCall('requester');
  return user.isObserver ? refuseCall('notAuthorized') : user;
}

function fieldsOf({ under, body: kinds = {} }: RouteRule, body: Json): Json {
  const fields = under === undefined ? body : objectAt(body, under);
  const errors = Object.keys(under === undefined ? {} : body)
    .filter((name) => name !== under)
    .map((name) => `${name} is not a field`);
  for (const [name, value] of Object.entries(fields)) {
    const kind = kinds[name];
    if (kind === undefined) errors.push(`${name} is not a field`);
    else if (!isOfKind(value, kind.charAt(0))) errors.push(`${name} is of the wrong kind`);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind.endsWith('!') && fields[name] === undefined) errors.push(`${name} is missing`);
  }
  return errors.length > 0 ? refuseCall('invalid', ...errors) : fields;
}

function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case 's':
      return typeof value === 'string';
    case 'i':
      return Number.isInteger(value);
    case 'o':
      return isObject(value);
    case 'l':
      return Array.isArray(value);
    default:
      return true;
  }
}
