import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { sentence } from '../../src/blocks/sentence.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start, transport } from '../support/world.ts';

/** Ana has declared INC-1; its channel is open and everybody needed is in it. */
async function declared(options: Parameters<typeof start>[0] = {}): Promise<World> {
  const world = await start(options);
  await world.slack.as('ana').command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  world.slack.as('ana').goTo('inc-');
  return world;
}

const nameOf = (user: string): string => user.replace('U0', '').toLowerCase();

/** What the timeline holds of messages and people, as they read it, in the order of recording. */
const log = (world: World): string[] =>
  world.store
    .timeline(1)
    .filter(({ fact }) => /^(message|member|channel-changed)/.test(fact.type))
    .map(({ fact }) => sentence(fact, { now: 0, names: nameOf, command: '/incident' }));

const beforeAnybodySpoke = ['ana joined', 'bea joined'];

test('every message is a fact when Slack gets its answer: replies, broadcasts, edits, deletions, files', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  await ana.say('The p99 is at 9 s');
  await ana.say('Since when?', { thread: /p99/ });
  await ana.say('Since 01:40', { thread: /p99/, broadcast: true });
  await ana.edit(/Since when/, 'Since when exactly?');
  await ana.delete(/Since 01:40/);
  await ana.upload('graph.png', 'pixels');
  expect(log(world)).toEqual([
    ...beforeAnybodySpoke,
    'ana: The p99 is at 9 s',
    'ana: Since when?',
    'ana: Since 01:40',
    'ana edited: Since when exactly?',
    'A message was deleted',
    'ana: [graph.png]',
  ]);
  const [, reply] = world.store.timeline(1).filter(({ fact }) => fact.type === 'message-posted');
  expect(reply?.fact).toMatchObject({ threadTs: expect.stringMatching(/^\d+\.\d{6}$/) });
  const upload = world.store.timeline(1).at(-1);
  expect(upload?.fact).toMatchObject({
    files: [{ name: 'graph.png', link: expect.stringMatching(/^http/) }],
  });
});

test('other apps, people who come and go, a new name and a new topic are facts', async () => {
  const world = await declared();
  await world.slack.otherApp('Grafana').say('p99 alert is firing', { in: 'inc-' });
  await world.slack.as('finn').join('inc-');
  await world.slack.as('finn').leave('inc-');
  await world.slack.renameChannel('inc-', 'checkout-slow');
  await world.slack.setTopic('checkout-slow', 'All hands');
  expect(log(world)).toEqual([
    ...beforeAnybodySpoke,
    'Grafana: p99 alert is firing',
    'finn joined',
    'finn left',
    'ana renamed the channel: checkout-slow',
    'ana set the topic: All hands',
  ]);
});

test('messages elsewhere are not recorded, and neither is our own chatter', async () => {
  const world = await declared();
  await world.slack.as('ana').say('Lunch?', { in: 'general' });
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('bea has it');
  expect(log(world)).toEqual(beforeAnybodySpoke);
});

test('the same event delivered again, twice at once, or after a restart changes nothing', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  world.slack.mishap('duplicate');
  await ana.say('The p99 is at 9 s');
  await world.slack.redeliver();
  await ana.edit(/p99/, 'The p99 is at 12 s');
  await world.slack.redeliver();
  const told = [...beforeAnybodySpoke, 'ana: The p99 is at 9 s', 'ana edited: The p99 is at 12 s'];
  expect(log(world)).toEqual(told);
  const before = world.slack.channel('inc-').transcript();
  await world.restart();
  await world.slack.redeliver();
  await world.settle();
  expect(log(world)).toEqual(told);
  expect(world.slack.channel('inc-').transcript()).toBe(before);
});

