import { seldom } from '../seldom.ts';

/** A monitor that takes longer has not heard us. */
const timeoutMs = 10_000;
/** A monitor that is away for long is told of once an hour. */
const failureLineEveryMs = 3_600_000;

interface HeartbeatDeps {
  /** Null: nobody outside waits for it. May be secret: it is in no line of the log. */
  url: string | null;
  now: () => number;
  report: (problem: string) => void;
}

/** Tells the monitor outside that all is well; its silence is the alarm. Resolves to whether it was heard; never rejects. */
export function heartbeat({ url, now, report }: HeartbeatDeps): () => Promise<boolean> {
  const isTime = seldom(failureLineEveryMs, now);
  return async () => {
    if (url === null) return false;
    const problem = await beat(url);
    if (problem === null) return true;
    const count = isTime(problem);
    if (count !== null) report(`the heartbeat did not reach its monitor (${problem}); ${count} so far`);
    return false;
  };
}

/** Null: it was heard. Else why not, without the address. */
async function beat(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    return name === 'TimeoutError' ? 'no answer' : (cause?.code ?? 'it cannot be reached');
  }
}
