import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** A world whose Slack speaks through a socket; Ana has declared INC-1. */
async function declared(): Promise<World> {
  const world = await start({ transport: 'socket' });
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  world.slack.as('ana').goTo('inc-');
  return world;
}

const readyz = async (world: World) => (await fetch(`http://127.0.0.1:${world.port}/readyz`)).text();

const opens = (world: World): number => world.slack.callsTo('apps.connections.open').length;

/** How often somebody's words are on the timeline. */
const recorded = (world: World, words: string): number =>
  world.store.timeline(1).filter(({ fact }) => fact.type === 'message-posted' && fact.text === words).length;

test.each([
  ['no JSON', 'hello?'],
  ['null', 'null'],
  ['a list', '[]'],
  ['an event without its payload', '{"type":"events_api","envelope_id":"x"}'],
  ['a payload without its event', '{"type":"events_api","envelope_id":"x","payload":{}}'],
  ['a command without its fields', '{"type":"slash_commands","envelope_id":"x"}'],
  ['a type that nobody knows', '{"type":"telepathy","envelope_id":"x","payload":{}}'],
  ['a goodbye that is much too long', `{"type":"disconnect","reason":"${'x'.repeat(2_000)}"}`],
  ['a second hello', '{"type":"hello"}'],
])('%s comes through the socket: nothing breaks, and the next message is recorded', async (_title, frame) => {
  const world = await declared();
  world.slack.sockets.say(frame);
  await world.slack.as('ana').say('The p99 is at 9 s');
  await world.settle();
  await world.pass('1m');
  expect(recorded(world, 'The p99 is at 9 s')).toBe(1);
  expect(await readyz(world)).toBe('{"ok":true}');
  expect(world.slack.sockets.count()).toBe(1);
});

test('a command that comes twice, with one trigger, is carried out once', async () => {
  const world = await declared();
  const ana = world.slack.userId('ana');
  const payload = {
    command: '/incident',
    text: 'declare sev3 Search is slow',
    user_id: ana,
    user_name: 'ana',
    team_id: 'T0SANDBOX',
    api_app_id: 'A0TOCSIN',
    channel_id: world.slack.channel('general').id,
    channel_name: 'general',
    trigger_id: '1.2.twice',
    response_url: `${world.slack.apiUrl}nowhere`,
  };
  for (const envelope_id of ['env-first', 'env-again']) {
    world.slack.sockets.say(
      JSON.stringify({ type: 'slash_commands', envelope_id, payload, accepts_response_payload: true }),
    );
  }
  await expect.poll(() => world.store.list({ limit: 10 }).length).toBeGreaterThan(1);
  await world.settle();
  await world.pass('1m');
  expect(world.store.list({ limit: 10 })).toHaveLength(2);
});

test('Slack limits how often sockets may be opened: nobody asks before its Retry-After is over', async () => {
  const world = await declared();
  world.slack.faults.next('apps.connections.open', { status: 429, retryAfter: 120 });
  const before = opens(world);
  world.slack.sockets.cut();
  await expect.poll(() => opens(world)).toBe(before + 1);
  await world.pass('110s');
  expect(opens(world)).toBe(before + 1);
  await world.pass('15s');
  expect(opens(world)).toBe(before + 2);
  expect(await readyz(world)).toBe('{"ok":true}');
});

test('Slack fails to open sockets: each try is one call, further apart, and never more than 30 seconds', async () => {
  const world = await declared();
  world.slack.faults.always('apps.connections.open', { status: 503 });
  world.slack.sockets.cut();
  await world.pass('5m');
  const before = opens(world);
  await world.pass('5m');
  expect(opens(world) - before).toBeGreaterThanOrEqual(10);
  expect(opens(world) - before).toBeLessThanOrEqual(21);
  world.slack.faults.clear();
  await world.pass('30s');
  expect(await readyz(world)).toBe('{"ok":true}');
});

test('the socket is down for an hour: what was said meanwhile is pulled when it is back, and a refresh pulls nothing', async () => {
  const world = await declared();
  world.slack.connect(null);
  await world.settle();
  await world.pass('1h');
  await world.slack.as('ana').say('The p99 is at 9 s');
  expect(recorded(world, 'The p99 is at 9 s')).toBe(0);
  world.slack.connect('by socket');
  await world.pass('1m');
  expect(recorded(world, 'The p99 is at 9 s')).toBe(1);
  const pulls = world.slack.callsTo('conversations.history').length;
  world.slack.sockets.disconnect('refresh_requested');
  await world.pass('1m');
  expect(world.slack.callsTo('conversations.history')).toHaveLength(pulls);
});
