import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

async function asks(line: string, incidentFile?: string): Promise<string> {
  const world = await start(incidentFile === undefined ? {} : { incidentFile });
  await world.slack.as('ana').command(line, { in: 'general' });
  await world.settle();
  return world.slack.as('ana').reads();
}

test('who would be woken for a service, now and next, and where that comes from', async () => {
  expect(await asks('/incident oncall payments')).toMatchInlineSnapshot(`
    "payments · payments
    Primary: bea · Secondary: cai
    Until 09:00, then bea
    From: payments on-call list"
  `);
});

test('without a service: every service, and what happens to the rest', async () => {
  expect(await asks('/incident oncall')).toMatchInlineSnapshot(`
    "payments · payments
    Primary: bea · Secondary: cai
    Until 09:00, then bea
    From: payments on-call list
    Any other service · payments
    Primary: bea · Secondary: cai
    Until 09:00, then bea
    From: payments on-call list (catch-all: no service is named)"
  `);
});

test('a service nobody knows: the nearest one', async () => {
  expect(await asks('/incident oncall paymnts')).toBe(
    '“paymnts” is no service here. Did you mean payments? Known: payments.',
  );
});

test('nothing configured is said as it is', async () => {
  expect(await asks('/incident oncall', 'announceChannel: incidents\n')).toContain('nobody');
});

test('in the channel of an incident it is about that incident; looking it up wakes nobody', async () => {
  const world = await start();
  await world.slack.as('ana').command('/incident declare sev4 Typo', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').command('/incident oncall', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('ana').reads()).toContain('Primary: bea · Secondary: cai');
  expect(world.slack.mentions()).toEqual([]);
});
