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
import type { Policy } from './incident/policy.ts';
import type { Schedule } from './oncall/schedule.ts';
import { announceAlarm } from './outbox/announce-alarm.ts';
import { type Heard, watchSlack } from './outbox/away.ts';
import { slackClients } from './outbox/clients.ts';
import type { Context } from './outbox/context.ts';
import { createOutbox } from './outbox/drain.ts';
import { standardLanes } from './outbox/lanes.ts';
import { webClientFetch } from './outbox/lean-fetch.ts';
import { measuredFetch } from './outbox/measured-fetch.ts';
import { pagerDutyInbox } from './pagerduty/inbox.ts';
import { dutyRoster } from './pagerduty/roster.ts';
import { pagerDutyLine } from './pagerduty-line.ts';
import { type Emails, inAHurry, knowPeople, meetInCalm, type People } from './people.ts';
import { rollCall } from './roll-call.ts';
import { watchRush } from './rush.ts';
import { watchSilence } from './silence.ts';
import { inlineTimeoutMs } from './slack/bolt.ts';
import { rememberedIdentity, type SlackIdentity } from './slack/identity.ts';
import { slackLogger } from './slack/logger.ts';
import { clockProblem, jumpMsMin } from './steady-clock.ts';
import { keepStorage } from './storage.ts';
import type { Store } from './store/store.ts';
import { type State, voiceOf } from './voice.ts';
import type { Watchman } from './watch/watchman.ts';
import { watchedDoor, watchedTick, watchOver } from './watching.ts';
import { type DoorOptions, openDoor } from './web/door.ts';

export type App = Awaited<ReturnType<typeof createApp>>;

/**
 * Opens the door, beats once (`onOpen` gets the port), then speaks to Slack. Who knew us at an earlier start is not asked
 * first; at the very first one we wait a moment for the answer, because commands need it. Throws `SlackRefusal` when Slack
 * refuses us, or our socket; that it is away is no reason to end.
 */
type Start = (onOpen?: (port: number) => Promise<void>) => Promise<number>;

/** How long the very first start waits for Slack before it opens the door all the same. */
const firstWordWithinMs = 1_000;
/** How long the end waits for calls and answers under way; a call that takes longer is looked up by the next start. */
const stopWithinMs = 10_000;

/**
 * Wires everything; the table of contents. Nothing is heard or said before `start`. The production process and the
 * sandbox differ in what they pass in, and in nothing else.
 */
