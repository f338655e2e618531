import { expect, test } from 'vitest';
import type { Call } from '../../src/sandbox/api.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start, transport } from '../support/world.ts';

const retryAfterS = 45;

const faults: [title: string, fault: Fault][] = [
  ['429 with Retry-After', { status: 429, retryAfter: retryAfterS }],
  ['429 without Retry-After', { status: 429 }],
  ['429 with an absurd Retry-After', { status: 429, retryAfter: -1 }],
  ['500 before it is applied', { status: 500 }],
  ['503 after it is applied', { status: 503, when: 'after' }],
  ['internal_error before it is applied', { error: 'internal_error' }],
  ['internal_error after it is applied', { error: 'internal_error', when: 'after' }],
  ['no answer, not applied', 'timeout'],
  ['no answer, applied', { timeout: true, when: 'after' }],
  ['a cut connection, not applied', 'reset'],
  ['a cut connection, applied', { reset: true, when: 'after' }],
  ['half an answer, applied', { raw: '{"ok":tr', isCut: true, when: 'after' }],
  ['a page of HTML, not applied', { raw: '<html>We are looking into it</html>' }],
  ['an empty answer, applied', { raw: '', when: 'after' }],
];

/** Only where no answer comes is one waited for: a busy machine may be slow with the others. */
const patienceWith = (fault: Fault | null) =>
  fault === 'timeout' || (typeof fault === 'object' && fault && 'timeout' in fault)
    ? { slackTimeoutMs: 400 }
    : {};

/** The row that a post is for. Arguments of a call that was not judged are as they came. */
function refOf({ args: { metadata } }: Call): string {
  const read = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  return (read as { event_payload: { ref: string } }).event_payload.ref;
}

/** How many messages of the bot stand in each place. */
const placesOf = ({ slack }: World): Record<string, number> => {
  const count: Record<string, number> = {};
  const names = new Map(slack.channels().map((name) => [slack.channel(name).id, name]));
  for (const { ok, args } of slack.callsTo('chat.postMessage')) {
    const place = names.get(String(args.channel)) ?? 'direct messages';
    if (ok) count[place] = (count[place] ?? 0) + 1;
  }
  return count;
};

/** Every second post of a whole incident meets the fault. */
async function troubledIncident(fault: Fault | null): Promise<World> {
  const world = await start(patienceWith(fault));
  const { slack } = world;
  let isNextHit = true;
  slack.watch(({ method }, when) => {
    if (fault === null || method !== 'chat.postMessage' || when !== 'before') return;
    if (isNextHit) slack.faults.next('chat.postMessage', fault);
    isNextHit = !isNextHit;
  });
  if (fault) slack.faults.next('chat.postMessage', fault);
  await slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  await world.pass('3m');
  await slack.as('bea').click('Acknowledge', { in: 'dm' });
  const commands = [
    'sev 2 fewer users',
    'role comms @cai',
    'update Rolling back',
    'note checked',
    'resolve rollback',
  ];
  for (const words of commands) {
    await slack.as('bea').command(`/incident ${words}`, { in: 'inc-' });
    await world.settle();
    await world.pass('3m');
  }
  slack.faults.clear();
  isNextHit = false;
  await world.pass('15m');
  return world;
}

test.each(faults)(
  'every second post meets %s: each message is there once, in its order, none is lost',
  async (_title, fault) => {
    const world = await troubledIncident(fault);
    const posts = world.slack.callsTo('chat.postMessage');
    const applied = posts.filter(({ ok }) => ok).map(refOf);
    expect(applied.length).toBeGreaterThan(8);
    expect(applied.filter((ref, at) => applied.indexOf(ref) !== at)).toEqual([]);
    expect(placesOf(world)).toEqual(placesOf(await troubledIncident(null)));
    expect(world.store.outboxReport(10)).toMatchObject({
      waiting: 0,
      unknown: 0,
      parked: 0,
      dead: 0,
      troubles: [],
    });
    const channel = world.store.incident(1)?.channel?.id;
    const here = posts.filter(({ args }) => args.channel === channel);
    const inOrder = here.filter(({ ok }) => ok).map(refOf);
    expect(inOrder).toEqual([...new Set(here.map(refOf))].filter((ref) => inOrder.includes(ref)));
  },
);

