import { expect, test } from 'vitest';
import { world } from './world.ts';

test('a message shortcut sends what Slack sends: the message, its channel, a trigger, a way to answer', async () => {
  const w = await world();
  await w.slack.as('bea').say('The shop is slow', { in: 'general' });
  await w.slack.as('ana').shortcut('Add to timeline', { in: 'general', message: /slow/ });
  const heard = w.bot.heard.at(-1)?.body;
  expect(heard).toMatchObject({
    type: 'message_action',
    callback_id: 'add-to-timeline',
    user: { id: w.slack.userId('ana'), team_id: 'T0SANDBOX' },
    team: { id: 'T0SANDBOX', domain: 'sandbox' },
    channel: { id: w.slack.channel('general').id, name: 'general' },
    message: { type: 'message', text: 'The shop is slow', user: w.slack.userId('bea') },
    trigger_id: expect.any(String),
    response_url: expect.stringContaining('http'),
  });
  expect(heard).toMatchObject({ message: { ts: heard?.message_ts } });
});

test('private channels and direct messages are named as Slack names them', async () => {
  const w = await world(undefined, { channels: ['general', { name: 'board', isPrivate: true }] });
  await w.slack.as('bea').say('Hush', { in: 'board' });
  await w.slack.as('bea').say('Hello', { in: 'dm' });
  const bea = w.slack.as('bea');
  await bea.shortcut('Add to timeline', { in: 'board', message: /Hush/ });
  expect(w.bot.heard.at(-1)?.body.channel).toMatchObject({ name: 'privategroup' });
  await bea.shortcut('Add to timeline', { in: 'dm', message: /Hello/ });
  expect(w.bot.heard.at(-1)?.body.channel).toMatchObject({ name: 'directmessage' });
});

test('a global shortcut knows no channel, no message and no way to answer but its trigger', async () => {
  const w = await world();
  await w.slack.as('ana').shortcut('Declare incident');
  const heard = w.bot.heard.at(-1)?.body;
  expect(heard).toMatchObject({
    type: 'shortcut',
    callback_id: 'declare-incident',
    trigger_id: expect.any(String),
  });
  for (const key of ['channel', 'message', 'response_url']) expect(heard).not.toHaveProperty(key);
});

test('one that the app does not have, of the other kind, or on a message out of sight, cannot be picked', async () => {
  const w = await world(undefined, {
    channels: ['general', { name: 'board', isPrivate: true, members: ['bea'] }],
  });
  const ana = w.slack.as('ana');
  await ana.say('x', { in: 'general' });
  await expect(ana.shortcut('Fix it', { message: /x/ })).rejects.toThrow('there are "Declare from message"');
  await expect(ana.shortcut('Add to timeline')).rejects.toThrow('There is no global shortcut');
  await w.slack.as('bea').say('Hush', { in: 'board' });
  await expect(ana.shortcut('Add to timeline', { in: 'board', message: /Hush/ })).rejects.toThrow(
    'ana is not in #board',
  );
});

test('a name or an id that Slack would refuse in the manifest is refused here', async () => {
  const one = { name: 'Declare incident from message', callbackId: 'x', type: 'message' as const };
  await expect(world(undefined, { shortcuts: [one] })).rejects.toThrow('1 to 24 characters');
  await expect(world(undefined, { shortcuts: [{ ...one, name: 'x', callbackId: '' }] })).rejects.toThrow(
    'callback_id',
  );
  const many = Array.from({ length: 11 }, (_, index) => ({ ...one, name: `n${index}` }));
  await expect(world(undefined, { shortcuts: many })).rejects.toThrow('at most 10');
});

test('a bot that does not answer: whoever picked it reads so', async () => {
  const w = await world(() => ({ status: 500 }));
  const ana = w.slack.as('ana');
  await ana.say('x', { in: 'general' });
  await ana.shortcut('Add to timeline', { in: 'general', message: /x/ });
  expect(ana.reads()).toBe('Add to timeline failed with the error dispatch_failed');
});
