import { expect, onTestFinished } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../../src/sandbox/start.ts';
import type { Store } from '../../src/store/store.ts';
import { misfolded } from './folded.ts';

/** How Slack's words reach the bot in this run: the flows are the same over both. */
export const transport = process.env.TOCSIN_TRANSPORT === 'socket' ? 'socket' : 'http';

/** A world for one test; it ends with the test, and its incidents are then what their timelines make of them. */
export async function start(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await startWorld({ at: '2026-03-02T02:00Z', transport, ...options });
  onTestFinished(async () => {
    const store = storeOf(world);
    const wrong = store ? misfolded(store) : [];
    await world.stop();
    expect(wrong).toEqual([]);
  });
  return world;
}

/** Null: the bot ended before the test, or never was. */
function storeOf(world: World): Store | null {
  try {
    return world.store;
  } catch {
    return null;
  }
}
