import type { Clock } from '../clock.ts';

/** How fast one of PagerDuty's interfaces may be called. */
export interface Pace {
  /** In any sixty seconds. */
  perMinuteMax: number;
  /** Of those, kept for urgent calls: chatter never uses up the minute that a page needs. */
  urgentReserve: number;
  /** Calls of one urgency under way at the same time. */
  atOnceMax: number;
  /** Calls of one urgency that wait for their turn. */
  waitingMax: number;
}

export interface Refusals {
  heldBack: (retryAfterMs: number) => Error;
  unreachable: () => Error;
}

export interface Turns {
  /**
   * Runs when it is this call's turn. Urgent calls have a line of their own: none waits behind chatter that hangs.
   * Rejects with `heldBack(ms)`, and never runs, where the minute or the line is full or PagerDuty asked for a pause.
   */
  take<T>(urgent: boolean, run: () => Promise<T>, refusals: Refusals): Promise<T>;
  /**
   * Nobody answered a call of that line: those that wait in it now are rejected with `unreachable()`. Each would else
   * wait for the silence of all before it, and a page must be known to have failed within one of them.
   */
  silence(urgent: boolean): void;
  /** PagerDuty asked for it: nothing runs for that long. */
  pause(forMs: number): void;
}

const minuteMs = 60_000;
/** What somebody is told who finds the line full: it moves by then. */
const fullLineWaitMs = 5_000;

export function turnsOf(clock: Clock, pace: Pace): Turns {
  const budget = minuteBudget(pace);
  const lines = { urgent: lineOf(pace), rest: lineOf(pace) };
  let pausedUntil = 0;
  return {
    take: (urgent, run, { heldBack, unreachable }) => {
      const line = urgent ? lines.urgent : lines.rest;
      if (line.isFull()) return Promise.reject(heldBack(fullLineWaitMs));
      return line.inTurn(unreachable, () => {
        const now = clock.now();
        const waitMs = pausedUntil > now ? pausedUntil - now : budget.spend(now, urgent);
        return waitMs > 0 ? Promise.reject(heldBack(waitMs)) : run();
      });
    },
    silence: (urgent) => (urgent ? lines.urgent : lines.rest).dismiss(),
    pause: (forMs) => {
      pausedUntil = Math.max(pausedUntil, clock.now() + forMs);
    },
  };
}

/** The starts of the last minute: exact, where a refilling bucket would let twice its size through around a burst. */
function minuteBudget({ perMinuteMax, urgentReserve }: Pace) {
  let starts: number[] = [];
  return {
    /** 0: spent, go ahead. Else how many ms until there is room. */
    spend(now: number, urgent: boolean): number {
      // A clock that was set back must not hold everything up until it is there again.
      starts = starts.filter((at) => at > now - minuteMs && at <= now);
      const limit = urgent ? perMinuteMax : Math.max(1, perMinuteMax - urgentReserve);
      const oldest = starts[starts.length - limit];
      if (oldest !== undefined) return Math.max(1, oldest + minuteMs - now);
      starts.push(now);
      return 0;
    },
  };
}

function lineOf({ atOnceMax, waitingMax }: Pace) {
  let waiting: { goOn: () => void; giveUp: () => void }[] = [];
  let running = 0;
  return {
    isFull: () => waiting.length >= waitingMax,
    dismiss(): void {
      const dismissed = waiting;
      waiting = [];
      for (const { giveUp } of dismissed) giveUp();
    },
    async inTurn<T>(unreachable: () => Error, run: () => Promise<T>): Promise<T> {
      if (running >= atOnceMax) {
        await new Promise<void>((goOn, reject) => {
          waiting.push({ goOn, giveUp: () => reject(unreachable()) });
        });
      } else running += 1;
      try {
        return await run();
      } finally {
        const next = waiting.shift();
        if (next) next.goOn();
        else running -= 1;
      }
    },
  };
}
