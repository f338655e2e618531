import fc from 'fast-check';
import { seed } from './seed.ts';

/** What is tried again and nothing else, as JSON: the line that a failure prints sets it. */
const replayed = process.env.REPLAY;

/**
 * Plays so many drawn things, or the one in `REPLAY`. What fails is made as small as it gets. Null: all of them went
 * well; else what was wrong with the smallest, and the one line that plays it again.
 */
export async function firstWrong<T>(
  file: string,
  drawn: fc.Arbitrary<T>,
  play: (one: T) => Promise<readonly string[]>,
  count: number,
): Promise<string | null> {
  const holds = async (one: T): Promise<void> => {
    const wrong = await play(one);
    if (wrong.length > 0) throw new Error(wrong.slice(0, linesMax).join('\n'));
  };
  const only = replayed === undefined ? drawn : fc.constant(JSON.parse(replayed) as T);
  const tried = await fc.check(fc.asyncProperty(only, holds), {
    numRuns: replayed === undefined ? count : 1,
    seed,
    interruptAfterTimeLimit: withinMs,
    markInterruptAsFailure: false,
  });
  if (!tried.failed || tried.counterexample === null)
    return tried.interrupted ? `only ${tried.numRuns} of ${count} were played in the time there is` : null;
  const [smallest] = tried.counterexample;
  const words =
    tried.errorInstance instanceof Error ? tried.errorInstance.message : String(tried.errorInstance);
  const quoted = JSON.stringify(smallest).replaceAll("'", "'\\''");
  return `${words}\nREPLAY='${quoted}' PROOF_PROFILE=short npx vitest run --project proof ${file}`;
}

/** Of what is wrong with one, so many lines are shown. */
const linesMax = 20;
/** All of it together: a test has three hours (vitest.config.ts). */
const withinMs = 10_500_000;