test('nothing is posted to a place before its Retry-After is over', async () => {
  const world = await troubledIncident({ status: 429, retryAfter: retryAfterS });
  const posts = world.slack.callsTo('chat.postMessage');
  const refused = posts.filter(({ error }) => error === 'http 429');
  expect(refused.length).toBeGreaterThan(3);
  const early = refused.flatMap((call) =>
    posts
      .slice(posts.indexOf(call) + 1)
      .filter(({ at, args }) => args.channel === call.args.channel && at < call.at + retryAfterS * 1000),
  );
  expect(early).toEqual([]);
});

test('while posts are sent away a form opens at once: its trigger lives three seconds', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  world.slack.faults.always('chat.postMessage', { status: 429, retryAfter: retryAfterS });
  await ana.command('/incident declare sev1 Checkout is down');
  await world.settle();
  await ana.command('/incident declare');
  await world.settle();
  expect(ana.modal()).toContain('What is broken?');
});

test('a Retry-After of a day is asked again after ten minutes', async () => {
  const world = await start();
  world.slack.faults.next('conversations.create', { status: 429, retryAfter: 86_400 });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  await world.pass('9m');
  expect(world.slack.channels()).not.toContainEqual(expect.stringMatching(/^inc-/));
  expect(world.slack.as('bea').dm()).toContain('Checkout is down');
  await world.pass('2m');
  expect(world.slack.channels()).toContainEqual(expect.stringMatching(/^inc-/));
});

test('a message in doubt is looked up even when the look itself is refused for a while', async () => {
  const world = await start();
  world.slack.faults.next('chat.postMessage', { status: 500, when: 'after' }, 3);
  world.slack.faults.next('conversations.history', { status: 429, retryAfter: 5 }, 4);
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.pass('4m');
  const applied = world.slack
    .callsTo('chat.postMessage')
    .filter(({ ok }) => ok)
    .map(refOf);
  expect(applied.length).toBeGreaterThan(2);
  expect(new Set(applied).size).toBe(applied.length);
});

