import { expect, test } from 'vitest';
import { verifyPagerDutySignature } from '../../src/pagerduty/signature.ts';

const secret = 'test-secret-do-not-use';
const body = Buffer.from(
  '{"event":{"id":"01TESTEVENT","event_type":"pagey.ping","resource_type":"pagey","occurred_at":"2026-01-01T00:00:00.000Z","agent":null,"client":null,"data":{"message":"héllo","type":"ping"}}}',
);
const right = 'v1=5ed858637443095ab91118e78757499443e96ccfb5c07d167afc0c4b96de13e8';
const wrong = `v1=${'0'.repeat(64)}`;
const request = { secrets: [secret], body, header: right };

test('the vector is 190 bytes and its signature is valid', () => {
  expect(body).toHaveLength(190);
  expect(verifyPagerDutySignature(request)).toBe('valid');
});

test.each([
  ['one of several signatures', { header: `${wrong},${right}` }, 'valid'],
  ['spaces around the commas', { header: ` ${wrong} , ${right} ` }, 'valid'],
  ['another version beside it', { header: `v2=abc,${right}` }, 'valid'],
  ['rubbish beside it', { header: `,,v1=,v1=zz,${right}` }, 'valid'],
  ['capital digits', { header: `v1=${right.slice(3).toUpperCase()}` }, 'valid'],
  ['the second of two secrets', { secrets: ['old', secret] }, 'valid'],
  ['no header', { header: undefined }, 'missing'],
  ['an empty header', { header: '' }, 'missing'],
  ['two headers', { header: [right, right] }, 'malformed'],
  ['one header as a list', { header: [right] }, 'malformed'],
  ['another version alone', { header: right.replace('v1', 'v2') }, 'malformed'],
  ['the digits alone', { header: right.slice(3) }, 'malformed'],
  ['a digit too few', { header: right.slice(0, -1) }, 'malformed'],
  ['a digit too many', { header: `${right}0` }, 'malformed'],
  ['commas alone', { header: ',,,' }, 'malformed'],
  ['another signature', { header: wrong }, 'no-match'],
  ['another secret', { secrets: ['other'] }, 'no-match'],
  ['another body', { body: Buffer.from('{}') }, 'no-match'],
  ['no secret', { secrets: [] }, 'no-secret'],
  ['an empty secret', { secrets: [''] }, 'no-secret'],
  ['no secret and no header', { secrets: [], header: undefined }, 'missing'],
])('with %s', (_what, change, verdict) => {
  expect(verifyPagerDutySignature({ ...request, ...change })).toBe(verdict);
});
