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
    "payments
    Primary: bea · Secondary: cai
    Until 09:00, and bea again after that
    From: payments on-call list"
  `);
});

test('without a service: every service, and what happens to the rest', async () => {
  expect(await asks('/incident oncall')).toMatchInlineSnapshot(`
    "payments
    Primary: bea · Secondary: cai
    Until 09:00, and bea again after that
    From: payments on-call list
    Any other service · team payments
    Primary: bea · Secondary: cai
    Until 09:00, and bea again after that
    From: payments on-call list (catch-all: no service is named)"
  `);
});

test('a list of several people says who comes after the one who is on call now', async () => {
  const incidentFile = `
teams:
  shop: { onCall: { startsOn: '2026-01-05', primary: [U0BEA, U0CAI] } }
services: { checkout: { team: shop } }
`;
  expect(await asks('/incident oncall checkout', incidentFile)).toMatch(
    /^checkout · team shop\nPrimary: (bea · Secondary: cai\nUntil 09:00, then cai|cai · Secondary: bea\nUntil 09:00, then bea)\n/,
  );
});

test('the case of a service does not matter', async () => {
  expect(await asks('/incident oncall PAYMENTS')).toMatch(/^payments\nPrimary: bea/);
});

test('a service nobody knows: the nearest one, else those there are', async () => {
  expect(await asks('/incident oncall paymnts')).toBe(
    '“paymnts” is no service. Nothing changed. Did you mean payments?',
  );
  expect(await asks('/incident oncall <warehouse> & co')).toBe(
    '“<warehouse> & co” is no service. Nothing changed. Known: payments.',
  );
  expect(await asks('/incident oncall mail', 'announceChannel: incidents\n')).toBe(
    '“mail” is no service. Nothing changed. incident.yml names no services yet.',
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
