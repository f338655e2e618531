import { expect, test } from 'vitest';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const canary = 'Xylophone';

/** INC-1 is private, declared by Ana; Bea was told. Everybody else must not learn that it exists. */
async function secret() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': `${canary} is leaking`, ...how });
  await world.settle();
  return { world, ana };
}

test('a private incident has a private channel and is announced nowhere', async () => {
  const { world, ana } = await secret();
  const channel = world.slack.channel('inc-');
  expect(channel.isPrivate).toBe(true);
  expect(channel.members).toEqual(expect.arrayContaining(['ana', 'bea']));
  await ana.command('/incident sev 1 worse', { in: 'inc-' });
  await ana.command('/incident role commander me', { in: 'inc-' });
  await ana.command(`/incident update ${canary} is contained`, { in: 'inc-' });
  await ana.command('/incident status identified', { in: 'inc-' });
  await world.pass('20m');
  await ana.command('/incident resolve rollback', { in: 'inc-' });
  await world.settle();
  expect(JSON.stringify(world.slack.channel('incidents').messages)).not.toMatch(/INC-1|Xylophone/i);
  const elsewhere = world.slack.channels().filter((name) => !name.startsWith('inc-'));
  for (const name of elsewhere) expect(world.slack.channel(name).transcript()).not.toContain(canary);
});

test('whoever is not in it learns nothing of it, whatever they type', async () => {
  const { world } = await secret();
  world.slack.faults.next('conversations.setTopic', { error: 'too_long' });
  await world.slack.as('ana').command('/incident status identified', { in: 'inc-' });
  await world.settle();
  const finn = world.slack.as('finn').goTo('general');
  const words = [
    '',
    'help',
    'list',
    'list all',
    'list mine',
    'list sev1',
    'list sev2',
    'show',
    'show INC-1',
    'INC-1',
    'INC-1 show',
    'INC-1 timeline',
    'INC-1 ack',
    'INC-1 unack',
    'INC-1 escalate',
    'INC-1 sev 1',
    'INC-1 status monitoring',
    'INC-1 role commander me',
    'INC-1 update hi',
    'INC-1 note hi',
    'INC-1 resolve rollback',
    'INC-1 cancel no',
    'INC-1 reopen',
    'INC-1 postmortem',
    'INC-1 oncall',
    'INC-1 doctor',
    'doctor',
    'ack',
    'timeline',
    'oncall',
  ];
  const before = world.store.timeline(1).length;
  for (const word of words) {
    const read = await finn.command(`/incident ${word}`);
    expect(read, word).not.toContain(canary);
    expect(read, word).not.toMatch(/SEV2 ·|inc-2026/);
    expect(finn.modal(), word).toBeNull();
  }
  expect(world.store.timeline(1)).toHaveLength(before);
  expect(await finn.command('/incident INC-1 ack')).toBe(
    await finn.command('/incident INC-77 ack').then((no) => no.replace('77', '1')),
  );
  expect(await finn.command('/incident list')).toContain('No incident is open.');
  expect(await finn.command('/incident doctor')).not.toMatch(/INC-1/);
  expect(finn.dm()).toBe('');
});

test('a member who leaves the channel sees it no more', async () => {
  const { world, ana } = await secret();
  const bea = world.slack.as('bea');
  expect(await bea.command('/incident list', { in: 'general' })).toContain(canary);
  await bea.leave('inc-');
  await world.settle();
  expect(await bea.command('/incident list', { in: 'general' })).not.toContain(canary);
  expect(await ana.command('/incident list', { in: 'general' })).toContain(canary);
});

/** Declared by Ana in this category, unmarked, and resolved 20 minutes later; `elsewhere`: all other channels, raw. */
async function livedInCategory(category: string) {
  const categories = '[{ name: payroll, private: true }, { name: shipping }]';
  const world = await start({ incidentFile: `${defaultIncidentFile}categories: ${categories}\n` });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV1 critical', Category: category };
  await ana.submit({ 'What is broken?': `${canary} is leaking`, ...how });
  await world.settle();
  await world.pass('20m');
  await ana.command('/incident resolve rollback', { in: 'inc-' });
  await world.settle();
  const elsewhere = world.slack.channels().filter((name) => !name.startsWith('inc-'));
  return {
    isPrivate: world.slack.channel('inc-').isPrivate,
    elsewhere: JSON.stringify(elsewhere.map((name) => world.slack.channel(name).messages)),
  };
}

test('a category that is marked private makes its incidents private: nothing is announced', async () => {
  const { isPrivate, elsewhere } = await livedInCategory('payroll');
  expect(isPrivate).toBe(true);
  expect(elsewhere).not.toMatch(/INC-1|Xylophone/i);
});

test('a category that is not marked private leaves its incidents open: they are announced', async () => {
  const { isPrivate, elsewhere } = await livedInCategory('shipping');
  expect(isPrivate).toBe(false);
  expect(elsewhere).toMatch(/INC-1.*Xylophone|Xylophone.*INC-1/i);
});
