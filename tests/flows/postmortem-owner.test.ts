import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { draftOf, facts, opened, resolved } from '../support/resolved.ts';
import { start } from '../support/world.ts';

test('the owner and the due time are set by form or command, shown in the draft and on the card, and told to the owner', async () => {
  const { world, ana, channel } = await resolved();
  expect(channel().pins[0]).toContain('Postmortem: bea, due Mar 4, 2026 10:01');
  await ana.command('/incident postmortem owner @cai');
  await world.settle();
  expect(world.slack.as('cai').dm()).toContain('ana gave you its postmortem. It is due Mar 4, 2026 10:01.');
  expect(await ana.command('/incident postmortem due friday')).toMatch(
    /The postmortem of INC-1 is due 6 Mar \d\d:00 UTC/,
  );
  await world.settle();
  expect(draftOf(world)).toContain('Owner: cai · due Mar 6, 2026');
  expect(channel().pins[0]).toContain('Postmortem: cai, due Mar 6, 2026');
  await ana.click('Owner and due…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Who writes it?': 'ana', 'By when?': 'in 3d' });
  await world.settle();
  expect(draftOf(world)).toContain('Owner: ana · due Mar 5, 2026');
  await ana.command('/incident postmortem due none');
  await world.settle();
  expect(channel().pins[0]).toContain('Postmortem: ana');
  expect(channel().pins[0]).not.toContain('due Mar');
});

/** Night and day go by at once; then the minute around `iso`. */
async function until(world: World, iso: string): Promise<void> {
  world.clock.set(Date.parse(iso) - 30_000);
  await world.pass('1m');
}

const askedAbout = (world: World, handle: string): number =>
  world.slack
    .as(handle)
    .pushes()
    .filter((push) => push.includes('postmortem')).length;

test('the owner is asked at 10:00 of the next working day in their zone, and reminded when it is due, by direct message', async () => {
  const people = ['ana', { name: 'bea', tz: 'America/New_York' }, 'cai', 'dana'];
  const { world } = await resolved({ slack: { people } });
  await until(world, '2026-03-03T10:00Z');
  expect(askedAbout(world, 'bea')).toBe(0);
  await until(world, '2026-03-03T15:00Z');
  expect(askedAbout(world, 'bea')).toBe(1);
  expect(world.slack.as('bea').dm()).toContain('Asked at 10:00 on the working day after it was resolved.');
  // Due at 10:01 UTC, which is at night for her: it waits for her morning.
  await until(world, '2026-03-04T10:01Z');
  expect(askedAbout(world, 'bea')).toBe(1);
  await until(world, '2026-03-04T14:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  expect(world.slack.as('bea').dm()).toContain(
    'Its postmortem is due, and nobody has marked it as reviewed.',
  );
  await until(world, '2026-03-20T15:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
});

test('Snooze moves the reminder, and Stop ends it', async () => {
  const { world } = await resolved();
  const bea = world.slack.as('bea').goTo('inc-');
  expect(await bea.command('/incident nudges')).toContain('bea is asked for the postmortem');
  await until(world, '2026-03-03T10:00Z');
  await bea.click('Snooze…', { in: 'dm' });
  await world.settle();
  expect(await bea.submit({ 'For how long?': '4 h' })).toEqual({});
  await until(world, '2026-03-03T14:02Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  await bea.click('Stop', { in: 'dm' });
  await until(world, '2026-03-06T10:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  await bea.click('Stop', { in: 'dm' });
  await world.settle();
  expect(bea.reads()).toContain('There is no reminder of this postmortem');
});

test('a reviewed postmortem is not asked for, and one that was handed on is asked of its new owner', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident postmortem owner @cai');
  await until(world, '2026-03-03T10:00Z');
  expect([askedAbout(world, 'bea'), askedAbout(world, 'cai')]).toEqual([0, 2]);
  await world.slack.as('cai').click('Mark as reviewed', { in: 'dm' });
  await until(world, '2026-03-05T10:00Z');
  expect(askedAbout(world, 'cai')).toBe(2);
});

test('after an absence over both times one message says the later thing, and the channel of what is over stays quiet', async () => {
  const { world, channel } = await resolved();
  const said = channel().messages.length;
  await world.restart('4d');
  await world.pass('1m');
  expect(askedAbout(world, 'bea')).toBe(1);
  expect(world.slack.as('bea').dm()).toContain('Its postmortem is due');
  expect(channel().messages).toHaveLength(said);
});

test('nobody is asked for the postmortem of a test, or of what was canceled', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev1 Trying it out', { in: 'general' });
  await ana.command('/incident declare sev2 Nothing', { in: 'general' });
  await world.settle();
  await ana.command('/incident INC-1 resolve other', { in: 'general' });
  await ana.command('/incident INC-2 cancel it was nothing', { in: 'general' });
  await world.settle();
  for (const day of [3, 4, 5]) await until(world, `2026-03-0${day}T10:05Z`);
  for (const person of ['ana', 'bea', 'cai']) expect(askedAbout(world, person)).toBe(0);
});

test('marked as reviewed, by button or command: shown in the draft and on the card, said once, and it can be undone', async () => {
  const { world, ana, channel } = await resolved();
  await ana.click('Mark as reviewed', { in: 'inc-' });
  await world.settle();
  expect(draftOf(world)).toContain('Reviewed by ana 10:01');
  expect(draftOf(world)).toContain('[Not reviewed after all]');
  expect(channel().pins[0]).toContain('Postmortem: reviewed by ana 10:01');
  expect(channel().transcript()).toContain('ana marked the postmortem as reviewed.');
  expect(await ana.command('/incident postmortem reviewed')).toContain(
    'ana marked it as reviewed at 10:01 UTC.',
  );
  await world.pass('1m');
  await opened(world, ana, 'impact');
  await ana.submit({ Text: 'More was found.' });
  await world.settle();
  expect(draftOf(world)).toContain('edited since');
  await ana.click('Not reviewed after all', { in: 'inc-' });
  await world.settle();
  expect(draftOf(world)).toContain('[Mark as reviewed]');
  expect(await ana.command('/incident postmortem unreviewed')).toContain(
    'is not marked as reviewed. Nothing changed.',
  );
});

test('the forms refuse a due time that cannot be read and keep what was typed', async () => {
  const { world, ana } = await resolved();
  await ana.click('Owner and due…', { in: 'inc-' });
  await world.settle();
  const { errors } = await ana.submit({ 'Who writes it?': 'cai', 'By when?': 'someday' });
  expect(errors).toEqual({ 'By when?': expect.stringContaining('I cannot read “someday” as a date') });
  expect(ana.modal()).toContain('someday');
  expect(facts(world, 'postmortem-owner-set')).toEqual([]);
});

test('while it runs the postmortem cannot be reviewed, and once canceled it has no owner', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident reopen');
  expect(await ana.command('/incident postmortem reviewed')).toContain(
    'the postmortem is reviewed when it is over.',
  );
  await ana.command('/incident cancel nothing');
  await world.settle();
  expect(await ana.command('/incident postmortem owner me')).toContain(
    'no postmortem is owed. Nothing changed.',
  );
});

test('the owner of a private incident’s postmortem is one of its members', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  await ana.goTo('inc-').command('/incident resolve other');
  await world.settle();
  expect(await ana.command('/incident postmortem owner @dana')).toContain(
    'dana is not in this private incident. Nothing changed',
  );
  expect(await world.slack.as('dana').command('/incident INC-1 postmortem', { in: 'general' })).toContain(
    'There is no INC-1.',
  );
});
