import type { Logger } from 'pino';
import { seldom } from '../seldom.ts';

/** An alarm about the same thing is repeated this often at most: PagerDuty retries for two days. */
const alarmEveryMs = 60_000;

export type AlarmReason = 'no-match' | 'no-secret' | 'unreadable' | 'late' | 'not-persisted';

const words: Record<AlarmReason, string> = {
  'no-match':
    'A PagerDuty webhook is signed with a secret that is not ours: compare PAGERDUTY_WEBHOOK_SECRET with the subscription. PagerDuty tries again for 48 hours',
  'no-secret':
    'A PagerDuty webhook came, but PAGERDUTY_WEBHOOK_SECRET is not set: set it to the secret of the subscription. PagerDuty tries again for 48 hours',
  unreadable: 'A signed PagerDuty webhook could not be read: it is kept in quarantine',
  late: 'A PagerDuty webhook is older than PagerDuty would deliver: it is kept in quarantine',
  'not-persisted': 'A PagerDuty webhook could not be stored. PagerDuty tries again for 48 hours',
};

/**
 * Raises alarms in the log. `fields` carry no secret and no body. `count`: how many since the last line of this
 * reason.
 */
export function alarms(log: Pick<Logger, 'error'>, now: () => number) {
  const isTime = seldom(alarmEveryMs, now);
  return (reason: AlarmReason, fields: Record<string, unknown>): void => {
    const count = isTime(reason);
    if (count !== null) log.error({ ...fields, reason, count }, words[reason]);
  };
}
