import type { Clock } from './clock.ts';
import type { Config, NamedPerson } from './config/config.ts';
import type { Address } from './oncall/address.ts';
import type { Context } from './outbox/context.ts';
import { strangerWords, usersAt } from './outbox/perform/targets.ts';

export interface RollCallDeps {
  config: Config;
  clock: Clock;
  state: { identity: object | null; isAsking: boolean; stopping: boolean; unreachable: Map<string, string> };
  /** With the client that pages do not use. */
  context: () => Context;
  report: (problem: string) => void;
}

/** One at a time, this far apart: a tenth of what Slack allows a minute, so that a page finds all it needs. */
const everyMs = 10_000;
/** Everybody is asked about again this often; sooner where Slack did not answer for all. */
const roundMs = 24 * 3_600_000;
const sooner = 3_600_000;
/** PagerDuty is asked for its users bit by bit after a start; who is unknown then is unknown. */
const pagerDutyTellsWithinMs = 1_800_000;
/** Whatever waited for the start goes first. */
const afterStartMs = 60_000;
/** Longer lists are asked about as far as this. */
const peopleMax = 1_000;
const placesShownMax = 4;

/** Somebody, and all places of `incident.yml` that name them. */
interface Named {
  address: Address;
  places: string[];
}

/**
 * Looks whether everybody whom `incident.yml` names can be paged: after a start, then once a day, in the background.
 * That somebody left yesterday is no reason not to start tonight: they stand in `/incident doctor` and in the log, and
 * their pages go to whoever is next.
 */
export function rollCall({ config, clock, state, context, report }: RollCallDeps) {
  const everybody = byAddress(config.people);
  const startedAt = clock.now();
  let next = 0;
  let isComplete = true;
  let roundAt = startedAt + afterStartMs;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  function note({ address, places }: Named, trouble: string | null): void {
    const key = `${address.kind} ${address.value}`;
    if (trouble === null) return void state.unreachable.delete(key);
    const problem = `${placesWords(places)}: ${trouble}; correct it, or write somebody else there`;
    if (state.unreachable.get(key) !== problem) report(`incident.yml: ${problem}`);
    state.unreachable.set(key, problem);
  }

  /** Where Slack does not answer, what it said last holds. */
  async function ask(one: Named): Promise<void> {
    try {
      const isTold = clock.now() - startedAt >= pagerDutyTellsWithinMs;
      const trouble = await troubleWith(context(), one.address, isTold);
      if (trouble === undefined) isComplete = false;
      else note(one, trouble);
    } catch {
      isComplete = false;
    }
  }

  /** Null: there is nobody to ask about now. */
  function nextOne(): Named | null {
    const now = clock.now();
    if (next === 0) {
      if (now < roundAt) return null;
      [roundAt, isComplete] = [now + roundMs, true];
    }
    const one = everybody[next] ?? null;
    next += 1;
    if (one !== null) return one;
    next = 0;
    if (!isComplete) roundAt = now + sooner;
    return null;
  }

  return {
    /** Asks about the next one, if it is time; nobody waits for it. */
    tick: (): void => {
      const age = clock.now() - askedAt;
      if (asking || !state.identity || state.isAsking || state.stopping || age < everyMs) return;
      const one = nextOne();
      if (one === null) return;
      askedAt = clock.now();
      asking = ask(one).finally(() => {
        asking = null;
      });
    },
    idle: (): Promise<void> => asking ?? Promise.resolve(),
  };
}

function byAddress(people: readonly NamedPerson[]): Named[] {
  const all = new Map<string, Named>();
  for (const { address, place } of people) {
    const key = `${address.kind} ${address.value.toLowerCase()}`;
    const known = all.get(key);
    if (known) known.places.push(place);
    else if (all.size < peopleMax) all.set(key, { address, places: [place] });
  }
  return [...all.values()];
}

function placesWords(places: readonly string[]): string {
  const more = places.length - placesShownMax;
  return `${places.slice(0, placesShownMax).join(', ')}${more > 0 ? ` and ${more} more places` : ''}`;
}

/** Why no page reaches them; null: one does; undefined: nobody can say yet. Throws what Slack threw. */
async function troubleWith(
  context: Context,
  address: Address,
  isTold: boolean,
): Promise<string | null | undefined> {
  const users = await usersAt(context, address);
  if (users.length === 0) {
    const isUntold = address.kind === 'pagerduty' && context.store.pagerDutyPerson(address.value) === null;
    if (isUntold && !isTold) return undefined;
    return address.kind === 'group'
      ? `${address.value} is no user group of this workspace with anybody in it`
      : `Slack does not know ${strangerWords(context, address)}`;
  }
  // Slack takes whoever left out of its groups by itself.
  if (address.kind === 'group') return null;
  const [user = ''] = users;
  const known = await context.people.lookUp(user);
  if (known === null) return `Slack does not know ${user}`;
  if (known.unreachable === null) return null;
  return `${address.value} (${known.person.name}) is ${known.unreachable} and cannot be paged`;
}
