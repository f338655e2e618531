import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 and INC-2, both open; Bea, who is on call, stands in the channel of INC-1. */
async function two() {
  const world = await start({
    at: '2026-03-02T10:00Z',
    slack: { channels: [{ name: 'general', bot: true }] },
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await ana.command('/incident declare sev2 Search is slow', { in: 'general' });
  await world.settle();
  const facts = () => [world.store.timeline(1).length, world.store.timeline(2).length];
  return { world, facts, bea: world.slack.as('bea').goTo('inc-20260302-1') };
}

test.each([
  ['ack INC-2', 'You have INC-2. Paging stopped.'],
  ['ack 2', 'You have INC-2.'],
  ['ack inc2', 'You have INC-2.'],
  ['cancel INC-2', 'Cancel INC-2'],
  ['cancel 2', 'Cancel INC-2'],
  ['rename INC-2', 'Rename INC-2'],
  ['resolve INC-2', 'Resolve INC-2'],
  ['escalate INC-2', 'Escalate INC-2'],
  ['timeline INC-2', 'Timeline of INC-2'],
  ['show 2', 'Search is slow'],
  ['INC-2 ack INC-2', 'You have INC-2.'],
])('/incident %s, typed in the channel of INC-1, is about INC-2 alone', async (typed, answer) => {
  const { world, facts, bea } = await two();
  const [before] = facts();
  await bea.command(`/incident ${typed}`);
  await world.settle();
  expect(bea.modal() ?? bea.reads()).toContain(answer);
  expect(facts()[0]).toBe(before);
});

test.each([
  ['update INC-2 we are on it', 'update'],
  ['note INC-2 was restarted', 'note'],
  ['cancel INC-2 covers this', 'cancel'],
  ['sev INC-2 1', 'sev'],
  ['INC-1 ack INC-2', 'ack'],
  ['INC-1 ack 2', 'ack'],
])('/incident %s could be about either: it is asked back, and nothing changes', async (typed, word) => {
  const { world, facts, bea } = await two();
  const before = facts();
  const read = await bea.command(`/incident ${typed}`);
  expect(read).toContain(
    `This could be about INC-1 or about INC-2. Nothing changed. Put the one you mean first: /incident INC-1 ${word} or /incident INC-2 ${word}`,
  );
  await world.settle();
  expect(facts()).toEqual(before);
});

test('whoever put one first has said which; what follows is text', async () => {
  const { bea } = await two();
  expect(await bea.command('/incident INC-1 note INC-2 is the same')).toContain('in the timeline of INC-1');
  expect(await bea.command('/incident timeline 20')).toContain('INC-2 is the same');
});

test('the number of another tool is text, and where `12` is a severity, a count or an end it stays one', async () => {
  const { bea } = await two();
  expect(await bea.command('/incident note INC0098765 is open with the vendor')).toContain('of INC-1');
  expect(await bea.command('/incident timeline 2')).toContain('Timeline of INC-1');
  expect(await bea.command('/incident sev 1 all users')).toContain('INC-1 is SEV1 now');
});

test('outside an incident channel it reads as if the number stood first, and one that is not there is said', async () => {
  const { bea } = await two();
  bea.goTo('general');
  expect(await bea.command('/incident note INC-2 was restarted')).toContain('in the timeline of INC-2');
  expect(await bea.command('/incident ack INC-9')).toContain('There is no INC-9. Nothing changed.');
  expect(await bea.command('/incident sev INC-9 1')).toContain('There is no INC-9. Nothing changed.');
});

test('by mention in a thread of INC-1 it is about INC-2 as well', async () => {
  const { world, facts, bea } = await two();
  await bea.say('Who looks at the database?');
  await world.settle();
  const [before] = facts();
  await bea.mention('ack INC-2', { thread: /database/ });
  await world.settle();
  expect(world.store.incident(2)?.acknowledged?.by).toMatchObject({ user: bea.id });
  expect(world.store.incident(1)?.acknowledged).toBeNull();
  await bea.mention('note INC-2 was restarted', { thread: /database/ });
  expect(bea.reads()).toContain('This could be about INC-1 or about INC-2.');
  // What is said in the channel is recorded there, and nothing else.
  const made = world.store
    .timeline(1)
    .slice(before)
    .map(({ fact }) => fact.type);
  expect(new Set(made)).toEqual(new Set(['message-posted']));
});
