import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import type { Store } from '../../src/store/store.ts';
import { botWith } from '../support/bot-with.ts';
import { start } from '../support/world.ts';

/** A bot in which something breaks that nobody foresaw: the next `left` decisions throw. */
async function fragile() {
  const surprise = { left: 0 };
  const storeOf = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name: keyof Store) => {
        const method = target[name] as (...args: unknown[]) => unknown;
        if (name !== 'update' && name !== 'create') return method;
        return async (...args: unknown[]) => {
          if (surprise.left === 0) return method.apply(target, args);
          surprise.left -= 1;
          throw new TypeError("Cannot read properties of undefined (reading 'nobody foresaw this')");
        };
      },
    });
  const world = await start({ startBot: botWith({ storeOf }) });
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').say('the cache is cold.', { in: 'inc-' });
  await world.settle();
  return { world, surprise };
}

const factsOf = (world: World, type: string) =>
  world.store.timeline(1).filter(({ fact }) => fact.type === type);

test.each<[string, (world: World) => Promise<unknown>, string]>([
  [
    'a command',
    (world) => world.slack.as('ana').command('/incident status identified', { in: 'inc-' }),
    'status-changed',
  ],
  ['a button', (world) => world.slack.as('bea').click('Acknowledge', { in: 'dm' }), 'acknowledged'],
])(
  '%s meets a surprise: its sender sees that it failed, nothing changed, and it works again',
  async (...row) => {
    const [, act, type] = row;
    const { world, surprise } = await fragile();
    surprise.left = 1;
    await act(world);
    await world.settle();
    expect(factsOf(world, type)).toEqual([]);
    await act(world);
    await world.settle();
    expect(factsOf(world, type)).toHaveLength(1);
  },
);

test('a form meets a surprise: it stays open with what was typed, and is taken the next time', async () => {
  const { world, surprise } = await fragile();
  const ana = world.slack.as('ana');
  await ana.command('/incident status', { in: 'inc-' });
  await world.settle();
  surprise.left = 1;
  await ana.submit({ 'How far are we?': 'Identified' }).catch(() => undefined);
  await world.settle();
  expect(factsOf(world, 'status-changed')).toEqual([]);
  expect(ana.modal()).not.toBeNull();
  await ana.submit();
  await world.settle();
  expect(factsOf(world, 'status-changed')).toHaveLength(1);
});

test.each<[string, (world: World) => Promise<unknown>, string]>([
  ['a message', (world) => world.slack.as('ana').say('now it is warm.', { in: 'inc-' }), 'message-posted'],
  [
    'an edit',
    (world) => world.slack.as('ana').edit(/cold/, 'it is frozen.', { in: 'inc-' }),
    'message-edited',
  ],
  ['a deletion', (world) => world.slack.as('ana').delete(/cold/, { in: 'inc-' }), 'message-deleted'],
  ['a reaction', (world) => world.slack.as('ana').react('pushpin', /cold/, { in: 'inc-' }), 'entry-marked'],
  [
    'a mention',
    (world) => world.slack.as('ana').mention('status identified', { in: 'inc-' }),
    'status-changed',
  ],
  ['a topic', (world) => world.slack.setTopic('inc-', 'ask Bea'), 'channel-changed'],
  ['somebody who joins', (world) => world.slack.as('finn').join('inc-'), 'member-joined'],
])('%s meets a surprise: Slack says it again, and it is recorded once', async (...row) => {
  const [, act, type] = row;
  const { world, surprise } = await fragile();
  const before = factsOf(world, type).length;
  surprise.left = 1;
  await act(world);
  await world.pass('7m');
  expect(surprise.left).toBe(0);
  expect(factsOf(world, type).slice(before)).toHaveLength(1);
});

test('an alert meets a surprise: PagerDuty says it again, and it opens one incident', async () => {
  const { world, surprise } = await fragile();
  surprise.left = 1;
  await world.pagerduty.trigger({ title: 'p99 too high', service: 'PSEARCH', assignees: ['bea'] });
  expect(surprise.left).toBe(0);
  await world.pass('10m');
  expect(world.store.list({ limit: 10 }).filter(({ title }) => title === 'p99 too high')).toHaveLength(1);
});

test('the clock meets a surprise: the beat fails, and the next one pages whoever was due', async () => {
  const { world, surprise } = await fragile();
  await world.pass('895s');
  world.clock.set(world.clock.now() + 5_000);
  surprise.left = 1;
  await expect(world.tick()).rejects.toThrow('nobody foresaw this');
  expect(world.slack.as('cai').pushes()).toEqual([]);
  await world.pass('5s');
  expect(world.slack.as('cai').pushes()[0]).toContain('Checkout is down');
});