test.skipIf(transport === 'socket')(
  'a store that cannot write: Slack gets no 200, and its redelivery records the message',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-broken-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const databaseFile = join(folder, 'tocsin.db');
    const world = await declared({ databaseFile });
    const disk = new Database(databaseFile);
    disk.exec(
      "create trigger disk_full before insert on timeline begin select raise(abort, 'disk is full'); end",
    );
    await world.slack.as('ana').say('The p99 is at 9 s');
    const delivered = world.slack.deliveries.at(-1);
    expect(delivered?.attempts.map(({ outcome }) => outcome)).toMatchObject([
      { status: 500 },
      { status: 500 },
    ]);
    expect(log(world)).toEqual(beforeAnybodySpoke);
    disk.exec('drop trigger disk_full');
    disk.close();
    await world.pass('2m');
    expect(delivered?.attempts.at(-1)?.outcome).toMatchObject({ status: 200 });
    expect(log(world)).toEqual([...beforeAnybodySpoke, 'ana: The p99 is at 9 s']);
  },
);

test('what was said before the channel was linked is pulled when it is', async () => {
  const world = await start();
  world.slack.faults.next('conversations.create', { error: 'internal_error', when: 'after' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is slow', { in: 'general' });
  await world.settle();
  await ana.join('inc-');
  await ana.say('Is anybody here?', { in: 'inc-' });
  await ana.say('I am', { in: 'inc-', thread: /anybody/ });
  expect(world.store.incident(1)?.channel).toBeNull();
  await world.pass('1m');
  expect(world.slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(1);
  expect(log(world)).toEqual(expect.arrayContaining(['ana: Is anybody here?', 'ana: I am']));
});

test('what was missed while Tocsin was away is pulled: replies, edits, deletions, joins', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  await ana.say('The p99 is at 9 s');
  await ana.say('The password is hunter2');
  await ana.say('The token is swordfish');
  await ana.say('Please delete that', { thread: /swordfish/ });
  world.slack.connect(null);
  await ana.delete(/swordfish/);
  await ana.edit(/p99/, 'The p99 is at 12 s');
  await ana.delete(/hunter2/);
  await world.slack.as('cai').join('inc-');
  await world.slack.as('cai').say('Rolling back', { in: 'inc-' });
  await ana.say('Thanks', { thread: /Rolling back/ });
  await world.restart('30m');
  expect(log(world).slice(6).sort()).toEqual([
    'A message was deleted',
    'A message was deleted',
    'ana edited: The p99 is at 12 s',
    'ana: Thanks',
    'cai joined',
    'cai: Rolling back',
  ]);
  const seen = log(world);
  await world.restart();
  expect(log(world)).toEqual(seen);
});

test('a rate limit between two threads does not send the pull back to the beginning', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  for (const topic of ['one', 'two', 'three']) {
    await ana.say(`topic ${topic}`);
    world.slack.connect(null);
    await ana.say(`reply to ${topic}`, { thread: new RegExp(`topic ${topic}`) });
    world.slack.connect(`http://127.0.0.1:${world.port}`);
  }
  const calls = () => world.slack.callsTo('conversations.replies').length;
  const before = calls();
  const unwatch = world.slack.watch((call, moment) => {
    if (call.method !== 'conversations.replies' || moment === 'before') return;
    unwatch();
    world.slack.faults.next('conversations.replies', { status: 429, retryAfter: 20 });
  });
  await world.restart('10m');
  await world.pass('1m');
  expect(log(world)).toEqual(
    expect.arrayContaining(['ana: reply to one', 'ana: reply to two', 'ana: reply to three']),
  );
  expect(calls() - before).toBe(4);
});

test('a deleted message leaves the timeline and the draft at once', async () => {
  const world = await declared();
  const ana = world.slack.as('ana');
  await ana.say('The password is hunter2');
  await ana.edit(/hunter2/, 'The password is hunter3');
  expect(await ana.command('/incident timeline')).toContain('hunter3');
  await ana.delete(/hunter3/);
  const timeline = await ana.command('/incident timeline');
  expect(timeline).not.toContain('hunter');
  expect(timeline).toContain('message deleted');
  await ana.command('/incident resolve rollback');
  await world.settle();
  const channel = world.slack.channel('inc-');
  expect(channel.transcript()).toContain('postmortem');
  expect(JSON.stringify(channel.messages)).not.toContain('hunter');
  const drafts = world.slack.callsTo('files.completeUploadExternal');
  expect(drafts).toHaveLength(1);
});
