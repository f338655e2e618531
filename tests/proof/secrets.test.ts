import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { environmentOf, folder, type Running, run, slackNow, until } from '../support/process.ts';
import { proved } from './proved.ts';

/** Marked, so that they are found wherever they come out; each as its variable wants it. */
const secrets = {
  PAGERDUTY_WEBHOOK_SECRET: 'canary-webhook-secret',
  PAGERDUTY_API_TOKEN: 'canary-api-token-1234',
  PAGERDUTY_FROM_EMAIL: 'canary-from@example.com',
  PAGERDUTY_ROUTING_KEY: `canary${'0'.repeat(26)}`,
  WEBHOOK_SECRET: 'canary-outgoing-secret',
  HEALTH_TOKEN: 'canary-health-token',
  HEARTBEAT_URL: 'http://127.0.0.1:9/canary-heartbeat',
};
/** Nobody listens there. */
const closed = { PAGERDUTY_API_URL: 'http://127.0.0.1:9/', PAGERDUTY_EVENTS_URL: 'http://127.0.0.1:9/' };

/** What a library could throw at the worst moment, with everything it had at hand; once somebody listens to that. */
const crash = (secret: string): string =>
  `setInterval(() => { if (process.listenerCount('uncaughtException') === 0) return;
  throw Object.assign(new Error('the socket broke: Bearer ${secret}'), {
    headers: { authorization: 'Bearer ${secret}' }, body: 'canary-body', token: '${secret}', secret: '${secret}',
    original: { config: { headers: { authorization: '${secret}' } } } }); }, 50);`;

function signed(body: string): Record<string, string> {
  const digest = createHmac('sha256', secrets.PAGERDUTY_WEBHOOK_SECRET).update(body).digest('hex');
  return { 'x-pagerduty-signature': `v1=${digest}` };
}

/** Ordinary life of one incident while Slack answers with every kind of trouble, and PagerDuty not at all. */
async function lived(slack: Awaited<ReturnType<typeof slackNow>>, process: Running): Promise<void> {
  const port = await process.listening;
  const url = `http://127.0.0.1:${port}`;
  slack.connect(url);
  const [ana, bea] = [slack.as('ana').goTo('general'), slack.as('bea')];
  const troubles = [
    { status: 500 },
    { error: 'internal_error' },
    { error: 'invalid_blocks' },
    'reset',
  ] as const;
  for (const fault of troubles) slack.faults.next('chat.postMessage', fault);
  for (const fault of troubles) slack.faults.next('views.open', fault);
  slack.faults.next('users.info', { status: 429, retryAfter: 1 });
  slack.faults.next('conversations.create', { status: 503 });
  await ana.command('/incident declare sev1 canary-title of xoxb-canary-in-a-title');
  await until('the page', () => bea.dm().includes('canary-title'));
  await until('Ana is in the channel', () =>
    slack.channels().some((name) => name.startsWith('inc-') && slack.channel(name).members.includes('ana')),
  );
  ana.goTo('inc-');
  await ana.say('canary-message with xoxb-canary-in-a-message');
  await ana.edit(/canary-message/, 'canary-edited');
  for (const line of [
    'sev',
    'note canary-note',
    'update canary-update',
    'canary-typo',
    'call https://canary.example.com/1',
  ])
    await ana.command(`/incident ${line}`);
  await ana.mention('note canary-mention');
  slack.faults.always('*', { error: 'invalid_auth' });
  await ana.say('canary-unheard');
  await ana.command('/incident role commander me');
  slack.faults.clear();
  const bodies = [
    '{"canary":"canary-unreadable"}',
    'canary-no-json',
    `{"event":{"id":"canary-event","title":"canary"}}`,
  ];
  for (const body of bodies) {
    const headers = { ...signed(body), 'x-webhook-id': 'w1' };
    await fetch(`${url}/webhooks/pagerduty`, { method: 'POST', body, headers });
    await fetch(`${url}/webhooks/pagerduty`, {
      method: 'POST',
      body,
      headers: { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` },
    });
    await fetch(`${url}/slack/events`, {
      method: 'POST',
      body,
      headers: { 'x-slack-signature': 'v0=canary', 'x-slack-request-timestamp': '1' },
    });
  }
  for (const path of ['/healthz?token=canary', '/metrics', '/canary-path'])
    await fetch(`${url}${path}`, { headers: { authorization: 'Bearer canary-wrong' } });
}

/** A little of that life over a socket, whose address is a secret too, and which is cut. */
async function livedBySocket(variables: Record<string, string>) {
  const slack = await slackNow({ rateLimits: false, socketMode: true });
  slack.connect('by socket');
  const home = folder();
  const environment = { ...variables, ...environmentOf(slack, home), SLACK_APP_TOKEN: slack.appToken };
  const tocsin = run({ ...environment, LOG_LEVEL: 'trace' });
  await tocsin.listening;
  await until('the socket is open', () => slack.sockets.count() === 1);
  slack.faults.next('apps.connections.open', { status: 500 });
  slack.sockets.cut();
  await until('it came back', () => slack.sockets.greeted() >= 2 && slack.sockets.count() === 1);
  await slack.as('ana').command('/incident declare sev1 canary-title by socket', { in: 'general' });
  await until('the page', () => slack.as('bea').dm().includes('canary-title'));
  tocsin.child.kill('SIGTERM');
  await tocsin.ended;
  return { tocsin, appToken: slack.appToken };
}

test('no secret and nothing that people wrote comes out in a log, whatever breaks', async () => {
  const slack = await slackNow({ rateLimits: false });
  const home = folder();
  const environment = { ...environmentOf(slack, home), ...secrets, ...closed, LOG_LEVEL: 'trace' };
  const ordinary = run(environment);
  await lived(slack, ordinary);
  ordinary.child.kill('SIGTERM');
  await ordinary.ended;
  const socket = await livedBySocket(environment);
  const preload = join(home, 'crash.mjs');
  writeFileSync(preload, crash(slack.botToken));
  const crashing = run({ ...environment, NODE_OPTIONS: `--import=${preload}`, PORT: '0' });
  await crashing.ended;
  const refused = run({ ...environment, SLACK_BOT_TOKEN: 'canary-no-token', PAGERDUTY_API_TOKEN: 'canary' });
  await refused.ended;
  const output = [ordinary, crashing, refused, socket.tocsin].map((one) => one.output());
  const lines = output.join('\n').split('\n');
  const seen = [
    slack.botToken,
    slack.signingSecret,
    socket.appToken,
    '/link/',
    'canary',
    'hooks.slack.com',
    '/respond/',
    'xoxb-canary',
    '@example.com',
  ];
  const found = seen.flatMap((one) => lines.filter((line) => line.includes(one)));
  proved({
    goal: 8,
    tried: `${Object.keys(secrets).length + 3} secrets of the environment, message texts, bodies, signatures and addresses, at level trace, through ordinary life, Slack's and PagerDuty's errors, a socket that breaks, a crash and a refused start`,
    seen: `${found.length} of ${lines.length} lines tell one${found
      .slice(0, 3)
      .map((line) => `: ${line.slice(0, 200)}`)
      .join('')}`,
    bar: '0 lines',
    // It did speak, of the troubles and of its end.
    holds: found.length === 0 && /"level":40/.test(output[0] ?? '') && /"level":60/.test(output[1] ?? ''),
  });
});
