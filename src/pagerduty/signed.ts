import type { Clock } from '../clock.ts';
import { pagerDutyFaultOf } from './fault.ts';

/** Whom PagerDuty shows as the one who did it: the person, or the user of PAGERDUTY_FROM_EMAIL in their place. */
export type WrittenBy = 'person' | 'configured';

export interface Signed<T> {
  answer: T;
  by: WrittenBy;
}

/** So long a person whom PagerDuty did not know is not tried again, and of so many that is remembered. */
const strangerForMs = 10 * 60_000;
const strangersMax = 500;
/** One that a header can carry. */
const email = /^[\x21-\x7e]+@[\x21-\x7e]+$/;

/**
 * Writes with the `From` of the acting person (`as`, an e-mail; null: nobody in particular), and where PagerDuty does
 * not know or not allow them, once more with the configured one. Nothing was applied by then: PagerDuty refuses a
 * `From` before it acts.
 */
export function signatures(clock: Clock, configured: string) {
  /** E-mail -> until when it is not tried, epoch ms. */
  const strangers = new Map<string, number>();

  function isStranger(person: string): boolean {
    const until = strangers.get(person) ?? 0;
    return clock.now() < until && until - clock.now() <= strangerForMs;
  }

  function remember(person: string): void {
    const [oldest] = strangers.keys();
    if (strangers.size >= strangersMax && oldest !== undefined) strangers.delete(oldest);
    strangers.set(person, clock.now() + strangerForMs);
  }

  return async <T>(as: string | null, write: (from: string) => Promise<T>): Promise<Signed<T>> => {
    if (as !== null && email.test(as) && !isStranger(as)) {
      try {
        return { answer: await write(as), by: 'person' };
      } catch (error) {
        const { word } = pagerDutyFaultOf(error);
        if (as === configured || (word !== 'from_unknown' && word !== 'not_allowed')) throw error;
        if (word === 'from_unknown') remember(as);
      }
    }
    return { answer: await write(configured), by: 'configured' };
  };
}

export type Sign = ReturnType<typeof signatures>;
