import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), nobody has it yet; Ana stands in its channel. */
async function declared() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-'), channel: () => world.slack.channel('inc-') };
}

const facts = (world: World): number => world.store.timeline(1).length;

test.each([
  ['dclare', 'I do not know "dclare". Nothing changed. Did you mean /incident declare?'],
  ['resolv rollback', 'Did you mean /incident resolve?'],
  ['frobnicate', 'All commands: /incident help'],
  ['sev 9', '“9” is no severity: use 1, 2, 3 or 4'],
  ['escalate @ghost', 'Nobody here is called @ghost.'],
  ['escalate @cto now', 'Did you mean'],
  ['role comander me', '“comander” is no role. Did you mean commander?'],
  ['role comms @ghost', '“@ghost” is no one person. Nothing changed. Mention a person'],
  ['role comms @bea @cai', '“@bea @cai” is no one person. Nothing changed.'],
  ['role comms me please', 'Mention a person, or say me or nobody: /incident role comms me'],
  ['role comms nobody', 'Nobody is Comms lead, so there is nothing to drop. Nothing changed.'],
  ['sev banana', '“banana” is no severity'],
  ['sev 2', 'It is SEV2 already. Nothing changed.'],
  ['INC-99 ack', 'There is no INC-99.'],
  ['show INC-99', 'There is no INC-99.'],
  ['show banana', '“banana” is no incident. Nothing changed. Name it by its number: /incident show INC-12'],
  ['show 99', 'There is no INC-99. Nothing changed. What is open: /incident list'],
  ['INC-99', 'There is no INC-99. Nothing changed. What is open: /incident list'],
  ['status done', '“done” is no status.'],
  ['status identifed', 'Did you mean identified? Choose: investigating, identified, monitoring.'],
  ['status resolvd', 'an end has a command of its own. Nothing changed. Use /incident resolve.'],
  ['status canceled', 'Use /incident cancel.'],
  ['status investigating', 'It is investigating already. Nothing changed.'],
  ['note -15x rolled back', '“-15x” is no time. Nothing changed. Write -15m, -2h or -1d'],
  ['note -15 rolled back', '“-15” is no time.'],
  [
    'note +15m rolled back',
    'That time has not come yet. Nothing changed: use now, or an earlier time like -15m.',
  ],
  [
    'note -9999d rolled back',
    'That is more than 30 days before it began. Nothing changed: use a time after 31 Jan 10:00 UTC',
  ],
  ['note -15m', 'The note is empty. Nothing changed: please write a few words.'],
  ['note \u200b', 'The note is empty.'],
  ['update \u200b', 'is empty. Nothing changed'],
  ['oncall <warehouse>', '“<warehouse>” is no service. Nothing changed. Known: payments.'],
  ['runbook warehouse', '“warehouse” is no service. Nothing changed. Known: payments.'],
  ['call banana', '“banana” is no link to a call'],
  ['call http://meet.example.com/42', 'begins with https://'],
  ['call https://ana:secret@meet.example.com', 'has no password in it'],
  ['rename Checkout is down', 'That is its title already. Nothing changed.'],
  ['rename \u200b', 'is empty. Nothing changed'],
  ['oncall paymnts', 'Did you mean payments?'],
  ['list banana', '“banana” is no list. Nothing changed. Lists: open, mine, all, sev1 to sev4.'],
  ['list opne', '“opne” is no list. Nothing changed. Did you mean /incident list open?'],
  ['list sev9', '“sev9” is no list.'],
  ['list constructor', '“constructor” is no list.'],
  ['constructor', 'I do not know "constructor". Nothing changed.'],
  ['__proto__', 'Nothing changed.'],
])(
  '/incident %s: only the person who typed it reads what was wrong, and nothing changes',
  async (typed, answer) => {
    const { world, ana, channel } = await declared();
    const [before, said] = [facts(world), channel().transcript()];
    const read = await ana.command(`/incident ${typed}`);
    expect(read).toContain(answer);
    expect(read).toContain('Nothing changed');
    await world.settle();
    expect(facts(world)).toBe(before);
    expect(channel().transcript()).toBe(said);
  },
);

