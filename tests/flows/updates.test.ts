import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), acknowledged by Bea; Ana stands in its channel. */
async function running() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  return { world, ana: ana.goTo('inc-') };
}

test('a one-liner is posted in the fixed form, and the announcement follows in place', async () => {
  const { world, ana } = await running();
  expect(await ana.command('/incident update rolling back release 512')).toBe(
    'Posted in the channel and in the announcement of INC-1.',
  );
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain(
    [
      'Tocsin: Update by ana · SEV2 Investigating',
      '        What is happening: rolling back release 512',
      '        Next update: 10:30',
    ].join('\n'),
  );
  const announced = world.slack.channel('incidents').transcript();
  expect(announced).toContain('Latest 10:00: rolling back release 512');
  expect(announced.match(/INC-1/g)).toHaveLength(1);
});

test('the modal asks for all four parts and they are shown; impact stays until it is changed', async () => {
  const { world, ana } = await running();
  await ana.click('Update', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toMatchInlineSnapshot(`
    "## Update INC-1
    What is happening?: …
      Plain words: people outside the team read it.
    Impact on users (optional): …
    What we are doing (optional): …
    Next update: In 30 min, as usual
    [Post update] [Not now]"
  `);
  await ana.submit({
    'What is happening?': 'Card payments fail',
    'Impact on users': 'EU customers cannot pay',
    'What we are doing': 'Rolling back 512',
    'Next update': 'In 15 min',
  });
  await world.settle();
  const channel = () => world.slack.channel('inc-');
  expect(channel().transcript()).toContain(
    [
      'What is happening: Card payments fail',
      'Impact: EU customers cannot pay',
      'What we are doing: Rolling back 512',
      'Next update: 10:15',
    ].join('\n        '),
  );
  expect(channel().pins[0]).toContain('Impact: EU customers cannot pay');
  expect(channel().pins[0]).toContain('Next update 10:15');
  await ana.command('/incident update still rolling back');
  await world.settle();
  expect(channel().pins[0]).toContain('Impact: EU customers cannot pay');
});

test('"No change" counts as an update and says since when nothing changed', async () => {
  const { world, ana } = await running();
  await ana.command('/incident role commander me');
  await ana.command('/incident role comms me');
  await ana.command('/incident update rolling back');
  await world.pass('30m');
  await ana.click('No change', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('Noted as an update: no change.');
  const said = world.slack.channel('inc-').transcript();
  expect(said).toContain('Update: no change, says ana: still as of 10:00');
  expect(said).not.toContain('[No change]');
  expect(world.slack.channel('inc-').pins[0]).toContain('Next update 11:00');
});

test('there is no "No change" before the first update', async () => {
  const { world, ana } = await running();
  await ana.command('/incident role commander me');
  await ana.command('/incident role comms me');
  await world.pass('30m');
  expect(ana.buttons({ in: 'inc-' })).not.toContain('No change');
  expect(ana.buttons({ in: 'inc-' })).toContain('Post update');
});

test('an update without words is refused in the form, and nothing is posted', async () => {
  const { world, ana } = await running();
  await ana.command('/incident update');
  await world.settle();
  expect(await ana.submit({ 'What is happening?': '  ' })).toMatchObject({
    errors: { 'What is happening?': expect.any(String) },
  });
  expect(world.store.incident(1)?.updates.last).toBeNull();
});

test('what is not announced is not said to be', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev2 Trying it out', { in: 'general' });
  await world.settle();
  expect(await ana.command('/incident INC-1 update all is well', { in: 'general' })).toBe(
    'Posted in the channel of INC-1.',
  );
});
