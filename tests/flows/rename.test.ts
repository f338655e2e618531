import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

async function declared(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana };
}

test('a rename changes the title everywhere: card, announcement, purpose, the channel’s name, page DMs', async () => {
  const { world, ana } = await declared();
  expect(await ana.command('/incident rename Card payments fail & more', { in: 'inc-' })).toBe(
    'INC-1 is “Card payments fail & more” now. Card, announcement and channel follow.',
  );
  await world.settle();
  const channel = world.slack.channel('inc-');
  expect(channel.name).toBe('inc-20260302-1-card-payments-fail-more');
  expect(channel.pins[0]).toContain('SEV2 · Card payments fail & more · INC-1');
  expect(channel.purpose).toContain('INC-1: Card payments fail & more');
  expect(channel.transcript()).toContain(
    'ana renamed it to "Card payments fail & more", before "Checkout is down"',
  );
  expect(world.slack.channel('incidents').transcript()).toContain('SEV2 · Card payments fail & more · INC-1');
  expect(world.slack.channel('incidents').transcript()).toContain('#inc-20260302-1-card-payments-fail-more');
  expect(world.slack.as('bea').dm()).toContain('SEV2 · Card payments fail & more');
  expect(world.slack.as('bea').dm()).not.toContain('SEV2 · Checkout is down');
  expect(await ana.command('/incident', { in: 'inc-' })).toContain('Card payments fail & more');
});

test('bare, it opens the modal with the present title; the modal keeps what was typed when it refuses', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident rename', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('What is broken?: Checkout is down');
  expect(await ana.submit({ 'What is broken?': '   ' })).toEqual({
    errors: { 'What is broken?': 'Write a few words: what is broken?' },
  });
  expect(await ana.submit({ 'What is broken?': 'Checkout is down' })).toEqual({
    errors: { 'What is broken?': 'That is its title already: change it, or press “Not now”.' },
  });
  expect(ana.modal()).not.toBeNull();
  await ana.submit({ 'What is broken?': 'Card payments fail' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('Card payments fail');
});

test('the same title again, and one of invisible characters only, are refused', async () => {
  const { world, ana } = await declared();
  expect(await ana.command('/incident rename Checkout is down', { in: 'inc-' })).toBe(
    'That is its title already. Nothing changed.',
  );
  expect(await ana.command('/incident rename \u200b\u200b', { in: 'inc-' })).toContain(
    'is empty. Nothing changed',
  );
  expect(world.store.incident(1)?.title).toBe('Checkout is down');
});

test('a channel that somebody named by hand keeps its name', async () => {
  const { world, ana } = await declared();
  await world.slack.renameChannel('inc-', 'war-room');
  await world.settle();
  await ana.command('/incident rename Card payments fail', { in: 'war-room' });
  await world.settle();
  expect(world.slack.channel('war-room').pins[0]).toContain('Card payments fail');
});

test('Slack refuses to rename the channel: the title changes, and the channel hears once that its name stays', async () => {
  const { world, ana } = await declared();
  world.slack.faults.always('conversations.rename', { error: 'restricted_action' });
  await ana.command('/incident rename Card payments fail', { in: 'inc-' });
  await world.settle();
  await ana.command('/incident rename Card payments fail in the EU', { in: 'inc-' });
  await world.settle();
  const channel = world.slack.channel('inc-20260302-1-checkout-is-down');
  expect(channel.pins[0]).toContain('Card payments fail in the EU');
  expect(channel.transcript().match(/Slack does not let us rename the channel/g)).toHaveLength(1);
  expect(await ana.command('/incident doctor')).not.toContain('rename');
});

test('a name that is taken gets a number', async () => {
  const { world, ana } = await declared({
    slack: { channels: ['general', 'inc-20260302-1-card-payments-fail'] },
  });
  await ana.command('/incident INC-1 rename Card payments fail', { in: 'general' });
  await world.settle();
  expect(world.store.incident(1)?.channel?.name).toBe('inc-20260302-1-card-payments-fail-2');
});

test('a title can be mended after the end too', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident resolve rollback', { in: 'inc-' });
  await world.settle();
  await ana.command('/incident rename Card payments failed', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('incidents').transcript()).toContain('Card payments failed');
});

test('a test has no announcement, and the answer promises none', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident declare --test sev2 Trying it out', { in: 'general' });
  await world.settle();
  expect(await ana.command('/incident INC-2 rename Trying it again', { in: 'general' })).toBe(
    'INC-2 is “Trying it again” now. Card and channel follow.',
  );
});
