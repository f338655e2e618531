import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envelope, incident, listen, occurredAt, sign } from './calls.ts';

const by = { kind: 'pagerduty', name: 'Tenex Engineer' };
const cause = 'pagerduty:01FKZSRAPTMF55RE69G8BQHGC6';
const id = 'Q2CKYRLH85UNN4';

test('a trigger is stored under its signed id, then answered 202', async () => {
  const pagerduty = listen();
  expect(await pagerduty.deliver(envelope('incident.triggered'))).toBe(202);
  expect(pagerduty.stored).toEqual([['triggered', expect.objectContaining({ id }), by, cause]]);
  expect(pagerduty.heard).toEqual([occurredAt + 1000]);
  expect(pagerduty.alarms()).toEqual([]);
});

test('a change is stored with the alert in case the trigger never came', async () => {
  const pagerduty = listen();
  expect(await pagerduty.deliver(envelope('incident.acknowledged'))).toBe(202);
  const command = expect.objectContaining({ type: 'note-alert', to: 'acknowledged' });
  expect(pagerduty.stored).toEqual([['changed', id, command, expect.objectContaining({ id }), by, cause]]);
});

test('one that was merged away is two commands of one event', async () => {
  const pagerduty = listen();
  const reason = { type: 'merge_resolve_reason', incident: { id: 'Q99', summary: 'Payments' } };
  await pagerduty.deliver(envelope('incident.resolved', incident({ resolve_reason: reason })));
  expect(pagerduty.stored.map((call) => call.at(-1))).toEqual([cause, `${cause}#2`]);
  expect(pagerduty.stored[1]?.[2]).toMatchObject({ text: 'merged in PagerDuty into Payments, Q99' });
});

test.each([
  ['no signature', {}, 401],
  ['an empty signature', { signature: '' }, 401],
  ['a malformed signature', { signature: 'v1=abc' }, 401],
  ['two signature headers', { signature: [sign(envelope('incident.triggered'))] }, 401],
  ['a well-formed signature that is not ours', { signature: `v1=${'0'.repeat(64)}` }, 503],
])('with %s nothing is stored or heard: %o is answered %i', async (_what, headers, status) => {
  const pagerduty = listen();
  expect(await pagerduty.deliver(envelope('incident.triggered'), headers)).toBe(status);
  expect([pagerduty.stored, pagerduty.heard]).toEqual([[], []]);
  expect(pagerduty.alarms()).toHaveLength(status === 503 ? 1 : 0);
});

test('without a secret PagerDuty is put off, not refused, and the alarm says what to set, once a minute', async () => {
  const pagerduty = listen({ secrets: [] });
  for (let sent = 0; sent < 4; sent++)
    expect(await pagerduty.deliver(envelope('incident.triggered'))).toBe(503);
  pagerduty.pass(60_000);
  await pagerduty.deliver(envelope('incident.triggered'));
  expect(pagerduty.alarms()).toMatchObject([
    { reason: 'no-secret', count: 1, msg: expect.stringContaining('PAGERDUTY_WEBHOOK_SECRET') },
    { reason: 'no-secret', count: 4 },
  ]);
  expect(pagerduty.stored).toEqual([]);
});

test('while a secret is replaced, both are right', async () => {
  const pagerduty = listen({ secrets: ['old', 'new'] });
  const body = envelope('incident.triggered');
  expect(await pagerduty.deliver(body, { signature: sign(body, 'old') })).toBe(202);
  expect(await pagerduty.deliver(body, { signature: `${sign(body, 'other')}, ${sign(body, 'new')}` })).toBe(
    202,
  );
});

test('signed but unreadable: kept in quarantine, alarmed without its content, 202', async () => {
  const pagerduty = listen();
  expect(await pagerduty.deliver(Buffer.from('{"event": "a private thing"'))).toBe(202);
  expect(pagerduty.stored).toEqual([
    ['quarantine', '{"event": "a private thing"', 'not JSON', occurredAt + 1000],
  ]);
  expect(pagerduty.alarms()).toMatchObject([{ reason: 'unreadable', problem: 'not JSON' }]);
  expect(JSON.stringify(pagerduty.lines)).not.toContain('private thing');
});

test('what cannot be stored is put off, quarantine included', async () => {
  const pagerduty = listen({ fails: new Error('database is locked') });
  for (const body of [envelope('incident.triggered'), envelope('incident.resolved'), Buffer.from('{')]) {
    expect(await pagerduty.deliver(body)).toBe(503);
  }
  expect(pagerduty.alarms()).toMatchObject([{ reason: 'not-persisted' }]);
});

test.each([
  ['a ping', 'pagey.ping', { message: 'Hello from your friend Pagey!', type: 'ping' }],
  ['an unknown type', 'incident.exploded', incident()],
])('%s is heard, and changes nothing', async (_what, type, data) => {
  const pagerduty = listen();
  expect(await pagerduty.deliver(envelope(type, data))).toBe(202);
  expect([pagerduty.stored, pagerduty.heard.length]).toEqual([[], 1]);
});

