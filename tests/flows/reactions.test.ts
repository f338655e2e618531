import { expect, test } from 'vitest';
import { readTimeline } from '../../src/incident/timeline.ts';
import { start } from '../support/world.ts';

const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];

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
    readTimeline(world.store.timeline(1))
      .filter(({ kind }) => kind === 'message')
      .flatMap((item) => Object.keys(item.marks ?? {}));
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

/** What people do while nobody hears it. */
async function away({ world }: Awaited<ReturnType<typeof said>>, act: () => Promise<void>) {
  world.slack.connect(null);
  await act();
  await world.restart('2h');
}

test('what was pinned, starred and made a follow-up while Tocsin was away counts when it is back, once, for who did it', async () => {
  const it = await said();
  const { world, ana, cai, followups } = it;
  await ana.say('It is out', { thread: /Rolling back/ });
  await away(it, async () => {
    await cai.react('pushpin', /Rolling back/);
    await cai.react('star', /It is out/);
    await cai.react('ticket', /Rolling back/);
    await ana.react('ticket', /Rolling back/);
  });
  const timeline = await ana.command('/incident timeline');
  expect(timeline).toContain('bea: Rolling back 512 · key event');
  expect(timeline).toContain('(reply) ana: It is out · starred');
  expect(followups()).toMatchObject([{ text: 'Rolling back 512', by: { user: cai.id } }]);
  const heard = () => world.store.timeline(1).filter(({ cause }) => cause.startsWith('reaction_'));
  const before = heard();
  await world.restart('1m');
  expect(heard()).toEqual(before);
});

test('what was taken back while Tocsin was away is reversed, and nobody else’s', async () => {
  const it = await said();
  const { ana, cai, marks, followups } = it;
  await cai.react('star', /Rolling back/);
  await ana.react('star', /Rolling back/);
  await cai.react('pushpin', /Rolling back/);
  await cai.react('ticket', /Rolling back/);
  await ana.react('ticket', /Rolling back/);
  await away(it, async () => {
    for (const emoji of ['star', 'pushpin', 'ticket']) await cai.unreact(emoji, /Rolling back/);
  });
  expect(marks()).toEqual(['star']);
  expect(followups()).toEqual([]);
  await ana.unreact('star', /bea: Rolling back/);
  expect(marks()).toEqual([]);
});

test('what was unmarked or removed on purpose does not come back with a restart', async () => {
  const it = await said();
  const { world, ana, cai, marks, followups } = it;
  await cai.react('star', /Rolling back/);
  const number = /Rolling.* · #(\d+)/.exec(await ana.command('/incident timeline'))?.[1];
  await ana.command(`/incident timeline unstar ${number}`);
  await cai.react('ticket', /Rolling back/);
  await ana.react('ticket', /Rolling back/);
  await cai.unreact('ticket', /Rolling back/);
  await world.settle();
  await world.restart('30m');
  expect(marks()).toEqual([]);
  expect(followups()).toEqual([]);
});

test('a follow-up that was made by the form stays, whoever takes a ticket back, and after a restart too', async () => {
  const { world, cai, followups } = await said();
  await cai.shortcut('Make follow-up', { message: /Rolling back/, in: 'inc-' });
  await world.settle();
  await cai.submit();
  await world.settle();
  expect(followups()).toHaveLength(1);
  await cai.react('ticket', /Rolling back/);
  await cai.unreact('ticket', /Rolling back/);
  await world.restart('30m');
  expect(followups()).toHaveLength(1);
});

/** As in `said`, in a channel that another organisation was let into: Mallory is of theirs. */
async function shared() {
  const world = await start({
    at: '2026-03-02T10:00Z',
    slack: { people: [...people, { name: 'mallory', teamId: 'T0EVIL' }] },
  });
  await world.slack.as('ana').command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  const mallory = world.slack.as('mallory').goTo('inc-');
  await world.slack.shareChannel('inc-');
  await mallory.join('inc-');
  await world.slack.as('bea').say('Rolling back 512', { in: 'inc-' });
  await world.settle();
  const rows = () => world.store.timeline(1).length;
  return { world, mallory, rows };
}

test('people of another organisation mark nothing and make no follow-ups, now or after an outage; colleagues do', async () => {
  const { world, mallory, rows } = await shared();
  const before = rows();
  for (const emoji of ['pushpin', 'star', 'ticket']) await mallory.react(emoji, /Rolling back/);
  await world.settle();
  expect(rows()).toBe(before);
  await world.restart('30m');
  expect(world.store.incident(1)?.followups ?? []).toEqual([]);
  expect(readTimeline(world.store.timeline(1)).flatMap(({ marks = {} }) => Object.keys(marks))).toEqual([]);
  await world.slack.as('bea').react('ticket', /Rolling back/, { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)?.followups).toHaveLength(1);
});

test('a reaction whose event comes only after it was pulled counts once', async () => {
  const { world, cai, marks, followups } = await said();
  world.slack.mishap('hold', 2);
  await cai.react('star', /Rolling back/);
  await cai.react('ticket', /Rolling back/);
  await world.restart('1m');
  await world.slack.release();
  await world.settle();
  expect([marks(), followups().length]).toEqual([['star'], 1]);
  await cai.unreact('star', /bea: Rolling back/);
  await cai.unreact('ticket', /bea: Rolling back/);
  await world.settle();
  expect([marks(), followups()]).toEqual([[], []]);
});
