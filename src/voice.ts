import type { WebClient } from '@slack/web-api';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { awayMs, type Engine } from './engine.ts';
import { type Lane, pagerDutyLanes } from './incident/effects.ts';
import { announceChannelAnew } from './outbox/announce-channel.ts';
import type { SlackWatch } from './outbox/away.ts';
import type { Context } from './outbox/context.ts';
import type { createOutbox } from './outbox/drain.ts';
import { standardLanes } from './outbox/lanes.ts';
import { faultOf, wordOf } from './outbox/retry.ts';
import { askIdentity, refusalOf, type SlackIdentity, SlackRefusal, scopeRefusal } from './slack/identity.ts';
import { missingScopes } from './slack/scopes.ts';
import type { Store } from './store/store.ts';

type Outbox = ReturnType<typeof createOutbox>;
type Report = (problem: string, error?: unknown) => void;

/** What waits for Slack alone. */
const slackLanes = (Object.keys(standardLanes) as Lane[]).filter((lane) => !pagerDutyLanes.includes(lane));
/** How often we ask again who we are while Slack refuses us. */
const identityRetryMs = 15_000;
/** The same while it is away (reliability.md section 3.5): what is urgent goes out so soon after its return at the latest. */
const awayProbeMs = 10_000;
/** So long without an answer, and what was said meanwhile is pulled (reliability.md section 3.7). */
const missedAfterMs = 60_000;
/** Whatever waits for Slack least of all goes first when it is back. */
const urgentLanes: readonly Lane[] = ['page'];

/** The little that lives in memory alone, and is rebuilt at every start. */
export interface State {
  identity: SlackIdentity | null;
  /** When the last tick completed, epoch ms. */
  tickedAt: number | null;
  /** Slack is away or refuses us: it is asked again every now and then. */
  isAsking: boolean;
  /** It was found not to answer: what needs it is held back. */
  isSlackAway?: boolean;
  stopping: boolean;
  /** What is wrong, in words, for `/incident doctor`; gone when it is mended. */
  /** Whom `incident.yml` names and no page reaches, in words with the place and the cure. */
  unreachable: Map<string, string>;
  problems: Map<
    | 'slack'
    | 'slack events'
    | 'socket'
    | 'clock'
    | 'machine clock'
    | 'announce channel'
    | 'backup'
    | 'write-ahead log'
    | 'reserve'
    | 'restored'
    | 'pagerduty'
    | 'pagerduty events'
    | 'pagerduty webhooks',
    string
  >;
}

interface Voice {
  config: Config;
  store: Store;
  clock: Clock;
  state: State;
  slack: WebClient;
  /** Whether it answers. */
  watch: SlackWatch;
  /** It answers again. */
  onBack: () => void;
  outbox: Pick<Outbox, 'start' | 'unpark'>;
  engine: Engine;
  context: (lane: Lane) => Context;
  report: Report;
}

/** When we may speak to Slack: once it knows us, and again after it was away or refused us. */
export function voiceOf({
  config,
  store,
  clock,
  state,
  slack,
  watch,
  onBack,
  outbox,
  engine,
  context,
  report,
}: Voice) {
  const stopped = new AbortController();
  /** The announce channel was looked for in this life of the process. */
  let isPlaced = false;
  const ask = (): Promise<boolean> => identify(state, slack, store, report);

  /** Asks until Slack accepts us, one asker at a time; then what waits goes out. */
  async function keepAsking(wasAway: boolean): Promise<void> {
    if (state.isAsking) return;
    state.isAsking = true;
    for (let away = wasAway; !state.stopping; away = true) {
      const pauseMs = wasAway || watch.isAway() ? awayProbeMs : identityRetryMs;
      await clock.sleepUntil(clock.now() + pauseMs, stopped.signal);
      if (state.stopping || !(await ask().catch(() => false))) continue;
      state.isAsking = false;
      return away ? speak() : outbox.unpark(slackLanes);
    }
  }

  /** Slack knows us: what waits goes out, the urgent first, and what was said while we were away is pulled. */
  async function speak(): Promise<void> {
    await outbox.start();
    const sinceAt = watch.isBack();
    state.isSlackAway = false;
    onBack();
    await outbox.unpark(urgentLanes);
    await catchUp(sinceAt);
    await outbox.unpark();
    if (!isPlaced) await findAnnounceChannel();
  }

  /** Before anything but pages goes out: of what the channels did not hear of meanwhile, one note tells. */
  async function catchUp(sinceAt: number | null): Promise<void> {
    const awaySinceAt = sinceAt ?? clock.now();
    const lastedMs = clock.now() - awaySinceAt;
    // A start looks through the channels in any case: the process itself was away.
    if (lastedMs >= awayMs) await engine.noteAbsence({ of: 'slack', fromAt: awaySinceAt, toAt: clock.now() });
    else if (!isPlaced || lastedMs >= missedAfterMs) await engine.catchUp();
    if (sinceAt !== null) await store.saveMeta('slack-away-since', '0');
  }

  async function findAnnounceChannel(): Promise<void> {
    isPlaced = true;
    try {
      await announceChannelAnew(context('announcement'));
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
      if (!state.isAsking) report(`${refusalOf(word, null).message} Messages are held back until then.`);
      void keepAsking(false);
    },
    /** Slack does not answer any more, since then (epoch ms). */
    lostTouch: (sinceAt: number): void => {
      if (!state.problems.has('slack')) report(awayWords);
      state.problems.set('slack', awayWords);
      state.isSlackAway = true;
      store.saveMeta('slack-away-since', String(sinceAt)).catch((error: unknown) => {
        report('since when Slack is away could not be stored', error);
      });
      void keepAsking(true);
    },
    stop: () => stopped.abort(),
  };
}

const awayWords = 'Slack does not answer: nothing can be sent. Tocsin stays up and tries again.';

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
    const problem = refusal instanceof SlackRefusal ? refusal.message : awayWords;
    if (state.problems.get('slack') !== problem) report(problem, error);
    state.problems.set('slack', problem);
    if (refusal instanceof SlackRefusal) throw refusal;
    return false;
  }
}
