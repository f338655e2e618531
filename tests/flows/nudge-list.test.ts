import { expect, test } from 'vitest';
import { nudgesIn, pass, running } from '../support/nudged.ts';
import { start } from '../support/world.ts';

test('/incident nudges lists what will be said, when, why and to whom; each is snoozed or stopped there', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident nudges');
  await world.settle();
  const list = ana.reads();
  expect(list).toContain('What comes next by itself · INC-1');
  expect(list).toContain('10:10 No comms lead (SEV2, declared 10:00, asked every 10 min), to the channel');
  expect(list).toContain('Update due (SEV2, every 30 min), to ana by direct message');
  expect(list).toContain(
    '10:40 Commander silent (since 10:00, asked after 40 min at SEV2), to ana by direct message',
  );
  expect(list).toContain('14:00 Commander for long');
  expect(list).toContain('whoever has it is asked "Still on it?"');
  await ana.click('Stop', { in: 'inc-' });
  await world.settle();
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('Stopped: no comms lead.');
});

test('a reminder that was stopped by a slip is started again, and the channel hears of both', async () => {
  const { world, ana, channel } = await running(2);
  const asked = () => channel.transcript().match(/There is no comms lead/g) ?? [];
  await pass(world, '10m');
  expect(asked()).toHaveLength(1);
  await ana.click('Stop', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('This reminder stops. Start it again: /incident nudges');
  await pass(world, '15m');
  expect(asked()).toEqual([]);
  await ana.command('/incident nudges');
  await ana.click('Start "no comms lead" again', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('This reminder goes on.');
  expect(channel.transcript()).toContain('ana started "no comms lead" again.');
  // The update is due first, and two reminders keep five minutes between them.
  await pass(world, '5m', '5m', '5m');
  expect(asked()).toHaveLength(1);
  await ana.click('Start "no comms lead" again', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('"No comms lead" is not stopped. Nothing changed.');
});

test('/incident nudges: before the acknowledgement only the paging speaks; afterwards and when it is over it says so', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('until somebody does, only the paging speaks');
  expect(ana.reads()).toContain('10:05 the next person is told');
  await ana.command('/incident cancel nothing');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('It is over: nobody is reminded of anything.');
});

test('Snooze… takes any time; one that has passed, or is too far, is refused and nothing typed is lost', async () => {
  const { world, ana, channel } = await running(2);
  await ana.command('/incident role comms me');
  await pass(world, '20m');
  await world.pass('10m');
  await ana.click('Snooze…', { in: 'inc-' });
  await world.settle();
  const seconds = (time: string) => String(Date.parse(time) / 1000);
  expect(await ana.submit({ 'Or until': seconds('2026-03-02T10:05Z') })).toEqual({
    errors: { 'Or until': 'That time has passed. Choose a later one.' },
  });
  expect(await ana.submit({ 'Or until': seconds('2026-03-20T10:05Z') })).toEqual({
    errors: { 'Or until': 'Choose a time within 7 days.' },
  });
  await ana.submit({ 'Or until': seconds('2026-03-02T11:15Z') });
  await world.settle();
  expect(ana.reads()).toBe('Snoozed.');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toMatch(/11:15 Update due \(SEV2, every 30 min\), to ana in the channel, snoozed/);
  expect(nudgesIn(channel.transcript())).toEqual([]);
});

test('the tray leads to the reminders, to the pause and out of it', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident');
  await ana.click('Reminders', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('What comes next by itself · INC-1');
  await ana.command('/incident');
  await ana.click('Pause reminders…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'For how long?': '30 min', Why: 'lunch' });
  await world.settle();
  await ana.command('/incident');
  expect(ana.reads()).toContain('Paused until 10:30 by ana: lunch');
  expect(ana.reads()).toContain('Next: the pause ends 10:30');
  await ana.click('Resume reminders', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).not.toContain('Paused');
});

test('/incident nudges of a SEV3 says what waits for working hours', async () => {
  const { world, ana } = await running(3);
  await world.pass('6h');
  await ana.command('/incident update nothing new');
  await ana.command('/incident status monitoring');
  await world.pass('30m');
  await ana.command('/incident nudges');
  await world.settle();
  const list = ana.reads();
  expect(list).toContain('16:55 Update due (SEV3, every 1 h), to ana by direct message\n');
  expect(list).toContain(
    '09:00 Monitoring long enough (since 16:00, asked every 30 min), to ana in the channel, in working hours\n',
  );
});

test('/incident nudges when it is over: what is left, in its order, by name and with its reason', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident followup add limit the retries @bea by 2026-03-20');
  await ana.command('/incident resolve rollback');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads().split('\n').slice(1)).toEqual([
    'It is over. What is left:',
    'tomorrow 10:00 ana is asked for the postmortem (10:00 on the next working day), by direct message',
    'Mar 19, 2026 09:00 bea is asked whether what they took on is done (2 days before it is due, then weekly), by direct message',
  ]);
  await world.pass('1d');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('ana is reminded that the postmortem is due, by direct message');
});
