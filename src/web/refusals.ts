import type { Logger } from 'pino';
import { seldom } from '../seldom.ts';
import type { BodyProblem } from './body.ts';
import type { SlackSignatureProblem } from './slack-signature.ts';

/** One line per reason and minute: a flood of forged requests must not become a flood of log lines. */
const refusalLineEveryMs = 60_000;

/** Why a request got no further than the door. */
export type RefusalReason =
  | BodyProblem
  | SlackSignatureProblem
  | 'unsigned'
  | 'unreadable'
  | 'too-deep'
  | 'replayed'
  | 'bad-token';

/** What a human can do about it; the other reasons are the sender's to mend. */
const cures: Partial<Record<RefusalReason, string>> = {
  mismatch:
    "Slack's signature does not fit SLACK_SIGNING_SECRET: copy the Signing Secret from Basic Information of the Slack app, put it in, and restart. If commands work, somebody else forges requests",
  stale: "Slack's request is dated more than five minutes back: set this machine's clock",
  future: "Slack's request is dated more than five minutes ahead: set this machine's clock",
};

/**
 * Counts what the door refuses. The first refusal of each reason is logged at once, the next ones a minute later at
 * the earliest, each line with how many there were since the last. A line names the reason, the path of a route and,
 * where there is one, the cure: never a header or a body.
 */
export function countRefusals(log: Pick<Logger, 'warn'>, now: () => number) {
  const isTime = seldom(refusalLineEveryMs, now);
  return (route: string, reason: RefusalReason): void => {
    const count = isTime(`${route} ${reason}`);
    if (count !== null) log.warn({ route, reason, count }, cures[reason] ?? 'request refused');
  };
}
