import type { Clock } from '../clock.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { CALLS_PER_MINUTE, METHODS, POSTS } from './rules.ts';

interface Bucket {
  level: number;
  at: number;
}

/**
 * Judges how often a method may be called: a bucket per method that holds one minute's calls and refills over a
 * minute, so a burst passes and a stream is held to the tier. `chat.postMessage` has a bucket per channel besides.
 * Answers the seconds to wait (at least 1), or 0 when the call may go ahead.
 */
export function rateLimiter(clock: Clock): (method: string, args: Json) => number {
  const buckets = new Map<string, Bucket>();

  function waitFor(key: string, capacity: number, perSecond: number): number {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { level: capacity, at: now };
    bucket.level = Math.min(capacity, bucket.level + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    if (bucket.level < 1) return Math.max(1, Math.ceil((1 - bucket.level) / perSecond));
    bucket.level -= 1;
    return 0;
  }

  return (method, args) => {
    if (method === 'chat.postMessage') {
      const channel = textAt(args, 'channel');
      const wait = waitFor(`posts in ${channel}`, POSTS.burst, POSTS.perSecondAndChannel);
      return wait || waitFor('posts', POSTS.perMinute, POSTS.perMinute / 60);
    }
    const perMinute = CALLS_PER_MINUTE[METHODS[method]?.tier ?? 'special'];
    return Number.isFinite(perMinute) ? waitFor(method, perMinute, perMinute / 60) : 0;
  };
}
