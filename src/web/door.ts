import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { answer, refuse } from './answer.ts';
import { type BodyProblem, readBody } from './body.ts';
import { type HealthAnswer, livez, type Readiness, readyz } from './health.ts';
import { type DoorLimits, doorLimits } from './limits.ts';
import { countRefusals, type RefusalReason } from './refusals.ts';
import { openServer } from './server.ts';
import { judgeSlackRequest, readyForBolt, single } from './slack-request.ts';

export interface DoorOptions {
  /** Judges the times of signatures and bounds `stop`. How long a socket may take is Node's to measure. */
  clock: Clock;
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

const bodyStatus = { 'too-large': 413, compressed: 415, gone: 400 } as const satisfies Record<
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
  const refused = countRefusals(options.log, () => options.clock.now());
  const health = (state: () => HealthAnswer): Record<string, Handler> => {
    const handler: Handler = (_req, res) => {
      const { status, body } = state();
      answer(res, status, body);
    };
    return { GET: handler, HEAD: handler };
  };
  const { slack, slackSigningSecret: secret } = options;
  const hearsSlack = slack !== null && secret !== null;
  return new Map<string, Record<string, Handler>>([
    ...(hearsSlack
      ? [['/slack/events', { POST: slackHandler({ ...options, slack, secret }, limits, refused) }] as const]
      : []),
    ['/webhooks/pagerduty', { POST: pagerdutyHandler(options, limits, refused) }],
    ['/livez', health(livez)],
    ['/readyz', health(() => readyz(options.ready()))],
  ]);
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

interface SlackSide {
  clock: Clock;
  secret: string;
  slack: NonNullable<DoorOptions['slack']>;
}

function slackHandler({ clock, secret, slack }: SlackSide, limits: DoorLimits, refused: Refused): Handler {
  return async (req, res) => {
    const body = await readBody(req, limits.slackBodyBytesMax);
    if (typeof body === 'string') return turnAway(req, res, body, limits, refused);
    const { jsonDepthMax } = limits;
    const verdict = judgeSlackRequest(req, body, { secret, now: clock.now(), jsonDepthMax });
    if (!verdict.ok) {
      refused(pathOf(req), verdict.why);
      return answer(res, verdict.status);
    }
    slack(readyForBolt(req, body), res);
  };
}

function pagerdutyHandler(options: DoorOptions, limits: DoorLimits, refused: Refused): Handler {
  return async (req, res) => {
    const body = await readBody(req, limits.pagerdutyBodyBytesMax);
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
