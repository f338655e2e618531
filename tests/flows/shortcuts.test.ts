import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const channel = (world: World, n: number) =>
  world.slack.channel(world.slack.channels().find((one) => one.includes(`-${n}-`)) ?? `none of INC-${n}`);

/** Bea wrote in #general at 02:00; it is 02:10 now. */
async function written(text = 'Checkout throws 500s since the deploy\nOnly in the EU') {
  const world = await start({
    slack: { channels: ['general', { name: 'board', isPrivate: true, members: ['ana', 'bea'] }] },
  });
  await world.slack.as('bea').say(text, { in: 'general' });
  await world.pass('10m');
  return { world, ana: world.slack.as('ana'), on: { in: 'general', message: /500s/ } };
}

test('Declare from message: title, summary, author, its time as started at, and the link are there', async () => {
  const { world, ana, on } = await written();
  await ana.shortcut('Declare from message', on);
  await world.settle();
  const form = ana.modal() ?? '';
  expect(form).toContain('From a message by bea.');
  expect(form).toContain('What is broken?: Checkout throws 500s since the deploy');
  expect(form).toContain('Only in the EU');
  expect(form).toContain('☐ Private');
  await ana.submit({ 'How bad is it for users?': 'SEV2 major' });
  await world.settle();
  const incident = world.store.incident(1);
  expect(incident).toMatchObject({
    title: 'Checkout throws 500s since the deploy',
    isPrivate: false,
    fromMessage: {
      author: { user: world.slack.userId('bea') },
      link: expect.stringMatching(/^https:\/\/sandbox\.slack\.com\/archives\/C\w+\/p\d+$/),
    },
  });
  expect(incident?.times.startedAt).toBe(Date.parse('2026-03-02T02:00Z'));
  const link = incident?.fromMessage?.link ?? '-';
  expect(channel(world, 1).pins[0]).toContain('From a message');
  expect(JSON.stringify(world.slack.callsTo('chat.postMessage'))).toContain(link);
  const read = await ana.command('/incident INC-1 timeline', { in: 'general' });
  expect(read).toContain('ana declared SEV2, from a message by bea: Checkout throws 500s');
});

test('from a private channel or a direct message Private comes ticked, and the form says so', async () => {
  const { world, ana } = await written();
  await world.slack.as('bea').say('Somebody reads the payroll', { in: 'board' });
  await ana.shortcut('Declare from message', { in: 'board', message: /payroll/ });
  await world.settle();
  expect(ana.modal()).toContain('That message is from a private conversation, so Private is ticked');
  expect(ana.modal()).toContain('☑ Private');
  await ana.submit({ 'How bad is it for users?': 'SEV2 major' });
  await world.settle();
  expect(world.store.incident(1)?.isPrivate).toBe(true);
  expect(world.slack.channel('incidents').transcript()).not.toMatch(/INC-1|payroll/);
  const bea = world.slack.as('bea');
  await bea.shortcut('Declare from message', { in: 'dm', message: /./ });
  await world.settle();
  expect(bea.modal()).toContain('☑ Private');
});

test('unticked, it is public after all', async () => {
  const { world, ana } = await written();
  await world.slack.as('bea').say('The shop is closed', { in: 'board' });
  await ana.shortcut('Declare from message', { in: 'board', message: /shop/ });
  await world.settle();
  await ana.submit({ 'How bad is it for users?': 'SEV2 major', Private: false });
  await world.settle();
  expect(world.store.incident(1)?.isPrivate).toBe(false);
});

test('a message without words, or of another app, can be declared from too', async () => {
  const { world, ana } = await written();
  await world.slack.otherApp('Grafana').say('CPU is on fire', { in: 'general' });
  await ana.shortcut('Declare from message', { in: 'general', message: /CPU/ });
  await world.settle();
  expect(ana.modal()).toContain('From a message by Grafana.');
  await ana.closeModal();
  await world.slack.as('bea').upload('graph.png', 'png', { in: 'general' });
  await ana.shortcut('Declare from message', { in: 'general', message: /graph/ });
  await world.settle();
  expect(ana.modal()).toContain('What is broken?: …');
});

