import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 at SEV2, acknowledged by Bea, commanded by Ana, comms by Cai, at 10:00. */
async function running() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is slow', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident role commander me');
  await ana.command('/incident role comms @cai');
  await world.settle();
  return { world, ana, channel: world.slack.channel('inc-') };
}

const pinned = (world: World) => world.slack.channel('inc-').pins[0];

const reminders = /update (was )?due|Still investigating \(|Nothing is heard|Still on it\?/;

test('/incident pause for 2h why: nobody is reminded, the card and the channel say until when, who and why', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident pause for 2h waiting for the vendor');
  await world.settle();
  expect(ana.reads()).toContain('Paused until 12:00 by ana: waiting for the vendor');
  expect(pinned(world)).toContain('Paused until 12:00 by ana: waiting for the vendor');
  expect(channel.transcript()).toContain('ana paused the reminders until 12:00: waiting for the vendor');
  expect(channel.transcript()).toContain('A new page, a raise or a new alert ends the pause.');
  await world.pass('119m');
  expect(channel.transcript()).not.toMatch(reminders);
  expect(world.slack.as('bea').dm()).not.toMatch(reminders);
  expect(ana.dm()).not.toMatch(reminders);
});

test('typed twice it is said once; another time is said with the one before, another reason is on the card alone', async () => {
  const { world, ana, channel } = await running();
  const said = () => channel.transcript().match(/paused the reminders until .*/g);
  await ana.command('/incident pause for 2h vendor');
  await world.settle();
  expect(await ana.command('/incident pause for 2h vendor')).toContain('Paused until 12:00 by ana: vendor');
  await world.settle();
  expect(said()).toEqual(['paused the reminders until 12:00: vendor']);
  await ana.command('/incident pause for 2h their manager');
  await world.settle();
  expect(pinned(world)).toContain('Paused until 12:00 by ana: their manager');
  expect(said()).toHaveLength(1);
  await ana.command('/incident pause for 3h');
  await world.settle();
  expect(said()?.slice(1)).toEqual(['paused the reminders until 13:00 instead of 12:00']);
  expect(await ana.command('/incident timeline')).toContain('until 13:00 UTC instead of 12:00 UTC');
});

test('it wakes by itself, says so, and begins anew: no burst', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident pause until 11:00');
  await world.settle();
  expect(pinned(world)).toContain('Paused until 11:00 by ana');
  await world.pass('60m');
  expect(channel.transcript()).toContain('[11:00] Tocsin: The pause is over: the reminders go on.');
  expect(pinned(world)).not.toContain('Paused');
  const said = channel.transcript().length;
  await world.pass('4m');
  expect(channel.transcript().length).toBe(said);
  await world.pass('1m');
  expect(channel.transcript()).toMatch(/@cai update (was )?due/);
});

test('a restart in a pause changes nothing', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident pause for 1h');
  await world.pass('30m');
  await world.restart('10m');
  expect(channel.transcript()).not.toMatch(reminders);
  await world.pass('20m');
  expect(channel.transcript()).toContain('The pause is over: the reminders go on.');
});

test('/incident resume, and the button, end it early', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident pause for 2h');
  await world.pass('10m');
  await world.slack.as('bea').command('/incident resume', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('bea').reads()).toBe('INC-1 goes on: the reminders count from now.');
  expect(channel.transcript()).toContain('bea ended the pause: the reminders go on.');
  await ana.command('/incident pause for 2h');
  await world.settle();
  await world.slack.as('bea').click('Resume now', { in: 'inc-' });
  await world.settle();
  expect(pinned(world)).not.toContain('Paused');
});

test('a raise breaks the pause, pages, and the channel hears of it', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident pause for 2h');
  await world.pass('10m');
  await world.slack.as('bea').command('/incident sev 1 everything is down', { in: 'inc-' });
  await world.settle();
  expect(channel.transcript()).toContain(
    'The pause is over, because something happened: the reminders go on.',
  );
  expect(pinned(world)).not.toContain('Paused');
  expect(world.slack.as('bea').dm()).toContain('Raised to SEV1');
});

test('without a time the form asks, with what was typed as the reason; it keeps what is refused', async () => {
  const { world, ana } = await running();
  await ana.command('/incident pause waiting for the vendor');
  await world.settle();
  expect(ana.modal()).toContain('waiting for the vendor');
  const past = String(Date.parse('2026-03-02T09:00Z') / 1000);
  expect(await ana.submit({ 'Or until': past })).toEqual({
    errors: { 'Or until': 'That time has passed. Choose a later one.' },
  });
  const later = String(Date.parse('2026-03-02T13:30Z') / 1000);
  expect(await ana.submit({ 'Or until': later })).toEqual({});
  await world.settle();
  expect(pinned(world)).toContain('Paused until 13:30 by ana: waiting for the vendor');
});

test.each([
  ['pause until tomorrow 09:00 customs', 'Paused until tomorrow 09:00'],
  ['pause until 09:00', 'Paused until tomorrow 09:00'],
  ['pause 90 min lunch', 'Paused until 11:30 by ana: lunch'],
  ['pause for 1 day', 'Paused until tomorrow 10:00'],
])('%s is read as %s', async (line, read) => {
  const { world, ana } = await running();
  await ana.command(`/incident ${line}`);
  await world.settle();
  expect(ana.reads()).toContain(read);
});

test.each([
  ['pause until lunch', 'I cannot read a time in that. Write it like /incident pause for 2h'],
  ['pause until', 'I cannot read a time in that.'],
  ['pause for ages', 'I cannot read a time in that.'],
  ['pause for 0m', 'That time has passed. Nothing changed'],
  ['pause for 9d', 'That is further away than 7 days. Nothing changed'],
  ['pause until 2027-01-01 why', 'That is further away than 7 days. Nothing changed'],
  ['resume', 'It is not paused, so there is nothing to resume. Nothing changed.'],
])('%s is refused: %s', async (line, words) => {
  const { world, ana } = await running();
  await ana.command(`/incident ${line}`);
  await world.settle();
  expect(ana.reads()).toContain(words);
  expect(pinned(world)).not.toContain('Paused');
});

test('refused while nobody has it, and when it is over', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is slow', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident pause for 2h');
  await world.settle();
  expect(ana.reads()).toContain(
    'Nobody has it, so people are being paged, and that is never paused. Nothing changed.',
  );
  await ana.command('/incident cancel nothing');
  await ana.command('/incident pause for 2h');
  await world.settle();
  expect(ana.reads()).toContain('It is canceled since');
});

test('paused, /incident nudges says so and offers to resume', async () => {
  const { world, ana } = await running();
  await ana.command('/incident pause for 2h customs');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('Paused until 12:00 by ana: customs. Nobody is reminded before.');
  expect(ana.reads()).toContain('[Resume now]');
  expect(ana.reads()).toContain('12:00 the pause ends');
});
