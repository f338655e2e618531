import { WebClient } from '@slack/web-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LaneBounds, standardLanes } from '../../src/outbox/lanes.ts';
import {
  afterFault,
  type Fault,
  faultOf,
  faultOfWord,
  isSlackFailure,
  retryAfterMs,
  wordOf,
} from '../../src/outbox/retry.ts';

const now = Date.UTC(2026, 2, 2, 2, 0);
const lane: LaneBounds = { concurrency: 1, graceMs: 10_000, backoffMaxMs: 60_000, attemptsMax: 5 };
const first = { attempts: 1, looksUp: true, inDoubt: false, lane, now, random: 0 };
const lost: Fault = { kind: 'unclear', word: 'no answer' };

/** What the real WebClient throws when Slack, or the way to it, answers like this. */
async function thrownFor(answer: () => Promise<Response>): Promise<unknown> {
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };
  const logger = { ...quiet, getLevel: () => 'error' as never };
  const retryConfig = { retries: 0 };
  const client = new WebClient('xoxb-1', {
    fetch: answer,
    rejectRateLimitedCalls: true,
    retryConfig,
    logger,
  });
  return client.chat.postMessage({ channel: 'C1', text: 'x' }).catch((error: unknown) => error);
}

const says = (error: string) => async () => Response.json({ ok: false, error });
const tooMany = (retryAfter?: string) => async () =>
  new Response('', { status: 429, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
const breaks = (message: string) => async (): Promise<Response> => {
  throw new TypeError(message);
};

test.each<[situation: string, answer: () => Promise<Response>, fault: Partial<Fault>]>([
  ['429 and for how long', tooMany('7'), { kind: 'rate', word: 'rate_limited', retryAfterMs: 7_000 }],
  ['429 for no time at all', tooMany('0'), { kind: 'rate', retryAfterMs: 30_000 }],
  ['429 for a day', tooMany('86400'), { kind: 'rate', retryAfterMs: 600_000 }],
  ['429 until yesterday', tooMany('-5'), { kind: 'rate', retryAfterMs: 30_000 }],
  ['ratelimited in a 200', says('ratelimited'), { kind: 'rate', word: 'ratelimited', retryAfterMs: 30_000 }],
  ['internal_error', says('internal_error'), { kind: 'unclear', word: 'internal_error' }],
  ['503', async () => new Response('', { status: 503 }), { kind: 'unclear', word: 'http_503' }],
  ['a page of HTML in a 200', async () => new Response('<html>Sorry</html>'), { kind: 'unclear' }],
  ['an empty 200', async () => new Response(''), { kind: 'unclear' }],
  ['half an answer', async () => new Response('{"ok":tr'), { kind: 'unclear' }],
  ['a connection that breaks', breaks('reset'), { kind: 'unclear' }],
  ['token_revoked', says('token_revoked'), { kind: 'config', word: 'token_revoked' }],
  ['is_archived', says('is_archived'), { kind: 'refused', word: 'is_archived' }],
])('what Slack answers is read for what it means: %s', async (_situation, answer, fault) => {
  const thrown = await thrownFor(answer);
  expect(faultOf(thrown)).toMatchObject(fault);
  expect(isSlackFailure(thrown)).toBe(true);
});

test('what nobody can name has an unclear fate, and is not blamed on Slack', () => {
  for (const thrown of [undefined, null, 'text', {}, new Error('disk is full')]) {
    expect(faultOf(thrown).kind).toBe('unclear');
    expect(isSlackFailure(thrown)).toBe(false);
    expect(wordOf(thrown)).toBeNull();
  }
  expect(faultOf(new Error('disk is full')).word).toBe('disk is full');
});

test.each<[kind: Fault['kind'], words: string[]]>([
  ['rate', ['ratelimited', 'rate_limited', 'message_limit_exceeded']],
  [
    'unclear',
    ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable', 'team_added_to_org'],
  ],
  ['config', ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired']],
  ['config', ['missing_scope', 'not_allowed_token_type', 'no_permission', 'org_login_required']],
  ['config', ['ekm_access_denied', 'access_denied']],
  ['refused', ['channel_not_found', 'is_archived', 'invalid_blocks', 'name_taken', 'a_word_of_tomorrow']],
])('these words of Slack are %s: %o', (kind, words) => {
  for (const word of words) expect(faultOfWord(word), word).toMatchObject({ kind, word });
});

test.each([
  [1, 1_000],
  [0.5, 500],
  [600, 600_000],
  [601, 600_000],
  [Number.MAX_VALUE, 600_000],
  [0, 30_000],
  [-1, 30_000],
  [Number.NaN, 30_000],
  [Number.POSITIVE_INFINITY, 30_000],
  [undefined, 30_000],
])('a Retry-After of %s seconds is waited out for %s ms', (seconds, waitedMs) => {
  expect(retryAfterMs(seconds)).toBe(waitedMs);
});

test('a rate limited try waits as long as Slack says, spread over a second, and does not count', () => {
  const fault: Fault = { kind: 'rate', word: 'ratelimited', retryAfterMs: 7_000 };
  const waits = { state: 'pending', notBefore: now + 7_000, error: 'ratelimited', uncounted: true };
  expect(afterFault(fault, first)).toEqual(waits);
  expect(afterFault(fault, { ...first, attempts: 10_000 })).toEqual(waits);
  expect(afterFault(fault, { ...first, random: 0.999 }).notBefore).toBe(now + 7_999);
});

test('a look that is rate limited leaves the call in doubt: it is looked up again, not made again', () => {
  const fault: Fault = { kind: 'rate', word: 'ratelimited', retryAfterMs: 7_000 };
  expect(afterFault(fault, { ...first, inDoubt: true }).state).toBe('unknown');
});

test('a token or scope that is refused parks the row, uncounted, however often it was tried', () => {
  const parked = { state: 'parked', error: 'token_revoked', uncounted: true };
  for (const attempts of [1, lane.attemptsMax, 10_000]) {
    expect(afterFault({ kind: 'config', word: 'token_revoked' }, { ...first, attempts })).toEqual(parked);
  }
});

test('a refusal is final at the first try, whether or not an earlier one is in doubt', () => {
  const dead = { state: 'dead', error: 'is_archived' };
  for (const inDoubt of [false, true]) {
    expect(afterFault({ kind: 'refused', word: 'is_archived' }, { ...first, inDoubt })).toEqual(dead);
  }
});

test('an unclear call that can be looked up waits out the grace first; one that cannot simply goes again', () => {
  expect(afterFault(lost, first)).toEqual({ state: 'unknown', notBefore: now + 10_000, error: 'no answer' });
  const again = afterFault(lost, { ...first, looksUp: false });
  expect(again).toEqual({ state: 'pending', notBefore: now + 1_000, error: 'no answer' });
  const page = afterFault(lost, { ...first, lane: standardLanes.page });
  expect(page).toMatchObject({ state: 'unknown', notBefore: now + 1_500 });
});

test('the pause grows from try to try up to the bound of the lane, and the last try is the last', () => {
  const patient = { ...lane, attemptsMax: 9 };
  const waits = Array.from({ length: 9 }, (_, n) =>
    afterFault(lost, { ...first, looksUp: false, lane: patient, attempts: n + 1 }),
  );
  const pausesMs = waits.map(({ notBefore }) => (notBefore === undefined ? null : notBefore - now));
  expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, null]);
  expect(waits.at(-1)).toEqual({ state: 'dead', error: 'no answer' });
});

const anyLane = fc.record({
  concurrency: fc.integer({ min: 1, max: 20 }),
  graceMs: fc.integer({ min: 0, max: 120_000 }),
  backoffMaxMs: fc.integer({ min: 1_000, max: 600_000 }),
  attemptsMax: fc.integer({ min: 1, max: 300 }),
});
const anyTry = fc.record({
  attempts: fc.integer({ min: 1, max: 2_000 }),
  looksUp: fc.boolean(),
  inDoubt: fc.boolean(),
  lane: fc.oneof(anyLane, fc.constantFrom(...Object.values(standardLanes))),
  now: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const anySeconds = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined));

test('no try is put off into the past, nor beyond the bounds, whatever Slack says and chance gives', () => {
  fc.assert(
    fc.property(anyTry, anySeconds, fc.boolean(), (tried, seconds, isRate) => {
      const rate: Fault = { kind: 'rate', word: 'ratelimited', retryAfterMs: retryAfterMs(seconds) };
      const { state, notBefore } = afterFault(isRate ? rate : lost, tried);
      const isLast = !isRate && tried.attempts >= tried.lane.attemptsMax;
      expect(state === 'dead').toBe(isLast);
      if (isLast) return;
      const longestMs = isRate ? 601_000 : Math.max(tried.lane.graceMs, tried.lane.backoffMaxMs);
      expect(notBefore).toBeGreaterThanOrEqual(tried.now);
      expect(notBefore).toBeLessThanOrEqual(tried.now + longestMs);
      if (!isRate && tried.looksUp) expect(notBefore).toBeGreaterThanOrEqual(tried.now + tried.lane.graceMs);
    }),
  );
});

test('with the same luck, a later try never waits less than an earlier one', () => {
  fc.assert(
    fc.property(anyTry, (tried) => {
      const lane = { ...tried.lane, attemptsMax: Number.MAX_SAFE_INTEGER };
      const at = (attempts: number) => afterFault(lost, { ...tried, lane, attempts }).notBefore ?? 0;
      expect(at(tried.attempts + 1)).toBeGreaterThanOrEqual(at(tried.attempts));
    }),
  );
});