test('hostile text is a title like any other: nobody is mentioned', async () => {
  const { world, ana } = await written();
  await world.slack.as('bea').say('<!channel> *boom* & <https://evil.example|login>', { in: 'general' });
  const before = world.slack.mentions().length;
  await ana.shortcut('Declare from message', { in: 'general', message: /boom/ });
  await world.settle();
  await ana.submit({ 'How bad is it for users?': 'SEV4 low' });
  await world.settle();
  expect(world.store.incident(1)?.title).toContain('*boom*');
  expect(world.slack.mentions()).toHaveLength(before);
});

test('the composer’s Declare incident opens the form', async () => {
  const { world, ana } = await written();
  await ana.shortcut('Declare incident');
  await world.settle();
  await ana.submit({ 'What is broken?': 'Search is slow', 'How bad is it for users?': 'SEV3 minor' });
  await world.settle();
  expect(world.store.incident(1)?.title).toBe('Search is slow');
  expect(ana.dm()).toContain('INC-1 is declared (SEV3).');
});

/** INC-1 is open, declared by Ana at 02:10. */
async function open() {
  const { world, ana, on } = await written();
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana, on };
}

test('Add to timeline: the words, author, time and link of a message anywhere, in the incident that is chosen', async () => {
  const { world, ana } = await open();
  await ana.shortcut('Add to timeline', { in: 'general', message: /500s/ });
  await world.settle();
  expect(ana.modal()).toContain('Which incident?: INC-1 SEV2 Checkout is down, investigating');
  await ana.submit();
  await world.settle();
  const { fact, happenedAt } = world.store.timeline(1).find((entry) => entry.fact.type === 'note-added')!;
  expect(happenedAt).toBe(Date.parse('2026-03-02T02:00Z'));
  expect(fact).toMatchObject({
    text: 'Checkout throws 500s since the deploy\nOnly in the EU',
    source: { author: { user: world.slack.userId('bea') }, link: expect.stringContaining('/archives/') },
  });
  const read = await ana.command('/incident INC-1 timeline', { in: 'general' });
  expect(read).toContain('02:00 bea wrote elsewhere, added by ana: Checkout throws 500s since the deploy');
});

test('what stands in the incident’s own channel is in its timeline already', async () => {
  const { world, ana } = await open();
  await ana.say('rolling back', { in: 'inc-' });
  await ana.shortcut('Add to timeline', { in: 'inc-', message: /rolling back/ });
  await world.settle();
  const { errors } = await ana.submit();
  expect(errors).toEqual({
    'Which incident?': 'What is written in its own channel is in its timeline already.',
  });
  expect(ana.modal()).toContain('rolling back');
});

test('only incidents that they may see are offered; without any, how to declare one', async () => {
  const { world, ana, on } = await written();
  await ana.shortcut('Add to timeline', on);
  await world.settle();
  expect(ana.reads()).toContain('There is no incident yet that you may see. Nothing changed.');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Xylophone',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  const finn = world.slack.as('finn');
  await finn.shortcut('Make follow-up', on);
  await world.settle();
  expect(finn.modal()).toBeNull();
  expect(finn.reads()).toContain('There is no incident yet that you may see.');
});

test('a private message that is added says who will read it', async () => {
  const { world, ana } = await open();
  await world.slack.as('bea').say('The board wants to know', { in: 'board' });
  await ana.shortcut('Add to timeline', { in: 'board', message: /board wants/ });
  await world.settle();
  expect(ana.modal()).toContain('whoever may see the incident will read what you add');
  expect(await ana.submit({ 'What it says': '' })).toHaveProperty('errors');
});