test('blocks that Slack refuses go out as plain text', async () => {
  const world = await start();
  world.slack.faults.next('chat.postMessage', { error: 'invalid_blocks' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  const [refused] = world.slack.callsTo('chat.postMessage').filter(({ error }) => error === 'invalid_blocks');
  const again = world.slack
    .callsTo('chat.postMessage')
    .filter((call) => call.ok && refOf(call) === refOf(refused!));
  expect(again.map(({ args }) => [args.text, args.blocks])).toEqual([[refused!.args.text, undefined]]);
});

test('a revoked token: messages are held back, doctor says so, and they go out once it is accepted again', async () => {
  const world = await start();
  const { slack } = world;
  await slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  slack.tokens.revoke();
  await slack.as('bea').click('Acknowledge', { in: 'dm' });
  await slack.as('bea').command('/incident note rolled back', { in: 'inc-' });
  await world.pass('1m');
  expect(world.store.outboxReport(10).parked).toBeGreaterThan(0);
  await slack.as('ana').command('/incident doctor', { in: 'general' });
  expect(slack.as('ana').reads()).toContain('Slack does not accept our token');
  const asked = slack.callsTo('auth.test').length;
  await world.pass('5m');
  expect(slack.callsTo('auth.test').length - asked).toBe(20);
  slack.tokens.restore();
  await world.pass('30s');
  expect(world.store.outboxReport(10)).toMatchObject({ parked: 0, waiting: 0, dead: 0 });
  expect(slack.as('bea').dm()).toContain('You have it');
  expect(slack.channel('inc-').transcript()).toContain('bea has it');
});

test('Slack is away at the first start: alerts are taken, and everything goes out when it comes back', async () => {
  const world = await start({ botless: true });
  world.slack.faults.always('*', { status: 503 });
  await world.restart();
  expect((await fetch(`http://127.0.0.1:${world.port}/readyz`)).status).toBe(200);
  await world.pagerduty.trigger({
    title: 'Checkout is down',
    service: { id: 'PPAYMNT', summary: 'payments' },
    urgency: 'high',
  });
  await world.pass('1m');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  world.slack.faults.clear();
  await world.pass('1m');
  expect(world.slack.channel('inc-').transcript()).toContain('Checkout is down');
  expect(world.slack.channels()).toContain('incidents');
});

test.skipIf(transport === 'socket')(
  'Slack is away at a later start: commands are answered, pages go out as soon as it is back',
  async () => {
    const world = await start();
    world.slack.faults.always('*', { status: 503 });
    await world.restart();
    await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
    expect(world.slack.as('ana').reads()).toContain('INC-1 is declared');
    await world.slack.as('ana').command('/incident doctor');
    expect(world.slack.as('ana').reads()).toContain('Slack does not answer');
    world.slack.faults.clear();
    await world.pass('1m');
    expect(world.slack.as('bea').dm().split('· Checkout is down').length - 1).toBe(1);
  },
);

test('a page claimed after somebody acknowledged is not sent', async () => {
  const world = await start();
  world.slack.faults.next('conversations.open', { status: 429, retryAfter: 60 });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  await world.slack.as('bea').command('/incident ack', { in: 'inc-' });
  await world.pass('4m');
  expect(world.slack.as('bea').dm()).toBe('');
});

test('somebody acknowledges while the page asks Slack where to go: it is not sent', async () => {
  const world = await start();
  let isAcknowledged = false;
  world.slack.watch(async ({ method }, when) => {
    if (method !== 'conversations.open' || when !== 'after' || isAcknowledged) return;
    isAcknowledged = true;
    await world.slack.as('cai').command('/incident INC-1 ack');
  });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  await world.settle();
  expect(isAcknowledged).toBe(true);
  expect(world.slack.as('bea').dm()).toBe('');
  expect(world.slack.channel('inc-').transcript()).toContain('cai has it. Paging stopped.');
});

test('a page does not wait for ten thousand lines of chatter', async () => {
  const world = await start();
  await world.slack.as('ana').command('/incident declare sev4 A busy one');
  await world.settle();
  const about = { type: 'effect-failed', kind: 'card', error: 'x' } as const;
  const effects = Array.from({ length: 10_000 }, () => ({ kind: 'say', about }) as const);
  await world.store.update(1, (incident) => ({ facts: [about], incident, effects }), {
    at: world.clock.now(),
    cause: 'chatter',
  });
  const before = world.slack.calls.length;
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down');
  for (let turn = 0; turn < 2_000 && !world.slack.as('bea').dm().includes('Checkout is down'); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(world.slack.as('bea').dm()).toContain('Checkout is down');
  expect(world.slack.calls.length - before).toBeLessThan(200);
  await world.store.update(1, (incident) => ({ facts: [about], incident, effects: [] }), {
    at: world.clock.now(),
    cause: 'end',
  });
});

/** Whatever else an incident needs of Slack, from declaring to the draft's file. */
const others = [
  'conversations.create',
  'conversations.invite',
  'conversations.setTopic',
  'conversations.setPurpose',
  'conversations.open',
  'conversations.history',
  'users.info',
  'pins.add',
  'chat.update',
  'files.getUploadURLExternal',
  'files.completeUploadExternal',
];
const oneOfEach: [title: string, fault: Fault][] = faults.filter(([title]) =>
  /^(429 with |500|internal_error after|no answer, applied|a cut connection, applied)/.test(title),
);

test.each(oneOfEach)(
  'the first call of every other kind meets %s: one channel, one card, one pin, one draft, one file',
  async (_title, fault) => {
    const world = await start(patienceWith(fault));
    const { slack } = world;
    for (const method of others) slack.faults.next(method, fault);
    await slack.as('ana').command('/incident declare sev1 Checkout is down');
    await world.settle();
    await world.pass('3m');
    await slack.as('bea').click('Acknowledge', { in: 'dm' });
    await slack.as('bea').command('/incident INC-1 resolve rollback');
    await world.settle();
    await world.pass('20m');
    const channel = slack.channel('inc-');
    const shown = channel.transcript();
    const made = slack.callsTo('conversations.create').filter(({ ok }) => ok);
    expect(made.filter(({ args }) => String(args.name).startsWith('inc-'))).toHaveLength(1);
    expect(channel.topic).toContain('Resolved');
    expect(channel.purpose).toContain('Everything written here is recorded');
    expect(channel.members).toContain('bea');
    expect(channel.pins).toHaveLength(1);
    expect(channel.pins[0]).toContain('Fixed by rollback');
    expect(channel.files.filter(({ name }) => name.endsWith('.md'))).toHaveLength(1);
    expect(shown.match(/The postmortem draft as a file/g)).toHaveLength(1);
    expect(world.store.outboxReport(10)).toMatchObject({ waiting: 0, unknown: 0, parked: 0, dead: 0 });
  },
);
