import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

test('nothing is open: the list says so and offers to declare', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  const nothing = 'No incident is open.\n[Declare an incident]';
  expect(await ana.command('/incident list')).toBe(nothing);
  expect(await ana.command('/incident')).toBe(nothing);
  expect(await ana.command('/incident list all')).toContain('There is no incident yet.');
  expect(await ana.command('/incident list mine')).toContain('No open incident is yours.');
  expect(await ana.command('/incident ack')).toContain(
    '/incident ack needs an incident, and none is open. Nothing changed.',
  );
  await ana.click('Declare an incident', { in: 'general' });
  await world.settle();
  expect(ana.modal()).toContain('Declare');
});

test('open, mine, all and sev1 each show what they say, worst first', async () => {
  const world = await start();
  const ana = world.slack.as('ana').goTo('general');
  const dana = world.slack.as('dana').goTo('general');
  await ana.command('/incident declare sev3 Search is slow');
  await dana.command('/incident declare sev1 Checkout is down');
  await ana.command('/incident declare sev2 Mail is late');
  await world.settle();
  await ana.command('/incident INC-3 cancel false alarm');
  const numbers = async (filter: string) =>
    (await ana.command(`/incident list ${filter}`)).match(/INC-\d/g) ?? [];
  expect(await numbers('')).toEqual(['INC-2', 'INC-1']);
  expect(await numbers('open')).toEqual(['INC-2', 'INC-1']);
  expect(await numbers('mine')).toEqual(['INC-1']);
  expect((await numbers('all')).sort()).toEqual(['INC-1', 'INC-2', 'INC-3']);
  expect(await numbers('sev1')).toEqual(['INC-2']);
  expect(await ana.command('/incident list sev4')).toContain('There is no SEV4 incident yet.');
  await world.settle();
});

test('show tells one incident in full, by its number from anywhere', async () => {
  const world = await start();
  const ana = world.slack.as('ana').goTo('general');
  await ana.command('/incident declare sev2 Checkout is down');
  await world.settle();
  const shown = await ana.command('/incident show INC-1');
  expect(shown).toContain('SEV2 · Checkout is down · INC-1');
  expect(shown).toContain('Nobody has it.');
  expect(await ana.command('/incident INC-1')).toBe(shown);
  expect(await ana.command('/incident inc-1 show')).toBe(shown);
  expect(await ana.command('/incident show', { in: 'inc-' })).toBe(shown);
  expect(await ana.command('/incident show 1')).toBe(shown);
  expect(await ana.command('/incident show INC-9')).toBe(
    'There is no INC-9. Nothing changed. What is open: /incident list',
  );
  await world.settle();
});

test.each(['INC-1 show', 'inc1', 'INC-1: show', 'inc 1', '#1', '1 show', 'show #1', 'show inc1'])(
  'a number is read however it is written at night: %s',
  async (typed) => {
    const world = await start();
    const ana = world.slack.as('ana').goTo('general');
    await ana.command('/incident declare sev2 Checkout is down');
    await world.settle();
    expect(await ana.command(`/incident ${typed}`)).toContain('SEV2 · Checkout is down · INC-1');
  },
);

test('bare in the channel: the tray with the facts, what is due next and why, and every action', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const tray = await ana.command('/incident', { in: 'inc-' });
  expect(tray).toContain('SEV1 · Checkout is down · INC-1');
  expect(tray).toMatch(/Next: .*02:05/);
  for (const label of ['[Acknowledge]', '[Escalate…]', '[Severity…]', '[Resolve…]', '[Cancel…]']) {
    expect(tray).toContain(label);
  }
});

test('help is by situation and names the command as it is configured', async () => {
  const world = await start({
    incidentFile: 'command: /oops\n',
    slack: { commands: ['/oops'] },
  });
  const help = await world.slack.as('ana').command('/oops help', { in: 'general' });
  expect(help).toContain('/oops declare');
  expect(help).not.toContain('/incident');
});