test('Make follow-up: prefilled with the message, kept with its place', async () => {
  const { world, ana } = await open();
  await world.slack.as('bea').say('We should limit the retries', { in: 'general' });
  await ana.shortcut('Make follow-up', { in: 'general', message: /retries/ });
  await world.settle();
  expect(ana.modal()).toContain('What needs to be done?: We should limit the retries');
  expect(await ana.submit({ 'By when?': 'whenever' })).toHaveProperty('errors');
  await ana.submit({ 'Who does it?': 'bea', 'By when?': 'in 3d' });
  await world.settle();
  expect(world.store.incident(1)?.followups).toMatchObject([
    {
      text: 'We should limit the retries',
      owner: world.slack.userId('bea'),
      source: { ts: expect.any(String) },
    },
  ]);
});

test('a bot that is away: Slack says so to whoever picked it', async () => {
  const { world, ana, on } = await written();
  world.slack.connect(null);
  await ana.shortcut('Add to timeline', on);
  expect(ana.reads()).toContain('Add to timeline failed with the error dispatch_failed');
});

test('in a channel that is shared with another organisation the menus of messages are refused, with the reason and the cure', async () => {
  const world = await start({ slack: { channels: ['general', { name: 'partners', isShared: true }] } });
  const ana = world.slack.as('ana');
  await ana.say('we see 500s too', { in: 'partners' });
  const on = { in: 'partners', message: /500s/ };
  // Nothing waits for Slack: the first time it is let through, and asked meanwhile.
  await ana.shortcut('Add to timeline', on);
  await world.settle();
  for (const menu of ['Declare from message', 'Add to timeline', 'Make follow-up']) {
    await ana.shortcut(menu, on);
    await world.settle();
    expect(ana.modal(), menu).toBeNull();
    expect(ana.reads(), menu).toContain(
      'This channel is shared with another organisation, and incidents are not for their eyes. Nothing changed. In a channel of your own, or in a direct message to yourself, /incident declare, note and followup do the same.',
    );
  }
});

test('in an incident’s own channel they go on, whoever was let in', async () => {
  const { world, ana } = await written();
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.shareChannel('inc-');
  await ana.say('the retries are unlimited', { in: 'inc-' });
  for (let time = 0; time < 2; time += 1) {
    await ana.shortcut('Make follow-up', { in: 'inc-', message: /retries/ });
    await world.settle();
    expect(ana.modal()).toContain('the retries are unlimited');
    await ana.closeModal();
  }
});

test('Enterprise Grid: colleagues of other workspaces use them too; people of another organisation do not', async () => {
  const people = ['ana', 'bea', { name: 'eve', teamId: 'T0OTHER' }];
  const mallory = { name: 'mallory', teamId: 'T0EVIL', isStranger: true };
  const world = await start({
    slack: { enterprise: { id: 'E0ACME', name: 'Acme' }, people: [...people, mallory] },
  });
  await world.slack.as('ana').say('500s', { in: 'general' });
  const on = { in: 'general', message: /500s/ };
  await world.slack.as('eve').shortcut('Declare from message', on);
  await world.slack.as('mallory').shortcut('Declare from message', on);
  await world.settle();
  expect(world.slack.as('eve').modal()).toContain('What is broken?');
  expect(world.slack.as('mallory').modal()).toBeNull();
  expect(world.slack.as('mallory').reads()).toContain('Only members of the workspace that runs Tocsin');
});

test('a guest who is known as one is told before a form is filled in', async () => {
  const people = ['ana', 'bea', { name: 'gus', isRestricted: true }];
  const world = await start({ slack: { people } });
  const gus = world.slack.as('gus');
  await world.slack.as('ana').say('500s', { in: 'general' });
  await gus.command('/incident list', { in: 'general' });
  await world.settle();
  await gus.shortcut('Declare from message', { in: 'general', message: /500s/ });
  await gus.shortcut('Declare incident');
  await world.settle();
  expect(gus.modal()).toBeNull();
  expect(gus.reads()).toContain('Guests cannot declare incidents');
});
