import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { policyOf } from './config/policy.ts';
import { createEngine, type Engine } from './engine.ts';
import {
  type AppDeps,
  counted,
  hearPagerDuty,
  hearSlack,
  type Report,
  slackTimeoutDefaultMs,
  transportOf,
} from './hearing.ts';
import { type Lane, pagerDutyLanes } from './incident/effects.ts';
import type { Schedule } from './oncall/schedule.ts';
import { announceAlarm } from './outbox/announce-alarm.ts';
import { slackClients } from './outbox/clients.ts';
import type { Context } from './outbox/context.ts';
import { createOutbox } from './outbox/drain.ts';
import { standardLanes } from './outbox/lanes.ts';
import { pagerDutyInbox } from './pagerduty/inbox.ts';
import { dutyRoster } from './pagerduty/roster.ts';
import { pagerDutyLine } from './pagerduty-line.ts';
import { inAHurry, knowPeople, meetInCalm } from './people.ts';
import { rollCall } from './roll-call.ts';
import { watchRush } from './rush.ts';
import { inlineTimeoutMs } from './slack/bolt.ts';
import { rememberedIdentity, type SlackIdentity } from './slack/identity.ts';
import { slackLogger } from './slack/logger.ts';
import type { Store } from './store/store.ts';
import { type State, voiceOf } from './voice.ts';
import { type DoorOptions, openDoor } from './web/door.ts';

export type App = Awaited<ReturnType<typeof createApp>>;

/** How long the very first start waits for Slack before it opens the door all the same. */
const firstWordWithinMs = 1_000;
/** What was sent is on the timeline; the row that sent it is kept this long for whoever looks into trouble. */
const doneKeptMs = 30 * 24 * 3_600_000;

/**
 * Wires everything; the table of contents. Nothing is heard or said before `start`. The production process and the
 * sandbox differ in what they pass in, and in nothing else.
 */
export async function createApp(deps: AppDeps) {
  const { config, store, clock, log } = deps;
  const report: Report = (problem, error) => log.warn({ err: error }, problem);
  const clients = clientsOf(deps);
  const state = stateAtStart(store);
  const pagerduty = await pagerDutyLine({ ...deps, state, report });
  const identity = identityIn(state);
  const engine = createEngine({
    store,
    clock,
    policy: (service) => ({ ...policyOf(config, service), ...pagerduty.policy(service) }),
    ...boundsOf(config),
    wake: () => outbox.wake(),
    report,
  });
  const people = peopleBy(clients, deps, identity);
  const roster = dutyRoster({ ...deps, rest: pagerduty.rest, engine, state, report });
  const context = (lane: Lane): Context => ({
    ...(isUrgent(lane)
      ? { slack: clients.page, people: people.page }
      : { slack: clients.rest, people: people.rest }),
    pagerduty: pagerduty.port,
    store,
    engine,
    clock,
    config: () => config,
    identity,
    webhookSecret: deps.environment.webhookSecret,
    freshenDuties: roster.freshen,
    report,
  });
  const roll = rollCall({ config, clock, state, context: () => context('chatter'), report });
  const rush = watchRush(clock, () => {
    outbox.wake();
    acquaintance.onCalm();
  });
  const hurried = inAHurry(people.rest, clock);
  const acquaintance = meetInCalm(hurried, rush.isOn);
  const outbox = createOutbox({
    context,
    random: deps.random,
    lanes: standardLanes,
    isRushed: rush.isOn,
    onParked: (fault, lane) => (pagerDutyLanes.includes(lane) ? pagerduty : voice).heldBack(fault.word),
  });
  const voice = voiceOf({ ...deps, state, slack: clients.rest, outbox, engine, context, report });

  const inbox = pagerDutyInbox({ ...deps, engine, config: () => config, ...pagerduty, report });
  const ask = () => {
    pagerduty.tick({
      inbox,
      unpark: outbox.unpark,
      alarm: (words) => announceAlarm(context('announcement'), words),
    });
    roster.tick();
    roll.tick();
  };
  const upkeep = upkeepOf(deps, state, engine, ask);
  const heard = hearSlack(deps, transportOf(deps, { state, engine, entered: rush.entered, report }), {
    state,
    identity,
    engine,
    people: hurried,
    meet: acquaintance.meet,
    slack: clients.inline,
    freshenDuties: roster.freshen,
    report,
  });
  const door = doorOf(deps, state, counted(rush, heard.listener, hearPagerDuty(deps, inbox)));

  return {
    /**
     * Opens the door, beats once (`onOpen` gets the port), then speaks to Slack. Who knew us at an earlier start is not
     * asked first; at the very first one we wait a moment for the answer, because commands need it. Throws
     * `SlackRefusal` when Slack refuses us, or our socket; that it is away is no reason to end.
     */
    start: async (onOpen?: (port: number) => Promise<void>): Promise<number> => {
      const asked = voice.ask();
      // Heard below, after the door is open.
      asked.catch(() => undefined);
      if (!state.identity) await withinAMoment(clock, asked);
      const port = await door.start();
      await engine.setSchedules(schedulesIn(config));
      await upkeep.tick();
      await onOpen?.(port);
      await Promise.all([voice.start(asked), heard.start()]);
      return port;
    },
    ...upkeep,
    /** Nothing is under way and nothing can go out now. */
    idle: () =>
      heard
        .idle()
        .then(acquaintance.idle)
        .then(pagerduty.idle)
        .then(roster.idle)
        .then(roll.idle)
        .then(outbox.idle),
    stop: async (): Promise<void> => {
      state.stopping = true;
      voice.stop();
      await Promise.all([door.stop(), heard.stop()]);
      await outbox.stop();
    },
  };
}

