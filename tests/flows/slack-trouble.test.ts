import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { diceOf } from '../simulation/dice.ts';
import { seed } from '../support/seed.ts';
import { start } from '../support/world.ts';

/** The row that a post is for. */
function refOf({ args: { metadata } }: { args: Record<string, unknown> }): string {
  const read = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  return (read as { event_payload: { ref: string } }).event_payload.ref;
}

const declare = async (world: World): Promise<void> => {
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
};

test('of Slack’s calls a third fails for an hour, half of those applied: everybody is paged on time, and nothing is lost or there twice', async () => {
  const world = await start({ pagerduty: account });
  const { slack } = world;
  const dice = diceOf(seed, 'a third fails');
  const stop = slack.watch(({ method }, moment) => {
    if (moment !== 'before' || method === 'apps.connections.open' || !dice.chance(0.3)) return;
    slack.faults.next('*', { status: 503, when: dice.oneOf(['before', 'after'] as const) });
  });
  await declare(world);
  await world.pass('1h');
  stop();
  slack.faults.clear();
  await world.pass('15m');
  expect(world.pagerduty.paged().slice(0, 3)).toEqual(['bea at 02:00', 'cai at 02:05', 'dana at 02:10']);
  const applied = slack
    .callsTo('chat.postMessage')
    .filter(({ ok }) => ok)
    .map(refOf);
  expect(applied.length).toBeGreaterThan(10);
  expect(applied.filter((ref, at) => applied.indexOf(ref) !== at)).toEqual([]);
  expect(world.store.outboxReport(5)).toMatchObject({ unknown: 0, parked: 0, dead: 0 });
});

test.each(['invalid_blocks', 'msg_blocks_too_long', 'msg_too_long'])(
  'Slack refuses a page with %s: it goes out at once in plain words, with the way to the channel',
  async (error) => {
    const world = await start();
    await declare(world);
    const { slack } = world;
    await world.pass('4m');
    slack.faults.next('chat.postMessage', { error });
    await world.pass('2m');
    const refused = slack.callsTo('chat.postMessage').find((call) => call.error === error)!;
    const again = slack
      .callsTo('chat.postMessage')
      .filter((call) => call.ok && refOf(call) === refOf(refused));
    expect(String(refused.args.channel)).toMatch(/^D/);
    expect(again.map(({ at, args }) => [at, args.blocks])).toEqual([[refused.at, undefined]]);
    const text = String(again[0]?.args.text);
    expect(text).toContain('Checkout is down');
    expect(text).toContain(`<#${world.store.incident(1)?.channel?.id}>`);
    expect(text.length).toBeLessThanOrEqual(4_000);
  },
);

test('Slack refuses the plain words too: the page has failed, and channel and doctor say so', async () => {
  const world = await start();
  await declare(world);
  const { slack } = world;
  await world.pass('4m');
  slack.faults.next('chat.postMessage', { error: 'msg_too_long' }, 2);
  await world.pass('2m');
  expect(slack.channel('inc-').transcript()).toContain(
    'The page failed: @cai got no message from us (msg_too_long)',
  );
  await slack.as('dana').command('/incident doctor', { in: 'general' });
  expect(slack.as('dana').reads()).toContain('failed for good');
});

test('the bot’s announcement is deleted by somebody: the next change posts it anew, once an hour at most', async () => {
  const world = await start();
  await declare(world);
  const { slack } = world;
  const standing = (): number =>
    slack.channel('incidents').transcript().split('SEV1 · Checkout is down').length - 1;
  await slack.deleteMessage('incidents', /Checkout is down/);
  expect(standing()).toBe(0);
  await slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(standing()).toBe(1);
});
