import type { WebClient } from '@slack/web-api';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Engine } from './engine.ts';
import { type Lane, pagerDutyLanes } from './incident/effects.ts';
import { announceChannelAnew } from './outbox/announce-channel.ts';
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
/** How often we ask again who we are while Slack is away or refuses us. */
const identityRetryMs = 15_000;

/** The little that lives in memory alone, and is rebuilt at every start. */
export interface State {
  identity: SlackIdentity | null;
  /** When the last tick completed, epoch ms. */
  tickedAt: number | null;
  /** Slack is away or refuses us: it is asked again every now and then. */
  isAsking: boolean;
  stopping: boolean;
  /** What is wrong, in words, for `/incident doctor`; gone when it is mended. */
  /** Whom `incident.yml` names and no page reaches, in words with the place and the cure. */
  unreachable: Map<string, string>;
  problems: Map<
    | 'slack'
    | 'socket'
    | 'clock'
    | 'announce channel'
    | 'backup'
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
  outbox: Pick<Outbox, 'start' | 'unpark'>;
  engine: Engine;
  context: (lane: Lane) => Context;
  report: Report;
}

/** When we may speak to Slack: once it knows us, and again after it was away or refused us. */
export function voiceOf({ config, store, clock, state, slack, outbox, engine, context, report }: Voice) {
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
      return away ? speak() : outbox.unpark(slackLanes);
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
