import { expect, test } from 'vitest';
import { nudgesIn, pass, running } from '../support/nudged.ts';

test('each rung is a new message that notifies, the one before is deleted, and it says what comes next', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms @cai');
  await pass(world, '10m');
  await world.pass('5m');
  expect(channel.transcript()).toContain(
    [
      'Tocsin: @cai update due now (SEV1, every 15 min).',
      'No update yet. So far: 1 message, now Investigating.',
      'No answer: commander 10:20, page cai 10:25.',
      '[Post update] [Snooze…] [Stop]',
    ].join('\n        '),
  );
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:15 (SEV1, every 15 min).']);
  expect(ana.pushes().at(-1)).toContain('update was due 10:15');
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toHaveLength(1);
  expect(world.slack.as('cai').dm()).toContain('the status update was due 10:15');
});

test('SEV2-3: the comms lead hears 5 minutes ahead by DM; posting the update takes every nudge away', async () => {
  const { world, ana, channel } = await running(3);
  await ana.command('/incident role comms @cai');
  const cai = world.slack.as('cai');
  await world.pass('55m');
  expect(cai.dm()).toContain(
    [
      '[10:55] Tocsin: SEV3 · Checkout is down · INC-1',
      'Update due 11:00 (SEV3, every 1 h).',
      'No update yet. So far: 0 messages, now Investigating.',
      'No answer: asked in the channel 11:00, commander 11:15.',
      '#inc-20260302-1-checkout-is-down',
      '[Post update] [Snooze…] [Stop]',
    ].join('\n        '),
  );
  await cai.click('Post update', { in: 'dm' });
  await world.settle();
  await cai.submit({ 'What is happening?': 'Half the nodes are back' });
  await world.settle();
  expect(cai.dm()).not.toContain('Update due 11:00');
  await world.pass('20m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
});

test('Snooze… holds it back as long as chosen; Stop is for good and the channel hears of it', async () => {
  const { world, ana, channel } = await running(2);
  await ana.command('/incident role comms me');
  await pass(world, '20m');
  await world.pass('10m');
  expect(nudgesIn(channel.transcript())).toHaveLength(1);
  await ana.click('Snooze…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'For how long?': '15 min' });
  await world.settle();
  expect(ana.reads()).toBe('Snoozed.');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  await pass(world, '1m', '13m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  await world.pass('1m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:30 (SEV2, every 30 min).']);
  await ana.click('Stop', { in: 'inc-' });
  await world.settle();
  expect(nudgesIn(channel.transcript())).toEqual([]);
  expect(channel.transcript()).toContain('ana stopped "update due". Nobody is asked about it any more.');
});

test('a nudge that is answered while Slack is away is not said when Slack is back', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms me');
  await world.settle();
  world.slack.faults.always('chat.postMessage', { error: 'internal_error' });
  await world.pass('15m');
  await ana.command('/incident update rolling back');
  world.slack.faults.clear();
  await world.pass('10m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  expect(channel.transcript()).toContain('What is happening: rolling back');
});

test('a restart between two rungs loses nothing and repeats nothing', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms me');
  await pass(world, '10m');
  await world.pass('5m');
  await world.restart();
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update due now (SEV1, every 15 min).']);
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:15 (SEV1, every 15 min).']);
});

test('resolved: the standing nudge goes, and none comes again', async () => {
  const { world, ana, channel } = await running(1);
  await world.pass('15m');
  await ana.command('/incident resolve rollback');
  await world.settle();
  expect(channel.transcript()).not.toMatch(/\[Snooze…\]|update (was )?due/);
  const posts = world.slack.callsTo('chat.postMessage').length;
  await world.pass('1h');
  expect(world.slack.callsTo('chat.postMessage')).toHaveLength(posts);
});

test('an update that was promised for another time is due then, and that is the reason', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role commander nobody');
  await pass(world, '5m');
  await ana.click('Stop', { in: 'inc-' });
  await ana.command('/incident update');
  await world.settle();
  await ana.submit({ 'What is happening?': 'Rolling back', 'Next update': 'In 30 min' });
  await pass(world, '10m', '10m');
  await world.pass('10m');
  expect(channel.transcript()).toContain('Tocsin: Update due now (SEV1, promised in the last update).');
});

test('whoever is mentioned and has left the channel is invited first', async () => {
  const { world, ana } = await running(1);
  await ana.command('/incident role comms me');
  await ana.leave('inc-');
  await pass(world, '10m', '5m');
  expect(world.slack.channel('inc-').members).toContain('ana');
  expect(ana.pushes().at(-1)).toContain('update due now');
});
