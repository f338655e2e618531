import { createHmac } from 'node:crypto';
import { onTestFinished, test } from 'vitest';
import { pagerdutySecret, startWorld, type World } from '../../src/sandbox/start.ts';
import { chanceOf } from '../kills/chance.ts';
import { seed } from '../support/seed.ts';
import { type Wire, wireOf } from '../support/wire.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** Requests on their way at once. */
const atOnce = 24;

interface Request {
  path: string;
  body: Buffer;
  headers: Record<string, string>;
}

/** A world whose door is the real one, with a genuine request of every kind that has been answered. */
async function opened() {
  const slack = { channels: [{ name: 'general', bot: true }, 'incidents'], rateLimits: false };
  const world = await startWorld({ at: '2026-03-02T10:00Z', slack });
  onTestFinished(() => world.stop());
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').say('we look into it', { in: 'inc-' });
  await world.pagerduty.trigger({ title: 'Cards fail', service: 'payments' });
  await world.settle();
  const wire = wireOf(world);
  const channel = world.store.incident(1)?.channel?.id ?? '';
  const ts = world.slack.channel('inc-').messages.at(-1)?.ts ?? '';
  const wires: Wire[] = [
    wire.command('ana', channel, 'note a bus has come'),
    wire.command('ana', channel, 'list'),
    wire.command('ana', channel, 'sev'),
    wire.mention('ana', channel, 'note a tram has come'),
    wire.directMessage('ana', await wire.direct('ana'), 'INC-1 note a boat has come'),
    wire.click('ana', channel, 'take-command', { incident: 1 }),
    wire.click('ana', channel, 'severity', { incident: 1 }),
    wire.submit('ana', 'note', { incident: 1 }, { text: { text: { value: 'a train has come' } } }),
    wire.shortcut('ana', channel, 'declare-incident', ts),
    wire.shortcut('ana', channel, 'add-to-timeline', ts),
    wire.reaction('ana', channel, ts),
    wire.home('ana', await wire.direct('ana')),
  ];
  const toSlack = wires.map((one): Request => {
    return { path: '/slack/events', body: Buffer.from(one.body), headers: wire.headers(one) };
  });
  for (const one of toSlack) await send(world, one);
  await world.settle();
  const toPagerDuty = world.pagerduty.deliveries.map(({ body }): Request => signedByPagerDuty(body));
  return { world, toSlack, toPagerDuty };
}

function signedByPagerDuty(body: string): Request {
  const digest = createHmac('sha256', pagerdutySecret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': `v1=${digest}` };
  return { path: '/webhooks/pagerduty', body: Buffer.from(body), headers };
}

async function send(world: World, { path, body, headers }: Request) {
  const answer = await fetch(`http://127.0.0.1:${world.port}${path}`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers,
  });
  return { status: answer.status, text: await answer.text() };
}

/** Everything that a request could have changed, or made the bot say. */
const traces = ({ store, slack, pagerduty }: World): string =>
  JSON.stringify([
    store.list({ limit: 100 }),
    store.list({ limit: 100 }).map(({ id }) => store.timeline(id).length),
    store.desks(),
    store.quarantined(),
    slack.calls.length,
    pagerduty.calls.length,
  ]);

/** Sends so many of them; what was answered otherwise than it should be, and whether anything changed. */
async function attack(
  world: World,
  make: (n: number) => Request,
  isRefused: (answer: { status: number; text: string }) => boolean,
) {
  const before = traces(world);
  let accepted = 0;
  for (let from = 0; from < profile.hostile; from += atOnce) {
    const count = Math.min(atOnce, profile.hostile - from);
    const answers = Array.from({ length: count }, (_, n) => send(world, make(from + n)));
    for (const answer of await Promise.all(answers)) if (!isRefused(answer)) accepted += 1;
  }
  await world.settle();
  return accepted + (traces(world) === before ? 0 : 1);
}

const { between, oneOf } = chanceOf(seed);
const below = (max: number): number => between(0, max - 1);
const hex = (length: number): string => Array.from({ length }, () => below(16).toString(16)).join('');

