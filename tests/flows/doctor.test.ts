import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

test('nothing is wrong: it says so, and when it last heard from everybody', async () => {
  const world = await start();
  await world.slack.as('ana').command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').say('hello', { in: 'inc-' });
  await world.pagerduty.trigger({ service: 'PPAYMNT', title: 'p99 too high', urgency: 'low' });
  await world.settle();
  expect(await world.slack.as('ana').command('/incident doctor')).toMatchInlineSnapshot(`
    "All is well.
    Last word from Slack: 02:00
    Last word from PagerDuty: 02:00
    Last tick of the clock: 02:00
    Waiting to go out: 0
    Announce channel: incidents
    Version sandbox"
  `);
});

test('a call that Slack refused for good is listed, with its word, and the timeline has it', async () => {
  const world = await start();
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  const report = await ana.command('/incident doctor');
  expect(report).toContain('1 thing to look at.');
  expect(report).toContain('1 call failed for good, listed below.');
  expect(report).toMatch(/02:00 INC-1: topic \(dead\) failed \(too_long\)/);
  expect(world.store.timeline(1).map(({ fact }) => fact)).toContainEqual({
    type: 'effect-failed',
    kind: 'topic',
    error: 'too_long',
  });
});

test('calls of unknown fate, and calls held back because the token was revoked, are counted', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  world.slack.faults.next('chat.postMessage', { error: 'internal_error', when: 'after' });
  await ana.command('/incident update all fine', { in: 'inc-' });
  await world.settle();
  expect(await ana.command('/incident doctor')).toContain(
    '1 message may or may not have arrived; that is being looked up.',
  );
  await world.pass('2m');
  expect(await ana.command('/incident doctor')).toContain('All is well.');
  world.slack.tokens.revoke();
  await ana.command('/incident status identified', { in: 'inc-' });
  await world.settle();
  expect(await ana.command('/incident doctor')).toMatch(
    /\d+ messages held back: Slack does not accept our token/,
  );
});

test('an announce channel that can be neither found, joined nor made is named as a problem', async () => {
  const world = await start({ slack: { forbidChannels: true } });
  const report = await world.slack.as('ana').command('/incident doctor', { in: 'general' });
  expect(report).not.toContain('All is well.');
  expect(report).toMatch(/announce channel/i);
  expect(report).toContain('Announce channel: none');
});

test('the announce channel is made when there is none, joined when there is one', async () => {
  const made = await start();
  expect(made.slack.channels()).toContain('incidents');
  const found = await start({ slack: { channels: ['general', 'incidents'] } });
  expect(found.slack.channels().filter((name) => name === 'incidents')).toHaveLength(1);
  expect(found.slack.channel('incidents').members).toContain('tocsin');
  expect(await found.slack.as('ana').command('/incident doctor', { in: 'general' })).toContain(
    'Announce channel: incidents',
  );
});
