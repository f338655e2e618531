import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { bodyOf } from './body.ts';
import type { FaultPlan, Planned } from './faults.ts';
import type { Json } from './json.ts';
import { isObject, parseJson } from './json.ts';
import { listenHere } from './listen.ts';
import { enqueue } from './pagerduty-enqueue.ts';
import { minuteWindows } from './pagerduty-minutes.ts';
import { pagerDutyRefusal, refusalWithCode } from './pagerduty-refuse.ts';
import { restAnswer, routeOf } from './pagerduty-rest.ts';
import { AUTHORIZATION, ENQUEUE, PAGERDUTY_LIMITS } from './pagerduty-rules.ts';
import type { Desk } from './pagerduty-tickets.ts';

/** One call of ours, as the log keeps it. */
export interface PagerDutyCall {
  /** `PUT /incidents/{id}`. */
  route: string;
  /** What stood in the place of `{id}`, or ''. */
  id: string;
  /** As it was sent: `since=…&until=…`. */
  query: string;
  body: Json;
  /** The header, or null. */
  from: string | null;
  /** Epoch ms of the sandbox's clock. */
  at: number;
  /** HTTP status of the answer; 0: there was none. */
  status: number;
  /** The body that went back; undefined: none did, or not yet. */
  answer?: Json;
}

export interface PagerDutySide {
  desk: Desk;
  faults: FaultPlan;
  calls: PagerDutyCall[];
  token: string;
  isTokenGood: boolean;
  hasRateLimits: boolean;
}

export interface PagerDutyHttp {
  baseUrl: string;
  /** Calls that are being served and will be answered. */
  busy(): number;
  atOnceMax(): number;
  close(): void;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: Json;
}

/** A larger request is nobody's call. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** Serves REST v2 and Events v2 on a free port of 127.0.0.1. */
export async function servePagerDuty(side: PagerDutySide, port: number): Promise<PagerDutyHttp> {
  const judge = judgeOf(side);
  let [busy, rest, atOnceMax] = [0, 0, 0];
  const server = createServer((request, response) => {
    const isRest = !(request.url ?? '').startsWith('/v2/');
    busy += 1;
    if (isRest) rest += 1;
    atOnceMax = Math.max(atOnceMax, rest);
    respond(side, judge, request, response)
      .catch((error: unknown) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ error: { message: String(error) } }));
      })
      .finally(() => {
        busy -= 1;
        if (isRest) rest -= 1;
      });
  });
  const baseUrl = await listenHere(server, port);
  return {
    baseUrl,
    busy: () => busy,
    atOnceMax: () => atOnceMax,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Judge = (call: PagerDutyCall, headers: IncomingHttpHeaders, raw: Buffer) => Answer;

async function respond(
  side: PagerDutySide,
  judge: Judge,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const raw = await bodyOf(request, BODY_BYTES_MAX);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const isEvent = `${request.method} ${url.pathname}` === ENQUEUE;
  const { route, id } = isEvent ? { route: ENQUEUE, id: '' } : routeOf(request.method ?? '', url.pathname);
  const body = parseJson(raw.toString());
  const from = request.headers.from ?? null;
  const at = side.desk.clock.now();
  const query = url.searchParams.toString();
  const call: PagerDutyCall = { route, id, query, body: isObject(body) ? body : {}, from, at, status: 0 };
  side.calls.push(call);
  const fault = side.faults.take(route);
  const answer = fault?.when === 'before' ? null : judge(call, request.headers, raw);
  const told = fault ? inTrouble(fault) : answer;
  if (told === null || 'hangs' in told) {
    if (told !== null && !told.hangs) response.destroy();
    return;
  }
  call.status = told.status;
  call.answer = told.body;
  response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers });
  response.end(JSON.stringify(told.body));
}

function inTrouble({ trouble }: Planned): Answer | { hangs: boolean } {
  if ('timeout' in trouble) return { hangs: true };
  if ('reset' in trouble || 'raw' in trouble) return { hangs: false };
  if ('error' in trouble) return refusalWithCode(Number(trouble.error));
  if (trouble.status === 429) {
    const { retryAfter } = trouble;
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { 'ratelimit-reset': String(retryAfter) };
    return { ...pagerDutyRefusal('rate'), headers };
  }
  return { status: trouble.status, body: { error: { message: 'made to fail' } } };
}

/** Token and limits first, then the call itself. */
function judgeOf(side: PagerDutySide): Judge {
  const { desk } = side;
  const { restPerMinute, eventsPerMinute } = PAGERDUTY_LIMITS;
  const windows = minuteWindows(desk.clock);
  return (call, headers, raw) => {
    if (call.route === ENQUEUE) {
      const key = String(call.body.routing_key);
      const { isOver } = windows.count(`events ${key}`, eventsPerMinute);
      if (isOver && side.hasRateLimits) return { status: 429, body: { status: 'throttle exceeded' } };
      return enqueue(desk, parseJson(raw.toString()), raw.length);
    }
    const token = AUTHORIZATION.exec(headers.authorization ?? '')?.[1];
    if (token !== side.token || !side.isTokenGood) return pagerDutyRefusal('unauthorized');
    const window = windows.count('rest', restPerMinute);
    const limits = {
      'ratelimit-limit': String(restPerMinute),
      'ratelimit-remaining': String(window.remaining),
      'ratelimit-reset': String(window.resetSeconds),
    };
    if (window.isOver && side.hasRateLimits) return { ...pagerDutyRefusal('rate'), headers: limits };
    return { ...restAnswer(desk, call, headers), headers: limits };
  };
}
