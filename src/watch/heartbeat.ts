import { seldom } from '../seldom.ts';

/** A monitor that takes longer has not heard us. */
const timeoutMs = 10_000;
/** A monitor that is away for long is told of once an hour. */
const failureLineEveryMs = 3_600_000;
/** The grace that we ask monitors to have (docs/monitoring.md). */
const unheardMin = 3;

interface HeartbeatDeps {
  /** Null: nobody outside waits for it. May be secret: it is in no line of the log. */
  url: string | null;
  now: () => number;
  report: (problem: string) => void;
}

/** Tells the monitor outside that all is well; its silence is the alarm. */
export function heartbeat({ url, now, report }: HeartbeatDeps) {
  const isTime = seldom(failureLineEveryMs, now);
  let unheard = { beats: 0, why: '' };
  return {
    /** Never rejects. */
    async beat(): Promise<void> {
      if (url === null) return;
      const why = await beatAt(url);
      unheard = why === null ? { beats: 0, why: '' } : { beats: unheard.beats + 1, why };
      if (why === null) return;
      const count = isTime(why);
      if (count !== null) report(`the heartbeat did not reach its monitor (${why}); ${count} so far`);
    },
    /** Null: the monitor hears us, or one beat or two were lost, which it does not mind. */
    problem(): string | null {
      const { beats, why } = unheard;
      if (beats < unheardMin) return null;
      return `The monitor at HEARTBEAT_URL did not take the last ${beats} beats (${why}): it rings without cause, or not at all when it should. Compare the address with the monitor's, and let this machine reach it.`;
    },
  };
}

/** Null: it was heard. Else why not, without the address. */
async function beatAt(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    return name === 'TimeoutError' ? 'no answer' : (cause?.code ?? 'it cannot be reached');
  }
}
