import { pino } from 'pino';
import { expect, test } from 'vitest';
import { turns } from '../../src/turns.ts';
import { deathThroes, mortal } from '../support/mortal.ts';
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
  expect(report).toContain(
    '02:00 INC-1: topic of the channel failed: it is longer than Slack takes (too_long)',
  );
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
    '1 call may or may not have arrived: that is being looked up.',
  );
  await world.pass('2m');
  expect(await ana.command('/incident doctor')).toContain('All is well.');
  world.slack.tokens.revoke();
  await ana.command('/incident status identified', { in: 'inc-' });
  await world.settle();
  const refused = await ana.command('/incident doctor');
  expect(refused).toMatch(
    /\d+ messages held back: Slack does not accept our token\. Install the app again, put the new token in SLACK_BOT_TOKEN, and restart\./,
  );
  expect(refused).toContain('message in the channel is held back: Slack does not accept our token (');
  expect(refused).not.toContain('went wrong');
});

test('the token is refused: the log names the variable, and that a restart is needed', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const world = await start({ log });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  world.slack.tokens.revoke();
  await ana.command('/incident status identified', { in: 'inc-' });
  await world.settle();
  expect(lines.map((line) => JSON.parse(line).msg)).toContainEqual(
    expect.stringMatching(
      /^Slack refuses SLACK_BOT_TOKEN .+ put it in, and restart\. Messages are held back/,
    ),
  );
});

