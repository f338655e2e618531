import type { LimitedThing } from '../incident/limits.ts';
import { type Delivery, done } from './context.ts';
import { goneWords } from './incident-channel.ts';
import { faultOf } from './retry.ts';

/**
 * Does something that a plan, a policy or a bound of the workspace may forbid. What Slack refuses then is reported, once
 * an incident, and nothing else stops. Trouble that passes, and a channel that is gone, is thrown as ever.
 */
export async function unlessLimited(what: LimitedThing, act: () => Promise<void>): Promise<Delivery> {
  try {
    await act();
    return done();
  } catch (error) {
    const { kind, word } = faultOf(error);
    if (kind !== 'refused' || goneWords.has(word) || word === 'not_in_channel') throw error;
    return done({ type: 'note-limit', what, error: word });
  }
}
