import type { World } from '../../src/sandbox/start.ts';
import { start } from './world.ts';

/** INC-1, acknowledged by Bea, commanded by Ana, who stands in its channel. */
export async function running(severity: 1 | 2 | 3) {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command(`/incident declare sev${severity} Checkout is down`, { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident role commander me');
  await world.settle();
  return { world, ana, channel: world.slack.channel('inc-') };
}

/** Time goes by; Bea, who has it, writes now and then, so that her silence is not the subject. */
export async function pass(world: World, ...durations: string[]): Promise<void> {
  for (const duration of durations) {
    await world.pass(duration);
    await world.slack.as('bea').say('working on it', { in: 'inc-' });
  }
}

/** Two people who write now and then: neither is the subject. */
export async function busy(world: World, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 10) {
    await world.pass(`${Math.min(10, minutes - passed)}m`);
    for (const who of ['bea', 'ana']) await world.slack.as(who).say('working on it', { in: 'inc-' });
  }
}

/** What it says about updates that are due, by whom it is read. */
export const nudgesIn = (transcript: string): string[] => transcript.match(/@\w+ update .*/g) ?? [];
