import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifySlackSignature } from '../../src/web/slack-signature.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const body = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const timestamp = '1531420618';
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const now = Number(timestamp) * 1000;
const signed = { secret, body, timestamp, signature, now };

test("the example of Slack's documentation is accepted", () => {
  expect(verifySlackSignature(signed)).toEqual({ ok: true });
});

test.each([
  [0, { ok: true }],
  [299_000, { ok: true }],
  [300_000, { ok: true }],
  [300_001, { ok: false, why: 'stale' }],
  [301_000, { ok: false, why: 'stale' }],
  [-299_000, { ok: true }],
  [-300_000, { ok: true }],
  [-300_001, { ok: false, why: 'future' }],
  [-301_000, { ok: false, why: 'future' }],
])('%i ms after its time, a signed request is judged %o', (ageMs, verdict) => {
  expect(verifySlackSignature({ ...signed, now: now + ageMs })).toEqual(verdict);
});

test.each([
  ['no signature', { signature: undefined }, 'missing'],
  ['no timestamp', { timestamp: undefined }, 'missing'],
  ['two signatures', { signature: [signature, signature] }, 'malformed'],
  ['two timestamps', { timestamp: [timestamp, timestamp] }, 'malformed'],
  ['two signatures in one header', { signature: `${signature}, ${signature}` }, 'malformed'],
  ['an empty signature', { signature: '' }, 'malformed'],
  ['a short signature', { signature: signature.slice(0, -1) }, 'malformed'],
  ['a long signature', { signature: `${signature}0` }, 'malformed'],
  ['another version', { signature: signature.replace('v0', 'v1') }, 'malformed'],
  ['a signature with a new line', { signature: `${signature}\n` }, 'malformed'],
  ['a signature of other characters', { signature: `v0=${'é'.repeat(64)}` }, 'malformed'],
  ['a timestamp in words', { timestamp: 'now' }, 'malformed'],
  ['a negative timestamp', { timestamp: `-${timestamp}` }, 'malformed'],
  ['a timestamp with a fraction', { timestamp: `${timestamp}.5` }, 'malformed'],
  ['an endless timestamp', { timestamp: '9'.repeat(400) }, 'malformed'],
  ['another secret', { secret: 'another-secret' }, 'mismatch'],
])('a request with %s is refused', (_what, change, why) => {
  expect(verifySlackSignature({ ...signed, ...change })).toEqual({ ok: false, why });
});

test('no other body, time or signature passes with one bit changed', () => {
  const place = fc.tuple(
    fc.constantFrom('body', 'timestamp', 'signature'),
    fc.nat(),
    fc.integer({ min: 0, max: 7 }),
  );
  fc.assert(
    fc.property(place, ([part, index, bit]) => {
      const bytes = Buffer.from(part === 'body' ? body : part === 'timestamp' ? timestamp : signature);
      const at = index % bytes.length;
      bytes[at] = bytes[at]! ^ (1 << bit);
      const changed = part === 'body' ? bytes : bytes.toString('latin1');
      expect(verifySlackSignature({ ...signed, [part]: changed })).toMatchObject({ ok: false });
    }),
    { numRuns: 10_000 },
  );
});

test('any bytes that Slack signs are accepted, text or not', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const hex = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(bytes).digest('hex');
      const request = { ...signed, body: Buffer.from(bytes), signature: `v0=${hex}` };
      expect(verifySlackSignature(request)).toEqual({ ok: true });
    }),
  );
});
