import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { inkFor, newsLines } from '../../src/sandbox/ink.ts';
import { newsOf } from '../../src/sandbox/news.ts';
import { stageOf } from '../../src/sandbox/stage.ts';
import { startWorld } from '../../src/sandbox/start.ts';
import { judgeStory } from '../../src/sandbox/story-checks.ts';

const plain = inkFor(false, {}, true);
const colourCode = '\u001b[';

/** It takes five seconds, and a busy machine many more. */
const withinMs = 240_000;

function run(...words: string[]) {
  const { NO_COLOR: _no, FORCE_COLOR: _yes, ...env } = process.env;
  const node = ['--import', 'tsx', 'src/sandbox/demo.ts', ...words];
  return spawnSync(process.execPath, node, { encoding: 'utf8', env, timeout: withinMs });
}

test('the demo plays the whole night, survives a kill -9, and every expectation holds', {
  timeout: withinMs,
}, () => {
  const { status, stdout, stderr } = run('--plain');
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/✗ .*\n {6}/);
  expect(stdout).toContain('✓ killed in the middle of a page, the bot paged Cai once and not twice');
  expect(stdout).toContain(
    '✓ Finn declared the same again, was asked whether it is, and merged it into the first',
  );
  expect(stdout).toContain('✓ Cai stayed commander until Bea accepted, and both were told');
  expect(stdout).toContain('┆ Not ticked: follow-ups captured.');
  expect(stdout).toContain('✓ closed once the whole checklist held, each item shown by the data');
  expect(stdout).toContain('✓ cover that Eve took moved the next page to her: Cai was called no more');
  expect(stdout).toContain(
    '✓ acknowledged in Slack, it was in PagerDuty too, and the other way round, all of it in the channel',
  );
  expect(stdout).toContain('in PagerDuty it is acknowledged by Eve');
  expect(stdout).toContain('1 kill -9 survived');
  expect(stdout).toContain('The story came out whole (an incident of 90 minutes in ');
  expect(stdout).not.toContain(colourCode);
  expect(status).toBe(0);
});

test('an option that does not exist ends with 1 and the help', { timeout: withinMs }, () => {
  const { status, stdout } = run('--fast');
  expect(stdout).toContain('--fast is no option.');
  expect(stdout).toContain('--plain   no colours');
  expect(status).toBe(1);
});

test('a night in which nobody does anything does not come out whole, and the demo says what is missing', async () => {
  const world = await startWorld({ at: '2026-03-02T02:00Z' });
  onTestFinished(() => world.stop());
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  const missing = Object.fromEntries(judgeStory(world).map((one) => [one.name, one.missing]));
  expect(missing['one alert opened one channel with one pinned card']).toEqual([]);
  expect(missing['Bea was paged at once, Cai 15 minutes later']).toEqual(['not found: Paged @cai']);
  expect(missing['killed in the middle of a page, the bot paged Cai once and not twice']).toEqual([
    'found [], expected ["02:15"]',
  ]);
  for (const name of [
    'Finn declared the same again, was asked whether it is, and merged it into the first',
    'after the merge Bea stood down, its channel fell silent, and no draft was written for it',
    'command was offered to Bea by direct message, with what she had to know',
    'Cai stayed commander until Bea accepted, and both were told',
    'a follow-up has an owner, who was told, and a day',
    'closed once the whole checklist held, each item shown by the data',
    'cover that Eve took moved the next page to her: Cai was called no more',
    'acknowledged in Slack, it was in PagerDuty too, and the other way round, all of it in the channel',
  ]) {
    expect(missing[name], name).not.toEqual([]);
    expect(missing[name], name).toBeDefined();
  }
});

test('a form that is not taken ends the story, unless that is what is told', async () => {
  const world = await startWorld({ at: '2026-03-02T02:00Z' });
  onTestFinished(() => world.stop());
  await world.slack.as('ana').command('/incident declare sev3 Search is slow');
  await world.settle();
  const printed: string[] = [];
  const stage = stageOf(world, ['ana'], plain, (line) => printed.push(line));
  const there = { in: 'inc-' };
  const refusal = 'Please complete this required field.';
  await stage.isRefused('ana', 'Resolve…', {}, there, refusal);
  expect(printed.slice(-2)).toEqual(['  the form stays open', `  ┆ ${refusal}`]);
  await expect(stage.fills('ana', 'Resolve…', {}, there)).rejects.toThrow(refusal);
  const rollback = { 'How was it fixed?': 'Rollback' };
  await expect(stage.isRefused('ana', 'Resolve…', rollback, there, refusal)).rejects.toThrow('was not said');
});

test('what people come to see is told once: new, changed in place, taken away', async () => {
  const world = await startWorld({ at: '2026-03-02T02:00Z', botless: true });
  onTestFinished(() => world.stop());
  const news = newsOf(world.slack, ['ana']);
  const lines = () => news().flatMap((one) => newsLines(plain, one));
  const ana = world.slack.as('ana');
  await ana.say('one\ntwo');
  expect(lines()).toEqual(['  #general', '  │ 02:00 ana: one', '  │       two']);
  expect(lines()).toEqual([]);
  await ana.edit(/one/, 'one\nthree');
  expect(lines()).toEqual(['  #general', '  │ 02:00 ✎ now reads, in "one":', '  │       three (edited)']);
  await ana.delete(/one/);
  expect(lines()).toEqual(['  #general', '  │ 02:00 ✗ gone: ana: one']);
});

test.each([
  [true, {}, false, true],
  [false, {}, false, false],
  [false, { FORCE_COLOR: '1' }, false, true],
  [true, { NO_COLOR: '1' }, false, false],
  [true, {}, true, false],
])('colours: terminal %s, environment %o, --plain %s -> %s', (isTerminal, environment, isPlain, expected) => {
  const ink = inkFor(isTerminal, environment, isPlain);
  expect(ink('red', 'SEV1').includes(colourCode)).toBe(expected);
});
