import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV3), declared by Ana on Monday 2 March 2026 at 10:00 UTC, acknowledged by Bea; Ana stands in its channel. */
async function running(line = 'sev3 Checkout is slow') {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-'), channel: () => world.slack.channel('inc-') };
}

const followups = (world: World) => world.store.incident(1)?.followups ?? [];

test('followup add text [@user] [by date]: the channel gets a line, the owner a DM, the writer what was understood', async () => {
  const { world, ana, channel } = await running();
  const answer = await ana.command('/incident followup add limit the retries @dana by friday');
  expect(answer).toContain('Follow-up 1: limit the retries. For dana, due Mar 6, 2026 17:00');
  await world.settle();
  expect(channel().transcript()).toContain(
    'Follow-up 1 by ana: limit the retries\n        For dana, due Mar 6, 2026 17:00.',
  );
  expect(world.slack.as('dana').dm()).toContain(
    'ana gave you follow-up 1, due Mar 6, 2026 17:00: limit the retries',
  );
  expect(world.slack.as('dana').pushes().at(-1)).toContain('SEV3 Checkout is slow. ana gave you follow-up 1');
  expect(followups(world)).toMatchObject([
    { n: 1, owner: 'U0DANA', dueAt: Date.UTC(2026, 2, 6, 17), by: { kind: 'person', user: 'U0ANA' } },
  ]);
});

test.each([
  ['limit the retries', 'limit the retries', null],
  ['caused by the retries of our own old client', 'caused by the retries of our own old client', null],
  ['@bea limits the retries by tomorrow', 'limits the retries', 'U0BEA'],
  ['limit it by in 3d @bea', 'limit it', 'U0BEA'],
  ['ask @bea for the numbers', 'ask @bea for the numbers', 'U0BEA'],
  ['ask @bea for the numbers @cai', 'ask @bea for the numbers', 'U0CAI'],
  ['a < b & c > d', 'a < b & c > d', null],
])('followup add %s: the text is “%s”', async (typed, text, owner) => {
  const { world, ana } = await running();
  await ana.command(`/incident followup add ${typed}`);
  await world.settle();
  expect(followups(world)).toMatchObject([{ text, owner }]);
});

test.each([
  ['add limit it by someday', 'I cannot read “someday” as a date: use 2026-03-09, 9 Mar, friday, tomorrow'],
  ['add limit it by 2026-02-30', 'I cannot read “2026-02-30” as a date'],
  ['add limit it by 1 Mar', '“1 Mar” is in the past: choose a later day'],
  ['add limit it by 2099-01-01', 'more than two years away'],
  ['add limit it @ghost', 'No person here is called @ghost.'],
  ['add limit it @here', 'No person here is called @here.'],
  ['add @bea', 'The follow-up is empty.'],
  ['add by tomorrow', 'The follow-up is empty.'],
  ['done 7', 'There is no follow-up 7, and none is left to do.'],
  ['done two', '“two” is no number of a follow-up.'],
  ['done', 'Which one? Say its number, like /incident followup done 2'],
  ['snooze 7', 'There is no follow-up 7'],
  ['snooze x', '“x” is no number of a follow-up.'],
  ['lst', 'Did you mean /incident followup list?'],
  ['limit the retries', 'To add one: /incident followup add'],
])('followup %s is refused with the cure, and nothing changes', async (typed, answer) => {
  const { world, ana, channel } = await running();
  const [before, said] = [world.store.timeline(1).length, channel().transcript()];
  const words = await ana.command(`/incident followup ${typed}`);
  expect(words).toContain(answer);
  expect(words).toContain('Nothing changed');
  await world.settle();
  expect(world.store.timeline(1)).toHaveLength(before);
  expect(channel().transcript()).toBe(said);
});

test('followup list: what is to do with Done buttons, then what is done; empty, it says how to begin', async () => {
  const { world, ana, channel } = await running();
  expect(await ana.command('/incident followup list')).toContain('INC-1 has no follow-ups yet.');
  await ana.command('/incident followup add limit the retries @bea by tomorrow');
  await ana.command('/incident followup add alert on the queue');
  const list = await ana.command('/incident followup list');
  expect(list).toContain('Follow-ups of INC-1: 2 to do, 0 done');
  expect(list).toContain('Follow-up 2: alert on the queue\nnobody owns it yet');
  await ana.click('Done', { in: 'inc-', on: /Follow-ups of INC-1/ });
  await world.settle();
  expect(ana.reads()).toBe('Follow-up 1 of INC-1 is done. 1 still to do.');
  expect(channel().transcript()).toContain('ana did follow-up 1: limit the retries.');
  expect(await ana.command('/incident followup done 1')).toContain(
    'Follow-up 1 is done since 10:00 UTC. Nothing changed.',
  );
  expect(await ana.command('/incident followup done #2')).toBe(
    'Follow-up 2 of INC-1 is done. That was the last one.',
  );
  expect(await ana.command('/incident followup list')).toContain(
    'Done: Follow-up 1: limit the retries (10:00',
  );
});

