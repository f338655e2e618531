import { expect, test } from 'vitest';
import { followupsOf } from '../../src/incident/followups.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV3) and its channel, in which Bea said something that she should not have. */
async function said() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  const bea = world.slack.as('bea').goTo('inc-');
  await bea.say('Try it with hunter2 as password', { in: 'inc-' });
  await world.settle();
  const texts = (id = 1) => followupsOf(world.store.incident(id)!).map(({ text }) => text);
  /** All that can be read of an incident by whoever asks now. */
  const read = async (id = 1): Promise<string> => {
    const asks = ['timeline 30', 'followup list'].map((line) =>
      ana.command(`/incident INC-${id} ${line}`, { in: 'general' }),
    );
    await ana.command(`/incident INC-${id} postmortem`, { in: 'general' });
    await world.settle();
    const name = world.slack.channels().find((one) => one.includes(`-${id}-`)) ?? '';
    return [...(await Promise.all(asks)), world.slack.channel(name).files.at(-1)?.content].join('\n');
  };
  return { world, ana: ana.goTo('inc-'), bea, texts, read };
}

/** The number of the timeline's entry with these words. */
const numberOf = (read: string, words: string): string =>
  new RegExp(`${words}.* · #(\\d+)`).exec(read)?.[1] ?? '';

test('deleted in Slack, a message takes its words out of the follow-up that a ticket made of it; the follow-up stays', async () => {
  const { world, ana, bea, texts, read } = await said();
  await ana.react('ticket', /^bea: Try it/);
  await ana.command('/incident followup done 1');
  expect(await read()).toContain('ana did follow-up 1: Try it with hunter2');
  await bea.delete(/^bea: Try it/);
  await world.settle();
  expect(texts()).toEqual(['from a message that was deleted']);
  const after = await read();
  expect(after).not.toContain('hunter2');
  expect(after).toContain('ana added follow-up 1: from a message that was deleted');
  expect(after).toContain('ana did follow-up 1: from a message that was deleted');
  await world.restart();
  expect(await read()).not.toContain('hunter2');
});

test('the same for one that was made by the shortcut, in whichever incident; what somebody re-worded stays', async () => {
  const { world, ana, bea, texts, read } = await said();
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  const make = async (incident: string, words?: string): Promise<void> => {
    await ana.shortcut('Make follow-up', { in: 'inc-20260302-1', message: /^bea: Try it/ });
    await world.settle();
    await ana.submit({ 'Which incident?': incident, ...(words && { 'What needs to be done?': words }) });
    await world.settle();
  };
  await make('INC-1 SEV3 Checkout is slow, investigating', 'No more shared passwords');
  await make('INC-2 SEV3 Search is slow, investigating');
  expect(texts(2)).toEqual(['Try it with hunter2 as password']);
  await bea.delete(/^bea: Try it/, { in: 'inc-20260302-1' });
  await world.settle();
  expect(texts(1)).toEqual(['No more shared passwords']);
  expect(texts(2)).toEqual(['from a message that was deleted']);
  expect(await read(2)).not.toContain('hunter2');
});

test('hidden from the timeline, its words are out of the follow-up until it is shown again', async () => {
  const { world, ana, texts, read } = await said();
  await ana.react('ticket', /^bea: Try it/);
  const number = numberOf(await ana.command('/incident timeline'), 'bea: Try it');
  await ana.command(`/incident timeline hide ${number}`);
  await world.settle();
  expect(texts()).toEqual(['from a message that was hidden']);
  expect(await read()).not.toContain('hunter2');
  await ana.command(`/incident timeline show ${number}`);
  await world.settle();
  expect(texts()).toEqual(['Try it with hunter2 as password']);
  expect(await read()).toContain('ana added follow-up 1: Try it with hunter2 as password');
});

test('deleted while it was hidden, showing it again brings nothing back', async () => {
  const { world, ana, bea, texts } = await said();
  await ana.react('ticket', /^bea: Try it/);
  const number = numberOf(await ana.command('/incident timeline'), 'bea: Try it');
  await ana.command(`/incident timeline hide ${number}`);
  await bea.delete(/^bea: Try it/);
  await world.settle();
  await ana.command(`/incident timeline show ${number}`);
  await world.settle();
  expect(texts()).toEqual(['from a message that was deleted']);
  expect(JSON.stringify(world.store.incident(1))).not.toContain('hunter2');
});

test('deleted while we were away: what is pulled afterwards takes the words out as well', async () => {
  const { world, ana, bea, texts } = await said();
  await ana.react('ticket', /^bea: Try it/);
  await ana.say('And later this');
  await world.settle();
  world.slack.connect(null);
  await bea.delete(/^bea: Try it/);
  await world.restart('30m');
  expect(texts()).toEqual(['from a message that was deleted']);
});

test('whoever owns it reads the neutral words in a DM that comes after', async () => {
  const { world, ana, bea } = await said();
  await ana.shortcut('Make follow-up', { in: 'inc-', message: /^bea: Try it/ });
  await world.settle();
  await ana.submit({ 'Who does it?': 'dana', 'By when?': 'in 2h' });
  await world.settle();
  await bea.delete(/^bea: Try it/);
  await world.pass('3h');
  expect(world.slack.as('dana').pushes().at(-1)).toContain(
    'Your follow-up 1 was due 12:00: from a message that was deleted',
  );
});
