import { onTestFinished } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../../src/sandbox/start.ts';

/** A world for one test; it ends with the test. */
export async function start(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await startWorld({ at: '2026-03-02T02:00Z', ...options });
  onTestFinished(() => world.stop());
  return world;
}