test('bare followup opens the form; what was typed stays when a field is refused', async () => {
  const { world, ana } = await running();
  await ana.command('/incident followup');
  await world.settle();
  await ana.submit({ 'What needs to be done?': 'limit the retries', 'By when?': 'someday' });
  await world.settle();
  expect(ana.modal()).toContain('limit the retries');
  expect(ana.modal()).toContain('I cannot read “someday” as a date');
  await ana.submit({ 'By when?': '9 Mar', 'Who does it?': '@bea' });
  await world.settle();
  expect(followups(world)).toMatchObject([
    { text: 'limit the retries', owner: 'U0BEA', dueAt: Date.UTC(2026, 2, 9, 17) },
  ]);
});

test('a date is the writer’s: tomorrow in Auckland is not tomorrow in UTC', async () => {
  const people = ['ana', { name: 'bea', tz: 'Pacific/Auckland', tzOffset: 46_800 }, 'cai', 'dana'];
  const world = await start({ at: '2026-03-02T12:00Z', slack: { people } });
  await world.slack.as('bea').command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').command('/incident followup add limit it by tomorrow', { in: 'inc-' });
  await world.settle();
  // There it is Tuesday 01:00: tomorrow ends on Wednesday 17:00, four hours into Wednesday UTC.
  expect(followups(world)).toMatchObject([{ dueAt: Date.UTC(2026, 2, 4, 4) }]);
});

test('follow-ups can be added and done after resolved and closed, and the owner is still asked', async () => {
  const { world, ana } = await running();
  await ana.command('/incident resolve rollback');
  await ana.command('/incident close enough seen');
  await ana.command('/incident followup add limit the retries @dana by wednesday');
  await world.settle();
  const dana = world.slack.as('dana');
  await world.pass('23h');
  // Due Wednesday 17:00; two days before is Monday 17:00, when nobody works any more: Tuesday 09:00.
  expect(dana.pushes().at(-1)).toContain(
    '[09:00] SEV3 Checkout is slow. Your follow-up 1 due tomorrow 17:00: limit the retries INC-1',
  );
  await dana.click('Done', { in: 'dm', on: /Is this done\?/ });
  await world.settle();
  expect(followups(world)[0]?.doneAt).not.toBeNull();
});

test('follow-up overdue: the owner is asked by DM with Done and Snooze…; snoozed until tomorrow, it is quiet that long', async () => {
  const { world, ana } = await running();
  await ana.command('/incident followup add limit the retries @dana by in 2h');
  await ana.command('/incident resolve rollback');
  await world.settle();
  const dana = world.slack.as('dana');
  const asked = () => dana.pushes().filter((push) => push.includes('Your follow-up 1'));
  await world.pass('2h');
  expect(asked()).toEqual([
    '[12:00] SEV3 Checkout is slow. Your follow-up 1 was due 12:00: limit the retries INC-1',
  ]);
  expect(dana.dm()).toContain(
    'Follow-up 1: limit the retries\n        was due 12:00\n        [Done] [Snooze…]',
  );
  expect(dana.dm()).toContain(
    'You are asked 2 days before it is due and every week after, in your working hours.',
  );
  await dana.click('Snooze…', { in: 'dm' });
  await world.settle();
  await dana.submit({ 'Nobody is reminded of it for': 'Until tomorrow' });
  await world.settle();
  await world.pass('23h');
  expect(asked()).toHaveLength(1);
  await world.pass('1h');
  expect(asked()).toHaveLength(2);
  await dana.command('/incident INC-1 followup snooze 1 by friday', { in: 'general' });
  await world.settle();
  expect(followups(world)).toMatchObject([{ notBeforeAt: Date.UTC(2026, 2, 6, 17) }]);
  await dana.click('Done', { in: 'dm' });
  await world.settle();
  expect(followups(world)[0]?.doneAt).not.toBeNull();
});

