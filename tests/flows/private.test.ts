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

/** INC-1, private and Ana's, beside INC-2, which everybody may see. */
async function besideOpen() {
  const { world, ana } = await secret();
  await world.slack.as('dana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const finn = world.slack.as('finn').goTo('general');
  return { world, ana, finn };
}

const nowhere = /INC-1\b|Xylophone/;

test('naming its channel in `merge` tells a stranger no more than naming any other channel', async () => {
  const { world, finn } = await besideOpen();
  const room = world.store.incident(1)?.channel?.name ?? '';
  expect(await finn.command(`/incident INC-2 merge #${room}`)).toBe(
    `“#${room}” is no incident: write its number, like /incident merge INC-12. Nothing changed.`,
  );
  expect(await finn.command('/incident INC-2 merge #general')).toContain('“#general” is no incident');
});

test('whoever leaves its channel is not reminded of a role that was offered to them, nor told what became of it', async () => {
  const { world, ana } = await secret();
  const eve = world.slack.as('eve');
  await ana.command('/incident role commander me', { in: 'inc-' });
  await ana.command('/incident handoff commander @eve', { in: 'inc-' });
  await world.settle();
  expect(eve.dm()).toContain(canary);
  await eve.leave('inc-');
  await world.settle();
  expect(eve.dm()).toContain('you left the channel of INC-1');
  expect(eve.dm()).not.toContain(canary);
  await world.pass('12m');
  expect(eve.dm()).not.toContain(canary);
  expect(world.store.incident(1)?.offers).toEqual({});
});

test('a public one that goes into it while it ends says to nobody which one that was', async () => {
  const { world, ana } = await besideOpen();
  await ana.command('/incident INC-2 merge INC-1', { in: 'general' });
  await world.settle();
  await Promise.all([ana.submit(), ana.command('/incident INC-1 cancel nothing', { in: 'general' })]);
  await world.settle();
  await world.pass('10s');
  // Which of the two is first is not ours to say; nearly always the end comes between the halves of the merge.
  const facts = world.store.timeline(2).map(({ fact }) => fact);
  const reopened = facts.filter((fact) => fact.type === 'reopened');
  for (const { why } of reopened) expect(why).toBe('the other incident ended in the same moment');
  const seen = world.slack.channels().filter((name) => !name.includes('-1-'));
  for (const name of seen) expect(world.slack.channel(name).transcript(), name).not.toMatch(nowhere);
});

test('what was written for a private incident is not put into one that everybody sees', async () => {
  const { world } = await besideOpen();
  const cai = world.slack.as('cai');
  await cai.command('/incident declare Checkout leaks', { in: 'general' });
  await world.settle();
  const question = cai.modal()?.split('\n')[1]?.split('?')[0] ?? '';
  expect(question).toContain('INC-2 is open');
  const same = { [`${question}?`]: 'Merge into INC-2', 'How bad is it for users?': 'SEV2 major' };
  const summary = { 'What is known so far': 'Vuvuzela was paid' };
  const { errors } = await cai.submit({ ...same, ...summary, Private: true });
  expect(JSON.stringify(errors)).toContain(
    'INC-2 is not private: everybody would read there what you wrote.',
  );
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).not.toContain('Vuvuzela');
  await cai.submit({ Private: false });
  await world.settle();
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain('Vuvuzela');
});

test('merging it into another private one says first that the people there will read its number and title', async () => {
  const { world, ana } = await besideOpen();
  await ana.command('/incident INC-2 private yes', { in: 'general' });
  await world.settle();
  await ana.command('/incident INC-1 merge INC-2', { in: 'general' });
  await world.settle();
  expect(ana.modal()).toContain('INC-1 is private too: everybody in INC-2 will read its number and title');
});

test('the Home tab of whoever leaves its channel does not go on showing it', async () => {
  const { world } = await secret();
  const bea = world.slack.as('bea');
  await bea.openHome();
  await world.settle();
  expect(bea.home()).toContain(canary);
  await bea.leave('inc-');
  await world.settle();
  expect(bea.home()).not.toMatch(nowhere);
});

test('Home, message menus, threads and direct messages know nothing of it for a stranger', async () => {
  const { world, finn } = await besideOpen();
  const known = /Xylophone|SEV2|inc-20260302-1/;
  await finn.openHome();
  await finn.say('look here');
  await world.settle();
  expect(finn.home()).toContain('INC-2');
  expect(finn.home()).not.toMatch(nowhere);
  for (const words of ['INC-1 ack', 'INC-1 timeline', 'show INC-1', 'merge INC-1', 'list all', 'INC-1']) {
    await finn.mention(words, { in: 'general', thread: /look here/ });
    await world.settle();
    expect(finn.reads(), words).not.toMatch(known);
    await finn.say(words, { in: 'dm' });
    await world.settle();
  }
  expect(finn.dm()).not.toMatch(known);
  for (const shortcut of ['Add to timeline', 'Make follow-up']) {
    await finn.shortcut(shortcut, { message: /look here/, in: 'general' });
    await world.settle();
    expect(finn.modal(), shortcut).toContain('INC-2');
    expect(finn.modal(), shortcut).not.toMatch(nowhere);
    await finn.closeModal();
  }
});
