import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** Declared by Ana, acknowledged by Bea, at 02:00. */
async function acknowledged(line: string) {
  const world = await start();
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  return world;
}

test('a raise: the acknowledger and the raiser are asked "I have it", the new ladder runs, everybody is told', async () => {
  const world = await acknowledged('sev2 Checkout is slow');
  await world.pass('3m');
  await world.slack.as('ana').command('/incident sev 1 everything is down', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('ana').reads()).toContain('INC-1 is SEV1 now.');
  const channel = world.slack.channel('inc-');
  expect(channel.topic).toBe('SEV1 | Investigating | no lead yet');
  expect(channel.transcript()).toContain('ana raised it from SEV2 to SEV1: everything is down.');
  expect(channel.transcript()).toContain('bea and ana are asked: do you have it?');
  expect(channel.transcript()).toContain('Not again: bea (told 02:03)');
  for (const person of ['ana', 'bea']) {
    expect(world.slack.as(person).dm()).toContain(
      'Raised to SEV1, so it needs a new answer. Do you have it?',
    );
  }
  expect(world.slack.channel('incidents').transcript()).toContain(
    'Raised from SEV2 to SEV1: everything is down. INC-1 · Checkout is slow',
  );
  await world.slack.as('bea').click('I have it', { in: 'dm' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('bea has it');
  expect(world.slack.as('ana').dm()).toContain('Stand down: bea has it (02:03)');
  await world.pass('6m');
  expect(world.slack.as('cai').dm()).toBe('');
});

test('raised and nobody answers: the new policy’s rungs, counted from the raise', async () => {
  const world = await acknowledged('sev2 Checkout is slow');
  await world.pass('3m');
  await world.slack.as('ana').command('/incident sev 1', { in: 'inc-' });
  await world.pass('5m');
  expect(world.slack.channel('inc-').transcript()).toContain(
    '[02:08] Tocsin: Paged @cai (secondary for payments',
  );
});

test('a lowering keeps the acknowledgement and pages nobody', async () => {
  const world = await acknowledged('sev1 Checkout is down');
  const pushes = world.slack.as('bea').pushes().length;
  await world.slack.as('bea').command('/incident sev 3 only the old app', { in: 'inc-' });
  await world.pass('2m');
  expect(world.slack.channel('inc-').pins[0]).toContain('SEV3 · Checkout is down · INC-1');
  expect(world.slack.channel('inc-').pins[0]).toContain('bea has it');
  expect(world.slack.channel('inc-').pins[0]).toContain('only the old app');
  expect(world.slack.as('bea').pushes()).toHaveLength(pushes);
});

test('without a number the modal with the definitions; nonsense and the same again are refused with the cure', async () => {
  const world = await acknowledged('sev2 Checkout is slow');
  const ana = world.slack.as('ana');
  await ana.command('/incident sev', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('☐ SEV1 critical ☑ SEV2 major ☐ SEV3 minor ☐ SEV4 low');
  await ana.closeModal();
  await ana.command('/incident sev 7', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('“7” is no severity: use 1, 2, 3 or 4');
  await ana.command('/incident sev 2', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('It is SEV2 already. Nothing changed.');
});

test('the modal changes it, with the reason', async () => {
  const world = await acknowledged('sev2 Checkout is slow');
  await world.slack.as('bea').click('Severity…', { in: 'inc-' });
  await world.settle();
  await world.slack
    .as('bea')
    .submit({ 'How bad is it for users?': 'SEV3 minor', Why: 'a workaround exists' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('SEV3 · Checkout is slow · INC-1');
  expect(world.slack.channel('inc-').transcript()).toContain(
    'bea lowered it from SEV2 to SEV3: a workaround exists.',
  );
});

test('without a reason nothing is said in its place, and the card says who set it', async () => {
  const world = await acknowledged('sev2 Checkout is slow');
  await world.slack.as('ana').command('/incident sev 3', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toMatch(/ana lowered it from SEV2 to SEV3\.$/);
  expect(world.slack.channel('inc-').pins[0]).toContain('\nSEV3: set by ana\n');
});
