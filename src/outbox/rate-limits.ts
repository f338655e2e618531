import type { Clock } from '../clock.ts';
import { retryAfterMs } from './retry.ts';

type Fetch = typeof globalThis.fetch;

/** Posts in one channel, and in how long: what Slack takes without a word (platform.md section 1.8), a burst included. */
const [postsMax, postsWithinMs] = [10, 10_000];
/** Longest list of rests remembered; those that are over go first. */
const restsMax = 1_000;

/**
 * A `fetch` for Slack's Web API that makes no call before Slack's Retry-After is over: it answers 429 itself instead.
 * Slack counts `chat.postMessage` per channel and every other method per workspace (platform.md section 1.8), so all
 * clients of one token share one of these. A Retry-After that makes no sense is replaced by one that does.
 */
export function respectRateLimits(fetch: Fetch, clock: Clock): Fetch {
  /** What is counted -> when it may be called again, epoch ms. */
  const rests = new Map<string, number>();

  function rest(counted: string, untilAt: number): void {
    if (rests.size >= restsMax) {
      for (const [key, at] of rests) if (at <= clock.now()) rests.delete(key);
    }
    rests.set(counted, Math.max(untilAt, rests.get(counted) ?? 0));
  }

  const turnFor = pace(clock);

  return async (input, init) => {
    const counted = countedAs(input instanceof Request ? input.url : input.toString(), init?.body);
    const waitMs = (rests.get(counted) ?? 0) - clock.now();
    if (waitMs > 0) return tooMany(waitMs);
    const turn = turnFor(counted);
    if (typeof turn === 'number') return tooMany(turn);
    const response = await fetch(input, init).finally(turn.over);
    if (response.status !== 429) return response;
    const pauseMs = retryAfterMs(Number(response.headers.get('retry-after') ?? Number.NaN));
    await response.body?.cancel();
    rest(counted, clock.now() + pauseMs);
    return tooMany(pauseMs);
  };
}

/**
 * A turn for the next post in that channel, or how long it has to wait for one, ms. After an outage all lines of an hour
 * are owed to one channel at once. Direct messages wait for nothing: they are pages.
 */
function pace(clock: Clock): (counted: string) => Turn | number {
  const turns = new Map<string, Turn[]>();
  return (counted) => {
    if (!/^chat\.postMessage (?!D)/.test(counted)) return freeTurn;
    const now = clock.now();
    const recent = (turns.get(counted) ?? []).filter(({ endedAt }) => endedAt > now - postsWithinMs);
    // Where all are under way nobody knows yet when the first will be old enough.
    if (recent.length >= postsMax)
      return Math.min(postsWithinMs, ...recent.map(({ endedAt }) => endedAt + postsWithinMs - now));
    if (turns.size >= restsMax) turns.clear();
    const turn: Turn = {
      endedAt: Number.POSITIVE_INFINITY,
      over: () => {
        turn.endedAt = clock.now();
      },
    };
    turns.set(counted, [...recent, turn]);
    return turn;
  };
}

/** A post counts from its answer on, epoch ms: Slack takes it at any moment until then, and counts it from there. */
interface Turn {
  endedAt: number;
  over(): void;
}

const freeTurn: Turn = { endedAt: 0, over: () => undefined };

function countedAs(url: string, body: unknown): string {
  const method = url.slice(url.lastIndexOf('/') + 1);
  if (method !== 'chat.postMessage' || typeof body !== 'string') return method;
  return `${method} ${/(?:^|&)channel=([^&]*)/.exec(body)?.[1] ?? ''}`;
}

const tooMany = (waitMs: number): Response =>
  new Response(null, { status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } });
