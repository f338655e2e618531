import type { Logger } from 'pino';
import type { BodyProblem } from './body.ts';
import type { SlackSignatureProblem } from './slack-signature.ts';

/** One line per reason and minute: a flood of forged requests must not become a flood of log lines. */
const refusalLineEveryMs = 60_000;

/** Why a request got no further than the door. */
export type RefusalReason = BodyProblem | SlackSignatureProblem | 'unsigned' | 'unreadable' | 'too-deep';

/**
 * Counts what the door refuses. The first refusal of each reason is logged at once, the next ones a minute later at
 * the earliest, each line with how many there were since the last. A line names the reason and the path of a route:
 * never a header or a body.
 */
export function countRefusals(log: Pick<Logger, 'warn'>, now: () => number) {
  const lines = new Map<string, { saidAt: number; unsaid: number }>();
  return (route: string, reason: RefusalReason): void => {
    const at = now();
    const key = `${route} ${reason}`;
    const line = lines.get(key);
    if (line && Math.abs(at - line.saidAt) < refusalLineEveryMs) {
      line.unsaid++;
      return;
    }
    log.warn({ route, reason, count: (line?.unsaid ?? 0) + 1 }, 'request refused');
    lines.set(key, { saidAt: at, unsaid: 0 });
  };
}
