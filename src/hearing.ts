import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import type { Engine } from './engine.ts';
import { faultOf } from './outbox/retry.ts';
import { type PagerDutyInbox, pagerDutyWebhook } from './pagerduty/webhook.ts';
import type { People } from './people.ts';
import type { watchRush } from './rush.ts';
import { createBolt } from './slack/bolt.ts';
import type { Health } from './slack/deps.ts';
import { slackOverHttp } from './slack/http.ts';
import type { SlackIdentity } from './slack/identity.ts';
import { listen } from './slack/listen.ts';
import { slackLogger } from './slack/logger.ts';
import { canvasScopes, groupScopes, missingScopes, neededScopes } from './slack/scopes.ts';
import { knowSharedChannels } from './slack/shared.ts';
import { slackOverSocket } from './slack/socket.ts';
import type { Transport } from './slack/transport.ts';
import type { Store } from './store/store.ts';
import type { State } from './voice.ts';
import type { DoorOptions } from './web/door.ts';

export interface AppDeps {
  environment: Environment;
  config: Config;
  store: Store;
  clock: Clock;
  /** The machine's own clock, epoch ms: by it others sign and date what they send. Default: `clock`. */
  wall?: () => number;
  log: Logger;
  version: string;
  /** In [0, 1). */
  random: () => number;
  /** How long one call to Slack may take. */
  slackTimeoutMs?: number;
  /** The same for PagerDuty. */
  pagerdutyTimeoutMs?: number;
  /** The longest that the event loop kept somebody waiting since it was last asked, ms. */
  lagMs?: () => number;
  /** Adds to the metrics what every process can say of itself. */
  processFigures?: (register: Registry) => void;
}

export type Report = (problem: string, error?: unknown) => void;

/** A call to Slack that takes longer has an unknown fate (platform.md section 1.8). */
export const slackTimeoutDefaultMs = 10_000;
/** Failed and parked calls that `/incident doctor` lists. */
const troublesShown = 10;
interface Hearing {
  state: State;
  identity: () => SlackIdentity;
  engine: Engine;
  people: People;
  meet: (user: string) => void;
  slack: WebClient;
  freshenDuties: () => void;
  /** What a look at ourselves found, in words. */
  findings: () => string[];
  report: Report;
}

interface Transporting {
  state: State;
  engine: Engine;
  entered: () => () => void;
  report: Report;
}

/** Socket Mode where there is an app-level token, else Slack calls us. */
export function transportOf(
  { environment, clock, log, random, slackTimeoutMs = slackTimeoutDefaultMs }: AppDeps,
  { state, engine, entered, report }: Transporting,
): Transport {
  const logger = slackLogger(log);
  const { slackAppToken: appToken, slackApiUrl: apiUrl } = environment;
  if (appToken === null) return slackOverHttp({ logger });
  return slackOverSocket({
    appToken,
    apiUrl,
    clock,
    random,
    logger,
    timeoutMs: slackTimeoutMs,
    fault: (error) => {
      const fault = faultOf(error);
      const afterMs = fault.kind === 'rate' ? fault.retryAfterMs : 0;
      return { word: fault.word, final: fault.kind === 'config', afterMs };
    },
    entered,
    onState: (problem) => {
      if (problem !== null) return void state.problems.set('socket', problem);
      if (!state.problems.delete('socket')) return;
      // Slack gives up on an event after six minutes: what was said meanwhile is pulled.
      engine.catchUp().catch((error: unknown) => report('what was missed could not be asked for', error));
    },
    report,
  });
}

/** Bolt with all listeners, and what they use. */
export function hearSlack(
  { environment, config, store, clock, log, version }: AppDeps,
  transport: Transport,
  hearing: Hearing,
): Transport {
  const { state, identity } = hearing;
  const health = (): Health => ({
    outbox: store.outboxReport(troublesShown),
    missingScopes: missingScopes(state.identity?.scopes ?? [], [
      ...neededScopes,
      ...(config.postmortem.canvas ? canvasScopes : []),
      ...(Object.values(config.teams).some(({ onCall }) => onCall?.userGroup) ? groupScopes : []),
    ]),
    problems: [...state.problems.values(), ...state.unreachable.values(), ...hearing.findings()],
    isSlackAway: state.isSlackAway ?? false,
    lastTickAt: state.tickedAt,
    version,
  });
  const bolt = createBolt({
    receiver: transport.receiver,
    botToken: environment.slackBotToken,
    slackApiUrl: environment.slackApiUrl,
    identity,
    logger: slackLogger(log),
  });
  const isSharedOutside = knowSharedChannels(hearing.slack, clock);
  listen(bolt, { ...hearing, store, clock, config: () => config, isSharedOutside, health });
  return transport;
}

/** Webhooks of PagerDuty, as the front door wants them. */
export const hearPagerDuty = (
  { environment, config, clock, wall, log }: AppDeps,
  inbox: PagerDutyInbox,
  /** Hears of each signature whether it fits (null), or what is wrong with it. */
  { signed }: { signed: (signer: 'pagerduty', fault: string | null) => void },
) =>
  pagerDutyWebhook({
    secrets: environment.pagerdutyWebhookSecrets,
    mapping: config.pagerduty,
    log,
    now: clock.now,
    wall,
    inbox,
    onSigned: (fault) => signed('pagerduty', fault),
  });

type SlackHandler = DoorOptions['slack'];
type PagerDutyHandler = DoorOptions['pagerduty'];

/** The two doors, each request counted while it waits for its answer. */
export const counted = (
  rush: ReturnType<typeof watchRush>,
  slack: SlackHandler,
  pagerduty: PagerDutyHandler,
  /** Hears with which status each webhook was answered. */
  answeredWith: (status: number) => void,
) => ({
  slack:
    slack &&
    (((req, res) => {
      res.once('close', rush.entered());
      slack(req, res);
    }) satisfies SlackHandler),
  pagerduty: (async (body, headers) => {
    const answered = rush.entered();
    try {
      const answer = await pagerduty(body, headers);
      answeredWith(answer.status);
      return answer;
    } catch (error) {
      answeredWith(500);
      throw error;
    } finally {
      answered();
    }
  }) satisfies PagerDutyHandler,
});
