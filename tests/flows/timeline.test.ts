import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV3), told to Bea; Ana stands in its channel. */
async function declared() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-') };
}

test('the timeline reads in the order in which things happened, back-dated notes in their place', async () => {
  const { world, ana } = await declared();
  await world.pass('20m');
  await ana.say('The p99 is at 9 s');
  expect(await ana.command('/incident note -15m deployed release 512')).toBe('Noted in the timeline.');
  await ana.command('/incident note', {});
  await world.settle();
  await ana.submit({ 'What happened?': 'Rolled back', 'When?': '5 min ago' });
  await world.settle();
  const lines = (await ana.command('/incident timeline')).split('\n');
  expect(lines[0]).toBe('Timeline of INC-1: Checkout is slow');
  expect(
    lines.filter((line) => /ana:|noted|p99|512|Rolled/.test(line)).map((line) => line.slice(0, 5)),
  ).toEqual(['10:05', '10:15', '10:20']);
});

test('timeline n shows the last n and how many there are before them', async () => {
  const { ana } = await declared();
  for (const word of ['one', 'two', 'three']) await ana.say(word);
  const shown = await ana.command('/incident timeline 2');
  expect(shown).toContain('10:00 ana: two\n10:00 ana: three');
  expect(shown).not.toContain('ana: one');
  expect(shown).toMatch(/\d+ earlier entries: \/incident timeline 30 shows the last 30\./);
  expect(await ana.command('/incident timeline lots')).toBe(
    'How many entries? /incident timeline 30, for example.',
  );
});

test('files are named, edits marked, deleted messages leave only that they were deleted', async () => {
  const { ana } = await declared();
  await ana.upload('graph.png', 'pixels', { comment: 'p99' });
  await ana.say('Since 01:40');
  await ana.edit(/01:40/, 'Since 01:42');
  await ana.say('my password is hunter2');
  await ana.delete(/hunter2/);
  const shown = await ana.command('/incident timeline');
  expect(shown).toContain('ana: p99 [graph.png]');
  expect(shown).toContain('ana: Since 01:42 (edited)');
  expect(shown).toContain('message deleted');
  expect(shown).not.toContain('hunter2');
});

test('an empty note is refused', async () => {
  const { world, ana } = await declared();
  expect(await ana.command('/incident note -15m   ')).toBe(
    'The note is empty. Nothing changed: please write a few words.',
  );
  await world.settle();
  expect(world.store.timeline(1).some(({ fact }) => fact.type === 'note-added')).toBe(false);
});

test('a long timeline fits one message', async () => {
  const { ana } = await declared();
  for (let n = 0; n < 40; n += 1) await ana.say(`${n} ${'x'.repeat(900)}`);
  const shown = await ana.command('/incident timeline 40');
  expect(shown).toContain('39 xxx');
});
