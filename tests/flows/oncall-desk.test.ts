import { expect, test } from 'vitest';
import { turns } from '../../src/turns.ts';
import { deathThroes, mortal } from '../support/mortal.ts';
import { oneRotation, paged } from '../support/one-rotation.ts';

test('an override moves the next page, and everybody it concerns is told', async () => {
  const { world, person, says } = await oneRotation();
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
  const { world, person, says, presses } = await oneRotation();
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

test('a test page reaches me by direct message, and says that I answered', async () => {
  const { person, says, presses } = await oneRotation();
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
  const { world, person, says, presses } = await oneRotation();
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
  const { world, person, says } = await oneRotation();
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
  const { world, person, says } = await oneRotation();
  await says('bea', '/incident oncall cover 3h');
  await person('bea').click('Withdraw', { in: 'general' });
  await world.settle();
  expect(person('cai').dm()).toContain('bea does not need it any more');
  expect(await says('cai', '/incident oncall covers')).toContain('Nobody stands in for anybody.');
});

test('covers lists who stands in, and Remove gives the time back', async () => {
  const { world, person, says } = await oneRotation();
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
  const { world, says, presses } = await oneRotation();
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
  const { world, says } = await oneRotation({
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
  const { world, says } = await oneRotation();
  // Ana has been met.
  await says('ana', '/incident oncall');
  world.slack.faults.next('users.info', fault, 5);
  expect(await says('ana', '/incident oncall override @finn 2h')).toContain(words);
  expect(world.store.desk('payments')?.covers).toEqual([]);
});

test('two accept at once: one has it, the other reads who', async () => {
  const { world, person, says } = await oneRotation();
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
  const { world, person, says } = await oneRotation({
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
  const { world, person, says } = await oneRotation({ incidentFile: twoTeams });
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
  const { person, says } = await oneRotation({ incidentFile: 'announceChannel: incidents' });
  expect(await says('ana', '/incident oncall cover 2h')).toBe(
    'No team has an on-call list. Nothing changed. Add onCall to a team in incident.yml.',
  );
  await says('ana', '/incident oncall test');
  expect(person('ana').dm()).toContain('TEST PAGE');
});

test('a restart forgets no cover, repeats no message, and hands over what changed meanwhile', async () => {
  const { world, person, says } = await oneRotation({ at: '2026-03-02T08:00Z' });
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

test('Home shows my shifts: now and next', async () => {
  const { world, person } = await oneRotation();
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
  const { world, person, says } = await oneRotation();
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
  const { world, says } = await oneRotation({ startBot: bot.startBot });
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
  const { world, person, says, presses } = await oneRotation({ incidentFile });
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
