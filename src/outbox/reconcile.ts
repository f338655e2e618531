/**
 * Marks our posts: `event_type` of the message metadata. The payload carries the row's opaque reference, and what the post
 * is about, as opaque (deed.ts); nothing else.
 */
export const metadataType = 'tocsin';

/** History is read from this long before the call, against clocks that disagree (architecture.md, "Outbox"). */
export const lookBackMs = 600_000;

export const metadataOf = (ref: string, deed: string) => ({
  event_type: metadataType,
  event_payload: { ref, deed },
});

interface Found {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: object };
}

/** The timestamp of the message that carries `ref`, if it is among these. */
export function findPost(messages: readonly Found[], ref: string): string | null {
  const match = messages.find(
    ({ metadata }) =>
      metadata?.event_type === metadataType &&
      (metadata.event_payload as { ref?: unknown } | undefined)?.ref === ref,
  );
  return match?.ts ?? null;
}

/** A channel that is ours: we created it, under this very name. */
export function findChannel(
  channels: readonly { id?: string; name?: string; creator?: string }[],
  name: string,
  botUser: string,
): string | null {
  return channels.find((channel) => channel.name === name && channel.creator === botUser)?.id ?? null;
}

/** Slack wants seconds with six decimals. */
export const slackTime = (at: number): string => (at / 1000).toFixed(6);
