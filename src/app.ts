import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { policyOf } from './config/policy.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Lane } from './incident/effects.ts';
import { announceChannel } from './outbox/announce-channel.ts';
import { slackClients } from './outbox/clients.ts';
import type { Context } from './outbox/context.ts';
import { createOutbox } from './outbox/drain.ts';
import { standardLanes } from './outbox/lanes.ts';
import { faultOf, wordOf } from './outbox/retry.ts';
import { pagerDutyInbox } from './pagerduty/inbox.ts';
import { pagerDutyWebhook } from './pagerduty/webhook.ts';
import { inAHurry, knowPeople, type People } from './people.ts';
import { watchRush } from './rush.ts';
import { createBolt, inlineTimeoutMs } from './slack/bolt.ts';
import type { Health } from './slack/deps.ts';
import {
  askIdentity,
  refusalOf,
  rememberedIdentity,
  type SlackIdentity,
  SlackRefusal,
  scopeRefusal,
} from './slack/identity.ts';
import { listen } from './slack/listen.ts';
import { slackLogger } from './slack/logger.ts';
import { missingScopes } from './slack/scopes.ts';
import type { Store } from './store/store.ts';
import { type DoorOptions, openDoor } from './web/door.ts';

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
  /** Slack is away or refuses us: it is asked again every now and then. */
  isAsking: boolean;
  stopping: boolean;
  /** What is wrong, in words, for `/incident doctor`; gone when it is mended. */
  problems: Map<'slack' | 'clock' | 'announce channel' | 'backup', string>;
}

export type App = Awaited<ReturnType<typeof createApp>>;

/** A call to Slack that takes longer has an unknown fate (platform.md section 1.8). */
const slackTimeoutDefaultMs = 10_000;
/** Failed and parked calls that `/incident doctor` lists. */
const troublesShown = 10;
/** How long the very first start waits for Slack before it opens the door all the same. */
const firstWordWithinMs = 1_000;
/** What was sent is on the timeline; the row that sent it is kept this long for whoever looks into trouble. */
const doneKeptMs = 30 * 24 * 3_600_000;
/** How often we ask again who we are while Slack is away or refuses us. */
const identityRetryMs = 15_000;

/**
 * Wires everything; the table of contents. Nothing is heard or said before `start`. The production process and the
 * sandbox differ in what they pass in, and in nothing else.
 */
export async function createApp(deps: AppDeps) {
  const { environment, config, store, clock, log } = deps;
  const report: Report = (problem, error) => log.warn({ err: error }, problem);
  const clients = clientsOf(deps);
  const state = stateAtStart(store);
  const identity = identityIn(state);
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
  const rush = watchRush(clock, () => outbox.wake());
  const outbox = createOutbox({
    context,
    random: deps.random,
    lanes: standardLanes,
    isRushed: () => rush.isOn(),
    onParked: (word) => voice.heldBack(word),
  });
  const voice = voiceOf(deps, { state, slack: clients.rest, outbox, engine, context, report });

  const upkeep = upkeepOf(deps, state, engine);
  const bolt = hearSlack(deps, {
    state,
    identity,
    engine,
    people: inAHurry(people.rest, clock),
    slack: clients.inline,
    report,
  });
  const door = openDoor({
    clock,
    port: environment.port,
    slackSigningSecret: environment.slackSigningSecret,
    ...counted(rush, bolt.listener, hearPagerDuty(deps, engine, report)),
    ready: () => readiness(state),
    log,
  });

  return {
    /**
     * Opens the door, beats once (`onOpen` gets the port), then speaks to Slack. Who knew us at an earlier start is not
     * asked first; at the very first one we wait a moment for the answer, because commands need it. Throws
     * `SlackRefusal` when Slack refuses us; that it is away is no reason to end.
     */
    start: async (onOpen?: (port: number) => Promise<void>): Promise<number> => {
      const asked = voice.ask();
      // Heard below, after the door is open.
      asked.catch(() => undefined);
      if (!state.identity) await withinAMoment(clock, asked);
      const port = await door.start();
      await upkeep.tick();
      await onOpen?.(port);
      await voice.start(asked);
      return port;
    },
    ...upkeep,
    /** Nothing is under way and nothing can go out now. */
    idle: () => bolt.idle().then(outbox.idle),
    stop: async (): Promise<void> => {
      state.stopping = true;
      voice.stop();
      await door.stop();
      await outbox.stop();
    },
  };
}

type SlackHandler = DoorOptions['slack'];
type PagerDutyHandler = DoorOptions['pagerduty'];

/** The two doors, each request counted while it waits for its answer. */
const counted = (rush: ReturnType<typeof watchRush>, slack: SlackHandler, pagerduty: PagerDutyHandler) => ({
  slack: ((req, res) => {
    res.once('close', rush.entered());
    slack(req, res);
  }) satisfies SlackHandler,
  pagerduty: (async (body, headers) => {
    const answered = rush.entered();
    try {
      return await pagerduty(body, headers);
    } finally {
      answered();
    }
  }) satisfies PagerDutyHandler,
});

/** Who we are; throws while nobody has told us. */
const identityIn = (state: State) => (): SlackIdentity => {
  if (!state.identity) throw new Error('Slack has not told us yet who we are');
  return state.identity;
};

