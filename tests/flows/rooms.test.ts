import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

const canary = 'Xylophone';

/** INC-1, public, SEV1: Ana declared it, Bea was paged, Dana came to look. Some of it was said aloud. */
async function open(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command(`/incident declare sev2 ${canary} is leaking`, { in: 'general' });
  await world.settle();
  await world.slack.as('dana').join('inc-');
  await ana.say('the password is in the log', { in: 'inc-' });
  await ana.command('/incident sev 1 worse', { in: 'inc-' });
  await world.settle();
  const old = world.store.incident(1)?.channel?.name ?? '';
  return { world, ana, old };
}

async function moved(options: Parameters<typeof start>[0] = {}) {
  const { world, ana, old } = await open(options);
  await ana.command('/incident private', { in: 'inc-' });
  await ana.click('Make it private', { in: 'inc-' });
  await world.settle();
  return { world, ana, old, name: world.store.incident(1)?.channel?.name ?? 'none' };
}

test('`private` says first what will happen and what stays public; nothing has changed yet', async () => {
  const { world, ana } = await open();
  const read = await ana.command('/incident private', { in: 'inc-' });
  expect(read).toContain('Make INC-1 private?');
  expect(read).toContain('A new private channel opens; 3 people are invited: ana, bea and dana.');
  expect(read).toMatch(/What was written in #inc-[^ ]+ so far stays readable for everybody/);
  expect(read).toContain('The announcement is removed, with every call for help.');
  expect(read).toContain('[Make it private]');
  expect(world.store.incident(1)?.isPrivate).toBe(false);
  expect(await ana.command('/incident private maybe', { in: 'inc-' })).toContain('Nothing changed.');
  expect(world.store.incident(1)?.isPrivate).toBe(false);
});

test('a new private channel opens, the people come along, the card moves, and both places say what stays public', async () => {
  const { world, old, name } = await moved();
  const room = world.slack.channel(name);
  expect(name).not.toBe(old);
  expect(room.isPrivate).toBe(true);
  expect(room.members.sort()).toEqual(['ana', 'bea', 'dana', 'tocsin']);
  expect(room.pins[0]).toContain(`SEV1 · ${canary} is leaking · INC-1 · private`);
  expect(room.pins[0]).toContain('[Acknowledge]');
  expect(room.transcript()).toContain(
    'INC-1 is private from now on, says ana: only people in this channel see it.',
  );
  expect(room.transcript()).toContain(
    `What was written in #${old} before stays there, for everybody to read.`,
  );
  expect(room.topic).toBe('SEV1 | Investigating | no lead yet');
  const left = world.slack.channel(old);
  expect(left.isPrivate).toBe(false);
  expect(left.topic).toBe('INC-1 goes on in private');
  expect(left.pins[0]).toBe(
    'INC-1 goes on in a private channel.\nThis card is not kept up to date any more.',
  );
  expect(left.transcript()).toContain('What was written here stays readable for everybody');
  expect(left.transcript()).toContain('the password is in the log');
  expect(world.slack.as('bea').dm()).toContain(`#${name}`);
});

test('the announcement is removed, with all that we said under it', async () => {
  const { world } = await moved();
  expect(JSON.stringify(world.slack.channel('incidents').messages)).not.toMatch(/INC-1|Xylophone/i);
});

test('a call for help that everybody in the announce channel got goes too; what people wrote under it stays theirs', async () => {
  const people = ['ana', { name: 'bea', deleted: true }, 'cai', 'dana', 'eve', 'finn'];
  const { world, ana } = await open({ slack: { people } });
  const announce = () => world.slack.channel('incidents').transcript();
  expect(announce()).toMatch(/Tocsin: @here .*SEV2 Xylophone is leaking/);
  await world.slack.as('finn').join('incidents');
  await world.slack.as('finn').say('I know who can', { in: 'incidents', thread: /@here/ });
  await ana.command('/incident private yes', { in: 'inc-' });
  await world.settle();
  expect(announce()).not.toMatch(/INC-1|Xylophone/i);
  expect(announce()).toContain('I know who can');
  await world.pass('20m');
  expect(announce()).not.toMatch(/INC-1|Xylophone/i);
});

test('from then on nothing of it leaks: not in lists, not to the announce channel, not to whoever reads the old one', async () => {
  const { world, ana, old, name } = await moved();
  const finn = world.slack.as('finn').goTo('general');
  for (const word of [
    'list',
    'list all',
    'show INC-1',
    'INC-1 timeline',
    'INC-1 call',
    'INC-1 runbook',
    'INC-1 rename x',
  ]) {
    expect(await finn.command(`/incident ${word}`), word).not.toContain(canary);
  }
  await finn.join(old);
  await finn.say('what is going on?', { in: old });
  await world.settle();
  for (const word of ['', 'show', 'timeline', 'ack', 'private']) {
    expect(await finn.command(`/incident ${word}`, { in: old }), word).not.toContain(canary);
  }
  expect(world.store.incident(1)?.members).not.toContain(world.slack.userId('finn'));
  expect(finn.dm()).toBe('');
  const before = world.slack.channel(old).entries().length;
  await ana.command(`/incident update ${canary} is contained`, { in: name });
  await ana.command('/incident status identified', { in: name });
  await world.pass('40m');
  await ana.command('/incident resolve rollback', { in: name });
  await world.settle();
  expect(world.slack.channel(old).entries()).toHaveLength(before);
  expect(JSON.stringify(world.slack.channel('incidents').messages)).not.toMatch(/INC-1|Xylophone/i);
  expect(world.slack.channel(name).transcript()).toContain(`${canary} is contained`);
  const timeline = await ana.command('/incident timeline 40', { in: name });
  expect(timeline).toContain('the password is in the log');
  expect(timeline).not.toContain('what is going on?');
});

test('a reminder that stands in public is taken away', async () => {
  const { world, ana, old } = await open();
  await world.slack
    .as('bea')
    .click('I have it', { in: 'dm' })
    .catch(() => undefined);
  await ana.command('/incident INC-1 ack', { in: 'general' });
  await world.pass('12m');
  expect(world.slack.channel(old).transcript()).toMatch(/Who takes command|no commander|Nobody/i);
  const standing = world.store.incident(1)?.nudges.standing?.place?.ts;
  expect(standing).toBeDefined();
  await ana.command('/incident private yes', { in: old });
  await world.settle();
  expect(world.slack.channel(old).messages.map(({ ts }) => ts)).not.toContain(standing);
});

test('what was said in the old channel can still be taken back: its text leaves the timeline', async () => {
  const { world, ana, old, name } = await moved();
  await ana.delete(/the password/, { in: old });
  await world.settle();
  expect(await ana.command('/incident timeline 40', { in: name })).not.toContain('the password');
});

test('the old card’s buttons are gone, and a click that was on its way does nothing for strangers', async () => {
  const { world, old } = await moved();
  expect(world.slack.as('finn').buttons({ in: old })).toEqual([]);
});

test('a second time, or one that is over, is refused with the cure', async () => {
  const { world, ana, name } = await moved();
  expect(await ana.command('/incident private', { in: name })).toContain(
    'It is private already. Nothing changed.',
  );
  expect(await ana.command('/incident private yes', { in: name })).toContain('It is private already.');
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  await ana.command('/incident INC-2 cancel nothing', { in: 'general' });
  expect(await ana.command('/incident INC-2 private', { in: 'general' })).toContain('It is canceled since');
  expect(world.store.incident(2)?.isPrivate).toBe(false);
});

test('`private yes` does it at once; whoever asked for it comes along', async () => {
  const { world } = await open();
  await world.slack.as('eve').command('/incident INC-1 private yes', { in: 'general' });
  await world.settle();
  const name = world.store.incident(1)?.channel?.name ?? '';
  expect(world.slack.channel(name).isPrivate).toBe(true);
  expect(world.slack.channel(name).members).toContain('eve');
});

test('Slack is slow with the new channel: the bot dies in between, and nothing is said in public afterwards', async () => {
  const { world, ana, old } = await open();
  const before = world.slack.channel(old).entries().length;
  world.slack.faults.next('conversations.create', { timeout: true, when: 'after' });
  await ana.command('/incident private yes', { in: 'inc-' });
  await world.restart('1m');
  await world.pass('2m');
  const name = world.store.incident(1)?.channel?.name ?? '';
  expect(world.slack.channel(name).isPrivate).toBe(true);
  // The topic, and the one last message.
  expect(world.slack.channel(old).entries()).toHaveLength(before + 2);
  expect(world.slack.channels().filter((one) => one.startsWith('inc-'))).toHaveLength(2);
});

test('private channels are forbidden: it is private all the same, and the declarer hears where it stands', async () => {
  const { world, ana } = await open();
  world.slack.faults.always('conversations.create', { error: 'restricted_action' });
  await ana.command('/incident private yes', { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)?.channel).toBeNull();
  expect(world.slack.as('bea').dm()).not.toContain('#inc-');
  expect(ana.dm()).toContain('Slack refused a channel (restricted_action)');
  expect(await ana.command('/incident INC-1 show', { in: 'general' })).toContain(canary);
  expect(await world.slack.as('finn').command('/incident INC-1 show', { in: 'general' })).not.toContain(
    canary,
  );
});

test('the call: set, shown on the card and bookmarked; a second one takes the place of the first', async () => {
  const { world, ana } = await open();
  expect(await ana.command('/incident call', { in: 'inc-' })).toContain(
    'INC-1 has no call link yet. To set one: /incident call https://meet.example.com/your-room',
  );
  expect(await ana.command('/incident call https://meet.example.com/one', { in: 'inc-' })).toContain(
    'The call of INC-1 is https://meet.example.com/one.',
  );
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('Call: meet.example.com/one');
  expect(world.slack.channel('inc-').bookmarks).toEqual([
    { title: 'Call', link: 'https://meet.example.com/one' },
  ]);
  await world.slack.as('bea').command('/incident call https://meet.example.com/two?pwd=1', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').bookmarks).toEqual([
    { title: 'Call', link: 'https://meet.example.com/two?pwd=1' },
  ]);
  expect(world.slack.channel('inc-').pins[0]).not.toContain('/one');
  expect(await ana.command('/incident call', { in: 'inc-' })).toContain('https://meet.example.com/two?pwd=1');
  expect(await ana.command('/incident call https://meet.example.com/two?pwd=1', { in: 'inc-' })).toBe(
    'That is its call link already. Nothing changed.',
  );
});

test.each([
  'http://meet.example.com/1',
  'javascript:alert(1)',
  'meet.example.com/1',
  'https://user:secret@meet.example.com/1',
  'https://meet.example.com/1 and more',
  'https://localhost',
  `https://meet.example.com/${'x'.repeat(2_000)}`,
])('a call must be one https address: %s is refused', async (typed) => {
  const { world, ana } = await open();
  expect(await ana.command(`/incident call ${typed}`, { in: 'inc-' })).toContain('Nothing changed. Example:');
  expect(world.store.incident(1)?.callUrl).toBeUndefined();
});

test('a configured `callUrl` gives every incident its call from the start', async () => {
  const { defaultIncidentFile } = await import('../../src/sandbox/start.ts');
  const incidentFile = `${defaultIncidentFile}callUrl: https://meet.example.com/inc-{id}\n`;
  const { world } = await open({ incidentFile });
  expect(world.slack.channel('inc-').pins[0]).toContain('Call: meet.example.com/inc-1');
  expect(world.slack.channel('inc-').bookmarks).toEqual([
    { title: 'Call', link: 'https://meet.example.com/inc-1' },
  ]);
});
