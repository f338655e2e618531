import type { WebClient } from '@slack/web-api';
import type { Screen } from '../blocks/message.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { Command } from '../incident/commands.ts';
import type { Effect, EffectKind } from '../incident/effects.ts';
import type { Incident } from '../incident/incident.ts';
import { directoryNow } from '../oncall/directory.ts';
import { whoAnswers } from '../oncall/targets.ts';
import type { People } from '../people.ts';
import type { IncidentRow, Store } from '../store/store.ts';
import type { PagerDutyPort } from './pagerduty-port.ts';

/** Who we are in Slack. */
export interface Identity {
  botUser: string;
  botId: string;
  team: string;
  /** Address of the workspace, with a slash at its end; empty while unknown. */
  url: string;
}

/** Everything a performer may use. `slack` is the client of the effect's lane. */
export interface Context {
  slack: WebClient;
  store: Store;
  engine: Engine;
  people: People;
  /** Null: PagerDuty is not configured. */
  pagerduty: PagerDutyPort | null;
  clock: Clock;
  config: () => Config;
  identity: () => Identity;
  /** Signs what webhooks are told; null: none is configured. */
  webhookSecret: string | null;
  /** Somebody is looked for who PagerDuty knows: a newer answer is asked for if it is stale, and nobody waits. */
  freshenDuties: () => void;
  /** Looking through a channel found messages of which no event ever told us. Default: nobody wants to know. */
  readLate?: () => void;
  report: (problem: string, error?: unknown) => void;
}

/** One row being performed, with its incident as it is now. */
export interface Job {
  row: IncidentRow;
  incident: Incident;
}

/**
 * How it went. `done` may report back: the first report settles the row in the same commit, after the others. `again`:
 * this report changes the ground (the channel is gone), then the row tries anew. Failures are thrown.
 */
export type Delivery =
  | { did: 'done'; reports: Command[] }
  | { did: 'cancelled'; why: string }
  | { did: 'again'; report: Command; why: string };

export const done = (...reports: Command[]): Delivery => ({ did: 'done', reports });
export const cancelled = (why: string): Delivery => ({ did: 'cancelled', why });

export type EffectOf<Kind extends EffectKind> = Extract<Effect, { kind: Kind }>;

/**
 * How one kind of effect reaches Slack. `send` makes the call; `find` looks whether an earlier one was applied, and is
 * there exactly for calls that would double: everything else is absolute.
 */
export interface Performer<Kind extends EffectKind> {
  send(context: Context, effect: EffectOf<Kind>, job: Job): Promise<Delivery>;
  find?(context: Context, effect: EffectOf<Kind>, job: Job): Promise<Delivery | null>;
}

export const screenOf = ({ clock, people, config, store }: Context): Screen => ({
  now: clock.now(),
  names: people.name,
  command: config().command,
  who: (target, service) =>
    whoAnswers(
      target,
      { service, config: directoryNow({ config, store }), at: clock.now() },
      (user) => store.person(user)?.name ?? null,
    ),
});
