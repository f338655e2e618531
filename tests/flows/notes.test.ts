import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), declared at 10:00 by Ana, who stands in its channel. */
async function declared() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-') };
}

test.each([
  ['note rolled back', /INC-1\.$/, '10:00 Note by ana: rolled back'],
  ['note -15m rolled back', /INC-1, at 09:45 UTC\.$/, '09:45 Note by ana: rolled back'],
  ['note -2H rolled back', /INC-1, at 08:00 UTC\.$/, '08:00 Note by ana: rolled back'],
  ['note \u201390min rolled back', /INC-1, at 08:30 UTC\.$/, '08:30 Note by ana: rolled back'],
  ['note -1d rolled back', /INC-1, at 1 Mar 10:00 UTC\.$/, '10:00 Note by ana: rolled back'],
  ['note - rolled back', /INC-1\.$/, '10:00 Note by ana: - rolled back'],
  ['note -5% conversions', /INC-1\.$/, '10:00 Note by ana: -5% conversions'],
])(
  '%s: the answer says of which incident and when, the timeline has it there',
  async (typed, answer, row) => {
    const { ana } = await declared();
    expect(await ana.command(`/incident ${typed}`)).toMatch(answer);
    expect(await ana.command('/incident timeline')).toContain(row);
  },
);

test('from elsewhere, by number: the answer names the incident', async () => {
  const { ana } = await declared();
  expect(await ana.command('/incident INC-1 note rolled back', { in: 'general' })).toBe(
    'Noted in the timeline of INC-1.',
  );
});

test('what led to it may be noted 30 days back, and no more', async () => {
  const { world, ana } = await declared();
  expect(await ana.command('/incident note -30d the certificate was ordered')).toContain(
    'at 31 Jan 10:00 UTC',
  );
  await world.pass('1m');
  expect(await ana.command('/incident note -31d too early')).toContain('more than 30 days before it began');
});

test('the form asks for words and for when, and adds it there', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident note');
  await world.settle();
  expect(await ana.submit({ 'What happened?': ' ' })).toEqual({
    errors: { 'What happened?': 'Write a few words.' },
  });
  await ana.submit({ 'What happened?': 'Muted the alert', 'When?': '15 min ago' });
  await world.settle();
  expect(ana.reads()).toContain('Noted in the timeline of INC-1, at 09:45 UTC.');
});
