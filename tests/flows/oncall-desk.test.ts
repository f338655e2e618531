import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { turns } from '../../src/turns.ts';
import { deathThroes, mortal } from '../support/mortal.ts';
import { start } from '../support/world.ts';

/** Bea until Monday 09:00, then Cai, then Dana; whoever follows is secondary. Ana is in no rotation. */
const oneTeam = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI, U0DANA] } }
catchAllTeam: payments
services: { payments: { team: payments } }
`;

/** Monday 2 March 2026, 02:00 UTC. */
async function night(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ incidentFile: oneTeam, ...options });
  const person = (handle: string) => world.slack.as(handle);
  async function says(handle: string, line: string): Promise<string> {
    const answer = await person(handle).command(line, { in: 'general' });
    await world.settle();
    return answer;
  }
  async function presses(handle: string, label: string): Promise<void> {
    await person(handle).click(label, { in: 'dm' });
    await world.settle();
  }
  return { world, person, says, presses };
}

const paged = (world: World): string[] =>
  ['ana', 'bea', 'cai', 'dana', 'eve'].filter((handle) =>
    world.slack.as(handle).dm().includes('Checkout is down'),
  );

test('an override moves the next page, and everybody it concerns is told', async () => {
  const { world, person, says } = await night();
  expect(await says('ana', '/incident oncall override @eve 2h')).toMatchInlineSnapshot(`
    "eve is primary for payments, 02:00 to 04:00, instead of bea. Everybody it concerns is told.
    [Undo]"
  `);
  expect(person('eve').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: You are primary for payments, 02:00 to 04:00, instead of bea. ana arranged it.
            [Undo]"
  `);
  expect(person('bea').dm()).toContain('eve is primary for payments');
  expect(await says('ana', '/incident oncall payments')).toMatchInlineSnapshot(`
    "payments
    Primary: eve · Secondary: cai
    Until 04:00, then bea
    From: payments on-call list"
  `);
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['eve']);
});

