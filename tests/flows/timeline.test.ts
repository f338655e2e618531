import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV3), told to Bea; Ana stands in its channel. */
async function declared(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-') };
}

/** Presses it, and waits until the page is there again. */
const press = async ({ world, ana }: Awaited<ReturnType<typeof declared>>, label: string): Promise<void> => {
  await ana.click(label);
  await world.settle();
};

type Ana = Awaited<ReturnType<typeof declared>>['ana'];

/** The lines of entries, without their times and numbers. */
const entriesIn = (shown: string): string[] =>
  shown.split('\n').flatMap((line) => /^\d\d:\d\d (.*?)(?: · #\d+)?$/.exec(line)?.[1] ?? []);

/** The number behind the entry with these words. */
const numberOf = (shown: string, words: string): string =>
  new RegExp(`${words}.* · #(\\d+)`).exec(shown)?.[1] ?? 'none';

const saysEach = async (ana: Ana, count: number): Promise<void> => {
  for (let n = 1; n <= count; n += 1) await ana.say(`word ${n}`);
};

/** Notes straight into the store: what a loud incident leaves behind. */
async function noted(world: World, count: number): Promise<void> {
  const { store, clock } = world;
  const at = clock.now();
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      store.update(
        1,
        (incident) => ({
          facts: [
            { type: 'note-added', by: person('U0ANA'), text: `note ${n + 1}`, happenedAt: at + n * 1_000 },
          ],
          incident,
          effects: [],
        }),
        { at, cause: `bulk:${n}` },
      ),
    ),
  );
}

test('the timeline reads in the order in which things happened, back-dated notes in their place', async () => {
  const { world, ana } = await declared();
  await world.pass('20m');
  await ana.say('The p99 is at 9 s');
  expect(await ana.command('/incident note -15m deployed release 512')).toMatch(
    /^Noted in the timeline of INC-1, at \d\d:\d\d UTC\.$/,
  );
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
  await saysEach(ana, 3);
  const shown = await ana.command('/incident timeline 2');
  expect(entriesIn(shown)).toEqual(['ana: word 2', 'ana: word 3']);
  expect(shown).toContain('Entries 4 to 5 of 5');
  expect(shown).toContain('[Older (3)]');
});

test('Older and Newer page through it in the same message, and what arrives meanwhile moves nothing', async () => {
  const here = await declared();
  const { ana } = here;
  await saysEach(ana, 8);
  await ana.command('/incident timeline 3');
  await press(here, 'Older (7)');
  expect(entriesIn(ana.reads())).toEqual(['ana: word 3', 'ana: word 4', 'ana: word 5']);
  expect(ana.reads().match(/Timeline of INC-1/g)).toHaveLength(1);
  await ana.say('word 9');
  await press(here, 'Older (4)');
  expect(entriesIn(ana.reads()).slice(-2)).toEqual(['ana: word 1', 'ana: word 2']);
  await press(here, 'Newer (7)');
  expect(entriesIn(ana.reads())).toEqual(['ana: word 3', 'ana: word 4', 'ana: word 5']);
  await press(here, 'Latest');
  expect(entriesIn(ana.reads())).toEqual(['ana: word 7', 'ana: word 8', 'ana: word 9']);
});

test('10,000 entries are paged through, thirty at a time', async () => {
  const here = await declared();
  const { world, ana } = here;
  await noted(world, 10_000);
  const latest = await ana.command('/incident timeline 30');
  expect(latest).toContain('Note by ana: note 10000');
  expect(latest).toMatch(/Entries 99\d\d to 100\d\d of 100\d\d/);
  for (let pages = 0; pages < 5; pages += 1) {
    const older = ana.buttons().find((label) => label.startsWith('Older')) ?? '';
    await press(here, older);
  }
  expect(entriesIn(ana.reads())).toEqual(
    Array.from({ length: 30 }, (_, n) => `Note by ana: note ${10_000 - 6 * 30 + n + 1}`),
  );
});

test('an entry can be starred, made a key event and hidden from a menu, and the page says so at once', async () => {
  const here = await declared();
  const { ana } = here;
  await ana.say('Rolling back 512');
  const number = numberOf(await ana.command('/incident timeline 1'), 'Rolling back');
  await press(here, `Star #${number} ana: Rolling back 512`);
  await press(here, `Key event #${number} ana: Rolling back 512`);
  expect(ana.reads()).toContain(`ana: Rolling back 512 · key event · starred · #${number}`);
  expect(ana.reads().match(/Timeline of INC-1/g)).toHaveLength(1);
  await press(here, `Unstar #${number} ana: Rolling back 512`);
  expect(ana.reads()).toContain(`ana: Rolling back 512 · key event · #${number}`);
  await press(here, `Hide #${number} ana: Rolling back 512`);
  expect(ana.reads()).not.toContain('Rolling back 512');
  await press(here, 'Hidden (1)');
  expect(ana.reads()).toContain(`ana: Rolling back 512 · key event · hidden by ana 10:00 · #${number}`);
  await press(here, `Show #${number} ana: Rolling back 512`);
  expect(ana.reads()).toContain('Nothing here.');
  await press(here, 'Back to the timeline');
  expect(ana.reads()).toContain('ana: Rolling back 512 · key event');
});

