import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { answer, answerText, refuse } from './answer.ts';
import { bears } from './bearer.ts';
import { type BodyProblem, type BodyRoom, bodyRoom, readBody } from './body.ts';
import { type HealthAnswer, livez, metricsType, type Readiness, readyz, type Watched } from './health.ts';
import { type DoorLimits, doorLimits } from './limits.ts';
import { countRefusals, type RefusalReason } from './refusals.ts';
import { knownReplays } from './replays.ts';
import { openServer } from './server.ts';
import { judgeSlackRequest, readyForBolt, single } from './slack-request.ts';

export interface DoorOptions {
  /** Bounds `stop`. How long a socket may take is Node's to measure. */
  clock: Clock;
  /** The machine's own clock, epoch ms: judges the times of signatures. Default: `clock`. */
  wall?: () => number;
  /** 0: any free one. */
  port: number;
  /** Never empty: anybody could sign with that. */
  slackSigningSecret: string | null;
  /**
   * Bolt's `HTTPReceiver.requestListener`, with its own signature check off. Gets verified requests alone, body in
   * `rawBody`. Null (Socket Mode), or without a secret: there is no such route.
   */
  slack: ((req: IncomingMessage, res: ServerResponse) => void) | null;
  /** Checks its signature itself and answers with a status. A rejection is answered 500. */
  pagerduty: (
    body: Buffer,
    headers: { signature: string | string[] | undefined; webhookId?: string; subscription?: string },
  ) => Promise<{ status: number }>;
  ready: () => Readiness;
  /** Without it there are no `/healthz` and `/metrics`. */
  watched?: Watched | null;
  /** Hears why a request got no further. */
  onRefused?: (reason: RefusalReason) => void;
  /** A request that Slack signed, and that nobody sent before, has come in. */
  onSlackAccepted?: () => void;
  log: Pick<Logger, 'warn' | 'error'>;
  /** Those that differ from `doorLimits`. */
  limits?: Partial<DoorLimits>;
}