test.each([
  [49 * 3_600_000, 'triggered'],
  [49 * 3_600_000 + 1, 'quarantine'],
])('an event of %i ms ago goes to: %s', async (ageMs, where) => {
  const pagerduty = listen({ at: occurredAt + ageMs });
  expect(await pagerduty.deliver(envelope('incident.triggered'))).toBe(202);
  expect(pagerduty.stored.map(([call]) => call)).toEqual([where]);
  if (where === 'quarantine') expect(pagerduty.stored[0]?.[2]).toContain('2026-04-07T03:47:13.414Z');
});

test('an event from ahead of our clock is news like any other', async () => {
  const pagerduty = listen({ at: occurredAt - 3_600_000 });
  await pagerduty.deliver(envelope('incident.triggered'));
  expect(pagerduty.stored.map(([call]) => call)).toEqual(['triggered']);
});

/** Cuts, flips, doubles or replaces something in a good body. */
const mutated = fc
  .tuple(
    fc.constantFrom('incident.triggered', 'incident.resolved', 'incident.annotated', 'pagey.ping'),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.oneof(
          fc.uint8Array({ maxLength: 4 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
      ),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([type, edits]) => {
    let body = envelope(type);
    for (const [place, bytes] of edits) {
      const at = place % (body.length + 1);
      body = Buffer.concat([body.subarray(0, at), bytes, body.subarray(at + (place % 7))]);
    }
    return body;
  });

/** A good event in which one value is anything at all. */
const odd = fc
  .tuple(
    fc.constantFrom('incident.triggered', 'incident.resolved', 'incident.escalated'),
    fc.nat(),
    fc.jsonValue(),
  )
  .map(([type, place, value]) => {
    const whole = JSON.parse(envelope(type).toString());
    const places = [whole, whole.event, whole.event.data, whole.event.agent, whole.event.data.service];
    const target = places[place % places.length];
    const keys = Object.keys(target);
    target[keys[place % keys.length]!] = value;
    return Buffer.from(JSON.stringify(whole));
  });

test('whatever PagerDuty signs, the answer is 202, and it is stored, kept or ignored', async () => {
  const pagerduty = listen();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        mutated,
        odd,
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      async (body) => {
        expect(await pagerduty.deliver(body)).toBe(202);
      },
    ),
    { numRuns: 10_000 },
  );
});

test('whatever else anybody sends, nothing is stored', async () => {
  const pagerduty = listen();
  const header = fc.oneof(fc.string(), fc.stringMatching(/^v1=[0-9a-f]{64}$/), fc.constant(undefined));
  await fc.assert(
    fc.asyncProperty(mutated, header, async (body, signature) => {
      expect([401, 503]).toContain(await pagerduty.deliver(body, { signature }));
    }),
    { numRuns: 2_000 },
  );
  expect(pagerduty.stored).toEqual([]);
});

const captures = join(process.env.FIXTURES_DIR ?? '../shared/fixtures', 'pagerduty-v3');
const present = existsSync(captures);
const files = present ? readdirSync(captures) : [];
if (!present) console.warn(`No ${captures}: the tests over real PagerDuty webhooks are skipped.`);

const meant: Record<string, unknown[]> = {
  'triggered_v3.json': ['triggered', { title: 'Test Incident 3', service: 'pig208', severity: 2 }],
  'acknowledged_v3.json': ['changed', 'PQ1K5C8', { type: 'note-alert', to: 'acknowledged' }],
  'resolved_v3.json': ['changed', 'PCPZE64', { type: 'note-alert', to: 'resolved' }],
  'reassigned_v3.json': ['changed', 'PIQUG8X', { text: 'reassigned to Test User' }],
  'escalate_v3.json': ['changed', 'Q3B15VLMF3ASBD', { text: 'escalated to Harsh Santwani' }],
  'priority_updated_v3.json': ['changed', 'Q3B15VLMF3ASBD', { severity: 2, reason: 'PagerDuty priority P2' }],
  'annotated_v3.json': [
    'changed',
    'Q3B15VLMF3ASBD',
    { text: 'note: Running KILL on long-running queries from the reporting-service.' },
  ],
};

test.skipIf(!present)('every real capture is one that we know', () => {
  expect([...files].sort()).toEqual(Object.keys(meant).sort());
});

test.skipIf(!present).each(Object.keys(meant))('the real %s is understood', async (file) => {
  const body = readFileSync(join(captures, file));
  const { event } = JSON.parse(body.toString());
  const pagerduty = listen({ at: Date.parse(event.occurred_at) });
  expect(await pagerduty.deliver(body)).toBe(202);
  expect(pagerduty.stored).toHaveLength(1);
  expect(pagerduty.stored[0]?.at(-1)).toBe(`pagerduty:${event.id}`);
  expect(pagerduty.stored[0]?.slice(0, meant[file]?.length)).toMatchObject(meant[file] ?? []);
});
