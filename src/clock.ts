/**
 * Time as the rest of Tocsin sees it. Production reads the machine's clock (`main.ts`), the sandbox one that a
 * test moves. Nothing else asks for the time.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves once `now() >= at` (epoch ms), or at once when `signal` is aborted. Never rejects. */
  sleepUntil(at: number, signal?: AbortSignal): Promise<void>;
}
