import type { World } from '../../src/sandbox/start.ts';
import { start } from './world.ts';

/** INC-1 (SEV2), acknowledged by Bea, resolved at 10:01 on Monday, 2 March; its draft stands in its channel. */
export async function resolved(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('1m');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident resolve rollback of 512');
  await world.settle();
  const bea = world.slack.as('bea').goTo('inc-');
  return { world, ana, bea, channel: () => world.slack.channel('inc-') };
}

type Person = Awaited<ReturnType<typeof resolved>>['ana'];

/** What stands in the section's form now. */
export async function opened(world: World, person: Person, section: string): Promise<string> {
  await person.command(`/incident postmortem edit ${section}`);
  await world.settle();
  return person.modal() ?? '';
}

/** The draft as it reads in the channel. */
export const draftOf = (world: World): string => {
  const said = world.slack.channel('inc-').transcript();
  return said.slice(
    said.indexOf('Tocsin: Postmortem draft'),
    said.indexOf('Tocsin: The postmortem draft as a file'),
  );
};

/** Entries of that type in the timeline of INC-1. */
export const facts = (world: World, type: string) =>
  world.store.timeline(1).filter(({ fact }) => fact.type === type);
