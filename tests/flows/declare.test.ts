import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** Ana types it in #general, and everything it leads to has arrived. */
async function declared(line: string, options: Parameters<typeof start>[0] = {}) {
  const world = await start(options);
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return world;
}

test('a complete one-liner acts at once: channel, card, invitations, topic, purpose, announcement, a page', async () => {
  const world = await declared('sev1 Checkout is down');
  expect(world.slack.as('ana').reads()).toBe(
    'INC-1 is declared (SEV1). Its channel opens now; you are invited.',
  );
  const channel = world.slack.channel('inc-20260302-1-checkout-is-down');
  expect(channel.members.sort()).toEqual(['ana', 'bea', 'tocsin']);
  expect(channel.topic).toBe('SEV1 | Investigating | no lead yet');
  expect(channel.purpose).toContain('Everything written here is recorded');
  expect(channel.pins).toHaveLength(1);
  expect(channel.pins[0]).toMatchInlineSnapshot(`
    "SEV1 · Checkout is down · INC-1
    Investigating since 02:00
    Impact: not known yet
    Nobody has it. cai is paged 02:05.
    Declared 02:00 by ana
    Next update 02:15
    SEV1: set by ana when declared
    [Acknowledge] [Escalate…] [Take command] [⋯: Take comms, Severity…, Cancel: false alarm…, Resolve…, Roles…]"
  `);
  expect(world.slack.channel('incidents').transcript()).toMatchInlineSnapshot(`
    "[02:00] — Tocsin joined
    [02:00] Tocsin: SEV1 · Checkout is down · INC-1
            Investigating since 02:00
            Impact: not known yet
            Nobody has it yet, people are being called
            Next update 02:15
            Join #inc-20260302-1-checkout-is-down only if you can help."
  `);
  expect(world.slack.as('bea').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: SEV1 · Checkout is down
            You are primary for payments, the catch-all: no team owns this. Nobody has it yet.
            cai is paged 02:05.
            Why: ana declared it 02:00
            [Acknowledge] [Can't: page cai now]
            #inc-20260302-1-checkout-is-down"
  `);
  expect(world.slack.as('bea').pushes()).toContain(
    "[02:00] SEV1 Checkout is down. You're primary: ack by 02:05. INC-1",
  );
});

test('the channel says who was told, why now, and what comes next when; only the person paged is mentioned', async () => {
  const world = await declared('sev2 Checkout is slow');
  expect(world.slack.channel('inc-').transcript()).toContain(
    'Paged @bea (primary for payments, the catch-all: no team owns this): it was declared.\n        cai is paged 02:15.',
  );
  expect(world.slack.mentions().map(({ who }) => who)).toEqual([world.slack.userId('bea')]);
});

test('SEV3 tells the primary without ringing, SEV4 tells nobody', async () => {
  const minor = await declared('sev3 Search is slow');
  expect(minor.slack.channel('inc-').transcript()).toContain('Told @bea (primary for payments');
  expect(minor.slack.as('bea').dm()).toContain('Please look at it when you can.');
  expect(minor.slack.as('bea').buttons({ in: 'dm' })).toEqual(['Acknowledge']);
  const low = await declared('sev4 Typo on the front page');
  expect(low.slack.channel('inc-').transcript()).toContain(
    'SEV4: nobody is paged, this channel is the ticket.',
  );
  await low.pass('10m');
  expect(low.slack.mentions()).toEqual([]);
});

test('incomplete, it opens the modal with what was said already', async () => {
  const world = await declared('--test Checkout is down');
  const ana = world.slack.as('ana');
  expect(ana.modal()).toContain('What is broken?: Checkout is down');
  expect(ana.modal()).toContain('☐ I take command ☐ Private ☑ Test');
  await ana.closeModal();
  await ana.command('/incident declare sev2', { in: 'general' });
  await world.settle();
  expect(ana.modal()).toContain('☑ SEV2 major');
  expect(world.store.list({ limit: 10 })).toEqual([]);
});

test('"I take command" is ticked for people on call; taking it stops the paging before it began', async () => {
  const world = await start();
  const bea = world.slack.as('bea');
  await bea.command('/incident declare', { in: 'general' });
  await world.settle();
  expect(bea.modal()).toContain('☑ I take command');
  await bea.submit({ 'What is broken?': 'Checkout is down', 'How bad is it for users?': 'SEV1 critical' });
  await world.pass('6m');
  const channel = world.slack.channel('inc-');
  expect(channel.topic).toBe('SEV1 | Investigating | lead @bea');
  expect(channel.pins[0]).toContain('bea has it · Commander: bea');
  expect(world.slack.as('cai').dm()).toBe('');
});

test('"not sure" with numbers: the first rule that matches decides, and the card shows which', async () => {
  const world = await declared('');
  await world.slack.as('ana').submit({
    'What is broken?': 'Checkout is down',
    'How bad is it for users?': 'Not sure',
    Service: 'payments',
    'Failing requests, %': '62',
    'Revenue is lost': true,
  });
  await world.settle();
  const card = world.slack.channel('inc-').pins[0];
  expect(card).toContain('SEV1 · Checkout is down · INC-1');
  expect(card).toContain('error_rate 62 >= 50, revenue_impacting');
  expect(world.slack.channel('inc-').bookmarks).toEqual([
    { title: 'Runbook', link: 'https://runbooks.example.com/payments' },
  ]);
  expect(world.slack.as('bea').dm()).toContain('You are primary for payments. Nobody has it yet.');
});

test('"not sure" without numbers starts as a provisional SEV3', async () => {
  const world = await declared('');
  await world.slack.as('ana').submit({ 'What is broken?': 'Odd', 'How bad is it for users?': 'Not sure' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('SEV3 (provisional) · Odd · INC-1');
  expect(world.slack.channel('inc-').pins[0]).toContain('not sure yet');
});

test('wrong numbers and a start in the future are refused field by field, and nothing is declared', async () => {
  const world = await declared('');
  const ana = world.slack.as('ana');
  const { errors } = await ana.submit({
    'What is broken?': 'Odd',
    'How bad is it for users?': 'SEV2 major',
    'Started at': Date.parse('2026-03-02T05:00Z') / 1000,
  });
  expect(errors).toEqual({ 'Started at': 'That has not happened yet. Choose an earlier time.' });
  expect(await ana.submit({ 'Started at': '', 'Failing requests, %': '200' })).toMatchObject({
    errors: { 'Failing requests, %': expect.any(String) },
  });
  expect(world.store.list({ limit: 10 })).toEqual([]);
});

test('private: a private channel, no announcement, and for others it does not exist', async () => {
  const world = await declared('');
  await world.slack.as('ana').submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV2 major',
    Category: 'security',
  });
  await world.settle();
  expect(world.slack.channel('inc-').isPrivate).toBe(true);
  expect(world.slack.channel('incidents').transcript()).not.toContain('Keys leaked');
  await world.slack.as('dana').command('/incident INC-1 ack', { in: 'general' });
  await world.settle();
  expect(world.slack.as('dana').reads()).toContain('There is no INC-1.');
});

test('a test incident does everything and pages nobody: no DM, no mention, no announcement', async () => {
  const world = await declared('sev1 --test Fire drill');
  await world.pass('35m');
  expect(world.slack.channel('inc-').transcript()).toContain('Test: would page bea (primary for payments');
  expect(world.slack.channel('inc-').transcript()).toContain('Test: would page finn (CTO)');
  for (const person of ['bea', 'cai', 'dana', 'eve', 'finn']) expect(world.slack.as(person).dm()).toBe('');
  expect(world.slack.mentions()).toEqual([]);
  expect(world.slack.channel('incidents').transcript()).not.toContain('Fire drill');
  expect(world.slack.channel('inc-').members.sort()).toEqual(['ana', 'tocsin']);
});

test('titles from hell are declared, shown as harmless text, and mention nobody', async () => {
  const hell = [
    `long ${'x'.repeat(5_000)}`,
    '🔥🔥🔥🔥',
    'down <!channel> <!here> <@U0BEA> @here `rm -rf` *bold* &amp; _it_',
    '\u202enwod si tuokcehC\u0000\u200b',
    'two\nlines',
    '@bea broke it in #general',
  ];
  const world = await start({ incidentFile: 'announceChannel: incidents\n' });
  for (const title of hell) {
    await world.slack.as('ana').command(`/incident declare sev4 ${title}`, { in: 'general' });
    await world.settle();
  }
  expect(world.slack.mentions()).toEqual([]);
  expect(world.store.outboxReport(10).troubles).toEqual([]);
  const names = world.slack.channels().filter((name) => name.startsWith('inc-'));
  expect(names).toHaveLength(hell.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9_-]{1,80}$/);
  const titles = world.store
    .list({ limit: 10 })
    .map((incident) => incident.title.slice(0, 80))
    .reverse();
  expect(titles.slice(1)).toMatchInlineSnapshot(`
    [
      "🔥🔥🔥🔥",
      "down <!channel> <!here> <@U0BEA> <!here> \`rm -rf\` *bold* &amp; _it_",
      "nwod si tuokcehC",
      "two lines",
      "@bea broke it in #general",
    ]
  `);
  const shown = names.map((name) => world.slack.channel(name).pins[0] ?? '').join('\n');
  expect(shown).toContain('<!channel>');
  expect(shown).not.toMatch(/[\u202e\u0000\u200b]/);
});

test('an empty title opens the modal, a title of spaces is asked for again', async () => {
  const world = await declared('sev1    ');
  const ana = world.slack.as('ana');
  expect(ana.modal()).toContain('☑ SEV1 critical');
  expect(await ana.submit({ 'What is broken?': '   ' })).toEqual({
    errors: { 'What is broken?': 'Write a few words: what is broken?' },
  });
});

test('a late joiner is told by DM where things stand; those who were called are not', async () => {
  const world = await declared('sev1 Checkout is down');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.slack.as('finn').join('inc-');
  await world.settle();
  expect(world.slack.as('finn').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: You joined. This is where it stands:
            SEV1 · Checkout is down · INC-1
            Investigating since 02:00
            Impact: not known yet
            bea has it · Commander: nobody · Comms lead: nobody
            Declared 02:00 by ana
            Next update 02:15
            SEV1: set by ana when declared
            #inc-20260302-1-checkout-is-down"
  `);
  expect(world.slack.as('ana').dm()).toBe('');
  expect(world.slack.as('bea').dm()).not.toContain('You joined');
});

test('channels forbidden: people are paged anyway, and it runs in a thread of the announce channel', async () => {
  const world = await declared('sev1 Checkout is down', {
    slack: { forbidChannels: true, channels: ['general', 'incidents'] },
  });
  expect(world.slack.as('bea').dm()).toContain('You are primary for payments');
  const transcript = world.slack.channel('incidents').transcript();
  expect(transcript).toContain('it is worked on in the thread here');
  expect(transcript).toContain('    [02:00] Tocsin: SEV1 · Checkout is down · INC-1');
  expect(transcript).toContain('Paged @bea');
});