test('a page that failed says whom it was for, and what that means', async () => {
  const world = await start();
  world.slack.faults.next('conversations.open', { error: 'user_disabled' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(await world.slack.as('ana').command('/incident doctor', { in: 'general' })).toContain(
    '02:00 INC-1: page for bea failed: that Slack account is deactivated (user_disabled)',
  );
});

test('a failed call of a private incident is listed for those who may see it, and for nobody else', async () => {
  const world = await start();
  const [ana, finn] = [world.slack.as('ana'), world.slack.as('finn')];
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.command('/incident private', { in: 'inc-' });
  await ana.click('Make it private', { in: 'inc-' });
  await world.settle();
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  await ana.command('/incident sev 2 worse', { in: 'inc-20260302-1-checkout-is-down-2' });
  await world.settle();
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain('INC-1: topic of the channel');
  expect(await finn.command('/incident doctor', { in: 'general' })).not.toContain('INC-1');
});

test('the bot dies while calls are under way: they are in doubt, counted once, and none went wrong', async () => {
  const bot = mortal();
  const world = await start({ startBot: bot.startBot });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  bot.watch(world.slack);
  // After the claim, with the call on its way.
  bot.doom(4);
  const said = ana.command('/incident update all fine', { in: 'inc-' }).catch(() => undefined);
  await Promise.race([said.then(() => world.settle()), bot.died]);
  await turns(deathThroes);
  await world.restart();
  const report = await ana.command('/incident doctor', { in: 'general' });
  expect(report).toMatch(/\d calls? may or may not have arrived: that is being looked up/);
  expect(report).toMatch(/INC-1: .+ may or may not have arrived\n/);
  expect(report).not.toContain('went wrong');
  expect(report).not.toContain('no reason given');
  await world.pass('3m');
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain('All is well.');
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

/** A call that Slack refuses for good, once: the topic of INC-1. */
async function withFailedTopic(where = 'general') {
  const world = await start();
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  await world.slack.as('ana').command('/incident declare sev3 Search is slow', { in: where });
  await world.settle();
  return world;
}

test('Retry sends it again, the timeline says who did it, and it is listed no longer', async () => {
  const world = await withFailedTopic();
  const ana = world.slack.as('ana');
  await ana.command('/incident doctor', { in: 'inc-' });
  const before = world.slack.callsTo('conversations.setTopic').length;
  await ana.click('Retry', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('It is tried again now');
  expect(world.slack.callsTo('conversations.setTopic')).toHaveLength(before + 1);
  expect(world.store.timeline(1).map(({ fact }) => fact)).toContainEqual({
    type: 'call-retried',
    by: { kind: 'person', user: 'U0ANA' },
    row: expect.any(Number),
    kind: 'topic',
    error: 'too_long',
  });
  expect(await ana.command('/incident doctor', { in: 'inc-' })).toContain('All is well.');
});

test('Discard gives it up; whoever presses second reads who was first', async () => {
  const world = await withFailedTopic();
  const [ana, bea] = [world.slack.as('ana'), world.slack.as('bea')];
  await ana.command('/incident doctor', { in: 'general' });
  await bea.command('/incident doctor', { in: 'general' });
  const calls = world.slack.callsTo('conversations.setTopic').length;
  await ana.click('Discard', { in: 'general' });
  await world.settle();
  expect(ana.reads()).toContain('Discarded: it is not tried again');
  await bea.click('Retry', { in: 'general' });
  await world.settle();
  expect(bea.reads()).toContain('Already discarded by ana at 02:00. Nothing changed.');
  expect(world.slack.callsTo('conversations.setTopic')).toHaveLength(calls);
  expect(world.store.timeline(1).filter(({ fact }) => fact.type === 'call-retried')).toEqual([]);
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain('All is well.');
});

test('a call that is retried and fails again is told again, and can be retried again', async () => {
  const world = await withFailedTopic();
  const ana = world.slack.as('ana');
  for (let life = 2; life <= 3; life += 1) {
    world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
    await ana.command('/incident doctor', { in: 'general' });
    await ana.click('Retry', { in: 'general' });
    await world.settle();
    expect(world.store.timeline(1).filter(({ fact }) => fact.type === 'effect-failed')).toHaveLength(life);
  }
});

test('a post that may have arrived is looked up before it is sent again: it is there once', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  // Applied, and Slack never says so; the look-ups fail until every try is used up.
  world.slack.faults.next('chat.postMessage', { error: 'internal_error', when: 'after' });
  world.slack.faults.always('conversations.history', { error: 'internal_error' });
  await ana.command('/incident update happening: all fine', { in: 'inc-' });
  await world.pass('4h');
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain('failed for good');
  world.slack.faults.clear();
  const said = () => world.slack.channel('inc-').transcript().split('all fine').length - 1;
  const [before, calls] = [said(), world.slack.callsTo('conversations.history').length];
  // The update, and what else was in doubt meanwhile.
  for (let failed = 2; failed > 0; failed -= 1) {
    await ana.click('Retry', { in: 'general' });
    await world.settle();
    await ana.command('/incident doctor', { in: 'general' });
  }
  expect(said()).toBe(before);
  expect(world.slack.callsTo('conversations.history').length).toBeGreaterThan(calls);
  expect(await ana.command('/incident doctor', { in: 'general' })).not.toContain('failed for good');
});

test('a guest reads nothing of what failed, and has no button to press', async () => {
  const world = await start({
    slack: { people: ['ana', 'bea', 'cai', { name: 'gus', isRestricted: true }] },
  });
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  await world.slack.as('ana').command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  const gus = world.slack.as('gus');
  await gus.openHome();
  await world.settle();
  const said = await gus.command('/incident doctor', { in: 'general' });
  expect(said).toContain('Nothing changed');
  expect(said).not.toContain('topic');
});

test('people in the announce channel are told once an hour that something failed for good', async () => {
  const world = await withFailedTopic();
  await world.pass('3m');
  const alarms = () => world.slack.channel('incidents').transcript().split('failed for good').length - 1;
  expect(alarms()).toBe(1);
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  await world.slack.as('ana').command('/incident sev 2 worse', { in: 'inc-' });
  await world.pass('30m');
  expect(alarms()).toBe(1);
  await world.pass('40m');
  expect(alarms()).toBe(2);
});