const clientsOf = ({ environment, clock, log, slackTimeoutMs = slackTimeoutDefaultMs }: AppDeps) =>
  slackClients({
    token: environment.slackBotToken,
    apiUrl: environment.slackApiUrl,
    clock,
    logger: slackLogger(log),
    timeoutMs: slackTimeoutMs,
    inlineTimeoutMs,
  });

const stateAtStart = (store: Store): State => ({
  identity: rememberedIdentity(store),
  tickedAt: null,
  isAsking: false,
  stopping: false,
  problems: new Map(),
});

async function withinAMoment(clock: Clock, answer: Promise<unknown>): Promise<void> {
  const answered = new AbortController();
  try {
    await Promise.race([answer, clock.sleepUntil(clock.now() + firstWordWithinMs, answered.signal)]);
  } finally {
    answered.abort();
  }
}

/** What happens again and again, driven from outside. */
function upkeepOf({ store, clock, log }: AppDeps, state: State, engine: Engine) {
  return {
    /** The heartbeat: what is due is done, and `/readyz` knows that it beats. */
    tick: async (): Promise<void> => {
      try {
        await engine.tick();
        state.tickedAt = clock.now();
        state.problems.delete('clock');
      } catch (error) {
        state.problems.set('clock', 'The last tick failed: the database could not be written.');
        throw error;
      }
    },
    /** A copy of the database, then it is tidied; a failure is said, and the next hour tries again. */
    backUp: async (): Promise<void> => {
      try {
        await store.backUp(clock.now());
        await store.forget(clock.now() - doneKeptMs);
        state.problems.delete('backup');
      } catch (error) {
        state.problems.set('backup', 'The last backup failed: see the log, and free space on the disk.');
        log.error({ err: error }, 'the backup failed');
      }
    },
  };
}

interface Voice {
  state: State;
  slack: WebClient;
  outbox: ReturnType<typeof createOutbox>;
  engine: Engine;
  context: (lane: Lane) => Context;
  report: Report;
}

/** When we may speak to Slack: once it knows us, and again after it was away or refused us. */
function voiceOf(
  { config, store, clock }: AppDeps,
  { state, slack, outbox, engine, context, report }: Voice,
) {
  const stopped = new AbortController();
  const ask = (): Promise<boolean> => identify(state, slack, store, report);

  /** Asks until Slack accepts us, one asker at a time; then what waits goes out. */
  async function keepAsking(wasAway: boolean): Promise<void> {
    if (state.isAsking) return;
    state.isAsking = true;
    for (let away = wasAway; !state.stopping; away = true) {
      await clock.sleepUntil(clock.now() + identityRetryMs, stopped.signal);
      if (state.stopping || !(await ask().catch(() => false))) continue;
      state.isAsking = false;
      return away ? speak() : outbox.unpark();
    }
  }

  /** Slack knows us: what waits goes out, and what was said while we were away is pulled. */
  async function speak(): Promise<void> {
    await outbox.start();
    await outbox.unpark();
    await findAnnounceChannel();
    await engine.catchUp();
  }

  async function findAnnounceChannel(): Promise<void> {
    try {
      await announceChannel(context('announcement'));
      state.problems.delete('announce channel');
    } catch (error) {
      const problem = `The announce channel #${config.announceChannel} could not be found, joined or made (${wordOf(error) ?? 'no answer'}).`;
      state.problems.set('announce channel', problem);
      report(problem, error);
    }
  }

  return {
    ask,
    /** `asked`: the answer to `ask`. What is pending goes out meanwhile, where an earlier start told us who we are. */
    start: async (asked: Promise<boolean>): Promise<void> => {
      if (state.identity) await outbox.start();
      if (await asked) await speak();
      else void keepAsking(true);
    },
    /** Slack refused a call because of our token or scopes. */
    heldBack: (word: string): void => {
      if (!state.isAsking) report(`Slack refuses our token or scopes (${word}): messages are held back`);
      void keepAsking(false);
    },
    stop: () => stopped.abort(),
  };
}

/** Who are we? Throws `SlackRefusal` for a token or a scope that a human must mend; false when Slack is away. */
async function identify(state: State, slack: WebClient, store: Store, report: Report): Promise<boolean> {
  try {
    const identity = await askIdentity(slack, store);
    const [missing] = missingScopes(identity.scopes);
    if (missing) throw scopeRefusal(missing);
    state.identity = identity;
    state.problems.delete('slack');
    return true;
  } catch (error) {
    const fault = faultOf(error);
    const refusal = fault.kind === 'config' ? refusalOf(fault.word, error) : error;
    const away = 'Slack does not answer: nothing can be sent. Tocsin stays up and tries again.';
    const problem = refusal instanceof SlackRefusal ? refusal.message : away;
    if (state.problems.get('slack') !== problem) report(problem, error);
    state.problems.set('slack', problem);
    if (refusal instanceof SlackRefusal) throw refusal;
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
    problems: [...state.problems.values()],
    lastTickAt: state.tickedAt,
    version,
  });
  const bolt = createBolt({
    botToken: environment.slackBotToken,
    slackApiUrl: environment.slackApiUrl,
    identity,
    logger: slackLogger(log),
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
  const clock = state.problems.get('clock');
  if (clock) return { ready: false, why: [clock] };
  return state.tickedAt === null
    ? { ready: false, why: ['no tick completed yet'] }
    : { ready: true, why: [] };
};
