/** Who signs what they send us. */
export type Signer = 'slack' | 'pagerduty';

/** Whoever was accepted so lately is heard: what is refused meanwhile is somebody else's. */
const heardForMs = 15 * 60_000;
/** A single refusal is forgotten so soon; who has something to say comes again. */
const refusalCountsForMs = 3_600_000;

const slackSecret =
  'Copy the Signing Secret from Basic Information of the Slack app, put it in, and restart.';
const dutySecret = 'Put the secret of the subscription in PAGERDUTY_WEBHOOK_SECRET, and restart.';
const machineClock = "Set this machine's clock.";
const forgeries = (proof: string): string =>
  `If ${proof}, somebody else forges them, and they are rightly refused.`;

/** By the fault of a signature; whatever is not here (no signature, half of one) nobody sends who has a secret. */
const words: Readonly<Record<string, (count: string) => string>> = {
  mismatch: (count) =>
    `Slack's requests are refused: ${count} did not fit SLACK_SIGNING_SECRET, and none did since. ${slackSecret} ${forgeries('commands work')}`,
  stale: (count) =>
    `Slack's requests are refused: ${count} came dated more than five minutes back. ${machineClock} ${forgeries('commands work')}`,
  future: (count) =>
    `Slack's requests are refused: ${count} came dated more than five minutes ahead. ${machineClock} ${forgeries('commands work')}`,
  'no-match': (count) =>
    `PagerDuty's webhooks are refused: ${count} did not fit PAGERDUTY_WEBHOOK_SECRET, and none did since. ${dutySecret} ${forgeries('alerts arrive')}`,
  'no-secret': (count) =>
    `PagerDuty's webhooks are put off: ${count} came, and PAGERDUTY_WEBHOOK_SECRET is not set. ${dutySecret}`,
};

/**
 * Whether those who sign what they send are heard. A wrong secret and a stranger's forgeries look the same as long as
 * nothing genuine comes, so `problem` has words for both.
 */
export function watchSignatures(now: () => number) {
  const acceptedAt = new Map<Signer, number>();
  const refused = new Map<Signer, { fault: string; count: number; at: number }>();
  const isWithin = (at: number | undefined, ms: number): boolean =>
    at !== undefined && Math.abs(now() - at) < ms;

  return {
    /** A request was judged. `fault` null: it was accepted. */
    signed(signer: Signer, fault: string | null): void {
      if (fault === null) {
        acceptedAt.set(signer, now());
        refused.delete(signer);
      } else if (Object.hasOwn(words, fault))
        refused.set(signer, { fault, count: (refused.get(signer)?.count ?? 0) + 1, at: now() });
    },
    /** What is refused and nothing accepted, in words with the cure; null: nothing, or somebody is heard. */
    problem(signer: Signer): string | null {
      const last = refused.get(signer);
      if (!last || !isWithin(last.at, refusalCountsForMs) || isWithin(acceptedAt.get(signer), heardForMs))
        return null;
      return words[last.fault]?.(last.count === 1 ? 'one' : `${last.count}`) ?? null;
    },
  };
}
