import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { pagerDutyLanes } from './incident/effects.ts';
import type { PagerDutyPolicy } from './incident/policy.ts';
import { leanFetch } from './outbox/lean-fetch.ts';
import type { PagerDutyPort } from './outbox/pagerduty-port.ts';
import type { Fault } from './outbox/retry.ts';
import { isPagerDutyError } from './pagerduty/failure.ts';
import { pagerDutyFaultOf } from './pagerduty/fault.ts';
import { pagerDutyPoll } from './pagerduty/poll.ts';
import { type PagerDutyClient, pagerDutyClient } from './pagerduty/rest.ts';
import type { PagerDutyInbox } from './pagerduty/webhook.ts';
import type { Store } from './store/store.ts';
import type { State } from './voice.ts';

export interface LineDeps {
  environment: Environment;
  config: Config;
  store: Store;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  state: State;
  /** How long a call may take. */
  pagerdutyTimeoutMs?: number;
  report: (problem: string, error?: unknown) => void;
}

/** What the line needs once everything else stands. */
export interface LineEnds {
  inbox: PagerDutyInbox;
  unpark: (lanes: typeof pagerDutyLanes) => Promise<void>;
  /** Tells people what they must mend. */
  alarm: (problem: string) => Promise<void>;
}

/** How often PagerDuty is asked what its webhooks may have kept from us, and its subscriptions are looked at. */
const pollEveryMs = 60_000;
/** Calls that are held back because of our configuration are tried again this often, where nothing says sooner. */
const heldForMs = 600_000;
/** A call that takes longer has an unknown fate. */
const timeoutDefaultMs = 10_000;
const installationLetters = 12;
/** PagerDuty gives us 5 s to answer a webhook (platform.md 7.3); in so long we ask it something before. */
const momentMs = 2_000;

/** The line to PagerDuty: the client for who performs effects, what is wrong with it in words, and the polling. */
export async function pagerDutyLine(deps: LineDeps) {
  const { clock, config, state, report } = deps;
  const client = clientOf(deps);
  const { rest } = client;
  const seen = watch(state);
  const opener = openerOf(deps, client, seen('pagerduty events'));
  const opens = [null, ...Object.keys(config.services)].some((service) => opener(service) !== null);
  const isThere = rest !== null || opens;
  const keyPrefix = isThere ? `tocsin-${await installationOf(deps)}-` : null;
  const port: PagerDutyPort = { rest: rest && watched(rest, seen('pagerduty')), opener, keyPrefix, faultOf };
  const policyOf = (service: string | null): PagerDutyPolicy => ({
    keyPrefix: opener(service) && keyPrefix,
    writes: rest !== null,
    notes: config.pagerduty.notes,
  });
  let held: { word: string; at: number } | null = null;
  let polledAt = Number.NEGATIVE_INFINITY;
  let polling: Promise<void> | null = null;
  /** What people were told of the webhooks last. */
  let alarmed: string | null = null;
  let alarming: Promise<void> = Promise.resolve();

  /** The token, or whatever else was wrong, may have been mended: what is held back is tried again. */
  async function unhold({ unpark }: LineEnds): Promise<void> {
    if (!held) return;
    const isRefused = held.word === 'token_refused' && port.rest !== null;
    if (isRefused) await port.rest?.personByEmail(deps.environment.pagerdutyFromEmail ?? '');
    else if (clock.now() - held.at < heldForMs) return;
    held = null;
    await unpark(pagerDutyLanes);
  }

  async function look(ends: LineEnds): Promise<void> {
    const asked = rest && {
      ...deps,
      rest: watched(rest, seen('pagerduty')),
      inbox: ends.inbox,
      onSubscription: (problem: string | null) => onSubscription(problem, ends),
    };
    const poll = asked && pagerDutyPoll(asked);
    await unhold(ends).catch(unlessItsOwn);
    await poll?.().catch(unlessItsOwn);
  }

  /** The doctor says it as long as it holds; people are told once, until Slack has taken it. */
  function onSubscription(problem: string | null, { alarm }: LineEnds): void {
    if (problem === null) {
      alarmed = null;
      return void state.problems.delete('pagerduty webhooks');
    }
    state.problems.set('pagerduty webhooks', problem);
    if (alarmed === problem) return;
    alarmed = problem;
    report(problem);
    alarming = alarm(problem).catch((error: unknown) => {
      alarmed = null;
      report('Slack did not take the alarm; it is tried again in a minute', error);
    });
  }

  /** What PagerDuty refuses, or does not answer, is a line in the doctor's report; it is asked again a minute later. */
  function unlessItsOwn(error: unknown): null {
    if (!isPagerDutyError(error)) report('PagerDuty could not be asked', error);
    return null;
  }

  return {
    port: isThere ? port : null,
    /** Who is on call, and who somebody is, for whoever asks apart from the outbox. */
    rest: rest && watched(rest, seen('pagerduty')),
    /** The part of a new incident's policy that is about PagerDuty. */
    policy: (service: string | null) => (isThere ? { pagerduty: policyOf(service) } : {}),
    keyPrefix,
    /** When it was resolved there, epoch ms; null: it was not, or nobody can say within a moment. */
    resolvedAt: async (id: string): Promise<number | null> => {
      const found = await withinAMoment(port.rest?.incident(id, true)).catch(unlessItsOwn);
      return found?.status === 'resolved' ? (found.changedAt ?? clock.now()) : null;
    },
    /** PagerDuty refuses us because of the configuration. */
    heldBack: (word: string): void => {
      held ??= { word, at: clock.now() };
    },
    /** Looks at what is due, without making anybody wait. */
    tick: (ends: LineEnds): void => {
      if (!isThere || polling || state.stopping || clock.now() - polledAt < pollEveryMs) return;
      polledAt = clock.now();
      polling = look(ends).finally(() => {
        polling = null;
      });
    },
    idle: (): Promise<void> => (polling ?? Promise.resolve()).then(() => alarming),
  };
}

