import { expect, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt } from '../../src/sandbox/json.ts';
import { type PagerDuty, type PagerDutyOptions, startPagerDuty } from '../../src/sandbox/pagerduty.ts';
import { ACCEPT, PAGERDUTY_ERRORS, PAGERDUTY_LIMITS } from '../../src/sandbox/pagerduty-rules.ts';
import { account, nightAt } from '../pagerduty/office.ts';
import { later } from './world.ts';

async function desk(options: Partial<PagerDutyOptions> = {}) {
  const clock = movableClock(nightAt);
  const pagerduty = later(startPagerDuty({ clock, secrets: ['s'], ...account, ...options }));
  await pagerduty.listen();
  const call = caller(pagerduty);
  const { id } = await pagerduty.trigger({ title: 'x', service: 'payments' });
  const put = (incident: Json, headers?: Record<string, string>) =>
    call('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', ...incident } }, headers);
  return { clock, pagerduty, call, put, id };
}

interface Answered {
  status: number;
  headers: Headers;
  body: Json;
  /** PagerDuty's code, or null. */
  code: unknown;
}

/** Calls with good headers, where nothing else is given; a header of '' is left out. */
function caller(pagerduty: PagerDuty) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> => {
    const good = {
      authorization: `Token token=${pagerduty.token}`,
      accept: ACCEPT,
      'content-type': 'application/json',
      from: 'bea@example.com',
    };
    const given = Object.entries({ ...good, ...headers }).filter(([, value]) => value !== '');
    const response = await fetch(`${pagerduty.apiUrl}${path.slice(1)}`, {
      method,
      headers: Object.fromEntries(given),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    const answer = isObject(json) ? json : {};
    const { status, headers: heard } = response;
    return { status, headers: heard, body: answer, code: objectAt(answer, 'error').code ?? null };
  };
}

test.each([
  ['another form', { authorization: 'Bearer sandbox+pagerduty+token' }],
  ['without the word token', { authorization: 'Token sandbox+pagerduty+token' }],
  ['another token', { authorization: 'Token token=nobody' }],
  ['none', { authorization: '' }],
])('an Authorization that is not exactly right is a 401: %s', async (_what, headers) => {
  const { call } = await desk();
  expect(await call('GET', '/incidents', undefined, headers)).toMatchObject({ status: 401, code: null });
});

test('a token can be revoked and comes back', async () => {
  const { pagerduty, call } = await desk();
  pagerduty.tokens.revoke();
  expect((await call('GET', '/users')).status).toBe(401);
  pagerduty.tokens.restore();
  expect((await call('GET', '/users')).status).toBe(200);
});

test('changes are somebody’s: From is needed, known, and allowed to', async () => {
  const { put, call } = await desk();
  const change = { status: 'acknowledged' };
  expect(await put(change, { from: '' })).toMatchObject({ status: 400, code: 2001 });
  expect(await put(change, { from: 'zoe@example.com' })).toMatchObject({ status: 400, code: 1008 });
  expect(await put(change, { from: 'otto@example.com' })).toMatchObject({ status: 403, code: 1018 });
  expect(await put(change, { from: 'BEA@example.com' })).toMatchObject({ status: 200 });
  expect((await call('GET', '/incidents', undefined, { from: '' })).status).toBe(200);
});

test.each<[what: string, method: string, path: string, body: unknown, headers: Record<string, string>]>([
  ['no version', 'GET', '/incidents', undefined, { accept: 'application/json' }],
  ['a form', 'PUT', '/incidents/Q', {}, { 'content-type': 'text/plain' }],
  ['an unknown parameter', 'GET', '/incidents?status=triggered', undefined, {}],
  ['a page of 101', 'GET', '/incidents?limit=101', undefined, {}],
  ['a page beyond the end', 'GET', '/incidents?limit=100&offset=9901', undefined, {}],
  ['no number', 'GET', '/incidents?offset=x', undefined, {}],
  ['no time', 'GET', '/incidents?since=yesterday', undefined, {}],
])('2001, Invalid Input Provided: %s', async (_what, method, path, body, headers) => {
  const { call } = await desk();
  expect(await call(method, path, body, headers)).toMatchObject({ status: 400, code: 2001 });
});

test.each<[what: string, incident: Json]>([
  ['an unknown field', { escalationLevel: 2 }],
  ['a field of another kind', { escalation_level: '2' }],
  ['an unknown status', { status: 'acked' }],
  ['an unknown type', { type: 'incidents' }],
  ['an unknown priority', { priority: { id: 'PNONE', type: 'priority_reference' } }],
  ['a priority by the wrong type', { priority: { id: 'P0P1', type: 'prio' } }],
  ['an unknown assignee', { assignments: [{ assignee: { id: 'PZOE', type: 'user_reference' } }] }],
  ['an assignee of the wrong type', { assignments: [{ assignee: { id: 'PBEA', type: 'user' } }] }],
  ['nobody', { assignments: [] }],
  ['an unknown policy', { escalation_policy: { id: 'PX', type: 'escalation_policy_reference' } }],
])('a change that makes no sense is refused: %s', async (_what, incident) => {
  const { pagerduty, put, id } = await desk();
  expect(await put(incident)).toMatchObject({ status: 400, code: 2001 });
  expect(pagerduty.ticket(id).incident).toMatchObject({ status: 'triggered', priority: null });
});

test('what is not there is a 404', async () => {
  const { call } = await desk();
  for (const path of ['/incidents/QNONE', '/incidents/QNONE/alerts', '/users/PZOE', '/nothing']) {
    expect(await call('GET', path)).toMatchObject({ status: 404, code: 2100 });
  }
  const body = {
    incident: { type: 'incident', title: 'x', service: { id: 'PX', type: 'service_reference' } },
  };
  expect(await call('POST', '/incidents', body)).toMatchObject({ status: 404, code: 5001 });
});

test('resolved twice is 1001, acknowledged twice by the same person 1002, merged 1019', async () => {
  const { pagerduty, put, id } = await desk();
  expect((await put({ status: 'acknowledged' })).status).toBe(200);
  expect(await put({ status: 'acknowledged' })).toMatchObject({ code: 1002 });
  expect((await put({ status: 'acknowledged' }, { from: 'cai@example.com' })).status).toBe(200);
  expect((await put({ status: 'resolved', resolution: 'done' })).status).toBe(200);
  expect(await put({ status: 'resolved' })).toMatchObject({ code: 1001 });
  expect(await put({ escalation_level: 2 })).toMatchObject({ code: 1001 });
  const [one, other] = [pagerduty.ticket(id).incident, await pagerduty.trigger({ title: 'y', service: 's' })];
  await pagerduty.merge(other, one);
  pagerduty.ticket(id).incident.mergedInto = other;
  expect(await put({ status: 'triggered' })).toMatchObject({ code: 1019 });
});

test('any other status reopens a resolved incident', async () => {
  const { pagerduty, put, id } = await desk();
  await put({ status: 'resolved' });
  expect(await put({ status: 'acknowledged' })).toMatchObject({ status: 200 });
  expect(pagerduty.ticket(id).incident.assignees).toMatchObject([{ summary: 'Bea' }]);
});

test('1006: no such level, or assigned by hand', async () => {
  const { put } = await desk();
  expect(await put({ escalation_level: 4 })).toMatchObject({ code: 1006 });
  expect(await put({ escalation_level: 0 })).toMatchObject({ code: 1006 });
  await put({ assignments: [{ assignee: { id: 'PANA', type: 'user_reference' } }] });
  expect(await put({ escalation_level: 2 })).toMatchObject({ code: 1006 });
});

test('a plan without a feature answers 402', async () => {
  const { call, id } = await desk({ lacks: ['coordinated_responding', 'stakeholder_updates', 'priorities'] });
  const request = { requester_id: 'PBEA', message: 'x', responder_request_targets: [] };
  expect((await call('POST', `/incidents/${id}/responder_requests`, request)).status).toBe(402);
  expect((await call('POST', `/incidents/${id}/status_updates`, { message: 'x' })).status).toBe(402);
  expect((await call('GET', '/priorities')).status).toBe(402);
});

test('a call for help needs somebody who asks, and somebody who is asked', async () => {
  const { pagerduty, call, id } = await desk();
  const path = `/incidents/${id}/responder_requests`;
  const target = (targetId: string, type = 'user_reference') => [
    { responder_request_target: { id: targetId, type } },
  ];
  const asked = (requester_id: string, responder_request_targets: Json[]) =>
    call('POST', path, { requester_id, message: 'Help', responder_request_targets });
  expect(await asked('PZOE', target('PDANA'))).toMatchObject({ code: 1008 });
  expect(await asked('PBEA', [])).toMatchObject({ code: 2001 });
  expect(await asked('PBEA', target('PZOE'))).toMatchObject({ code: 2001 });
  expect(await asked('PBEA', target('PDANA', 'person'))).toMatchObject({ code: 2001 });
  expect(await asked('PBEA', [{ id: 'PDANA', type: 'user_reference' }])).toMatchObject({ code: 2001 });
  expect((await asked('PBEA', target('PSEARCHPOLICY', 'escalation_policy_reference'))).status).toBe(200);
  await pagerduty.respond(pagerduty.ticket(id).incident, 'dana', 'declined');
  expect(pagerduty.ticket(id).responders).toMatchObject([{ user: { name: 'dana' }, state: 'declined' }]);
});

test('a key belongs to one open incident of a service', async () => {
  const { call } = await desk();
  const service = { id: 'PPAYMNT', type: 'service_reference' };
  const incident = { type: 'incident', title: 'x', service, incident_key: 'INC-1' };
  const created = await call('POST', '/incidents', { incident });
  expect(created.status).toBe(201);
  expect(await call('POST', '/incidents', { incident })).toMatchObject({ status: 400, code: 2001 });
  const { id } = objectAt(created.body, 'incident');
  await call('PUT', `/incidents/${String(id)}`, { incident: { type: 'incident', status: 'resolved' } });
  expect((await call('POST', '/incidents', { incident })).status).toBe(201);
});

test('an incident takes 2,000 notes and no more, none of them empty', async () => {
  const { pagerduty, call, id } = await desk();
  const note = (content: string) => call('POST', `/incidents/${id}/notes`, { note: { content } });
  expect(await note(' ')).toMatchObject({ code: 2001 });
  const { notes } = pagerduty.ticket(id);
  const one = { id: 'PN', at: 0, by: pagerduty.ticket(id).changedBy, text: 'x' };
  for (let n = notes.length; n < PAGERDUTY_LIMITS.notesPerIncident - 1; n += 1) notes.push(one);
  expect((await note('the last one')).status).toBe(200);
  expect(await note('one too many')).toMatchObject({ status: 400, code: 2019 });
});

test('960 calls a minute, counted in the headers, and then 429 until the minute is over', async () => {
  const { clock, call } = await desk();
  const first = await call('GET', '/users');
  const count = (name: string, { headers }: Answered) => headers.get(`ratelimit-${name}`);
  expect(['limit', 'remaining', 'reset'].map((name) => count(name, first))).toEqual(['960', '959', '60']);
  for (let n = 1; n < PAGERDUTY_LIMITS.restPerMinute; n += 1) await call('GET', '/users/PANA');
  clock.set(clock.now() + 20_000);
  const over = await call('GET', '/users');
  expect([over.status, over.code, count('remaining', over), count('reset', over)]).toEqual([
    429,
    2020,
    '0',
    '40',
  ]);
  clock.set(clock.now() + 40_000);
  expect((await call('GET', '/users')).status).toBe(200);
});

test('limits can be switched off, for who measures', async () => {
  const { call } = await desk({ rateLimits: false });
  for (let n = 0; n < 970; n += 1) await call('GET', '/users/PANA');
  expect((await call('GET', '/users')).status).toBe(200);
});

test.each(Object.entries(PAGERDUTY_ERRORS).filter(([, { code }]) => code !== null))(
  'the error %s comes on demand, and nothing is done',
  async (_name, { status, code }) => {
    const { pagerduty, put, id } = await desk();
    pagerduty.faults.next('PUT /incidents/{id}', { error: String(code) });
    expect(await put({ status: 'resolved' })).toMatchObject({ status, code });
    expect(pagerduty.ticket(id).incident.status).toBe('triggered');
  },
);

test('trouble comes before the call or after it, with or without the headers of a 429', async () => {
  const { pagerduty, put, id } = await desk();
  const { incident } = pagerduty.ticket(id);
  pagerduty.faults.next('PUT /incidents/{id}', { status: 503 });
  expect([(await put({ status: 'acknowledged' })).status, incident.status]).toEqual([503, 'triggered']);
  pagerduty.faults.next('*', { status: 500, when: 'after' });
  expect([(await put({ status: 'acknowledged' })).status, incident.status]).toEqual([500, 'acknowledged']);
  pagerduty.faults.next('PUT /incidents/{id}', { status: 429 });
  pagerduty.faults.next('PUT /incidents/{id}', { status: 429, retryAfter: 9 });
  expect((await put({})).headers.get('ratelimit-reset')).toBeNull();
  expect((await put({})).headers.get('ratelimit-reset')).toBe('9');
  pagerduty.faults.next('PUT /incidents/{id}', { reset: true, when: 'after' });
  await expect(put({ status: 'resolved' })).rejects.toThrow();
  expect(incident.status).toBe('resolved');
  expect(pagerduty.callsTo('PUT /incidents/{id}').map(({ status }) => status)).toEqual([
    503, 500, 429, 429, 0,
  ]);
});

test('a list has 25 rows unless it is asked for more, and says whether there are others', async () => {
  const { pagerduty, call } = await desk();
  for (let n = 1; n <= PAGERDUTY_LIMITS.pageDefault; n += 1)
    await pagerduty.trigger({ title: 'x', service: 's' });
  const rows = async (query: string) => {
    const { body } = await call('GET', `/incidents${query}`);
    return [Array.isArray(body.incidents) && body.incidents.length, body.more];
  };
  expect(await rows('')).toEqual([25, true]);
  expect(await rows('?limit=100')).toEqual([26, false]);
  expect(await rows('?limit=25&offset=25')).toEqual([1, false]);
});

test('who is on call is told by reference, or whole with the e-mail when that is asked for', async () => {
  const { call } = await desk();
  const person = async (query: string) => {
    const { body } = await call(
      'GET',
      `/oncalls?user_ids[]=PDANA&escalation_policy_ids[]=PSEARCHPOLICY${query}`,
    );
    const [first] = Array.isArray(body.oncalls) ? body.oncalls : [];
    return objectAt(first, 'user');
  };
  expect(await person('')).toMatchObject({ type: 'user_reference', summary: 'Dana' });
  expect(await person('')).not.toHaveProperty('email');
  expect(await person('&include[]=users')).toMatchObject({ type: 'user', email: 'dana@example.com' });
});
