import type { Call } from '../../src/sandbox/api.ts';
import type { Slack } from '../../src/sandbox/slack.ts';
import type { Running } from '../support/process.ts';
import type { Chance } from './chance.ts';

/**
 * When a bot dies. `call`: at its n-th call to Slack; `taken`: with its n-th 2xx; `declared`: with
 * that of a declaration; `ms`: so long after its inputs or its start.
 */
export type Death =
  | { at: 'call'; n: number; moment: 'unapplied' | 'applied' | 'answered' }
  | { at: 'taken'; n: number }
  | { at: 'declared' }
  | { at: 'inputs'; ms: number }
  | { at: 'start'; ms: number };

const deaths = ['call', 'call', 'call', 'taken', 'declared', 'declared', 'inputs', 'start'] as const;
const [callsMax, takenMax, inputsMs, startMs] = [30, 6, 60, 500];
/** A bot that does not come to the moment of its death dies all the same. */
const livesMsMax = 4_000;

export function drawDeath(chance: Chance): Death {
  const at = chance.oneOf(deaths);
  switch (at) {
    case 'call':
      return {
        at,
        n: chance.between(1, callsMax),
        moment: chance.oneOf(['unapplied', 'applied', 'answered']),
      };
    case 'taken':
      return { at, n: chance.between(1, takenMax) };
    case 'declared':
      return { at };
    case 'inputs':
      return { at, ms: chance.between(0, inputsMs) };
    case 'start':
      return { at, ms: chance.between(0, startMs) };
  }
}

/** Waits for the moment and sends SIGKILL. `tell` says what the drawn moment may wait for. */
export function doom(slack: Slack, { child, ended }: Running, death: Death) {
  let [calls, taken] = [0, 0];
  const kill = (): boolean => child.kill('SIGKILL');
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number): void => void timers.push(setTimeout(kill, ms));
  const stop = slack.watch((_call: Call, when) => {
    if (death.at !== 'call' || child.killed) {
      // What a dead process had on the wire may arrive or not; here it does not.
      if (child.killed && when === 'before' && death.at === 'call' && death.moment === 'unapplied')
        throw new Error('the caller is dead');
      return;
    }
    if (when === 'before') calls += 1;
    if (calls < death.n) return;
    if (death.moment === 'answered') {
      // Its answer is on the way when the signal comes.
      if (when === 'after') setImmediate(kill);
      return;
    }
    if ((when === 'before') === (death.moment === 'unapplied')) kill();
    if (when === 'before' && death.moment === 'unapplied') throw new Error('the caller is dead');
  });
  if (death.at === 'start') after(death.ms);
  return {
    taken: (kind: string): void => {
      taken += 1;
      if (death.at === 'taken' && taken >= death.n) kill();
      if (death.at === 'declared' && kind === 'declare') kill();
    },
    inputsGo: (): void => {
      if (death.at === 'inputs') after(death.ms);
      after(livesMsMax);
    },
    /** Resolves when it is gone. */
    died: ended.then((how) => {
      for (const timer of timers) clearTimeout(timer);
      stop();
      return how;
    }),
  };
}