export interface Door {
  /** Resolves with the port once it listens; rejects when it cannot (taken, forbidden). */
  start(): Promise<number>;
  /** Takes nothing new, waits for the answers under way, at most `drainWithinMs`, and closes every connection. */
  stop(): Promise<void>;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void> | void;

const bodyStatus = { 'too-large': 413, compressed: 415, gone: 400, crowded: 503 } as const satisfies Record<
  BodyProblem,
  number
>;

/**
 * The HTTP front door: one port for Slack, PagerDuty and health. What is too big, too slow, compressed or wrongly
 * signed ends here, before anything reads its meaning. No answer carries a stack trace, and no handler that throws
 * ends the process.
 */
export function openDoor(options: DoorOptions): Door {
  if (options.slackSigningSecret === '') throw new Error('The Slack signing secret is empty');
  const limits = { ...doorLimits, ...options.limits };
  const routes = routesOf(options, limits);
  return openServer(
    { clock: options.clock, port: options.port, limits, log: options.log },
    async (req, res) => {
      try {
        await dispatch(routes, limits, req, res);
      } catch (error) {
        options.log.error({ err: error, route: pathOf(req) }, 'request failed');
        answer(res, 500);
      }
    },
  );
}

/** Path -> method -> handler. A `Map`, so that no path finds what objects inherit. */
type Routes = ReadonlyMap<string, Readonly<Record<string, Handler>>>;

function routesOf(options: DoorOptions, limits: DoorLimits): Routes {
  const count = countRefusals(options.log, () => options.clock.now());
  const refused: Refused = (route, reason) => {
    count(route, reason);
    options.onRefused?.(reason);
  };
  const health = (state: () => HealthAnswer): Record<string, Handler> => {
    const handler: Handler = (_req, res) => {
      const { status, body } = state();
      answer(res, status, body);
    };
    return { GET: handler, HEAD: handler };
  };
  const reading = { limits, room: bodyRoom(limits.bodiesBytesMax) };
  const { slack, slackSigningSecret: secret } = options;
  const hearsSlack = slack !== null && secret !== null;
  return new Map<string, Record<string, Handler>>([
    ...(hearsSlack
      ? [['/slack/events', { POST: slackHandler({ ...options, slack, secret }, reading, refused) }] as const]
      : []),
    ['/webhooks/pagerduty', { POST: pagerdutyHandler(options, reading, refused) }],
    ['/livez', health(livez)],
    ['/readyz', health(() => readyz(options.ready()))],
    ...(options.watched ? watchRoutes(options.watched, refused) : []),
  ]);
}

/** For monitoring alone, which shows its token. */
function watchRoutes(
  { token, health, metrics }: Watched,
  refused: Refused,
): [string, Record<string, Handler>][] {
  const shown = (handler: Handler): Record<string, Handler> => {
    const guarded: Handler = (req, res) => {
      if (bears(req, token)) return handler(req, res);
      refused(pathOf(req), 'bad-token');
      answer(res, 401, undefined, { 'www-authenticate': 'Bearer' });
    };
    return { GET: guarded, HEAD: guarded };
  };
  const tellHealth: Handler = (_req, res) => {
    const body = health();
    answer(res, body.ok ? 200 : 503, body);
  };
  const tellMetrics: Handler = async (_req, res) =>
    answerText(res, 200, await metrics(), { 'content-type': metricsType });
  return [
    ['/healthz', shown(tellHealth)],
    ['/metrics', shown(tellMetrics)],
  ];
}

/** Paths are compared as they are written: `//livez`, `/%6civez` and `/./livez` are nobody's. */
function pathOf(req: IncomingMessage): string {
  return req.url?.split('?', 1)[0] ?? '';
}

async function dispatch(routes: Routes, limits: DoorLimits, req: IncomingMessage, res: ServerResponse) {
  const methods = routes.get(pathOf(req));
  if (!methods) return refuse(req, res, 404, limits.discardBytesMax);
  const name = req.method ?? '';
  const handler = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const allow = Object.keys(methods).join(', ');
  if (!handler) return refuse(req, res, 405, limits.discardBytesMax, { allow });
  await handler(req, res);
}

type Refused = (route: string, reason: RefusalReason) => void;

/** What bodies are read with; the room is one for all of them. */
interface Reading {
  limits: DoorLimits;
  room: BodyRoom;
}

interface SlackSide {
  clock: Clock;
  wall?: () => number;
  secret: string;
  slack: NonNullable<DoorOptions['slack']>;
  onSlackAccepted?: () => void;
}

/** The sender has its answer, and it was no failure. */
const isTaken = (res: ServerResponse): boolean => res.writableFinished && res.statusCode < 300;

function slackHandler(side: SlackSide, { limits, room }: Reading, refused: Refused): Handler {
  const { clock, wall = clock.now, secret, slack } = side;
  const replays = knownReplays(wall);
  return async (req, res) => {
    const body = await readBody(req, limits.slackBodyBytesMax, room);
    if (typeof body === 'string') return turnAway(req, res, body, limits, refused);
    const { jsonDepthMax } = limits;
    const verdict = judgeSlackRequest(req, body, { secret, now: wall(), jsonDepthMax });
    if (!verdict.ok) {
      refused(pathOf(req), verdict.why);
      return answer(res, verdict.status);
    }
    const seen = replays.take(verdict.signature);
    if (seen !== 'new') {
      refused(pathOf(req), 'replayed');
      // Slack itself may repeat one within the second: answered is answered, and what is under way it asks for again.
      return answer(res, seen === 'answered' ? 200 : 503);
    }
    side.onSlackAccepted?.();
    res.once('close', () => replays.answered(verdict.signature, isTaken(res)));
    slack(readyForBolt(req, body), res);
  };
}

function pagerdutyHandler(options: DoorOptions, { limits, room }: Reading, refused: Refused): Handler {
  return async (req, res) => {
    const body = await readBody(req, limits.pagerdutyBodyBytesMax, room);
    if (typeof body === 'string') return turnAway(req, res, body, limits, refused);
    const { status } = await options.pagerduty(body, {
      signature: single(req.headersDistinct['x-pagerduty-signature']),
      webhookId: req.headersDistinct['x-webhook-id']?.[0],
      subscription: req.headersDistinct['x-webhook-subscription']?.[0],
    });
    if (status === 401) refused(pathOf(req), 'unsigned');
    answer(res, status);
  };
}

/** Ends a request whose body was not taken. */
function turnAway(
  req: IncomingMessage,
  res: ServerResponse,
  problem: BodyProblem,
  limits: DoorLimits,
  refused: Refused,
): void {
  refused(pathOf(req), problem);
  refuse(req, res, bodyStatus[problem], limits.discardBytesMax);
}
