import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1, declared by Ana, acknowledged by Bea. */
async function held(line = 'sev2 Checkout is slow') {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  ana.goTo('inc-');
  return { world, ana, channel: () => world.slack.channel('inc-') };
}

test('Undo of a raise: the severity is back, the acknowledgement too, nobody is paged, and all are told', async () => {
  const { world, ana, channel } = await held();
  await ana.command('/incident sev 1 everything is down');
  await world.settle();
  const pushes = ['bea', 'cai', 'dana'].map((who) => world.slack.as(who).pushes().length);
  await ana.click('Undo');
  await world.settle();
  expect(ana.reads()).toContain('INC-1 is SEV2 again.');
  expect(channel().transcript()).toContain('ana undid the change: SEV2 again: set when declared.');
  expect(channel().pins[0]).toContain('SEV2 · Checkout is slow · INC-1');
  expect(channel().pins[0]).toContain('bea has it');
  expect(channel().topic).toContain('SEV2');
  expect(world.slack.as('bea').dm()).toContain('You have it since');
  expect(world.slack.channel('incidents').transcript()).toContain('Back to SEV2: the change was undone.');
  await world.pass('14m');
  expect(['bea', 'cai', 'dana'].map((who) => world.slack.as(who).pushes().length)).toEqual(pushes);
});

test('undo by command does the same; a second press finds nothing, and a button older than another change is void', async () => {
  const { world, ana } = await held();
  await ana.command('/incident sev 3 only the old app');
  await world.settle();
  expect(await ana.command('/incident undo')).toContain('INC-1 is SEV2 again.');
  expect(await ana.command('/incident undo')).toContain('There is nothing to undo');
  await ana.command('/incident sev 3 only the old app');
  await world.pass('1m');
  await world.slack.as('bea').command('/incident sev 4 nobody minds', { in: 'inc-' });
  await world.settle();
  await ana.click('Undo', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain(
    'The severity was changed again since: SEV4, set by bea (nobody minds). Nothing changed.',
  );
  expect(world.store.incident(1)?.severity).toBe(4);
});

test('after 24 hours a change of severity is no longer undone, and the refusal says what to do instead', async () => {
  const { world, ana } = await held();
  await ana.command('/incident sev 4 nobody minds');
  await world.pass('25h');
  const read = await ana.command('/incident undo');
  expect(read).toContain(
    'that can be undone for a day only. Nothing changed: it is SEV4. To change it: /incident sev',
  );
});

test.each([
  ['resolve rollback', 'INC-1 is resolved.'],
  ['cancel false alarm', 'INC-1 is canceled.'],
])('/incident %s is answered with Undo, which makes it live again', async (typed, answer) => {
  const { world, ana, channel } = await held();
  expect(await ana.command(`/incident ${typed}`)).toContain(answer);
  await world.settle();
  await ana.click('Undo');
  await world.settle();
  expect(ana.reads()).toContain('INC-1 is open again (investigating).');
  expect(channel().transcript()).toContain('ana reopened it');
  expect(channel().pins[0]).toContain('bea has it');
});

test('an Undo of an end that was undone already does nothing to the next one', async () => {
  const { world, ana } = await held();
  await ana.command('/incident cancel false alarm');
  await world.pass('1m');
  await ana.command('/incident reopen');
  await world.pass('1m');
  await world.slack.as('bea').command('/incident cancel it was nothing', { in: 'inc-' });
  await world.settle();
  await ana.click('Undo', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain(
    'That was undone already, and it is canceled anew since 02:02 UTC. Nothing changed.',
  );
  expect(world.store.incident(1)?.status).toBe('canceled');
});

test('after 24 hours an end stays, and the refusal says how to begin anew', async () => {
  const { world, ana } = await held();
  await ana.command('/incident cancel false alarm');
  await world.pass('25h');
  expect(await ana.command('/incident undo')).toContain(
    'can be undone for a day only. Happening again? /incident declare',
  );
});

test('Undo of a closing: it is resolved again, nobody is paged, nothing else changes', async () => {
  const { world, ana, channel } = await held();
  await ana.command('/incident resolve rollback');
  await world.settle();
  await ana.command('/incident close because it was small');
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('closed');
  const pushes = world.slack.as('bea').pushes().length;
  await ana.click('Undo');
  await world.settle();
  expect(ana.reads()).toContain('The closing is undone: INC-1 is resolved again.');
  expect(channel().transcript()).toContain('ana undid the closing: resolved again.');
  expect(world.slack.as('bea').pushes()).toHaveLength(pushes);
});
