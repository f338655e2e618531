import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

async function declared(line: string, options: Parameters<typeof start>[0] = {}): Promise<World> {
  const world = await start(options);
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return world;
}

/** `02:15 Paged @cai`: the channel's lines about who was told, and that nobody was told again. */
const told = (world: World, channel = 'inc-'): string[] =>
  [
    ...world.slack
      .channel(channel)
      .transcript()
      .matchAll(/\[(..:..)\] Tocsin: ((?:Paged|Told) @\w+|Nobody \w+ was \w+|Everybody on the ladder)/g),
  ].map(([, time, words]) => `${time} ${words}`);

test.each([
  [
    'sev1',
    '30m',
    ['02:00 Paged @bea', '02:05 Paged @cai', '02:10 Paged @dana', '02:20 Paged @eve', '02:30 Paged @finn'],
  ],
  ['sev2', '1h', ['02:00 Paged @bea', '02:15 Paged @cai', '02:30 Paged @dana', '03:00 Told @eve']],
  ['sev3', '4h', ['02:00 Told @bea', '03:00 Told @dana', '06:00 Told @dana']],
])('the ladder of %s, if nobody answers', async (severity, duration, lines) => {
  const world = await declared(`${severity} Checkout is down`);
  await world.pass(duration);
  expect(told(world)).toEqual(lines);
});

test('the whole ladder comes round twice more, ten minutes apart, before the phone numbers', async () => {
  const world = await declared('sev1 Checkout is down');
  await world.pass('111m');
  const lines = told(world);
  expect(lines.filter((line) => line.endsWith('Paged @bea'))).toEqual([
    '02:00 Paged @bea',
    '02:40 Paged @bea',
    '03:20 Paged @bea',
  ]);
  expect(lines).toHaveLength(15);
  await world.pass('1h');
  expect(told(world).at(-1)).toMatch(/^04:00 Everybody on the ladder/);
  expect(told(world)).toHaveLength(16);
});

test('a severity that flaps pages nobody twice within 15 minutes, and does afterwards', async () => {
  const world = await declared('sev1 Checkout is down');
  const ana = world.slack.as('ana');
  const change = async (to: number, after: string) => {
    await world.pass(after);
    await ana.command(`/incident sev ${to}`, { in: 'inc-' });
    await world.settle();
  };
  await change(2, '1m');
  await change(1, '2m');
  expect(told(world)).toEqual(['02:00 Paged @bea', '02:03 Nobody else was paged']);
  expect(world.slack.channel('inc-').transcript()).toContain('Not again: bea (told 02:00)');
  await change(2, '1m');
  await change(1, '14m');
  expect(told(world).filter((line) => line.endsWith('@bea'))).toEqual([
    '02:00 Paged @bea',
    '02:18 Paged @bea',
  ]);
});

test('whoever was paged stands down when somebody else has it, and when it is over', async () => {
  const world = await declared('sev1 Checkout is down');
  await world.pass('5m');
  await world.slack.as('cai').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('Stand down: cai has it (02:05)');
  expect(world.slack.as('bea').dm()).not.toContain('[Acknowledge]');
  const other = await declared('sev1 Refunds fail');
  await other.pass('5m');
  await other.slack.as('ana').command('/incident resolve rollback', { in: 'inc-' });
  await other.settle();
  for (const handle of ['bea', 'cai']) {
    expect(other.slack.as(handle).dm()).toContain('Stand down: resolved 02:05 by ana');
    expect(other.slack.as(handle).dm()).not.toContain('[Acknowledge]');
  }
});

test.each([
  ['sev1', '14m', '02:15', '02:20 Paged @cai'],
  ['sev2', '29m', '02:30', '02:35 Paged @cai'],
])(
  '%s acknowledged, then silent: asked, five minutes later given back, and the next step is paged',
  async (severity, before, askedAt, next) => {
    const world = await declared(`${severity} Checkout is down`);
    const bea = world.slack.as('bea');
    await bea.click('Acknowledge', { in: 'dm' });
    await world.slack.as('ana').command('/incident role commander me', { in: 'inc-' });
    await world.pass(before);
    expect(bea.dm()).not.toContain('Still on it?');
    await world.pass('1m');
    expect(bea.dm()).toContain('Still on it? Nothing from you since 02:00.');
    expect(bea.dm()).toContain(`[${askedAt}] Tocsin:`);
    await world.pass('5m');
    expect(told(world).at(-1)).toBe(next);
    expect(world.slack.channel('inc-').transcript()).toContain('nobody has it');
  },
);

test('SEV3 acknowledged: nobody is asked whether they are still on it', async () => {
  const world = await declared('sev3 Mail is late');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('2h');
  expect(world.slack.as('bea').dm()).not.toContain('Still on it?');
});

test('somebody paused is named in the zone of whoever reads it, in the channel and on the lock screen', async () => {
  const until = Date.parse('2026-03-02T07:00Z');
  const quiet = { from: Date.parse('2026-03-01T22:00Z'), until };
  const world = await declared('sev1 Checkout is down', {
    slack: { people: ['ana', { name: 'bea', quiet }, 'cai', 'dana', 'eve', 'finn'] },
  });
  const [posted] = world.slack
    .callsTo('chat.postMessage')
    .filter(({ args }) => String(args.text).includes('Slack only; bea paused until'));
  expect(posted?.args.text).toContain(
    `paused until <!date^${until / 1000}^{time}|07:00 UTC>. This page may not ring.`,
  );
  expect(JSON.stringify(posted?.args)).toContain(
    `{"type":"date","timestamp":${until / 1000},"format":"{time}","fallback":"07:00 UTC"}`,
  );
});