test('cover that is accepted moves the next page; the other questions say so', async () => {
  const { world, person, says, presses } = await night();
  expect(await says('bea', '/incident oncall cover from 02:30 to 06:00')).toMatchInlineSnapshot(`
    "Asked for cover: primary for payments, 02:30 to 06:00. By direct message to cai, dana. You stay on call until somebody takes it.
    [Withdraw]"
  `);
  expect(person('cai').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: Can you cover? bea asks for cover: primary for payments, 02:30 to 06:00.
            Whoever takes it first has it. Until somebody does, bea stays on call.
            Nobody by 02:30: bea hears that, and asks somebody else.
            [I'll take it] [Not now]"
  `);
  await presses('dana', "I'll take it");
  expect(person('dana').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: You took it: you are primary for payments, 02:30 to 06:00, instead of bea.
            [Undo]"
  `);
  expect(person('cai').dm()).toMatchInlineSnapshot(
    `"[02:00] Tocsin: Cover as primary for payments, 02:30 to 06:00: dana took it. Nothing to do for you here."`,
  );
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: dana is primary for payments, 02:30 to 06:00, instead of you.
            [Undo]"
  `);
  await world.pass('31m');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['dana']);
});

test('at the change of shift an unanswered page moves to the new primary, and both are briefed', async () => {
  const { world, person, says } = await night({ at: '2026-03-02T08:50Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('9m');
  expect(paged(world)).toEqual(['bea']);
  await world.pass('2m');
  expect(person('cai').dm()).toMatchInlineSnapshot(`
    "[09:00] Tocsin: SEV2 · Checkout is down
            You are primary for payments, the catch-all: no team owns this. Nobody has it yet.
            dana is paged 09:05.
            Why: the shift changed before bea answered
            [Acknowledge] [Can't: page dana now]
            #inc-20260302-1-checkout-is-down
    [09:00] Tocsin: On call for payments
            You are primary for payments now, until Mar 9, 2026 09:00; you were secondary.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Checkout is down · INC-1
            Nobody has it · Investigating since 08:50
            #inc-20260302-1-checkout-is-down
            The shift since 08:50: 1 page, 1 out of hours. Noisiest: no service 1."
  `);
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[08:50] Tocsin: SEV2 · Checkout is down
            You are primary for payments, the catch-all: no team owns this. Nobody has it yet.
            cai is paged 09:05.
            Why: ana declared it 08:50
            [Acknowledge] [Can't: page cai now]
            #inc-20260302-1-checkout-is-down
    [09:00] Tocsin: On call for payments
            Your turn as primary for payments is over. Thank you. cai is primary now.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Checkout is down · INC-1
            Nobody has it · Investigating since 08:50
            #inc-20260302-1-checkout-is-down
            The shift since 08:50: 1 page, 1 out of hours. Noisiest: no service 1."
  `);
  expect(world.slack.channel('inc-').transcript()).toContain('the shift changed before bea answered');
});

test('a test page reaches me by direct message, and says that I answered', async () => {
  const { person, says, presses } = await night();
  expect(await says('ana', '/incident oncall test')).toMatchInlineSnapshot(
    `"A test page is on its way to you, by direct message. Press Acknowledge there."`,
  );
  expect(person('ana').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: TEST PAGE
            Nothing is broken: you asked for it. This is how a page reaches you.
            Did your phone ring? If not, look at its notification settings, and at do-not-disturb in Slack.
            [Acknowledge]"
  `);
  await presses('ana', 'Acknowledge');
  expect(person('ana').dm()).toMatchInlineSnapshot(
    `"[02:00] Tocsin: Test page acknowledged 02:00, within 1 min. Pages reach you."`,
  );
});

test('cover that nobody takes: whoever asked hears it after the last no, and stays on call', async () => {
  const { world, person, says, presses } = await night();
  await says('bea', '/incident oncall cover from 06:00 to 08:00');
  await presses('cai', 'Not now');
  expect(person('bea').dm()).toBe('');
  expect(person('cai').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: You said "Not now" to: primary for payments, 06:00 to 08:00, for bea.
            [I'll take it after all]"
  `);
  await presses('dana', 'Not now');
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: No cover as primary for payments, 06:00 to 08:00: everybody who was asked said "Not now", or could not be asked. You stay on call.
            Found somebody yourself? /incident oncall override @name, and the time."
  `);
  await presses('cai', "I'll take it after all");
  await world.pass('4h');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['cai']);
});

test('a request that nobody answers ends when it would begin, and everybody reads that', async () => {
  const { world, person, says } = await night();
  await says('bea', '/incident oncall cover 3h');
  await world.pass('29m');
  expect(person('bea').dm()).toBe('');
  await world.pass('2m');
  expect(person('bea').dm()).toContain(
    'No cover as primary for payments, 02:00 to 05:00: nobody answered in time.',
  );
  expect(person('cai').dm()).toContain('nobody took it in time, bea stays on call');
  expect(person('cai').dm()).not.toContain("[I'll take it]");
});

test('whoever asked takes it back; the questions say so, and a late answer is told that it is over', async () => {
  const { world, person, says } = await night();
  await says('bea', '/incident oncall cover 3h');
  await person('bea').click('Withdraw', { in: 'general' });
  await world.settle();
  expect(person('cai').dm()).toContain('bea does not need it any more');
  expect(await says('cai', '/incident oncall covers')).toContain('Nobody stands in for anybody.');
});

test('covers lists who stands in, and Remove gives the time back', async () => {
  const { world, person, says } = await night();
  await says('ana', '/incident oncall override @eve from 04:00 to 06:00 secondary payments');
  await says('bea', '/incident oncall cover until 08:00');
  expect(await says('ana', '/incident oncall covers')).toMatchInlineSnapshot(`
    "Who stands in for whom
    eve is secondary for payments, 04:00 to 06:00, instead of cai. ana arranged it.
    [Remove]
    bea asks for cover: primary for payments, 02:00 to 08:00.
    To put somebody in: /incident oncall override @name 2h. To ask the others: /incident oncall cover 2h."
  `);
  await person('ana').click('Remove', { in: 'general' });
  await world.settle();
  expect(person('eve').dm()).toContain('ana took back a cover: secondary for payments, 04:00 to 06:00.');
  expect(await says('ana', '/incident oncall covers')).not.toContain('eve');
});

test('Undo in the direct message takes the cover back', async () => {
  const { world, says, presses } = await night();
  await says('ana', '/incident oncall override @eve 2h');
  await presses('eve', 'Undo');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['bea']);
});

test.each([
  ['override', 'Who shall be on call? Mention one person. Nothing changed.'],
  ['override @eve', 'For how long? Write it like /incident oncall override @name 2h'],
  ['override @eve soon', 'I cannot read a time in “soon”.'],
  [
    'override @eve 2h shipping',
    '“shipping” is no team with an on-call list. Nothing changed. There is: payments.',
  ],
  ['override @eve 2 weeks 3', '“3” is no team'],
  ['override @eve 40d', 'longer than 31 days: change the schedule in incident.yml instead. Nothing changed.'],
  ['override @eve from 2026-01-01 to 2026-01-02', 'is in the past'],
  ['override @eve 0h', 'lasts no time: write it like 2h, or from 18:00 to 22:00. Nothing changed.'],
  [
    'override @eve 500h',
    '500 hours are more than a week: if you mean it, write it in days, like 21d. Nothing changed.',
  ],
  ['override @eve -2h', 'I cannot read a time in “-2h”. Write it like /incident oncall override @name 2h'],
  ['override @eve from yesterday 10:00 to yesterday 12:00', 'I cannot read a time'],
  ['override @eve from 2028-01-01 to 2028-01-02', 'more than 365 days away: choose an earlier time.'],
  ['override @nobody 2h', 'Who shall be on call? Mention one person. Nothing changed.'],
  ['override eve 2h', 'Who shall be on call? Mention one person. Nothing changed.'],
  ['override @here 2h', 'Who shall be on call? Mention one person. Nothing changed.'],
  ['cover 0h', 'lasts no time: write it like 2h'],
  ['cover 500h', 'write it in days, like 21d. Nothing changed.'],
  ['cover yesterday', 'I cannot read a time in “yesterday”. Write it like /incident oncall cover 2h'],
  ['cover @eve 2h', 'To put one person in: /incident oncall override @eve 2h.'],
  ['cover from 22:00', 'I cannot read a time in “from 22:00”.'],
  ['override @bea 2h', 'They are primary for payments then anyway. Nothing changed.'],
  ['override @gus 2h', 'gus cannot be paged: a guest, a bot, deactivated, or of another organisation.'],
  ['override @zoe 2h', 'zoe cannot be paged'],
  ['override @tocsin 2h', 'cannot be paged'],
  ['override @eve @bea 2h', 'Who shall be on call? Mention one person.'],
  ['cover', 'For how long? Write it like /incident oncall cover 2h'],
  ['cover 2h', 'You are not on call for payments then; your next turn is'],
  ['covers shipping', '“shipping” is no team with an on-call list.'],
])('/incident oncall %s is refused, with the cure', async (typed, words) => {
  const people = ['ana', 'bea', 'cai', 'dana', 'eve'];
  const { world, says } = await night({
    slack: { people: [...people, { name: 'gus', isRestricted: true }, { name: 'zoe', deleted: true }] },
  });
  expect(await says('dana', `/incident oncall ${typed}`)).toContain(words);
  expect(world.store.desk('payments')?.covers).toEqual([]);
  expect(world.store.desk('payments')?.requests).toEqual([]);
});

test.each([
  [{ error: 'user_not_found' }, 'Slack knows nobody by that name. Nothing changed. Name a member'],
  [
    { error: 'internal_error' },
    'Slack does not say who that is. Nothing changed. Please try again in a minute.',
  ],
])('an override for somebody of whom Slack says %o changes nothing', async (fault, words) => {
  const { world, says } = await night();
  // Ana has been met.
  await says('ana', '/incident oncall');
  world.slack.faults.next('users.info', fault, 5);
  expect(await says('ana', '/incident oncall override @finn 2h')).toContain(words);
  expect(world.store.desk('payments')?.covers).toEqual([]);
});

test('two accept at once: one has it, the other reads who', async () => {
  const { world, person, says } = await night();
  await says('bea', '/incident oncall cover 3h');
  const click = (handle: string) => person(handle).click("I'll take it", { in: 'dm' });
  await Promise.all([click('cai'), click('dana')]);
  await world.settle();
  const [cover, ...others] = world.store.desk('payments')?.covers ?? [];
  expect(others).toEqual([]);
  const [winner, loser] = cover?.member.value === 'U0CAI' ? ['cai', 'dana'] : ['dana', 'cai'];
  expect(person(winner).dm()).toContain('You took it: you are primary for payments');
  expect(person(loser).dm()).toContain(`${winner} took it. Nothing to do for you here.`);
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual([winner]);
});

test('a guest changes nothing', async () => {
  const { world, person, says } = await night({
    slack: { people: ['ana', 'bea', 'cai', 'dana', 'eve', { name: 'gus', isRestricted: true }] },
  });
  await person('gus').openHome();
  await world.settle();
  expect(await says('gus', '/incident oncall override me 2h')).toContain('Guests are not on call here');
});

const twoTeams = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI] } }
  search: { onCall: { startsOn: '2026-02-23', primary: [U0DANA, U0EVE] } }
services: { payments: { team: payments }, search: { team: search } }
`;

test('of several teams it is the one in whose rotation I am; else a button each', async () => {
  const { world, person, says } = await night({ incidentFile: twoTeams });
  expect(await says('dana', '/incident oncall cover 2h')).toContain('primary for search');
  expect(await says('ana', '/incident oncall override @finn 2h')).toMatchInlineSnapshot(`
    "Which team is /incident oncall override @finn 2h for?
    Nothing changed yet.
    payments [This team]
    search [This team]
    Or write it at the end: /incident oncall override @finn 2h payments"
  `);
  await person('ana').click('This team', { in: 'general' });
  await world.settle();
  expect(person('finn').dm()).toMatch(/You are primary for (payments|search), 02:00 to 04:00/);
});

test('without an on-call list there is nothing to cover, and a test page comes all the same', async () => {
  const { person, says } = await night({ incidentFile: 'announceChannel: incidents' });
  expect(await says('ana', '/incident oncall cover 2h')).toBe(
    'No team has an on-call list. Nothing changed. Add onCall to a team in incident.yml.',
  );
  await says('ana', '/incident oncall test');
  expect(person('ana').dm()).toContain('TEST PAGE');
});

test('a restart forgets no cover, repeats no message, and hands over what changed meanwhile', async () => {
  const { world, person, says } = await night({ at: '2026-03-02T08:00Z' });
  await says('ana', '/incident oncall override @eve 30m');
  await world.pass('1m');
  const before = person('eve').dm();
  await world.restart();
  expect(person('eve').dm()).toBe(before);
  await says('ana', '/incident declare sev2 Checkout is down');
  expect(paged(world)).toEqual(['eve']);
  await world.restart('40m');
  await world.pass('1m');
  expect(person('bea').dm()).toContain('the shift changed before eve answered');
  expect(person('eve').dm()).toContain('Your turn as primary for payments is over.');
});

test('who has it, or was told already, is paged no second time at a change of shift', async () => {
  const { world, person, says } = await night({ at: '2026-03-02T08:30Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('16m');
  expect(paged(world)).toEqual(['bea', 'cai']);
  await world.pass('20m');
  expect(person('cai').dm()).not.toContain('the shift changed');
  expect(
    person('cai')
      .dm()
      .match(/Nobody has it yet/g),
  ).toHaveLength(1);
});

test('at the change of shift the secondary’s unanswered page moves to the new secondary, once', async () => {
  const { world, person, says } = await night({ at: '2026-03-02T08:40Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('16m');
  expect(paged(world)).toEqual(['bea', 'cai']);
  await world.pass('5m');
  expect(paged(world)).toEqual(['bea', 'cai', 'dana']);
  expect(person('dana').dm()).toContain('You are secondary for payments');
  expect(person('dana').dm()).toContain('Why: the shift changed before cai answered');
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript.match(/Paged @dana/g)).toHaveLength(1);
  for (const handle of ['bea', 'cai']) expect(person(handle).dm()).not.toContain('the shift changed');
});

test('the hand-over briefs on every open incident: who has it, the last update; of what the reader may not see nothing', async () => {
  const { world, person, says, presses } = await night({ at: '2026-03-02T08:30Z' });
  await says('ana', '/incident declare sev2 Refunds fail');
  await presses('bea', 'Acknowledge');
  await person('ana').command('/incident update Half of them go through', { in: 'inc-20260302-1' });
  await says('ana', '/incident declare --test sev1 Fire drill');
  await person('ana').command('/incident declare', { in: 'general' });
  await world.settle();
  await person('ana').submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV3 minor',
    Category: 'security',
  });
  await world.pass('31m');
  const briefing = /On call for payments[\s\S]*/.exec(person('dana').dm())?.[0];
  expect(briefing).toMatchInlineSnapshot(`
    "On call for payments
            You are secondary for payments now, until Mar 9, 2026 09:00.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Refunds fail · INC-1
            bea has it · Investigating since 08:30
            Last update 08:30: Half of them go through
            #inc-20260302-1-refunds-fail
            The shift since 08:30: 2 pages, 2 out of hours. Noisiest: no service 2."
  `);
  expect(person('bea').dm()).toContain('2 open incidents.');
});

test('Home shows my shifts: now and next', async () => {
  const { world, person } = await night();
  await person('bea').openHome();
  await world.settle();
  expect(person('bea').home()).toMatchInlineSnapshot(`
    "[Declare an incident]
    In any channel: /incident help
    My roles
    You hold no role.
    My shifts
    Primary for payments: now, until 09:00
    Secondary for payments: Mar 9, 2026 09:00 to Mar 16, 2026 09:00
    My follow-ups
    Nothing is left for you to do.
    Open incidents
    No incident is open. Is something broken? Declare it: a false alarm is better than a late one.
    As of 02:00. Open this tab again to see what is new."
  `);
});

test('somebody who cannot be asked counts as a no; what failed stands in doctor', async () => {
  const { world, person, says } = await night();
  world.slack.faults.next('chat.postMessage', { error: 'user_disabled' }, 2);
  await says('bea', '/incident oncall cover 2h');
  expect(person('bea').dm()).toContain('everybody who was asked said "Not now", or could not be asked');
  expect(await says('bea', '/incident doctor')).toContain(
    'failed: that Slack account is deactivated (user_disabled)',
  );
});

/** Dana takes Bea's cover, by a bot that dies at the `moment`-th step of the work; Infinity: it lives. */
async function acceptedAndKilled(moment: number) {
  const bot = mortal();
  const { world, says } = await night({ startBot: bot.startBot });
  await says('bea', '/incident oncall cover 3h');
  bot.watch(world.slack);
  bot.doom(moment);
  const accept = () => world.slack.as('dana').click("I'll take it", { in: 'dm' });
  const settled = accept()
    .catch(() => undefined)
    .then(() => world.settle());
  await Promise.race([settled, bot.died]);
  if (Number.isFinite(moment)) {
    await bot.died;
    await turns(deathThroes);
    await world.restart('5s');
    // It died before anything was on disk: Dana saw no answer, and presses again.
    if (world.store.desk('payments')?.covers.length === 0) await accept();
    await world.pass('3m');
  }
  const { waiting, unknown, dead } = world.store.outboxReport(10);
  const told = world.slack.as('bea').dm().split('dana is primary for payments').length - 1;
  const card = world.slack.as('cai').dm();
  return {
    moments: [...bot.moments],
    seen: { waiting, unknown, dead, told, isClosed: card.includes('dana took it') },
  };
}

test('killed between any two steps of accepting and started again: one cover, everybody told once', async () => {
  const { moments, seen } = await acceptedAndKilled(Number.POSITIVE_INFINITY);
  expect(seen).toEqual({ waiting: 0, unknown: 0, dead: 0, told: 1, isClosed: true });
  expect(moments).toContain('after updateDesk');
  expect(moments).toContain('after chat.postMessage');
  const wrong: unknown[] = [];
  for (const [moment, step] of moments.entries()) {
    const after = await acceptedAndKilled(moment);
    if (JSON.stringify(after.seen) !== JSON.stringify(seen)) wrong.push({ moment, step, seen: after.seen });
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('a list that names e-mail addresses: the people are found, asked, woken and handed over to', async () => {
  const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [bea@example.com, cai@example.com, nobody@example.com] } }
catchAllTeam: payments
`;
  const { world, person, says, presses } = await night({ incidentFile });
  expect(await says('bea', '/incident oncall cover 2h')).toContain('By direct message to cai.');
  await presses('cai', "I'll take it");
  await world.pass('1m');
  await says('ana', '/incident declare sev1 Checkout is down');
  expect(paged(world)).toEqual(['cai']);
  expect(await says('ana', '/incident oncall')).toContain('Primary: cai · Secondary: nobody@example.com');
  const before = person('bea').dm();
  await world.restart();
  expect(person('bea').dm()).toBe(before);
});

test('a user group follows whoever is on call; what Slack refuses stands in doctor', async () => {
  const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI, U0DANA], userGroup: S0ONCALL } }
`;
  const { world, says } = await night({
    incidentFile,
    slack: {
      people: ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'],
      groups: [{ handle: 'oncall', id: 'S0ONCALL', users: ['ana'] }],
    },
  });
  const members = () => world.slack.callsTo('usergroups.users.update').map(({ args }) => args.users);
  expect(members().at(-1)).toBe('U0BEA,U0CAI');
  await says('ana', '/incident oncall override @eve 2h');
  await world.pass('10s');
  expect(members().at(-1)).toBe('U0EVE,U0CAI');
  await world.pass('2h');
  expect(members().at(-1)).toBe('U0BEA,U0CAI');
  world.slack.faults.next('usergroups.users.update', { error: 'permission_denied' });
  await world.pass('6h');
  expect(await says('ana', '/incident doctor')).toContain(
    'user group of who is on call (on-call of payments) failed: the settings of the workspace forbid it (permission_denied)',
  );
});

/** Bea, then Zoe, whose account is deactivated, then Cai; the group of whoever is on call. */
const withZoe = {
  incidentFile: `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0ZOE, U0CAI], userGroup: S0ONCALL } }
`,
  slack: {
    people: ['ana', 'bea', 'cai', 'dana', 'eve', { name: 'zoe', deleted: true }],
    groups: [{ handle: 'oncall', id: 'S0ONCALL', users: ['ana'] }],
  },
};

test('one who cannot be in the user group keeps nobody else out of it, and whoever is on call reads that, once', async () => {
  const { world, person } = await night(withZoe);
  const last = () => world.slack.callsTo('usergroups.users.update').at(-1)?.args.users;
  expect(last()).toBe('U0BEA');
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[02:00] Tocsin: zoe cannot be in the user group oncall, and is on call for payments: Slack does not know them, or they are a guest, a bot, or deactivated.
            Everybody else who is on call is in it.
            Correct the list in incident.yml, or put somebody in: /incident oncall override @name 2h."
  `);
  await world.restart();
  expect(
    person('bea')
      .dm()
      .match(/cannot be in the user group/g),
  ).toHaveLength(1);
  await world.pass('7h');
  expect(last()).toBe('U0CAI');
  expect(person('cai').dm()).not.toContain('cannot be in the user group');
});

test('Slack refuses somebody whom we took for a member: the others are put into the group all the same', async () => {
  const { world, person } = await night({
    ...withZoe,
    slack: { ...withZoe.slack, people: ['ana', 'bea', 'cai', 'dana', 'eve', 'zoe'] },
  });
  expect(world.slack.callsTo('usergroups.users.update').at(-1)?.args.users).toBe('U0BEA,U0ZOE');
  world.slack.deactivate('zoe');
  await person('ana').command('/incident oncall override @cai 2h', { in: 'general' });
  await world.pass('10s');
  expect(world.slack.callsTo('usergroups.users.update').at(-1)?.args.users).toBe('U0CAI');
  expect(person('cai').dm()).toContain('zoe cannot be in the user group oncall');
});

test('with nobody on call whom the group can have it stays as it is, and the rest of the rotation reads that', async () => {
  const { world, person } = await night({
    ...withZoe,
    incidentFile: withZoe.incidentFile.replace(
      'primary: [U0BEA, U0ZOE',
      'secondary: [U0ZOE], primary: [gone@example.com',
    ),
  });
  expect(world.slack.callsTo('usergroups.users.update')).toEqual([]);
  expect(person('cai').dm()).toContain('It keeps whoever was in it.');
});
