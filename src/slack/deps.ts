import type { WebClient } from '@slack/web-api';
import type { Screen } from '../blocks/message.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import { directoryNow } from '../oncall/directory.ts';
import { whoAnswers } from '../oncall/targets.ts';
import type { People } from '../people.ts';
import type { OutboxReport, Store } from '../store/store.ts';

/** What the listeners use. `slack` is for inline, best-effort calls only; everything that must arrive is an effect. */
export interface SlackDeps {
  engine: Engine;
  store: Store;
  people: People;
  /** Somebody acted who is perhaps unknown: they are asked about as soon as nobody waits for an answer. */
  meet: (user: string) => void;
  clock: Clock;
  config: () => Config;
  /** `url`: address of the workspace, with a slash at its end; empty while unknown. */
  identity: () => { botUser: string; botId: string; team: string; enterprise?: string; url: string };
  slack: WebClient;
  /** Is this channel shared with another organisation (Slack Connect)? False where nobody can tell. */
  isSharedOutside: (channel: string) => boolean;
  /** What the process knows of its own health, for `/incident doctor`. */
  health: () => Health;
  /** Somebody looks at who is on call: a newer answer of PagerDuty's is asked for if it is stale, and nobody waits. */
  freshenDuties: () => void;
  report: (problem: string, error?: unknown) => void;
}

export interface Health {
  outbox: OutboxReport;
  missingScopes: string[];
  problems: string[];
  /** Slack does not answer our calls. */
  isSlackAway: boolean;
  lastTickAt: number | null;
  version: string;
}

export const screenOf = ({ clock, people, config, store, identity }: SlackDeps): Screen => {
  const { roles, command } = config();
  const roleTitles = Object.fromEntries(Object.entries(roles).map(([role, { title }]) => [role, title]));
  const now = clock.now();
  const nameOf = (user: string): string | null => store.person(user)?.name ?? null;
  const who = (target: string, service: string | null): string | null =>
    whoAnswers(target, { service, config: directoryNow({ config, store }), at: now }, nameOf);
  return { now, names: people.name, command, roleTitles, who, bot: identity().botUser };
};