const doorOf = (
  { environment, clock, log }: AppDeps,
  state: State,
  handlers: Pick<DoorOptions, 'slack' | 'pagerduty'>,
) =>
  openDoor({
    clock,
    port: environment.port,
    slackSigningSecret: environment.slackSigningSecret,
    ...handlers,
    ready: () => readiness(state),
    log,
  });

const schedulesIn = ({ teams }: Config): Map<string, Schedule> =>
  new Map(Object.entries(teams).flatMap(([team, { onCall }]) => (onCall ? [[team, onCall]] : [])));

/** Whose calls wait behind nothing else's. */
const isUrgent = (lane: Lane): boolean => lane === 'page' || lane === 'pagerduty';

/** How many incidents machines, and a person, may open. */
const boundsOf = ({ machines, declaring }: Config) => ({ machines, declaring });

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

/** Pages ask Slack by a client of their own. */
const peopleBy = (
  { page, rest }: ReturnType<typeof slackClients>,
  { store, clock }: AppDeps,
  identity: () => SlackIdentity,
) => ({
  page: knowPeople(page, store, clock, identity),
  rest: knowPeople(rest, store, clock, identity),
});

const stateAtStart = (store: Store): State => ({
  identity: rememberedIdentity(store),
  tickedAt: null,
  isAsking: false,
  stopping: false,
  unreachable: new Map(),
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
function upkeepOf({ store, clock, log }: AppDeps, state: State, engine: Engine, ask: () => void) {
  return {
    /** The heartbeat: what is due is done, and `/readyz` knows that it beats. */
    tick: async (): Promise<void> => {
      try {
        await engine.tick();
        state.tickedAt = clock.now();
        state.problems.delete('clock');
        ask();
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

const readiness = (state: State) => {
  if (state.stopping) return { ready: false, why: ['stopping'] };
  const clock = state.problems.get('clock');
  if (clock) return { ready: false, why: [clock] };
  if (state.tickedAt === null) return { ready: false, why: ['no tick completed yet'] };
  const socket = state.problems.get('socket');
  return { ready: true, why: socket ? [socket] : [] };
};