/** Signed by somebody who does not know the secret, or not at all. */
function forged({ headers, ...request }: Request): Request {
  const { 'content-type': type = '', 'x-slack-request-timestamp': time = '1' } = headers;
  const isSlack = request.path === '/slack/events';
  const mine = createHmac('sha256', hex(32))
    .update(isSlack ? `v0:${time}:` : '')
    .update(request.body)
    .digest('hex');
  const signatures = [
    `v0=${mine}`,
    `v1=${mine}`,
    mine,
    `v0=${hex(64)}`,
    `v1=${hex(64)}`,
    '',
    'v0=',
    'v1=',
    `v0=${hex(63)}`,
    `v1=${hex(65)}`,
    `v0=${hex(64)}, v0=${hex(64)}`,
    `v1=${hex(64)},v1=${hex(64)}`,
    `v2=${hex(64)}`,
    'null',
  ];
  const name = isSlack ? 'x-slack-signature' : 'x-pagerduty-signature';
  const signature = oneOf(signatures);
  const isBare = below(10) === 0;
  return {
    ...request,
    headers: {
      'content-type': type,
      ...(isSlack && below(10) > 0 && { 'x-slack-request-timestamp': time }),
      ...(!isBare && { [name]: signature }),
    },
  };
}

/** Genuine but for one bit of the body, one sign of the signature, or its time. */
function mutated({ headers, body, path }: Request): Request {
  const name = path === '/slack/events' ? 'x-slack-signature' : 'x-pagerduty-signature';
  const what = below(path === '/slack/events' ? 3 : 2);
  if (what === 0) {
    const bytes = Buffer.from(body);
    const at = below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return { path, headers, body: bytes };
  }
  if (what === 1) {
    const signature = headers[name] ?? '';
    const at = 3 + below(64);
    const other = oneOf(Array.from('0123456789abcdef').filter((sign) => sign !== signature[at]));
    return {
      path,
      body,
      headers: { ...headers, [name]: signature.slice(0, at) + other + signature.slice(at + 1) },
    };
  }
  const time = Number(headers['x-slack-request-timestamp']) + oneOf([-1, 1, 60, -60, 299, -299, 301, 86_400]);
  return { path, body, headers: { ...headers, 'x-slack-request-timestamp': String(time) } };
}

test('forged, changed and repeated requests change nothing and are told nothing', async () => {
  const { world, toSlack, toPagerDuty } = await opened();
  const refusedBySlack = ({ status }: { status: number }): boolean => status === 401;
  // A well-formed signature that matches none of our secrets may be a secret that we do not know yet: 503, and nothing else.
  const refusedByPagerDuty = ({ status }: { status: number }): boolean => status === 401 || status === 503;
  const accepted = {
    'forged for Slack': await attack(world, () => forged(oneOf(toSlack)), refusedBySlack),
    'changed for Slack': await attack(world, () => mutated(oneOf(toSlack)), refusedBySlack),
    'repeated for Slack': await attack(
      world,
      () => oneOf(toSlack),
      ({ status, text }) => status === 200 && text === '',
    ),
    'forged for PagerDuty': await attack(world, () => forged(oneOf(toPagerDuty)), refusedByPagerDuty),
    'changed for PagerDuty': await attack(world, () => mutated(oneOf(toPagerDuty)), refusedByPagerDuty),
    'repeated for PagerDuty': await attack(
      world,
      (n) => {
        const { path, body, headers } = oneOf(toPagerDuty);
        return { path, body, headers: { ...headers, 'x-webhook-id': `replay-${n}` } };
      },
      ({ status }) => status === 202,
    ),
  };
  const sum = Object.values(accepted).reduce((all, one) => all + one, 0);
  const wrong = Object.entries(accepted).filter(([, count]) => count > 0);
  proved({
    goal: 8,
    tried: `${profile.hostile} forged, ${profile.hostile} changed and ${profile.hostile} repeated requests, each to Slack's door and to PagerDuty's`,
    seen: `${sum} accepted${wrong.map(([what, count]) => `, ${count} ${what}`).join('')}`,
    bar: '0 accepted',
    holds: sum === 0,
  });
});
