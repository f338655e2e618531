import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2): Ana declared it, Bea has it and commands it; Ana stands in its channel. */
async function running() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  ana.goTo('inc-');
  await world.slack.as('bea').command('/incident role commander me', { in: 'inc-' });
  await ana.command('/incident followup add limit the retries @ana by friday');
  await world.settle();
  return { world, ana, bea: world.slack.as('bea').goTo('inc-') };
}

const over = 'It is canceled since 10:00 UTC. Nothing changed.';

test.each([
  ['update', { 'What is happening?': 'Cards fail in the EU' }, 'What is happening?'],
  [
    'status',
    { 'How far are we?': 'Identified', 'A word about it': 'Cards fail in the EU' },
    'How far are we?',
  ],
  [
    'sev',
    { 'How bad is it for users?': 'SEV1 critical', Why: 'Cards fail in the EU' },
    'How bad is it for users?',
  ],
  ['escalate', { 'Or a person': 'dana', 'What do you need from them?': 'Cards fail in the EU' }, 'Whom?'],
  ['pause', { 'For how long?': '1 h', Why: 'Cards fail in the EU' }, 'For how long?'],
  [
    'handoff',
    { 'Which role?': 'Commander', 'To whom?': 'cai', 'What should they know?': 'Cards fail in the EU' },
    'Which role?',
  ],
  [
    'resolve',
    { 'How was it fixed?': 'Hotfix', 'A sentence for the postmortem': 'Cards fail in the EU' },
    'How was it fixed?',
  ],
  ['cancel', { 'Why?': 'Cards fail in the EU' }, 'Why?'],
] as const)(
  'the form of /incident %s, submitted when it is over: refused at a field, what was typed stays, nothing changes',
  async (command, entries, field) => {
    const { world, ana, bea } = await running();
    await ana.command(`/incident ${command}`);
    await world.settle();
    await bea.command('/incident cancel false alarm');
    await world.settle();
    const before = world.store.timeline(1).length;
    const { errors } = await ana.submit(entries);
    expect(errors).toEqual({ [field]: expect.stringContaining(over) });
    expect(ana.modal()).toContain('Cards fail in the EU');
    await world.settle();
    expect(world.store.timeline(1)).toHaveLength(before);
  },
);

test('a reminder that somebody stopped while its Snooze… form stood open says so there', async () => {
  const { world, ana, bea } = await running();
  await bea.command('/incident unack');
  await ana.command('/incident role commander nobody');
  await bea.command('/incident ack');
  await world.pass('6m');
  await ana.click('Snooze…', { in: 'inc-' });
  await world.settle();
  await bea.click('Stop', { in: 'inc-' });
  await world.settle();
  const { errors } = await ana.submit({ 'For how long?': '30 min' });
  expect(errors).toEqual({ 'For how long?': expect.stringContaining('Nothing changed.') });
  expect(ana.modal()).toContain('☑ 30 min');
});

test('a follow-up that was done, and a postmortem that was reviewed, while their Snooze… forms stood open', async () => {
  const { world, ana, bea } = await running();
  await bea.command('/incident resolve rollback');
  await world.pass('26h');
  await bea.click('Snooze…', { in: 'dm' });
  await world.settle();
  await ana.command('/incident postmortem reviewed');
  await world.settle();
  expect(await bea.submit({ 'For how long?': '4 h' })).toEqual({
    errors: { 'For how long?': expect.stringContaining('Nothing changed.') },
  });
  await bea.closeModal();
  await world.pass('48h');
  await ana.click('Snooze…', { in: 'dm' });
  await world.settle();
  expect(ana.modal()).toContain('Follow-up 1: limit the retries');
  await bea.command('/incident followup done 1');
  expect(await ana.submit({ 'Nobody is reminded of it for': '3 days' })).toEqual({
    errors: { 'Nobody is reminded of it for': expect.stringContaining('Nothing changed.') },
  });
});

test('the closing form, submitted when the incident was reopened: it says what it is now, and keeps the reason', async () => {
  const { world, ana, bea } = await running();
  await bea.command('/incident resolve rollback');
  await world.settle();
  await ana.command('/incident close');
  await world.settle();
  await bea.command('/incident reopen it is back');
  await world.settle();
  const { errors } = await ana.submit({ 'Not everything holds? Why close it anyway': 'tracked elsewhere' });
  expect(errors).toEqual({ 'Closing checklist': expect.stringContaining('Nothing changed.') });
  expect(ana.modal()).toContain('tracked elsewhere');
  expect(world.store.incident(1)?.status).not.toBe('closed');
});

test('a merge is confirmed when the other one has ended meanwhile: it says so, and nothing is merged', async () => {
  const { world, ana, bea } = await running();
  await bea.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  await ana.command('/incident merge INC-2', { in: 'inc-20260302-1' });
  await world.settle();
  await bea.command('/incident INC-2 cancel false alarm', { in: 'general' });
  await world.settle();
  await ana.submit();
  await world.settle();
  expect(ana.dm() + ana.reads()).toContain('Nothing changed.');
  expect(world.store.incident(1)?.mergedInto).toBeUndefined();
});
