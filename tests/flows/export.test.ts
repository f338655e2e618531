import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV3): Ana said what is kept, what is hidden and what is deleted. */
async function told(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  ana.goTo('inc-');
  await ana.say('=2+3 is a formula, @bea');
  await ana.say('secret hidden');
  await ana.say('secret deleted');
  await ana.delete(/secret deleted/);
  const number = /secret hidden · #(\d+)/.exec(await ana.command('/incident timeline'))?.[1];
  await ana.command(`/incident timeline hide ${number}`);
  await world.settle();
  return { world, ana };
}

const name = (extension: string): string => `INC-1-timeline-2026-03-02T100000Z.${extension}`;

test.each([
  ['', 'md', '- [10:00](https://'],
  ['markdown', 'md', '**ana**: \\=2+3 is a formula, @bea'],
  ['JSON', 'json', '"text": "=2+3 is a formula, @bea"'],
  ['csv', 'csv', `ana,U0ANA,"'=2+3 is a formula, @bea",no`],
])(
  'timeline export %s sends the file by direct message, without what is hidden or deleted',
  async (format, extension, words) => {
    const { world, ana } = await told();
    expect(await ana.command(`/incident timeline export ${format}`)).toBe(
      'The file is on its way to you by direct message. Hidden entries and deleted messages are not in it.',
    );
    await world.settle();
    const [file, ...more] = ana.sight('dm').files;
    expect(more).toEqual([]);
    expect(file?.name).toBe(name(extension));
    expect(file?.content).toContain(words);
    expect(file?.content).not.toContain('secret');
    expect(ana.dm()).toContain('The timeline of INC-1, without what was hidden or deleted.');
    expect(world.slack.channel('inc-').files).toEqual([]);
  },
);

test('with channel behind it the file goes to the channel', async () => {
  const { world, ana } = await told();
  expect(await ana.command('/incident timeline export csv channel')).toContain('on its way to the channel');
  await world.settle();
  expect(world.slack.channel('inc-').files.map((file) => file.name)).toEqual([name('csv')]);
  expect(ana.sight('dm').files).toEqual([]);
});

test('a file is sent once, also when Slack answered with silence', async () => {
  const { world, ana } = await told();
  world.slack.faults.next('files.completeUploadExternal', { status: 500, when: 'after' });
  await ana.command('/incident timeline export json');
  await world.pass('5m');
  expect(ana.sight('dm').files).toHaveLength(1);
});

test.each([
  ['pdf', '“pdf” is no format: use markdown, json or csv'],
  ['csv json', '“csv json” is no format'],
  ['constructor', '“constructor” is no format'],
  ['csv @bea', '“csv @bea” is no format'],
  ['x'.repeat(500), `“${'x'.repeat(59)}…” is no format`],
])('timeline export %s is refused, and nothing is sent', async (words, refusal) => {
  const { world, ana } = await told();
  const answer = await ana.command(`/incident timeline export ${words}`);
  expect(answer).toContain(refusal);
  expect(answer).toContain('Nothing changed.');
  await world.settle();
  expect(ana.sight('dm').files).toEqual([]);
  expect(world.store.timeline(1).some(({ fact }) => fact.type === 'export-requested')).toBe(false);
});

/** INC-1 is private; Ana and Bea are in it. */
async function secret() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Keys leaked', ...how });
  await world.settle();
  return { world, ana };
}

test("a private incident's timeline goes to its members, and to nobody who left meanwhile", async () => {
  const { world, ana } = await secret();
  await world.slack.as('bea').command('/incident timeline export', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('bea').sight('dm').files).toHaveLength(1);
  world.slack.faults.next('files.getUploadURLExternal', { status: 500 });
  await ana.command('/incident timeline export json', { in: 'inc-' });
  await ana.leave('inc-');
  await world.pass('5m');
  expect(ana.sight('dm').files).toEqual([]);
  expect(await world.slack.as('cai').command('/incident INC-1 timeline export', { in: 'general' })).toContain(
    'There is no INC-1',
  );
  await world.settle();
  expect(world.slack.as('cai').sight('dm').files).toEqual([]);
});