export async function createApp(deps: AppDeps) {
  const { config, store, clock, log } = deps;
  const report: Report = (problem, error) => log.warn({ err: error }, problem);
  const state = stateAtStart(store);
  const awaySinceAt = Number(store.meta('slack-away-since') ?? 0) || null;
  const watch = watchSlack(clock, awaySinceAt, (sinceAt) => voice.lostTouch(sinceAt));
  const alarm = (words: string) => announceAlarm(context('announcement'), words);
  const lookout = watchOver(deps, { state, ask: () => voice.ask(), alarm, report });
  const clients = clientsOf(deps, watch.heard, lookout);
  const pagerduty = await pagerDutyLine({ ...deps, state, report });
  const identity = identityIn(state);
  const engine = engineOf(deps, pagerduty.policy, () => outbox.wake(), report);
  const people = peopleBy(clients, deps, identity);
  const roster = dutyRoster({ ...deps, rest: pagerduty.rest, engine, state, report });
  const shared = { engine, identity, freshenDuties: roster.freshen, report };
  const late = { readLate: () => silence.readLate() };
  const context = contextsOf(deps, clients, people, { ...shared, ...late, pagerduty: pagerduty.port });
  const silence = watchSilence({ store, clock, engine, state, isSlackAway: watch.isAway, report });
  const roll = rollCall({ config, clock, state, context: () => context('chatter'), report });
  const { rush, hurried, acquaintance } = crowdOf(clock, people.rest, () => outbox.wake());
  const outbox = createOutbox({
    context,
    random: deps.random,
    lanes: standardLanes,
    isRushed: rush.isOn,
    onOutcome: lookout.ended,
    isSlackAway: watch.isAway,
    onParked: (fault, lane) => (pagerDutyLanes.includes(lane) ? pagerduty : voice).heldBack(fault.word),
  });
  const voice = voiceOf({
    ...{ ...deps, state, slack: clients.rest, outbox, engine, context, report },
    watch,
    onBack: silence.begin,
  });

  const inbox = pagerDutyInbox({ ...deps, engine, config: () => config, ...pagerduty, report });
  const ask = () => {
    pagerduty.tick({ inbox, unpark: outbox.unpark, alarm });
    roster.tick();
    roll.tick();
    silence.tick();
  };
  const storage = keepStorage({ ...deps, state, alarm });
  const upkeep = upkeepOf(deps, state, engine, storage, ask);
  const heard = hearSlack(deps, transportOf(deps, { state, engine, entered: rush.entered, report }), {
    ...shared,
    state,
    people: hurried,
    meet: acquaintance.meet,
    slack: clients.inline,
    findings: lookout.words,
  });
  const tick = watchedTick(deps, lookout, upkeep.tick);
  const hearers = counted(rush, heard.listener, hearPagerDuty(deps, inbox, lookout), lookout.webhook);
  const door = doorOf(deps, state, { ...hearers, ...watchedDoor(deps, lookout) });
  const start: Start = async (onOpen) => {
    const asked = voice.ask();
    // Heard below, after the door is open.
    asked.catch(() => undefined);
    if (!state.identity) await within(clock, firstWordWithinMs, asked);
    const port = await door.start();
    await engine.setSchedules(schedulesIn(config));
    await tick();
    await onOpen?.(port);
    await Promise.all([voice.start(asked), heard.start()]);
    return port;
  };
  return {
    start,
    ...upkeep,
    tick,
    /** Nothing is under way and nothing can go out now. */
    idle: () =>
      heard
        .idle()
        .then(acquaintance.idle)
        .then(pagerduty.idle)
        .then(roster.idle)
        .then(roll.idle)
        .then(silence.idle)
        .then(lookout.idle)
        .then(storage.idle)
        .then(outbox.idle),
    stop: async (): Promise<void> => {
      state.stopping = true;
      voice.stop();
      // No call is begun any more, whatever comes in meanwhile: that waits for the next start.
      const ended = Promise.all([outbox.stop(), door.stop(), heard.stop()]);
      await within(clock, stopWithinMs, ended);
    },
  };
}

const engineOf = (
  { config, store, clock }: AppDeps,
  ofPagerDuty: (service: string | null) => Partial<Policy>,
  wake: () => void,
  report: Report,
): Engine =>
  createEngine({
    store,
    clock,
    policy: (service) => ({ ...policyOf(config, service), ...ofPagerDuty(service) }),
    ...boundsOf(config),
    wake,
    report,
  });

/** While many wait for their answer, nobody new is asked about, and little goes out. */
function crowdOf(clock: Clock, people: People, wake: () => void) {
  const rush = watchRush(clock, () => {
    wake();
    acquaintance.onCalm();
  });
  const hurried = inAHurry(people, clock);
  const acquaintance = meetInCalm(hurried, rush.isOn);
  return { rush, hurried, acquaintance };
}

/** What performers may use, by lane: pages have a client of their own. */
const contextsOf =
  (
    { config, store, clock, environment }: AppDeps,
    clients: ReturnType<typeof slackClients>,
    people: ReturnType<typeof peopleBy>,
    parts: Omit<Context, 'slack' | 'people' | 'store' | 'clock' | 'config' | 'webhookSecret'>,
  ) =>
  (lane: Lane): Context => ({
    ...(isUrgent(lane)
      ? { slack: clients.page, people: people.page }
      : { slack: clients.rest, people: people.rest }),
    ...parts,
    store,
    clock,
    config: () => config,
    webhookSecret: environment.webhookSecret,
  });

