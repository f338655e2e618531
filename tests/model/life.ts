import type { Logger, WebClient } from '@slack/web-api';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { policyOf } from '../../src/config/policy.ts';
import { createEngine } from '../../src/engine.ts';
import type { Lane } from '../../src/incident/effects.ts';
import type { PagerDutyPolicy } from '../../src/incident/policy.ts';
import type { Context, Identity } from '../../src/outbox/context.ts';
import { createOutbox } from '../../src/outbox/drain.ts';
import type { Lanes } from '../../src/outbox/lanes.ts';
import type { PagerDutyPort } from '../../src/outbox/pagerduty-port.ts';
import { knowPeople } from '../../src/people.ts';
import type { Store } from '../../src/store/store.ts';

/** What a life is born into. */
export interface Birth {
  store: Store;
  clock: Clock;
  config: Config;
  /** Pages and PagerDuty go by `page`, the rest by `rest`, as in production. */
  clients: { page: WebClient; rest: WebClient };
  identity: Identity;
  lanes: Lanes;
  /** In [0, 1). */
  random: () => number;
  report: (problem: string, error?: unknown) => void;
  /** Absent: PagerDuty is not configured. */
  pagerduty?: { port: PagerDutyPort; policy: PagerDutyPolicy };
}

export type Life = ReturnType<typeof born>;

/** One life of the process, without its doors: engine and outbox on a store that may have been there before. */
export function born({ store, clock, config, clients, lanes, random, report, ...birth }: Birth) {
  const { pagerduty } = birth;
  const identity = () => birth.identity;
  const engine = createEngine({
    store,
    clock,
    policy: (service) => ({
      ...policyOf(config, service),
      ...(pagerduty && { pagerduty: pagerduty.policy }),
    }),
    machines: config.machines,
    declaring: config.declaring,
    wake: () => outbox.wake(),
    report,
  });
  const contextOf = (slack: WebClient): Context => ({
    ...{ slack, store, engine, clock, identity, report },
    people: knowPeople(slack, store, clock, identity),
    pagerduty: pagerduty?.port ?? null,
    config: () => config,
    webhookSecret: null,
    freshenDuties: () => undefined,
  });
  const contexts = { page: contextOf(clients.page), rest: contextOf(clients.rest) };
  const context = (lane: Lane): Context =>
    lane === 'page' || lane === 'pagerduty' ? contexts.page : contexts.rest;
  const outbox = createOutbox({
    ...{ context, lanes, random },
    isRushed: () => false,
    onParked: () => report('a token was refused'),
  });
  return { engine, outbox, context };
}

/** A logger for clients of which nobody reads the log. */
export const quiet: Logger = {
  ...{ debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  ...{ setLevel: () => undefined, getLevel: () => 'error' as never, setName: () => undefined },
};
