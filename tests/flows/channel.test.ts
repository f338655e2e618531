import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

async function declared(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana };
}

const incidentChannels = (names: string[]): string[] => names.filter((name) => name.startsWith('inc-'));

test('renamed by somebody: commands, log and announcement go on under its new name', async () => {
  const { world, ana } = await declared();
  await world.slack.renameChannel('inc-', 'checkout-war-room');
  await world.settle();
  expect(world.slack.channel('incidents').transcript()).toContain('#checkout-war-room');
  expect(await ana.command('/incident status identified', { in: 'checkout-war-room' })).toBe(
    'INC-1 is identified now.',
  );
  await ana.say('still here', { in: 'checkout-war-room' });
  await world.settle();
  expect(world.slack.channel('checkout-war-room').pins[0]).toContain('Identified since');
});

test('made private in Slack by somebody: commands, log and card go on', async () => {
  const { world, ana } = await declared();
  await world.slack.makeChannelPrivate('inc-');
  await world.settle();
  expect(await ana.command('/incident status identified', { in: 'inc-' })).toBe('INC-1 is identified now.');
  await ana.say('still here', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('Identified since');
  const timeline = await ana.command('/incident timeline', { in: 'inc-' });
  expect(timeline).toContain('still here');
  expect(timeline).toContain('made this channel private');
  expect(incidentChannels(world.slack.channels())).toHaveLength(1);
});

test('the bot is removed from a public channel: it comes back and goes on', async () => {
  const { world, ana } = await declared();
  await world.slack.kickBot('inc-');
  await ana.command('/incident INC-1 status identified', { in: 'general' });
  await world.settle();
  const channel = world.slack.channel('inc-');
  expect(channel.members).toContain('tocsin');
  expect(channel.pins[0]).toContain('Identified since');
  expect(incidentChannels(world.slack.channels())).toHaveLength(1);
  await ana.say('welcome back', { in: 'inc-' });
  expect(await ana.command('/incident timeline', { in: 'inc-' })).toContain('welcome back');
});

test('removed from a private channel nobody can bring us back: another private one opens', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Keys are leaking', ...how });
  await world.settle();
  await world.slack.kickBot('inc-');
  await world.settle();
  const channel = world.slack.channel(world.store.incident(1)?.channel?.name ?? 'none');
  expect(incidentChannels(world.slack.channels())).toHaveLength(2);
  expect(channel.isPrivate).toBe(true);
  expect(channel.members).toEqual(expect.arrayContaining(['ana', 'bea', 'tocsin']));
});

test.each(['archive', 'deleteChannel'] as const)(
  '%s: another channel opens, the announce channel hears of it, clock and timeline go on',
  async (loss) => {
    const { world, ana } = await declared();
    await world.slack[loss]('inc-');
    await world.settle();
    await world.pass('1m');
    const now = world.store.incident(1)?.channel;
    const channel = world.slack.channel(now?.name ?? 'none');
    expect(channel.isArchived).toBe(false);
    expect(channel.members).toEqual(expect.arrayContaining(['ana', 'bea']));
    expect(channel.pins[0]).toContain('SEV2 · Checkout is down · INC-1');
    expect(world.slack.channel('incidents').transcript()).toMatch(/Lost #inc-[^ ]+ \(/);
    await ana.say('here now', { in: now?.name });
    expect(await ana.command('/incident timeline', { in: now?.name })).toContain('here now');
    await world.pass('15m');
    expect(world.slack.as('cai').dm()).toContain(`#${now?.name}`);
  },
);

test('a finished incident whose channel is archived opens no other', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident cancel false alarm', { in: 'inc-' });
  await world.settle();
  await world.slack.archive('inc-');
  await world.settle();
  expect(incidentChannels(world.slack.channels())).toHaveLength(1);
  expect(await ana.command('/incident INC-1 note it was the cache', { in: 'general' })).toBe(
    'Noted in the timeline of INC-1.',
  );
});

test('channels are forbidden: the incident runs in a thread of the announce channel, card and all', async () => {
  const { world, ana } = await declared({
    slack: { forbidChannels: true, channels: ['general', { name: 'incidents', bot: true }] },
  });
  expect(incidentChannels(world.slack.channels())).toEqual([]);
  const announce = () => world.slack.channel('incidents').transcript();
  expect(announce()).toMatch(/\n {4}\[10:00\] Tocsin: SEV2 · Checkout is down · INC-1/);
  expect(world.slack.as('bea').dm()).toContain('SEV2 · Checkout is down');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.say('I am on it', { in: 'incidents', thread: /Checkout is down/ });
  await ana.say('unrelated', { in: 'incidents' });
  await world.settle();
  expect(announce()).toContain('bea has it. Paging stopped.');
  const timeline = await ana.command('/incident INC-1 timeline', { in: 'incidents' });
  expect(timeline).toContain('I am on it');
  expect(timeline).not.toContain('unrelated');
  world.slack.connect(null);
  await ana.say('said while the bot was away', { in: 'incidents', thread: /Checkout is down/ });
  await world.restart();
  expect(await ana.command('/incident INC-1 timeline', { in: 'incidents' })).toContain('bot was away');
  await ana.command('/incident INC-1 resolve rollback', { in: 'incidents' });
  await world.settle();
  expect(announce()).toContain('(file: INC-1-checkout-is-down.md)');
});

test('channels are forbidden and there is no announce channel either: people are paged all the same', async () => {
  const { world, ana } = await declared({ slack: { forbidChannels: true } });
  expect(world.slack.as('bea').dm()).toContain('SEV2 · Checkout is down');
  expect(await ana.command('/incident doctor')).not.toContain('All is well.');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.store.incident(1)?.acknowledged).not.toBeNull();
});

test('the announce channel was archived by somebody: another stands in and says so, the doctor too, until it is back', async () => {
  const { world, ana } = await declared();
  await world.slack.archive('incidents');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('INC-2');
  const standIn = world.slack.channel('incidents-2').transcript();
  expect(standIn).toContain('Incidents are announced here from now on: #incidents is archived');
  expect(standIn).toContain('Search is slow');
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain(
    'Incidents are announced in #incidents-2, because #incidents is archived',
  );
  await world.slack.unarchive('incidents');
  await world.restart();
  await ana.command('/incident declare sev3 Mail is late', { in: 'general' });
  await world.settle();
  expect(world.slack.channel('incidents').transcript()).toContain('Mail is late');
  expect(await ana.command('/incident doctor', { in: 'general' })).not.toContain('incidents-2');
});
