/**
 * How long a signature is remembered, ms: its time may be five minutes ahead of ours and five behind, so after ten it is
 * refused for its age.
 */
const rememberedMs = 600_000;
/** Slack sends one workspace 30,000 events an hour at most (platform.md): 5,000 in ten minutes. */
const signaturesMax = 20_000;

/** Of a signed request: nobody has seen it, it is being answered now, or it was answered. */
export type Seen = 'new' | 'under-way' | 'answered';

export interface Replays {
  /** Whether a request with this signature came before. One that is new is under way from now on. */
  take(signature: string): Seen;
  /** It was answered, or (`taken` false) it failed, and may come again. */
  answered(signature: string, taken: boolean): void;
}

/**
 * Knows the signatures of the requests that were answered: whoever listened on the way can send such a request again,
 * and it must do nothing. In memory alone: a restart forgets them, and then the causes in the database still keep
 * everything that changes something from happening twice. More than `signaturesMax`: the oldest are forgotten likewise.
 */
export function knownReplays(now: () => number): Replays {
  /** In the order in which they came. */
  const known = new Map<string, { isAnswered: boolean; until: number }>();

  function forgetOld(): void {
    for (const [signature, { until }] of known) {
      if (until > now() && known.size < signaturesMax) return;
      known.delete(signature);
    }
  }

  return {
    take: (signature) => {
      forgetOld();
      const before = known.get(signature);
      if (before) return before.isAnswered ? 'answered' : 'under-way';
      known.set(signature, { isAnswered: false, until: now() + rememberedMs });
      return 'new';
    },
    answered: (signature, taken) => {
      const one = known.get(signature);
      if (one && taken) one.isAnswered = true;
      else known.delete(signature);
    },
  };
}
