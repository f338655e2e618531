import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { watchedWorld } from '../support/watched.ts';
import { start, transport } from '../support/world.ts';

/** Slack answers no call and sends nothing; whatever happens in it now, no event ever tells of. */
function leave({ slack }: World): void {
  slack.connect(null);
  slack.faults.always('*', { status: 503 });
}

function comeBack(world: World): void {
  world.slack.faults.clear();
  hear(world);
}

const hear = ({ slack, port }: World): void =>
  slack.connect(transport === 'socket' ? 'by socket' : `http://127.0.0.1:${port}`);

/** Ana has declared INC-1, Bea is paged by Slack and PagerDuty, and Ana has written in the channel. */
async function declared(): Promise<World> {
  const world = await start({ pagerduty: account });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  ana.goTo('inc-');
  await ana.say('The p99 is at 9 s');
  await ana.say('Since when?', { thread: /p99/ });
  await ana.say('The password is hunter2');
  await world.pass('1m');
  return world;
}

/** What the bot has written in the channel, one message each. */
const written = ({ slack }: World): string[] =>
  slack
    .channel('inc-')
    .transcript()
    .split(/\n(?=\[)/)
    .filter((one) => one.includes('Tocsin: '));

const times = (text: string, words: string): number => text.split(words).length - 1;

const facts = (world: World, type: string) =>
  world.store.timeline(1).filter(({ fact }) => fact.type === type);

test('Slack is away for an hour: PagerDuty goes on paging on time, then the channel reads one note, and what was missed is on the timeline', async () => {
  const world = await declared();
  const { slack } = world;
  const ana = slack.as('ana');
  const before = written(world).length;
  leave(world);
  await world.pass('5m');
  await ana.say('Rolling back');
  await ana.say('Thanks', { thread: /Rolling back/ });
  await ana.say('Since 01:40', { thread: /p99/ });
  await ana.edit(/p99/, 'The p99 is at 12 s');
  await ana.delete(/hunter2/);
  await world.pass('55m');
  expect(world.pagerduty.paged()).toEqual([
    'bea at 02:00',
    'cai at 02:05',
    'dana at 02:10',
    'bea at 02:20',
    'cai at 02:25',
    'dana at 02:30',
    // Its own policy is at its end; ours begins its second round.
    'bea at 02:40',
    'cai at 02:45',
    'dana at 02:50',
  ]);
  expect(world.store.outboxReport(1)).toMatchObject({ dead: 0 });
  const pages = slack.as('bea').pushes().length;
  comeBack(world);
  await world.pass('2m');
  const fresh = written(world).slice(before);
  expect(fresh).toHaveLength(1);
  expect(fresh[0]).toMatch(
    /Slack was away from 02:0\d to 03:0\d; 3 messages were read later, 2 were changed or deleted\. It goes on from here\./,
  );
  expect(fresh[0]).toContain('more in /incident timeline: ');
  expect(fresh[0]).toContain('finn is paged 03:10.');
  const texts = facts(world, 'message-posted').map(({ fact }) => 'text' in fact && fact.text);
  expect(texts).toEqual(expect.arrayContaining(['Rolling back', 'Thanks', 'Since 01:40']));
  expect(facts(world, 'message-edited')).toHaveLength(1);
  expect(facts(world, 'message-deleted')).toHaveLength(1);
  expect(slack.as('bea').pushes().length - pages).toBeLessThanOrEqual(1);
  expect(world.store.outboxReport(1)).toMatchObject({ waiting: 0, unknown: 0, parked: 0, dead: 0 });
  await world.restart();
  expect(facts(world, 'message-edited')).toHaveLength(1);
  expect(facts(world, 'message-deleted')).toHaveLength(1);
  expect(times(slack.channel('inc-').transcript(), 'Slack was away')).toBe(1);
});

test('PagerDuty would wait an hour by itself: whoever the ladder calls next rings on time, though Slack cannot say who they are', async () => {
  const policies = (account.policies ?? []).map((policy) => ({
    ...policy,
    levels: policy.levels.map((level) => ({ ...level, timeoutMinutes: 60 })),
  }));
  const world = await start({ pagerduty: { ...account, policies } });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('3m');
  leave(world);
  await world.pass('15m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05', 'dana at 02:10']);
});

test('the process ends and starts again while Slack is away: still one note, with the whole absence', async () => {
  const world = await declared();
  leave(world);
  await world.pass('10m');
  // A socket that nobody answers is waited for at a start: that is another test.
  world.slack.connect(null);
  await world.restart('5m');
  world.slack.faults.always('*', { status: 503 });
  await world.pass('20m');
  comeBack(world);
  await world.pass('3m');
  const notes = written(world).filter((one) => one.includes('was away'));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/Slack was away from 02:0\d to 02:3\d/);
});

