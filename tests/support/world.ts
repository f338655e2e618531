import { onTestFinished } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../../src/sandbox/start.ts';

/** How Slack's words reach the bot in this run: the flows are the same over both. */
export const transport = process.env.TOCSIN_TRANSPORT === 'socket' ? 'socket' : 'http';

/** A world for one test; it ends with the test. */
export async function start(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await startWorld({ at: '2026-03-02T02:00Z', transport, ...options });
  onTestFinished(() => world.stop());
  return world;
}
