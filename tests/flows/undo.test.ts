import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

const closing = ['resolve rollback', 'close because it was small'];
/** What can be undone: what was typed, how it is undone, and what the refusal says a day later. */
const five = [
  ['resolving', ['resolve rollback'], 'INC-1 is open again (investigating).', 'It is resolved since'],
  ['closing', closing, 'The closing is undone: INC-1 is resolved again.', 'It is closed since'],
  ['canceling', ['cancel false alarm'], 'INC-1 is open again (investigating).', 'It is canceled since'],
  ['merging', ['merge INC-2'], 'INC-1 is open again (investigating).', 'It is merged since'],
  ['a change of severity', ['sev 3 old app only'], 'INC-1 is SEV2 again.', 'The severity was changed'],
] as const;

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

/** INC-1, to which all of it was done, and INC-2. */
async function done(typed: readonly string[]) {
  const { world, ana } = await held();
  await world.slack.as('dana').command('/incident declare sev4 Search is slow', { in: 'general' });
  await world.settle();
  for (const line of typed) {
    await ana.command(`/incident ${line}`, { in: 'inc-20260302-1' });
    await world.settle();
    if (ana.modal()) await ana.submit();
    await world.settle();
  }
  const status = world.store.incident(1)?.status;
  const undo = {
    'by button': async () => {
      await ana.click('Undo', { in: 'inc-20260302-1' });
      await world.settle();
      return ana.reads();
    },
    'by command': () => ana.command('/incident undo', { in: 'inc-20260302-1' }),
  };
  return { world, undo, status };
}

const ways = ['by button', 'by command'] as const;
const each = five.flatMap(([what, typed, answer, refusal]) =>
  ways.map((way) => ({ what, way, typed, answer, refusal })),
);

test.each(each)('undo of $what within 24 hours, $way', async ({ way, typed, answer }) => {
  const { world, undo } = await done(typed);
  await world.pass('50m');
  expect(await undo[way]()).toContain(answer);
});

test.each(each)('undo of $what after 24 hours, $way: refused in words', async ({ way, typed, refusal }) => {
  const { world, undo, status } = await done(typed);
  const severity = world.store.incident(1)?.severity;
  await world.restart('1441m');
  const words = await undo[way]();
  expect(words).toContain(refusal);
  expect(words).toContain('can be undone for a day only. Nothing changed');
  expect(words).toMatch(/\/incident (declare|sev)/);
  expect(world.store.incident(1)).toMatchObject({ status, severity });
});

test('undo with a word behind it does nothing, and says what undo alone would take back', async () => {
  const { world, ana } = await held();
  await ana.command('/incident sev 3 only the old app');
  await ana.command('/incident cancel false alarm');
  for (const word of ['severity', 'banana', '<!channel>']) {
    const words = await ana.command(`/incident undo ${word}`);
    expect(words).toContain(
      'takes back the end it came to or, while it is open, the last change of severity.',
    );
    expect(words).toContain('Nothing changed. Write /incident undo alone.');
  }
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({ status: 'canceled', severity: 3 });
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
