import { expect, test } from 'vitest';
import { readTimeline } from '../../src/incident/timeline.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV3); Bea has said in its channel that she rolls back, and Cai is there too. */
async function said(words = 'Rolling back 512') {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  const cai = world.slack.as('cai').goTo('inc-');
  await cai.join('inc-');
  await world.slack.as('bea').say(words, { in: 'inc-' });
  await world.settle();
  const marks = (): string[] =>
    readTimeline(world.store.timeline(1)).flatMap((item) => Object.keys(item.marks ?? {}));
  const followups = () => world.store.incident(1)?.followups ?? [];
  const rows = (): number => world.store.timeline(1).length;
  return { world, ana: ana.goTo('inc-'), cai, marks, followups, rows };
}

test(':pushpin: makes a message a key event, and taking it back reverses that', async () => {
  const { ana, cai, marks } = await said();
  await cai.react('pushpin', /Rolling back/);
  expect(marks()).toEqual(['pin']);
  expect(await ana.command('/incident timeline')).toContain('bea: Rolling back 512 · key event');
  await cai.unreact('pushpin', /Rolling back/);
  expect(marks()).toEqual([]);
});

test(':star: quotes a message in the postmortem, and stands while anybody’s does', async () => {
  const { ana, cai, marks } = await said();
  await cai.react('star', /Rolling back/);
  await ana.react('star', /Rolling back/);
  await cai.unreact('star', /Rolling back/);
  expect(marks()).toEqual(['star']);
  expect(await ana.command('/incident timeline')).toContain('bea: Rolling back 512 · starred');
  await ana.unreact('star', /Rolling back/);
  expect(marks()).toEqual([]);
});

test('the draft quotes what is starred, names key events, and is silent about what is hidden', async () => {
  const { world, ana, cai } = await said();
  await ana.say('Blame the intern');
  await cai.react('star', /Rolling back/);
  await cai.react('pushpin', /Rolling back/);
  const number = /Blame.* · #(\d+)/.exec(await ana.command('/incident timeline'))?.[1];
  await ana.command(`/incident timeline hide ${number}`);
  await ana.command('/incident postmortem');
  await world.settle();
  const draft = world.slack.channel('inc-').files.at(-1)?.content ?? '';
  expect(draft).toMatch(/Quotes[\s\S]*Rolling back 512/);
  expect(draft).toContain('Key event');
  expect(draft).not.toContain('intern');
});

test(':ticket: makes a follow-up of the message, nobody’s and without a date; taking it back removes it', async () => {
  const { world, cai, followups } = await said('Alert earlier, @ana & co');
  const [message] = world.slack.channel('inc-').messages.slice(-1);
  await cai.react('ticket', /Alert earlier/);
  await world.settle();
  expect(followups()).toEqual([
    expect.objectContaining({
      text: 'Alert earlier, @ana & co',
      owner: null,
      dueAt: null,
      doneAt: null,
      source: { channel: message?.channelId, ts: message?.ts },
    }),
  ]);
  await cai.unreact('ticket', /bea: Alert earlier/);
  await world.settle();
  expect(followups()).toEqual([]);
});

test('a second ticket makes no second follow-up, and taking that one back removes none', async () => {
  const { world, ana, cai, followups } = await said();
  await cai.react('ticket', /Rolling back/);
  await ana.react('ticket', /Rolling back/);
  await ana.unreact('ticket', /Rolling back/);
  await world.settle();
  expect(followups()).toHaveLength(1);
});

test('a reaction that is delivered twice counts once', async () => {
  const { world, cai, marks, rows } = await said();
  world.slack.mishap('duplicate');
  const before = rows();
  await cai.react('star', /Rolling back/);
  await world.settle();
  expect(marks()).toEqual(['star']);
  expect(rows()).toBe(before + 1);
});

test.each(['eyes', 'star2', 'round_pushpin', 'pushpin::skin-tone-3', 'toString', 'tickets'])(
  'the reaction :%s: means nothing',
  async (emoji) => {
    const { cai, rows } = await said();
    const before = rows();
    await cai.react(emoji, /Rolling back/);
    expect(rows()).toBe(before);
  },
);

test('reactions to what Tocsin says mean nothing', async () => {
  const { world, cai, rows } = await said();
  const before = rows();
  for (const emoji of ['pushpin', 'star', 'ticket']) await cai.react(emoji, /Checkout is slow · INC-1/);
  await world.settle();
  expect(rows()).toBe(before);
});

test('a reaction outside incident channels costs nothing', async () => {
  const { world, cai, rows } = await said();
  await cai.say('I like stars', { in: 'general' });
  const [before, calls] = [rows(), world.slack.calls.length];
  for (const emoji of ['star', 'ticket']) await cai.react(emoji, /stars/, { in: 'general' });
  await world.settle();
  expect([rows(), world.slack.calls.length]).toEqual([before, calls]);
});

test('a deleted or hidden message makes no follow-up', async () => {
  const { world, ana, cai, followups } = await said();
  const number = /Rolling.* · #(\d+)/.exec(await ana.command('/incident timeline'))?.[1];
  await ana.command(`/incident timeline hide ${number}`);
  await cai.react('ticket', /Rolling back/);
  await world.settle();
  expect(followups()).toEqual([]);
});

test('a reply in a thread is marked like any message', async () => {
  const { ana, cai, marks } = await said();
  await ana.say('It is out', { thread: /Rolling back/ });
  await cai.react('star', /It is out/);
  expect(marks()).toEqual(['star']);
  expect(await ana.command('/incident timeline')).toContain('(reply) ana: It is out · starred');
});
