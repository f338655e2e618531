import { faultOf } from './retry.ts';

/**
 * What became of an earlier try; null where it was not applied, or `find` cannot tell. Where Slack does not let us look
 * (the channel is gone, we were removed), sending finds out what to do about it. Throws Slack's other failures.
 */
export async function fateOf<Fate>(find: () => Promise<Fate | null> | undefined): Promise<Fate | null> {
  try {
    return (await find()) ?? null;
  } catch (error) {
    if (faultOf(error).kind !== 'refused') throw error;
    return null;
  }
}