test('everything a menu does, a command does too', async () => {
  const { ana } = await declared();
  await ana.say('Rolling back 512');
  const number = numberOf(await ana.command('/incident timeline'), 'Rolling back');
  expect(await ana.command(`/incident timeline star ${number}`)).toBe(
    `#${number} is starred: the postmortem quotes it.`,
  );
  expect(await ana.command(`/incident timeline key #${number}`)).toBe(`#${number} is a key event now.`);
  expect(await ana.command('/incident timeline')).toContain('key event · starred');
  expect(await ana.command(`/incident timeline hide ${number}`)).toContain('is hidden from the timeline');
  expect(await ana.command('/incident timeline')).not.toContain('Rolling back');
  expect(await ana.command('/incident timeline hidden')).toContain('Rolling back 512');
  expect(await ana.command(`/incident timeline show ${number}`)).toBe(`#${number} is in the timeline again.`);
  await ana.command(`/incident timeline unstar ${number}`);
  await ana.command(`/incident timeline unkey ${number}`);
  expect(await ana.command('/incident timeline')).toContain(`ana: Rolling back 512 · #${number}`);
});

test.each([
  [
    'lots',
    '“lots” is no number of entries. Nothing changed. How many entries? /incident timeline 30, for example.',
  ],
  ['exprot', 'Did you mean /incident timeline export?'],
  ['-3', '“-3” is no number of entries.'],
  ['12 13', '“12 13” is no number of entries.'],
  ['star', 'Which entry? /incident timeline star 12'],
  ['hide the second', 'Which entry? /incident timeline hide 12'],
  ['pin 2', 'Nothing changed.'],
  ['star 999', 'INC-1 has no entry #999. Nothing changed. The numbers: /incident timeline'],
  ['star 2', 'INC-1 has no entry #2. Nothing changed.'],
])('timeline %s is refused, with a cure', async (words, refusal) => {
  const { world, ana } = await declared();
  expect(await ana.command(`/incident timeline ${words}`)).toContain(refusal);
  await world.settle();
  expect(world.store.timeline(1).some(({ fact }) => fact.type === 'entry-marked')).toBe(false);
});

test('timeline 0 shows one entry, timeline 9999 the most that fit', async () => {
  const { ana } = await declared();
  await saysEach(ana, 40);
  expect(entriesIn(await ana.command('/incident timeline 0'))).toEqual(['ana: word 40']);
  expect(entriesIn(await ana.command('/incident timeline 9999'))).toHaveLength(30);
});

test('files are named, edits marked with when, deleted messages leave only that they were deleted', async () => {
  const { world, ana } = await declared();
  await ana.upload('graph.png', 'pixels', { comment: 'p99' });
  await ana.say('Since 01:40');
  await ana.say('my password is hunter2');
  await world.pass('5m');
  await ana.edit(/01:40/, 'Since 01:41');
  await ana.edit(/01:41/, 'Since 01:42');
  await ana.delete(/hunter2/);
  const shown = await ana.command('/incident timeline');
  expect(shown).toContain('ana: p99 [graph.png]');
  expect(shown).toContain('ana: Since 01:42 (edited 2 times, last 10:05)');
  expect(shown).toContain('message deleted');
  expect(shown).not.toMatch(/hunter2|01:4[01]/);
});

test('days are apart, in the zone of whoever reads', async () => {
  const { world, ana } = await declared({
    at: '2026-03-02T22:30Z',
    slack: { people: [{ name: 'ana', tz: 'Europe/Berlin' }, 'bea', 'cai', 'dana', 'eve', 'finn'] },
  });
  await ana.say('before midnight in Berlin');
  await world.pass('1h');
  await ana.say('after midnight in Berlin');
  const shown = await ana.command('/incident timeline');
  expect(shown).toMatch(/Monday 2 March 2026[\s\S]*before midnight[\s\S]*Tuesday 3 March 2026[\s\S]*after/);
});

test('people and groups are named, and nobody is mentioned', async () => {
  const { world, ana } = await declared({
    slack: { groups: [{ handle: 'dbas', users: ['bea'] }] },
  });
  await ana.say('@cai and @dbas: please look');
  const pushes = world.slack.as('cai').pushes().length;
  expect(await ana.command('/incident timeline')).toContain('ana: @cai and @dbas: please look');
  expect(world.slack.as('cai').pushes()).toHaveLength(pushes);
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

test("a private incident's timeline, buttons included, is not there for whoever is not in it", async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  const cai = world.slack.as('cai');
  expect(await cai.command('/incident INC-1 timeline', { in: 'general' })).toContain('There is no INC-1');
  expect(await cai.command('/incident INC-1 timeline export csv', { in: 'general' })).toContain(
    'There is no INC-1',
  );
});
