import type { Store } from '../store/store.ts';
import type { PagerDutySubscription } from './answers.ts';
import { isPagerDutyError } from './failure.ts';
import { pagerDutyFaultOf } from './fault.ts';
import { subscriptionsIn } from './inbox.ts';
import type { PagerDutyRest } from './rest.ts';

/** One of our addresses: PagerDuty knows where it delivers to, we do not know our own name. */
const webhookPath = /\/webhooks\/pagerduty\/?$/;

const meanwhile = 'Until then its news is polled every minute.';
const cure = 'enable it there (Integrations, Generic Webhooks)';

/**
 * PagerDuty switches a subscription off after three refusals, somebody there may do so too, or delete it: nothing would
 * reach us. Ours are those that have delivered here before, and those whose address ends like ours.
 */
export async function lookAtSubscriptions({
  rest,
  store,
  onSubscription,
}: {
  rest: Pick<PagerDutyRest, 'subscriptions'>;
  store: Pick<Store, 'meta'>;
  onSubscription: (problem: string | null) => void;
}): Promise<void> {
  const listed = await rest.subscriptions().catch((error: unknown) => {
    // A token that may not look at them is no reason to look no further.
    if (isPagerDutyError(error) && pagerDutyFaultOf(error).word === 'not_allowed') return null;
    throw error;
  });
  onSubscription(listed && problemOf(listed.rows, subscriptionsIn(store)));
}

/** In words, with the cure; null: what is there works. `heard`: ids of those that have delivered here. */
export function problemOf(rows: readonly PagerDutySubscription[], heard: readonly string[]): string | null {
  const isOurs = ({ id, url }: PagerDutySubscription): boolean =>
    heard.includes(id) || (url !== null && webhookPath.test(url.split('?')[0] ?? ''));
  const ours = rows.filter(isOurs);
  const refused = ours.find(({ active, temporarilyDisabled }) => active && temporarilyDisabled);
  if (refused) {
    return `PagerDuty has switched its webhook subscription ${refused.id} off for 24 hours, after three answers that it did not like: ${cure}. ${meanwhile}`;
  }
  // One of several may be off on purpose.
  if (ours.some(({ active }) => active)) return null;
  const [off] = ours;
  if (off) return `The webhook subscription in PagerDuty (${off.id}) is switched off: ${cure}. ${meanwhile}`;
  return heard.length === 0
    ? null
    : `The webhook subscription in PagerDuty (${heard.at(-1)}) is gone: make a new one there, and set PAGERDUTY_WEBHOOK_SECRET to its secret. ${meanwhile}`;
}
