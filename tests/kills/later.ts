import { writeFileSync } from 'node:fs';
import type { Clock } from '../../src/clock.ts';

/** The machine's clock, some time ahead: what must wait a minute need not take one. */
export interface LaterClock extends Clock {
  /** So much time goes by at once, ms; for the bots that follow too. */
  skip(ms: number): void;
  /** Arguments of Node that start a process with this clock. */
  readonly following: readonly string[];
}

/** `file` says to the processes that follow how far ahead it is. */
export function laterClock(file: string): LaterClock {
  let aheadMs = 0;
  const skip = (ms: number): void => {
    aheadMs += ms;
    writeFileSync(file, String(aheadMs));
  };
  skip(0);
  return {
    now: () => Date.now() + aheadMs,
    sleepUntil: (at, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, at - Date.now() - aheadMs));
        timer.unref();
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    skip,
    following: ['--import', `data:text/javascript,${encodeURIComponent(clockOf(file))}`],
  };
}

/** How old the knowledge of a process may be, ms. */
const lookAgainMs = 20;

/**
 * Runs before the bot does. Nothing of the bot is changed, and its timers go on as they are; the machine's uptime is as
 * far ahead, so that the time has really passed.
 */
const clockOf = (file: string): string => `
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
const Real = globalThis.Date;
let [lookedAt, ahead] = [0, 0];
const now = () => {
  const at = Real.now();
  if (at - lookedAt > ${lookAgainMs}) [lookedAt, ahead] = [at, Number(readFileSync(${JSON.stringify(file)}, 'utf8')) || ahead];
  return at + ahead;
};
const uptime = os.uptime;
os.uptime = () => uptime() + (now() - Real.now()) / 1000;
syncBuiltinESMExports();
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};`;