test('resolved in PagerDuty while Slack is away: the channel reads so in one note, and nobody is paged any more', async () => {
  const world = await start({ pagerduty: account });
  const alert = await world.pagerduty.trigger({
    title: 'Checkout is down',
    service: 'payments',
    priority: 'P1',
  });
  await world.settle();
  const before = written(world).length;
  leave(world);
  await world.pass('20m');
  await world.pagerduty.acknowledge(alert, { by: 'bea' });
  await world.pass('20m');
  comeBack(world);
  await world.pass('2m');
  const fresh = written(world).slice(before);
  expect(fresh.length).toBeLessThanOrEqual(3);
  expect(fresh.join('\n')).toContain('Slack was away');
  expect(fresh.join('\n')).toMatch(/Bea|bea/);
  expect(world.slack.as('cai').pushes()).toHaveLength(0);
});

test('while Slack is away it is asked every ten seconds whether it is back, and nothing else; what is urgent goes out at once then', async () => {
  const world = await declared();
  leave(world);
  await world.pass('10m');
  const from = world.slack.calls.length;
  await world.pass('1m');
  const asked = world.slack.calls.slice(from).map(({ method }) => method);
  expect(asked.filter((method) => method === 'auth.test')).toHaveLength(6);
  // The socket, and an alarm about PagerDuty that nobody has read, are tried once a minute or so.
  expect(asked.length).toBeLessThanOrEqual(10);
  const backAt = world.clock.now();
  comeBack(world);
  await world.pass('15s');
  const pages = world.slack
    .callsTo('chat.postMessage')
    .filter(({ ok, at, args }) => ok && at >= backAt && String(args.channel).startsWith('D'));
  expect(pages.length).toBeGreaterThan(0);
});

test.skipIf(transport === 'socket')(
  'Slack answers and sends no events: the channel is read all the same, the doctor says so, and a note when they come again',
  async () => {
    const world = await declared();
    const { slack } = world;
    slack.connect(null);
    await slack.as('ana').say('Rolling back');
    await world.pass('20m');
    expect(facts(world, 'message-posted').map(({ fact }) => 'text' in fact && fact.text)).toContain(
      'Rolling back',
    );
    await slack.as('ana').say('It is done');
    await world.pass('6m');
    expect(facts(world, 'message-posted').map(({ fact }) => 'text' in fact && fact.text)).toContain(
      'It is done',
    );
    hear(world);
    await slack.as('ana').command('/incident doctor', { in: 'general' });
    expect(slack.as('ana').reads()).toContain('Slack answers but sends no events');
    await slack.as('ana').say('Are you there?', { in: 'inc-' });
    await world.pass('1m');
    expect(written(world).at(-1)).toMatch(
      /Slack sent no news from 02:0\d to 02:2\d; 2 messages were read later/,
    );
    await slack.as('ana').command('/incident doctor', { in: 'general' });
    expect(slack.as('ana').reads()).not.toContain('sends no events');
  },
);

test('a quiet night is no absence: it is looked at ever less often, and nothing is said', async () => {
  const world = await declared();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.slack.as('ana').command('/incident sev 4 nothing much', { in: 'inc-' });
  await world.settle();
  await world.pass('15m');
  const looks = world.slack.callsTo('conversations.history').length;
  await world.pass('5h');
  expect(world.slack.callsTo('conversations.history').length - looks).toBeLessThanOrEqual(8);
  expect(world.slack.channel('inc-').transcript()).not.toContain('sent no news');
});

test('both are away: the doctor names both, the heartbeat stops, nothing is given up, and everything goes out', async () => {
  const { world, beatsIn } = await watchedWorld({ pagerduty: account, transport });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(await beatsIn('4m')).toBeGreaterThanOrEqual(3);
  leave(world);
  world.pagerduty.faults.always('*', { status: 503 });
  await world.pass('3m');
  expect(await beatsIn('30m')).toBe(0);
  expect(world.store.outboxReport(10)).toMatchObject({ dead: 0 });
  if (transport === 'http') {
    hear(world);
    await world.slack.as('dana').command('/incident doctor', { in: 'general' });
    expect(world.slack.as('dana').reads()).toContain('Slack does not answer');
    expect(world.slack.as('dana').reads()).toContain('held back until Slack is back: nothing is lost.');
    expect(world.slack.as('dana').reads()).toContain('PagerDuty has trouble of its own');
  }
  comeBack(world);
  world.pagerduty.faults.clear();
  await world.pass('5m');
  expect(world.store.outboxReport(10)).toMatchObject({ waiting: 0, parked: 0, dead: 0 });
});