const clientOf = (
  { environment, clock, pagerdutyTimeoutMs: timeoutMs = timeoutDefaultMs }: LineDeps,
  routingKey = environment.pagerdutyRoutingKey,
) =>
  pagerDutyClient({
    token: environment.pagerdutyApiToken,
    fromEmail: environment.pagerdutyFromEmail,
    routingKey,
    apiUrl: environment.pagerdutyApiUrl,
    eventsUrl: environment.pagerdutyEventsUrl,
    fetch: leanFetch,
    clock,
    timeoutMs,
  });

type Seen = (error: unknown) => void;

/** One pager per routing key: PagerDuty counts the calls of each. */
function openerOf(deps: LineDeps, client: PagerDutyClient, seen: Seen): PagerDutyPort['opener'] {
  const { services } = deps.config;
  const instead = client.events && watched(client.events, seen);
  const keys = Object.values(services).flatMap(({ routingKey }) => routingKey ?? []);
  const pagers = new Map(
    [...new Set(keys)].flatMap((key) => {
      const { events } = clientOf(deps, key);
      return events ? [[key, watched(events, seen)] as const] : [];
    }),
  );
  return (service) => {
    const own = service !== null && Object.hasOwn(services, service) ? services[service] : undefined;
    const pager = pagers.get(own?.routingKey ?? '') ?? null;
    const [serviceId] = own?.pagerduty ?? [];
    if (pager) return { by: 'event', pager };
    if (client.rest && serviceId !== undefined) return { by: 'rest', serviceId, instead };
    return instead && { by: 'event', pager: instead };
  };
}

/** The same at every start: two installations that share a routing key must not share incidents. */
async function installationOf({ store, random }: LineDeps): Promise<string> {
  const known = store.meta('installation');
  if (known) return known;
  const letter = () => Math.floor(random() * 36).toString(36);
  const made = Array.from({ length: installationLetters }, letter).join('');
  await store.saveMeta('installation', made);
  return made;
}

function faultOf(error: unknown): Fault | null {
  if (!isPagerDutyError(error)) return null;
  const { says, cure, ...fault } = pagerDutyFaultOf(error);
  return { ...fault, words: { says, cure } };
}

/** Null: it took too long, and PagerDuty waits for our answer. What becomes of it then is nobody's business. */
function withinAMoment<T>(answer: Promise<T> | undefined): Promise<T | null> {
  const moment = AbortSignal.timeout(momentMs);
  const tooLong = new Promise<null>((resolve) => {
    moment.addEventListener('abort', () => resolve(null), { once: true });
  });
  return Promise.race([answer ?? null, tooLong]);
}

type Which = 'pagerduty' | 'pagerduty events';

/** What stands in the doctor's report: the last failure of the line itself, until a call succeeds. */
const watch =
  ({ problems }: State) =>
  (which: Which): Seen =>
  (error) => {
    const fault = error === null ? null : faultOf(error);
    if (error === null) problems.delete(which);
    // What is refused is about one call, and stands with it.
    else if (fault?.words && fault.kind !== 'refused') {
      problems.set(which, `${fault.words.says}: ${fault.words.cure}.`);
    }
  };

/** The same desk; each call's outcome is told: null for success, else what was thrown. */
function watched<T extends object>(desk: T, seen: Seen): T {
  return new Proxy(desk, {
    get(target, name, receiver) {
      const call: unknown = Reflect.get(target, name, receiver);
      if (typeof call !== 'function') return call;
      return async (...values: unknown[]): Promise<unknown> => {
        try {
          const answer: unknown = await Reflect.apply(call, target, values);
          seen(null);
          return answer;
        } catch (error) {
          seen(error);
          throw error;
        }
      };
    },
  });
}
