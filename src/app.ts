import { LogLevel, type Logger as SlackLogger, WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { policyOf } from './config/policy.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Lane } from './incident/effects.ts';
import { announceChannel } from './outbox/announce-channel.ts';
import type { Context } from './outbox/context.ts';
import { createOutbox } from './outbox/drain.ts';
import { faultOf } from './outbox/retry.ts';
import { pagerDutyInbox } from './pagerduty/inbox.ts';
import { pagerDutyWebhook } from './pagerduty/webhook.ts';
import { knowPeople, type People } from './people.ts';
import { createBolt, inlineTimeoutMs } from './slack/bolt.ts';
import type { Health } from './slack/deps.ts';
import { askIdentity, rememberedIdentity, type SlackIdentity } from './slack/identity.ts';
import { listen } from './slack/listen.ts';
import { missingScopes } from './slack/scopes.ts';
import type { Store } from './store/store.ts';
import { openDoor } from './web/door.ts';

export interface AppDeps {
  environment: Environment;
  config: Config;
  store: Store;
  clock: Clock;
  log: Logger;
  version: string;
  /** In [0, 1). */
  random: () => number;
  /** How long one call to Slack may take. */
  slackTimeoutMs?: number;
}

type Report = (problem: string, error?: unknown) => void;

/** The little that lives in memory alone, and is rebuilt at every start. */
interface State {
  identity: SlackIdentity | null;
  /** When the last tick completed, epoch ms. */
  tickedAt: number | null;
  stopping: boolean;
}

export type App = Awaited<ReturnType<typeof createApp>>;

/** A call to Slack that takes longer has an unknown fate (platform.md section 1.8). */
const slackTimeoutDefaultMs = 10_000;
/** Failed and parked calls that `/incident doctor` lists. */
const troublesShown = 10;
/** How often we ask again who we are while Slack is away. */
const identityRetryMs = 15_000;

/** Slack refuses us for good: the process says why and ends. */
export class SlackRefusal extends Error {}

/**
 * Wires everything; the table of contents. Nothing is heard or said before `start`. The production process and the
 * sandbox differ in what they pass in, and in nothing else.
 */
export async function createApp(deps: AppDeps) {
  const { environment, config, store, clock, log } = deps;
  const report: Report = (problem, error) => log.warn({ err: error }, problem);
  const clients = slackClients(deps);
  const state: State = { identity: rememberedIdentity(store), tickedAt: null, stopping: false };
  const identity = (): SlackIdentity => {
    if (!state.identity) throw new Error('Slack has not told us yet who we are');
    return state.identity;
  };

  const engine = createEngine({
    store,
    clock,
    policy: () => policyOf(config),
    machines: config.machines,
    wake: () => outbox.wake(),
    report,
  });
  const people = {
    page: knowPeople(clients.page, store, clock),
    rest: knowPeople(clients.rest, store, clock),
  };
  const context = (lane: Lane): Context => ({
    slack: lane === 'page' ? clients.page : clients.rest,
    people: lane === 'page' ? people.page : people.rest,
    store,
    engine,
    clock,
    config: () => config,
    identity,
    report,
  });
  const outbox = createOutbox({ context, random: deps.random });

  const bolt = hearSlack(deps, {
    state,
    identity,
    engine,
    people: people.rest,
    slack: clients.inline,
    report,
  });
  const door = openDoor({
    clock,
    port: environment.port,
    slackSigningSecret: environment.slackSigningSecret,
    slack: bolt.listener,
    pagerduty: hearPagerDuty(deps, engine, report),
    ready: () => readiness(state),
    log,
  });

  /** The heartbeat: what is due is done, and `/readyz` knows that it beats. */
  async function tick(): Promise<void> {
    await engine.tick();
    state.tickedAt = clock.now();
  }

  async function keepAsking(): Promise<void> {
    while (!state.stopping) {
      await clock.sleepUntil(clock.now() + identityRetryMs, stopped.signal);
      if (state.stopping || (await identify(state, clients.rest, store, report).catch(() => false))) break;
    }
    if (!state.stopping) await speak();
  }

  /** Slack knows us: what waits goes out, and what was said while we were away is pulled. */
  async function speak(): Promise<void> {
    await store.unpark(clock.now());
    await outbox.start();
    await announceChannel(context('announcement')).catch((error: unknown) =>
      report(`the announce channel #${config.announceChannel} could not be found, joined or made`, error),
    );
    await engine.catchUp();
  }

  const stopped = new AbortController();
  return {
    /** Opens the door, then speaks. Resolves with the port once it listens; throws `SlackRefusal`. */
    start: async (): Promise<number> => {
      const known = await identify(state, clients.rest, store, report);
      const port = await door.start();
      await tick();
      if (known) await speak();
      else void keepAsking();
      return port;
    },
    tick,
    /** Nothing is under way and nothing can go out now. */
    idle: () => outbox.idle(),
    stop: async (): Promise<void> => {
      state.stopping = true;
      stopped.abort();
      await door.stop();
      await outbox.stop();
    },
  };
}

/** Who are we? `invalid_auth` and a missing scope end the start; silence does not. */
async function identify(state: State, slack: WebClient, store: Store, report: Report): Promise<boolean> {
  try {
    const identity = await askIdentity(slack, store);
    const [missing] = missingScopes(identity.scopes);
    if (missing) throw new SlackRefusal(scopeWords(missing));
    state.identity = identity;
    return true;
  } catch (error) {
    if (error instanceof SlackRefusal) throw error;
    const fault = faultOf(error);
    if (fault.kind === 'config') throw new SlackRefusal(refusalWords(fault.word, error));
    report('Slack does not answer; Tocsin stays up and tries again', error);
    return false;
  }
}

interface Hearing {
  state: State;
  identity: () => SlackIdentity;
  engine: Engine;
  people: People;
  slack: WebClient;
  report: Report;
}

/** Bolt with all listeners, and what they use. */
function hearSlack({ environment, config, store, clock, log, version }: AppDeps, hearing: Hearing) {
  const { state, identity } = hearing;
  const health = (): Health => ({
    outbox: store.outboxReport(troublesShown),
    missingScopes: missingScopes(state.identity?.scopes ?? []),
    problems: state.identity ? [] : ['Slack has not answered since the start: nothing can be sent yet.'],
    lastTickAt: state.tickedAt,
    version,
  });
  const bolt = createBolt({
    botToken: environment.slackBotToken,
    slackApiUrl: environment.slackApiUrl,
    identity,
    logger: boltLogger(log),
  });
  listen(bolt.app, { ...hearing, store, clock, config: () => config, health });
  return bolt;
}

/** Webhooks of PagerDuty, as the front door wants them. */
const hearPagerDuty = ({ environment, config, store, clock, log }: AppDeps, engine: Engine, report: Report) =>
  pagerDutyWebhook({
    secrets: environment.pagerdutyWebhookSecrets,
    mapping: config.pagerduty,
    log,
    now: clock.now,
    inbox: pagerDutyInbox({ engine, store, config: () => config, report }),
  });

const readiness = (state: State) => {
  if (state.stopping) return { ready: false, why: ['stopping'] };
  return state.tickedAt === null
    ? { ready: false, why: ['no tick completed yet'] }
    : { ready: true, why: [] };
};

/** Pages have a client of their own: a rate limit on chatter never holds one back. No client retries by itself. */
function slackClients({ environment, slackTimeoutMs = slackTimeoutDefaultMs, log }: AppDeps) {
  const client = (timeout: number) =>
    new WebClient(environment.slackBotToken, {
      slackApiUrl: environment.slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout,
      logger: boltLogger(log),
    });
  return {
    page: client(slackTimeoutMs),
    rest: client(slackTimeoutMs),
    inline: client(Math.min(slackTimeoutMs, inlineTimeoutMs)),
  };
}

const scopeWords = (scope: string): string =>
  `The Slack app lacks the scope ${scope}: paste manifest.yml into its App Manifest page, then reinstall it to the workspace.`;

function refusalWords(word: string, error: unknown): string {
  const needed = (error as { data?: { needed?: string } }).data?.needed;
  if (word === 'missing_scope') return scopeWords(needed ?? '(unnamed)');
  return `Slack refuses SLACK_BOT_TOKEN (${word}): copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of the app made from manifest.yml.`;
}

/** Slack's libraries log whole bodies at debug level: they speak from warnings on, through our log and its redaction. */
function boltLogger(log: Logger): SlackLogger {
  const quiet = (): void => undefined;
  const join = (words: unknown[]): string => words.map(String).join(' ');
  return {
    debug: quiet,
    info: quiet,
    warn: (...words: unknown[]) => log.warn({ from: 'slack library' }, join(words)),
    error: (...words: unknown[]) => log.error({ from: 'slack library' }, join(words)),
    setLevel: quiet,
    getLevel: () => LogLevel.WARN,
    setName: quiet,
  };
}
