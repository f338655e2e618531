import type { Incident } from '../../src/incident/incident.ts';
import { isOwnMoment, isStoreStep } from '../support/mortal.ts';
import { diceOf } from './dice.ts';
import { cutShort, deliver, type Input, type Story, scriptMs, scriptOf } from './script.ts';
import { type Verdict, verdictOn } from './verdict.ts';
import { type WeatherName, weatherOf } from './weather.ts';
import { type Doom, type SimulatedWorld, simulatedWorld } from './world.ts';

/** One run. Without `killAt` and `failAt` the process lives, and the disk is well. */
export interface Plan {
  seed: number;
  weather: WeatherName;
  /** The step at which it is killed; in a third of the runs once more, soon after. */
  killAt?: number;
  /** The step from which on the store fails once: before or after the write, as the step says. */
  failAt?: number;
  /** The number that the rest of its fate is drawn from, where that step had another one when it was found. */
  drawnAt?: number;
  /** Absent: a long one. */
  story?: Story;
}

export interface Outcome extends Verdict {
  steps: string[];
  /** The steps at which a death leaves something else behind than at the step before. */
  points: number[];
}

/** Monday 2 March 2026, 10:00 UTC. */
const startAt = Date.UTC(2026, 2, 2, 10, 0);
/** Deliveries of one input; a second between two, as if somebody tried again. */
const deliveriesMax = 30;
const againAfterMs = 1_000;
/** Inputs between the last death and the hurry to the end, and the pace of that. */
const inputsAfterDoom = 2;
const cutShortMs = 20_000;
/** A second kill comes within so many steps of the new life. */
const secondKillWithin = 40;
/** When the weather has cleared: the longest pause between two tries is five minutes. */
const settleMs = 30 * 60_000;
/** Rounds of waiting for the last row. */
const roundsMax = 12;

/** `buried`: looks at what each death leaves. */
export async function simulate(plan: Plan, buried?: Doom['buried']): Promise<Outcome> {
  const { seed, weather: name, story = 'long' } = plan;
  const endsAt = startAt + scriptMs[story];
  const weather = weatherOf(name, diceOf(seed, `weather ${name}`), startAt, endsAt);
  const doom = { ...doomOf(plan), ...(buried && { buried }) };
  const world = await simulatedWorld(seed, startAt, weather, doom);
  try {
    const script = scriptOf(story, diceOf(seed, 'script'), startAt);
    const accepted = await played(world, script, doom);
    await world.advance(Math.max(endsAt, weather.clearsAt) + settleMs);
    for (let round = 0; round < roundsMax && isBusy(world); round += 1)
      await world.advance(world.now() + settleMs / 3);
    return { ...verdictOn(world, accepted, plan), steps: world.steps, points: world.points };
  } finally {
    await world.end();
  }
}

const isBusy = (world: SimulatedWorld): boolean => {
  const { waiting, unknown } = world.store().outboxReport(1);
  return waiting + unknown > 0;
};

/** What the bot answered "done" to, with the facts that it said it made of it. */
export interface Accepted {
  input: Input;
  facts: number;
}

/** Once the last death is over, two more inputs are as they would have been, and the rest is cut short. */
async function played(world: SimulatedWorld, script: readonly Input[], doom: Doom): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const answer = async (input: Input): Promise<void> => {
    accepted.push({ input, facts: await insisted(world, input) });
  };
  let asWritten = inputsAfterDoom;
  for (const [n, input] of script.entries()) {
    await world.advance(input.at);
    await answer(input);
    if (!doom.isSpent() || asWritten-- > 0) continue;
    const rest = cutShort(script.slice(n + 1), (cause) => world.store().causedBy(cause) !== null);
    for (const last of rest) {
      await world.advance(world.now() + cutShortMs);
      await answer(last);
    }
    break;
  }
  return accepted;
}

/** Delivers it until it is answered: whoever gets no answer sends it again. Returns how many facts it made. */
async function insisted(world: SimulatedWorld, input: Input): Promise<number> {
  let trouble = 'no answer';
  for (let delivery = 0; delivery < deliveriesMax; delivery += 1) {
    let facts: number | null = null;
    const opened = (cause: string): Incident | null => {
      const id = world.store().causedBy(cause);
      return id === null ? null : world.store().incident(id);
    };
    void deliver(input, world.life(), opened).then(
      (outcome) => {
        facts = outcome?.outcome === 'committed' ? outcome.facts.length : 0;
      },
      (error: unknown) => {
        trouble = String(error);
      },
    );
    await world.calm();
    if (facts !== null) return facts;
    await world.advance(world.now() + againAfterMs);
  }
  throw new Error(`${input.cause} was never answered: ${trouble}`);
}

function doomOf({ seed, weather, killAt, failAt, drawnAt = killAt ?? failAt }: Plan): Doom {
  const dice = diceOf(seed, `doom ${weather} ${drawnAt}`);
  const again = killAt !== undefined && dice.chance(1 / 3) ? dice.between(0, secondKillWithin) : null;
  let nextAt = killAt ?? failAt ?? null;
  let isAgainPlanned = again !== null;
  return {
    at: (step, moment, life) => {
      if (life === 2 && isAgainPlanned) {
        isAgainPlanned = false;
        nextAt = step + (again ?? 0);
      }
      const counts = failAt === undefined ? isOwnMoment(moment) : isStoreStep(moment);
      if (nextAt === null || step < nextAt || !counts) return false;
      nextAt = null;
      return failAt === undefined || diskFull(moment);
    },
    isSpent: () => nextAt === null && !isAgainPlanned && (killAt ?? failAt) !== undefined,
    // Mostly a supervisor's restart; now and then nobody is there for a while.
    awayMs: () => (dice.chance(0.8) ? dice.between(200, 10_000) : dice.between(60_000, 20 * 60_000)),
  };
}

/** As better-sqlite3 throws it. */
function diskFull(moment: string): Error {
  const [code, words] = moment.startsWith('before')
    ? ['SQLITE_FULL', 'database or disk is full']
    : ['SQLITE_IOERR', 'disk I/O error'];
  return Object.assign(new Error(words), { code });
}