test('paused, nobody is asked about a follow-up either; when the pause is over, its owner is', async () => {
  const { world, ana } = await running();
  await world.slack.as('bea').command('/incident INC-1 ack', { in: 'general' });
  await ana.command('/incident followup add limit the retries @dana by in 1h');
  await ana.command('/incident pause for 2h waiting for the vendor');
  await world.pass('119m');
  expect(world.slack.as('dana').dm()).not.toContain('Is this done?');
  await world.pass('1m');
  expect(
    world.slack
      .as('dana')
      .dm()
      .match(/Is this done\?/g),
  ).toHaveLength(1);
});

test('a test incident bothers nobody by DM', async () => {
  const { world, ana, channel } = await running('--test sev3 Trying it out');
  await ana.command('/incident followup add limit the retries @dana by in 2h');
  await world.pass('3h');
  expect(channel().transcript()).toContain('Follow-up 1 by ana: limit the retries');
  expect(world.slack.as('dana').dm()).toBe('');
});

test('who was asked while Slack was away and did it meanwhile is not asked any more', async () => {
  const { world, ana } = await running();
  await ana.command('/incident followup add limit the retries @dana by in 2h');
  await ana.command('/incident resolve rollback');
  await world.pass('1h');
  world.slack.faults.always('chat.postMessage', { error: 'internal_error' });
  await world.pass('90m');
  await ana.command('/incident followup done 1');
  world.slack.faults.clear();
  await world.pass('1h');
  expect(world.slack.as('dana').dm()).not.toContain('Is this done?');
});

test('a private incident: whoever is not in it cannot own a follow-up and learns nothing', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Xylophone is leaking', ...how });
  await world.settle();
  const refused = await ana.command('/incident followup add rotate the keys @dana by friday', { in: 'inc-' });
  expect(refused).toContain('dana is not in this private incident: invite them to its channel first');
  await world.settle();
  expect(world.slack.as('dana').dm()).toBe('');
  const outsider = world.slack.as('dana');
  expect(await outsider.command('/incident INC-1 followup list', { in: 'general' })).toContain(
    'There is no INC-1.',
  );
});

test('outside its channel: the number first, and Done in a DM works for who left the channel', async () => {
  const { world, ana } = await running();
  await ana.command('/incident INC-1 followup add limit the retries @dana', { in: 'general' });
  await world.settle();
  const dana = world.slack.as('dana');
  await dana.click('Done', { in: 'dm' });
  await world.settle();
  expect(dana.reads()).toContain('Follow-up 1 of INC-1 is done. That was the last one.');
  await dana.click('Done', { in: 'dm' });
  await world.settle();
  expect(dana.reads()).toContain('Follow-up 1 is done since 10:00 UTC. Nothing changed.');
});

test('whoever adds one for themselves gets no DM about it; snoozing one that nobody owns says so', async () => {
  const { world, ana } = await running();
  const before = ana.pushes().length;
  expect(await ana.command('/incident followup add limit the retries @ana')).toContain('For ana');
  await ana.command('/incident followup add alert on the queue');
  expect(await ana.command('/incident followup snooze 2')).toBe(
    'Nobody owns follow-up 2, so nobody is reminded of it.',
  );
  expect(await ana.command('/incident followup snooze 1 until friday')).toContain(
    'ana is reminded of follow-up 1 again',
  );
  await world.settle();
  expect(ana.pushes()).toHaveLength(before);
});

test.each([
  [{ 'What needs to be done?': 'limit it', 'By when?': '1 Mar' }, '“1 Mar” is in the past'],
  [{ 'What needs to be done?': '\u200b ', 'By when?': '9 Mar' }, 'Write a few words.'],
])('the form refuses %j and stays open', async (filled, problem) => {
  const { world, ana } = await running();
  await ana.command('/incident followup');
  await world.settle();
  await ana.submit(filled);
  await world.settle();
  expect(ana.modal()).toContain(problem);
  expect(followups(world)).toEqual([]);
});

test('text that would mention or format is shown as typed, and mentions nobody', async () => {
  const { world, ana, channel } = await running();
  const before = world.slack.mentions().length;
  await ana.command(
    '/incident followup add <!channel> *bold* `code` @here everybody reads <https://evil.example|it>',
  );
  await world.settle();
  await ana.command('/incident followup list');
  expect(world.slack.mentions()).toHaveLength(before);
  expect(channel().transcript()).toContain('*bold* `code`');
});
