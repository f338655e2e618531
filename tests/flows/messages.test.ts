import { expect, test } from 'vitest';
import { sentence } from '../../src/blocks/sentence.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** Ana has declared INC-1; its channel is open and everybody needed is in it. */
async function declared(options: Parameters<typeof start>[0] = {}): Promise<World> {
  const world = await start(options);
  await world.slack.as('ana').command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  world.slack.as('ana').goTo('inc-');
  return world;
}

/** What the timeline holds of messages and people, as they read it. */
const log = (world: World): string[] =>
  world.store
    .timeline(1)
    .filter(({ fact }) => /^(message|member|channel-changed)/.test(fact.type))
    .map(({ fact }) => sentence(fact, { now: 0, names: (user) => user, command: '/incident' }));

test('every message is a fact before Slack gets its 200: channel, thread, broadcast, edit, deletion, file', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  await ana.say('The p99 is at 9 s');
  await ana.say('Since when?', { thread: /p99/ });
  await ana.say('Since 01:40', { thread: /p99/, broadcast: true });
  await ana.edit(/Since when/, 'Since when exactly?');
  await ana.delete(/Since 01:40/);
  await ana.upload('graph.png', 'pixels', { comment: 'See the graph' });
  console.log(log(world));
  console.log(await ana.command('/incident timeline 30'));
});

test('other apps, people who join and leave, and a new name are facts', async () => {
  const world = await declared();
  await world.slack.otherApp('Grafana').say('p99 alert is firing', { in: 'inc-' });
  await world.slack.as('finn').join('inc-');
  await world.slack.as('finn').leave('inc-');
  await world.slack.renameChannel('inc-', 'checkout-slow');
  await world.settle();
  console.log(log(world));
  console.log(world.store.incident(1)?.channel, world.store.incident(1)?.members);
});
