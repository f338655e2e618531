import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt, parseJson } from '../../src/sandbox/json.ts';
import { startPagerDuty } from '../../src/sandbox/pagerduty.ts';
import { signatureOf } from '../../src/sandbox/pagerduty-webhook.ts';
import { fixture, haveFixtures, keyPaths, needsFixtures } from './fixtures.ts';
import { later } from './world.ts';

async function desk(statuses: number[] = []) {
  const clock = movableClock(Date.parse('2026-03-02T02:00:00Z'));
  const heard: { headers: IncomingHttpHeaders; raw: string; event: Json }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const body = parseJson(raw);
      heard.push({ headers: request.headers, raw, event: isObject(body) ? objectAt(body, 'event') : {} });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pagerduty = later(startPagerDuty({ clock, secrets: ['new', 'old'] }));
  later({ close: () => void server.close() });
  pagerduty.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/pagerduty`);
  const types = () => heard.map(({ event }) => String(event.event_type));
  const pass = async (ms: number) => {
    clock.set(clock.now() + ms);
    await new Promise((resolve) => setImmediate(resolve));
    await pagerduty.quiet();
  };
  return { clock, pagerduty, heard, types, pass };
}

test('the signature is the one of the notes, over the raw bytes', () => {
  const body =
    '{"event":{"id":"01TESTEVENT","event_type":"pagey.ping","resource_type":"pagey","occurred_at":"2026-01-01T00:00:00.000Z","agent":null,"client":null,"data":{"message":"héllo","type":"ping"}}}';
  expect(signatureOf('test-secret-do-not-use', body)).toBe(
    '5ed858637443095ab91118e78757499443e96ccfb5c07d167afc0c4b96de13e8',
  );
});

test('an incident lives through its events, each signed with both secrets', async () => {
  const { pagerduty, heard, types } = await desk();
  const alert = { title: 'Checkout latency', service: 'checkout', priority: 'P1', assignees: ['ana'] };
  const incident = await pagerduty.trigger(alert);
  const other = await pagerduty.trigger({ title: 'Same', service: 'checkout' });
  await pagerduty.acknowledge(incident, { by: 'ana' });
  await pagerduty.unacknowledge(incident);
  await pagerduty.escalate(incident, { to: ['bea'] });
  await pagerduty.reassign(incident, { to: ['cai'], by: 'bea' });
  await pagerduty.priority(incident, 'P2');
  await pagerduty.annotate(incident, 'killed the query', { by: 'cai' });
  await pagerduty.merge(other, incident);
  await pagerduty.resolve(incident, { by: 'cai' });
  await pagerduty.reopen(incident);
  await pagerduty.ping();
  expect(types().map((type) => type.replace('incident.', ''))).toEqual([
    'triggered',
    'triggered',
    'acknowledged',
    'unacknowledged',
    'escalated',
    'reassigned',
    'priority_updated',
    'annotated',
    'resolved',
    'resolved',
    'reopened',
    'pagey.ping',
  ]);
  const signed = (secret: string, raw: string) =>
    `v1=${createHmac('sha256', secret).update(raw).digest('hex')}`;
  for (const { headers, raw } of heard) {
    expect(headers['x-pagerduty-signature']).toBe(`${signed('new', raw)},${signed('old', raw)}`);
  }
  expect(new Set(heard.map(({ headers }) => headers['x-webhook-id'])).size).toBe(12);
  expect(objectAt(heard[8]?.event, 'data').resolve_reason).toMatchObject({ type: 'merge_resolve_reason' });
});

const CAPTURES: [string, string][] = [
  ['triggered', 'triggered_v3'],
  ['acknowledged', 'acknowledged_v3'],
  ['resolved', 'resolved_v3'],
  ['reassigned', 'reassigned_v3'],
  ['escalated', 'escalate_v3'],
  ['priority_updated', 'priority_updated_v3'],
  ['annotated', 'annotated_v3'],
];
/** Keys that captures of 2026 have and those of 2021 have not. */
const SINCE_2021 = /^event\.data\.(incident_key|created_at|reopened_at|incident_type(\.name)?)$/;

test.skipIf(!haveFixtures)(`the keys are those of real captures${needsFixtures}`, async () => {
  const { pagerduty, heard } = await desk();
  const incident = await pagerduty.trigger({ title: 'x', service: 'checkout', assignees: ['ana'] });
  await pagerduty.acknowledge(incident, { by: 'ana' });
  await pagerduty.reassign(incident, { to: ['bea'] });
  await pagerduty.priority(incident, 'P2');
  await pagerduty.escalate(incident, { to: ['bea'] });
  await pagerduty.annotate(incident, 'x');
  await pagerduty.priority(incident, null);
  await pagerduty.resolve(incident);
  for (const [type, file] of CAPTURES) {
    const capture = fixture(`pagerduty-v3/${file}.json`);
    const ours = heard.find(({ event }) => event.event_type === `incident.${type}`);
    const isOld = JSON.stringify(capture).includes('"2021-');
    const keys = [...keyPaths({ event: ours?.event })].filter((path) => !(isOld && SINCE_2021.test(path)));
    expect({ type, keys: keys.toSorted() }).toEqual({ type, keys: [...keyPaths(capture)].toSorted() });
  }
});

test('5xx and 429 are tried again on the clock, and hold up what follows about the same incident', async () => {
  const { pagerduty, heard, types, pass } = await desk([503, 429]);
  const incident = await pagerduty.trigger({ title: 'x', service: 'checkout' });
  await pagerduty.acknowledge(incident);
  await pagerduty.trigger({ title: 'y', service: 'search' });
  expect(types()).toEqual(['incident.triggered', 'incident.triggered']);
  await pass(10_000);
  await pass(60_000);
  await expect.poll(types).toContain('incident.acknowledged');
  expect(pagerduty.deliveries.map(({ status, attempts }) => [status, attempts.length])).toEqual([
    ['delivered', 2],
    ['delivered', 1],
    ['delivered', 2],
  ]);
  expect(heard[0]?.headers['x-webhook-id']).not.toBe(heard[1]?.headers['x-webhook-id']);
});

test('three drops in a row switch the subscription off for a day, and its events are gone', async () => {
  const { clock, pagerduty, types, pass } = await desk([401, 400, 404]);
  for (const title of ['a', 'b', 'c', 'd']) await pagerduty.trigger({ title, service: 's' });
  expect(pagerduty.deliveries.map(({ status }) => status)).toEqual(Array(4).fill('dropped'));
  expect([types().length, pagerduty.disabledUntil()]).toEqual([3, clock.now() + 24 * 3_600_000]);
  await pass(24 * 3_600_000);
  await pagerduty.trigger({ title: 'e', service: 's' });
  expect([types().length, pagerduty.disabledUntil()]).toEqual([4, null]);
});

test('events come late, twice, out of order, wrongly signed or broken', async () => {
  const { pagerduty, heard, types } = await desk();
  pagerduty.next('hold', 2);
  const incident = await pagerduty.trigger({ title: 'x', service: 's' });
  await pagerduty.acknowledge(incident);
  await pagerduty.resolve(incident);
  await pagerduty.release();
  await pagerduty.redeliver();
  expect(types().map((type) => type.slice(9))).toEqual(['resolved', 'acknowledged', 'triggered', 'resolved']);
  expect(heard[3]?.event.id).toBe(heard[0]?.event.id);
  for (const misdeed of ['wrong-secret', 'unsigned', 'malformed-signature', 'broken-body'] as const) {
    pagerduty.next(misdeed);
    await pagerduty.ping();
  }
  const [wrong, unsigned, malformed, broken] = heard.slice(4);
  expect(wrong?.headers['x-pagerduty-signature']).toBe(
    `v1=${signatureOf('not-the-secret', wrong?.raw ?? '')}`,
  );
  expect(unsigned?.headers['x-pagerduty-signature']).toBeUndefined();
  expect(malformed?.headers['x-pagerduty-signature']).toBe('v1:0123');
  expect([parseJson(broken?.raw ?? ''), broken?.headers['x-pagerduty-signature']]).toEqual([
    undefined,
    ['new', 'old'].map((secret) => `v1=${signatureOf(secret, broken?.raw ?? '')}`).join(','),
  ]);
});