const doorOf = (
  { environment, clock, wall, log }: AppDeps,
  state: State,
  handlers: Pick<DoorOptions, 'slack' | 'pagerduty' | 'watched' | 'onRefused' | 'onSlackAccepted'>,
) =>
  openDoor({
    clock,
    wall,
    port: environment.port,
    slackSigningSecret: environment.slackSigningSecret,
    ...handlers,
    ready: () => readiness(state, clock),
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

const clientsOf = (
  { environment, clock, log, slackTimeoutMs = slackTimeoutDefaultMs }: AppDeps,
  heard: Heard,
  { slackCalled }: Watchman,
) =>
  slackClients({
    heard,
    fetch: measuredFetch(webClientFetch, environment.slackApiUrl, clock, slackCalled),
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
) => {
  const emails: Emails = new Map();
  return {
    page: knowPeople(page, store, clock, identity, emails),
    rest: knowPeople(rest, store, clock, identity, emails),
  };
};

const stateAtStart = (store: Store): State => ({
  identity: rememberedIdentity(store),
  tickedAt: null,
  isAsking: false,
  stopping: false,
  unreachable: new Map(),
  problems: new Map(),
});

async function within(clock: Clock, ms: number, answer: Promise<unknown>): Promise<void> {
  const answered = new AbortController();
  try {
    await Promise.race([answer, clock.sleepUntil(clock.now() + ms, answered.signal)]);
  } finally {
    answered.abort();
  }
}

/** What happens again and again, driven from outside. */
function upkeepOf(
  deps: AppDeps,
  state: State,
  engine: Engine,
  storage: ReturnType<typeof keepStorage>,
  ask: () => void,
) {
  const { clock } = deps;
  const lookAtClock = clockWatch(deps, state);
  return {
    /** The heartbeat: what is due is done, and `/readyz` knows that it beats. */
    tick: async (): Promise<void> => {
      try {
        lookAtClock();
        await engine.tick();
        state.tickedAt = clock.now();
        storage.mended();
        storage.tick();
        ask();
      } catch (error) {
        storage.failed(error);
        throw error;
      }
    },
    /** When something is due next, epoch ms; null: nothing is. A database that cannot be read is the next beat's to tell. */
    nextDueAt: (): number | null => {
      try {
        return deps.store.nextDueAt();
      } catch {
        return null;
      }
    },
    backUp: storage.backUp,
    isBackupDue: storage.isBackupDue,
  };
}

/** Notices that the machine's clock was set: a line for the doctor while it differs, and one in the log for each jump. */
function clockWatch({ clock, wall = clock.now, log }: AppDeps, state: State): () => void {
  let toldAheadMs = 0;
  return () => {
    const aheadMs = wall() - clock.now();
    const problem = clockProblem(aheadMs);
    if (problem === null) state.problems.delete('machine clock');
    else state.problems.set('machine clock', problem);
    // What it nears ours by since is no jump.
    if (problem !== null && Math.abs(aheadMs - toldAheadMs) > jumpMsMin) log.warn({ aheadMs }, problem);
    toldAheadMs = aheadMs;
  };
}

/** A completed tick has written to the database; it beats every few seconds (reliability.md section 3.10). */
const tickedWithinMs = 60_000;

const readiness = (state: State, clock: Clock) => {
  const problem = state.problems.get('clock');
  if (problem) return { ready: false, why: [problem] };
  if (state.tickedAt === null) return { ready: false, why: ['no tick completed yet'] };
  if (clock.now() - state.tickedAt > tickedWithinMs)
    return { ready: false, why: ['the clock stands still: nothing was written for more than a minute'] };
  const socket = state.problems.get('socket');
  return { ready: true, why: socket ? [socket] : [] };
};
