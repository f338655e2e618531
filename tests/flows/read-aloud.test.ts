import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2) began at 09:00 and was declared at 10:00; Ana stands in its channel. */
async function declared() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Checkout is down',
    'How bad is it for users?': 'SEV2 major',
    'Started at': String(Date.parse('2026-03-02T09:00Z') / 1000),
  });
  await world.settle();
  return { world, ana: ana.goTo('inc-') };
}

test.each([
  ['help', ['/incident declare sev2 Checkout is down: declares at once', '/incident doctor']],
  ['list', ['1 incident (open)', 'SEV2 · Checkout is down · INC-1', 'nobody has it']],
  ['show', ['SEV2: set by ana when declared', 'Nobody has it.']],
  ['roles', ['Commander: nobody.', 'Scribe: nobody.']],
  ['timeline', ['ana declared SEV2: Checkout is down']],
  ['oncall payments', ['payments', 'bea']],
])('what only one person sees is said in its text too, for whoever hears it: %s', async (command, said) => {
  const { world, ana } = await declared();
  await ana.say(`@tocsin ${command}`);
  await world.settle();
  const { args } = world.slack.callsTo('chat.postEphemeral').at(-1) ?? {};
  for (const words of said) expect(args?.text).toContain(words);
});

test('since when it is, is the same wherever it is said: users suffer from its start, not from its declaration', async () => {
  const { world, ana } = await declared();
  const since = 'Investigating since 09:00';
  expect(world.slack.channel('inc-').pins[0]).toContain(since);
  expect(world.slack.channel('incidents').transcript()).toContain(since);
  expect(await ana.command('/incident list')).toContain(since);
  expect(await ana.command('/incident show')).toContain(since);
  await ana.openHome();
  await world.settle();
  expect(ana.home()).toContain(since);
  await world.pass('5m');
  await ana.command('/incident status identified');
  await world.settle();
  for (const shown of [await ana.command('/incident list'), world.slack.channel('inc-').pins[0]]) {
    expect(shown).toContain('Identified since 10:05');
  }
});
