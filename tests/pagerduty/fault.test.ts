import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { isPagerDutyError } from '../../src/pagerduty/failure.ts';
import { pagerDutyFaultOf, pagerDutyWords } from '../../src/pagerduty/fault.ts';
import { office, thrownBy } from './office.ts';

const token = 'canary_REST_token_1234';
const routingKey = 'canary0ROUTING0key'.padEnd(32, '0');
const refusal = (status: number, code?: number, message = 'No') =>
  Response.json(
    { error: { message, ...(code === undefined ? {} : { code }), errors: ['because'] } },
    { status },
  );

/** What our client throws where PagerDuty, or the way to it, answers like this. */
async function thrownFor(answer: () => Promise<Response>, mine = {}): Promise<unknown> {
  const { rest } = await office({}, { fetch: answer, token, ...mine });
  return thrownBy(rest.escalate('Q1', 2, null));
}

const tooMany = (headers: Record<string, string>) => async () => new Response('', { status: 429, headers });

test.each<[situation: string, answer: () => Promise<Response>, fault: object]>([
  [
    '401',
    async () => new Response('HTTP Token: Access denied.', { status: 401 }),
    { kind: 'config', word: 'token_refused' },
  ],
  ['402', async () => refusal(402), { kind: 'refused', word: 'plan_lacks_it' }],
  ['403', async () => refusal(403), { kind: 'config', word: 'not_allowed' }],
  ['1018', async () => refusal(400, 1018), { kind: 'config', word: 'not_allowed' }],
  ['404', async () => new Response('<html>', { status: 404 }), { kind: 'refused', word: 'not_found' }],
  ['2100', async () => refusal(404, 2100), { kind: 'refused', word: 'not_found' }],
  ['5001', async () => refusal(400, 5001), { kind: 'refused', word: 'not_found' }],
  ['1001', async () => refusal(400, 1001), { kind: 'refused', word: 'already_resolved' }],
  ['1002', async () => refusal(400, 1002), { kind: 'refused', word: 'already_acknowledged' }],
  ['1006', async () => refusal(400, 1006), { kind: 'refused', word: 'cannot_escalate' }],
  ['1008', async () => refusal(400, 1008), { kind: 'config', word: 'from_unknown' }],
  ['1019', async () => refusal(400, 1019), { kind: 'refused', word: 'already_merged' }],
  ['2019', async () => refusal(400, 2019), { kind: 'refused', word: 'product_limit' }],
  ['another 400', async () => refusal(400, 2001), { kind: 'refused', word: 'bad_request' }],
  ['413', async () => refusal(413), { kind: 'refused', word: 'too_large' }],
  [
    '429 and for how long',
    tooMany({ 'ratelimit-reset': '7' }),
    { kind: 'rate', word: 'rate_limited', retryAfterMs: 7_000 },
  ],
  ['429 without its headers', tooMany({}), { kind: 'rate', retryAfterMs: 30_000 }],
  ['429 with nonsense', tooMany({ 'ratelimit-reset': '-1' }), { kind: 'rate', retryAfterMs: 30_000 }],
  ['429 for a day', tooMany({ 'ratelimit-reset': '86400' }), { kind: 'rate', retryAfterMs: 600_000 }],
  ['500', async () => refusal(500, 1001), { kind: 'unclear', word: 'server_error' }],
  [
    '503 in HTML',
    async () => new Response('<html>', { status: 503 }),
    { kind: 'unclear', word: 'server_error' },
  ],
  [
    'a 200 that is none of PagerDuty',
    async () => new Response('<html>'),
    { kind: 'unclear', word: 'unreadable_answer' },
  ],
  [
    'a 200 without the incident',
    async () => Response.json({ ok: true }),
    { kind: 'unclear', word: 'unreadable_answer' },
  ],
  [
    'a refused connection',
    () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
    { kind: 'unclear', word: 'no_connection' },
  ],
])('what PagerDuty answers is read for what it means: %s', async (_situation, answer, fault) => {
  const error = await thrownFor(answer);
  expect(pagerDutyFaultOf(error)).toMatchObject(fault);
  expect(isPagerDutyError(error)).toBe(true);
  expect(pagerDutyFaultOf(error).says).toMatch(/\S.*[^.]$/);
  expect(pagerDutyFaultOf(error).cure).toMatch(/\S.*[^.]$/);
});

test('silence ends after the time that was set, with an unclear fate', async () => {
  const { pagerduty, rest } = await office({}, { timeoutMs: 500 });
  const { id } = await pagerduty.trigger({ title: 'x', service: 'payments' });
  pagerduty.faults.next('PUT /incidents/{id}', { timeout: true, when: 'after' });
  expect(pagerDutyFaultOf(await thrownBy(rest.escalate(id, 2, null)))).toMatchObject({
    kind: 'unclear',
    word: 'timeout',
  });
  expect(pagerduty.ticket(id).level).toBe(2);
});

test('the Events API names a wrong key as the trouble', async () => {
  const { events } = await office({}, { routingKey });
  expect(pagerDutyFaultOf(await thrownBy(events.resolve('INC-1')))).toMatchObject({
    kind: 'config',
    word: 'routing_key_refused',
  });
});

test('what nobody can name has an unclear fate, and is not blamed on PagerDuty', () => {
  for (const thrown of [undefined, null, 'text', {}, new Error('disk is full')]) {
    expect(pagerDutyFaultOf(thrown)).toMatchObject({ kind: 'unclear', word: 'unknown' });
    expect(isPagerDutyError(thrown)).toBe(false);
  }
});

test('no token and no key is in what is thrown, whatever the other side says', async () => {
  const echo = async () => refusal(400, 2001, `bad ${token} and ${routingKey}`);
  const { events } = await office({}, { fetch: echo, routingKey });
  const event = { dedupKey: 'k', summary: 's', source: 's', severity: 'error' } as const;
  for (const [thrown, secret] of [
    [await thrownFor(echo), token],
    [await thrownBy(events.trigger(event)), routingKey],
  ] as const) {
    const seen = `${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`;
    expect(seen).toContain('bad ');
    expect(seen).not.toContain(secret);
  }
});

test('a message says which operation, without ids, and what PagerDuty said', async () => {
  const error = await thrownFor(async () => refusal(400, 1006, 'Incident\ncannot be \u202eescalated'));
  expect(String(error)).toBe(
    'PagerDutyError: PagerDuty PUT /incidents/{id}: http 400, code 1006, Incident cannot be escalated: because',
  );
});

test('every word is told apart', () => {
  expect(new Set(pagerDutyWords).size).toBe(pagerDutyWords.length);
  expect(pagerDutyWords).toContain('held_back');
});
