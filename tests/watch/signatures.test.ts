import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { ask, watchedWorld } from '../support/watched.ts';

/** What the last look at ourselves found. */
const findings = async (world: World): Promise<{ word: string; silences: boolean; says: string }[]> =>
  JSON.parse((await ask(world)).text).audit.findings;

/** A bot that was started with another Signing Secret than the app has. */
async function deafWorld() {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  return { ...(await watchedWorld({ log }, { slackSigningSecret: 'of-another-app' })), lines };
}

/** A request that anybody on the internet can send. */
const forge = (world: World, route: string, headers: Record<string, string>) =>
  fetch(`http://127.0.0.1:${world.port}${route}`, { method: 'POST', body: '{}', headers });

const forgeSlack = (world: World, at = world.clock.now()) =>
  forge(world, '/slack/events', {
    'x-slack-request-timestamp': String(Math.floor(at / 1_000)),
    'x-slack-signature': `v0=${'a'.repeat(64)}`,
  });

const forgePagerDuty = (world: World, key: string) =>
  forge(world, '/webhooks/pagerduty', {
    'x-pagerduty-signature': `v1=${createHmac('sha256', key).update('{}').digest('hex')}`,
  });

test('a wrong SLACK_SIGNING_SECRET: commands fail, and the log and /healthz name the variable and the cure', async () => {
  const { world, beatsIn, lines } = await deafWorld();
  const ana = world.slack.as('ana');
  for (let tries = 0; tries < 3; tries += 1)
    expect(await ana.command('/incident list', { in: 'general' })).toContain('dispatch_failed');
  await world.pass('2m');
  expect(await findings(world)).toEqual([
    {
      word: 'slack-refused',
      silences: false,
      says: expect.stringMatching(
        /^Slack's requests are refused: \d+ did not fit SLACK_SIGNING_SECRET, and none did since\. Copy the Signing Secret from Basic Information of the Slack app, put it in, and restart\. If commands work, somebody else forges them, and they are rightly refused\.$/,
      ),
    },
  ]);
  expect(await ana.command('/incident list', { in: 'general' })).toContain('dispatch_failed');
  const told = lines.map((line) => JSON.parse(line)).filter(({ reason }) => reason === 'mismatch');
  const words = expect.stringContaining('does not fit SLACK_SIGNING_SECRET: copy the Signing Secret from');
  expect([told[0], told.at(-1)]).toMatchObject([
    { count: 1, msg: words },
    { count: expect.any(Number), msg: words },
  ]);
  // Nobody can tell it from a stranger's forgeries, who must not be able to wake anybody.
  expect(await beatsIn('5m')).toBe(5);
  expect(world.slack.channel('incidents').transcript()).not.toContain('refused');
});

test('forged requests to a bot that hears Slack: nothing is found, and people are told nothing', async () => {
  const { world, beatsIn } = await watchedWorld();
  const ana = world.slack.as('ana');
  await world.pass('2m');
  for (let minutes = 0; minutes < 30; minutes += 10) {
    expect((await forgeSlack(world)).status).toBe(401);
    await ana.command('/incident list', { in: 'general' });
    for (let more = 0; more < 5; more += 1) await forgeSlack(world);
    expect(await beatsIn('10m')).toBe(10);
    expect(await findings(world)).toEqual([]);
  }
  expect(world.slack.channel('incidents').transcript()).not.toContain('refused');
});

test('forged in a quiet night: words for whoever looks, the beat goes on, and the next command ends it', async () => {
  const { world, beatsIn } = await watchedWorld();
  await world.pass('20m');
  await forgeSlack(world);
  expect(await beatsIn('5m')).toBe(5);
  expect(await findings(world)).toMatchObject([{ word: 'slack-refused', silences: false }]);
  expect(await world.slack.as('ana').command('/incident doctor', { in: 'general' })).toContain(
    'All is well.',
  );
  await world.pass('1m');
  expect(await findings(world)).toEqual([]);
});

test('a single forged request is forgotten after an hour', async () => {
  const { world } = await watchedWorld();
  await world.pass('20m');
  await forgeSlack(world);
  await world.pass('50m');
  expect(await findings(world)).toHaveLength(1);
  await world.pass('12m');
  expect(await findings(world)).toEqual([]);
});

test("the machine's clock is wrong: Slack's requests look old, and the cure is the clock", async () => {
  const { world } = await watchedWorld();
  await world.pass('20m');
  await forgeSlack(world, world.clock.now() - 400_000);
  await world.pass('2m');
  expect((await findings(world))[0]?.says).toContain(
    "one came dated more than five minutes back. Set this machine's clock.",
  );
});

test('a wrong PAGERDUTY_WEBHOOK_SECRET is said in the doctor, until a webhook that fits comes', async () => {
  const { world, beatsIn } = await watchedWorld();
  const ana = world.slack.as('ana');
  await forgePagerDuty(world, 'of-another-subscription');
  await forgePagerDuty(world, 'of-another-subscription');
  expect(await beatsIn('5m')).toBe(5);
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain(
    "PagerDuty's webhooks are refused: 2 did not fit PAGERDUTY_WEBHOOK_SECRET, and none did since. Put the secret of the subscription in PAGERDUTY_WEBHOOK_SECRET, and restart.",
  );
  expect(world.slack.channel('incidents').transcript()).not.toContain('refused');
  await world.pagerduty.trigger({ service: 'PPAYMNT', title: 'p99 too high', urgency: 'low' });
  await forgePagerDuty(world, 'of-another-subscription');
  await world.pass('2m');
  expect(await findings(world)).toEqual([]);
});