test('a command of 8,000 characters gets an answer', async () => {
  const { ana } = await declared();
  expect(await ana.command(`/incident ${'x'.repeat(8000)}`)).toContain('I do not know "xxx');
  expect(await ana.command(`/incident update ${'y'.repeat(8000)}`)).toBe(
    'Posted in the channel and in the announcement of INC-1.',
  );
});

test('text that would mention, format or break out is shown as it was typed, and mentions nobody', async () => {
  const { world, ana, channel } = await declared();
  const evil =
    '<!channel> @here <@U0DANA> `code` *bold* <https://evil.example|Log in> \u202eevil\u0007 &amp;';
  const before = world.slack.mentions().length;
  await ana.command(`/incident update ${evil}`);
  await ana.command(`/incident note ${evil}`);
  await ana.command(`/incident status identified ${evil}`);
  await ana.command(`/incident cancel ${evil}`);
  await world.settle();
  expect(world.slack.mentions()).toHaveLength(before);
  expect(channel().transcript()).not.toMatch(/[\u202e\u0007]/);
  expect(await ana.command('/incident timeline')).toContain('`code`');
});

test('a double click: done once, the second is told who has it', async () => {
  const { world, channel } = await declared();
  const bea = world.slack.as('bea');
  await Promise.all([bea.click('Acknowledge', { in: 'inc-' }), bea.click('Acknowledge', { in: 'inc-' })]);
  await world.settle();
  expect(
    channel()
      .transcript()
      .match(/bea has it\. Paging stopped\./g),
  ).toHaveLength(1);
  expect(bea.reads()).toContain('You have INC-1 already. Nothing changed.');
});

test('an old card answers with what holds now, and changes nothing', async () => {
  const { world, ana } = await declared();
  world.slack.faults.always('chat.update', { error: 'internal_error' });
  await world.slack.as('bea').command('/incident cancel false alarm', { in: 'inc-' });
  await world.settle();
  await ana.click('Acknowledge', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('It is canceled since 10:00 UTC. Nothing changed.');
  await ana.click('Take command', { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({ status: 'canceled', acknowledged: null, roles: {} });
});

test('the card is deleted: the next change posts it anew, once; deleted again within the hour it stays away', async () => {
  const { world, ana, channel } = await declared();
  const cards = () =>
    channel().messages.filter((one) => JSON.stringify(one.blocks).includes('SEV2 · Checkout is down'));
  await world.slack.deleteMessage('inc-', /Investigating since/);
  await ana.command('/incident status identified');
  await world.settle();
  expect(channel().pins).toHaveLength(1);
  expect(channel().pins[0]).toContain('Identified since 10:00');
  expect(cards()).toHaveLength(1);
  await world.slack.deleteMessage('inc-', /Identified since/);
  await ana.command('/incident status monitoring');
  await ana.command('/incident update watching it');
  await world.settle();
  expect(cards()).toHaveLength(0);
  expect(await ana.command('/incident doctor')).toContain('All is well.');
});

test('who declares by form where Tocsin is no guest is told by direct message', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({ 'What is broken?': 'Checkout is down', 'How bad is it for users?': 'SEV2 major' });
  await world.settle();
  expect(ana.dm()).toContain('INC-1 is declared (SEV2). Its channel opens now; you are invited.');
});

test.each([
  ['expired_trigger_id', 'Slack did not open the form in time. Please try again, or type the whole command.'],
  ['invalid_blocks', 'Slack refused the form (invalid_blocks). Please try again, or type the whole command.'],
])('a form that Slack does not open (%s) is spoken about', async (error, words) => {
  const world = await start();
  const ana = world.slack.as('ana');
  world.slack.faults.next('views.open', { error });
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  expect(ana.dm()).toContain(words);
});
