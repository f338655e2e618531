import { expect, test } from 'vitest';
import { pagerDutyFaultOf } from '../../src/pagerduty/fault.ts';
import { pagerDutyClient } from '../../src/pagerduty/rest.ts';
import { account, nightAt, office, thrownBy } from './office.ts';

const bea = 'bea@example.com';
const alert = { title: 'Checkout latency', service: 'payments' };
const hourMs = 3_600_000;

test('an incident is acknowledged, given back, escalated, resolved and reopened, each as the person who did it', async () => {
  const { pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  const done = { outcome: 'done', by: 'person' };
  expect(await rest.acknowledge(id, bea)).toMatchObject({ ...done, incident: { status: 'acknowledged' } });
  expect((await rest.incident(id)).acknowledgers).toEqual([{ id: 'PBEA', name: 'Bea' }]);
  expect(await rest.unacknowledge(id, bea)).toMatchObject({ ...done, incident: { status: 'triggered' } });
  expect(await rest.escalate(id, 3, bea)).toMatchObject({ incident: { assignees: [{ name: 'Dana' }] } });
  expect(await rest.reassign(id, { userIds: ['PCAI'] }, bea)).toMatchObject({
    incident: { assignees: [{ id: 'PCAI' }] },
  });
  expect(await rest.reassign(id, { policyId: 'PSEARCHPOLICY' }, bea)).toMatchObject({
    incident: { escalationPolicy: { name: 'search-policy' }, assignees: [{ id: 'PDANA' }] },
  });
  expect(await rest.setPriority(id, 'p2', bea)).toMatchObject({ incident: { priority: { name: 'P2' } } });
  expect(await rest.resolve(id, 'rolled back', bea)).toMatchObject({
    ...done,
    incident: { status: 'resolved' },
  });
  expect(pagerduty.ticket(id).resolution).toBe('rolled back');
  expect(await rest.reopen(id, bea)).toMatchObject({ ...done, incident: { status: 'triggered' } });
  expect(pagerduty.ticket(id).changedBy.summary).toBe('Bea');
});

test('what PagerDuty has already is not said again, and nothing of ours reopens what was resolved there', async () => {
  const { pagerduty, rest } = await office();
  const incident = await pagerduty.trigger(alert);
  const { id } = incident;
  expect(await rest.reopen(id, bea)).toMatchObject({ outcome: 'already', by: null });
  expect(await rest.unacknowledge(id, bea)).toMatchObject({ outcome: 'already' });
  await pagerduty.acknowledge(incident, { by: 'cai' });
  expect(await rest.acknowledge(id, bea)).toMatchObject({ outcome: 'already' });
  await pagerduty.resolve(incident, { by: 'cai' });
  for (const call of [rest.acknowledge(id, bea), rest.unacknowledge(id, bea), rest.resolve(id, null, bea)]) {
    expect(await call).toMatchObject({ outcome: 'already', incident: { status: 'resolved' } });
  }
  expect(pagerduty.callsTo('PUT /incidents/{id}').map(({ status }) => status)).toEqual([400]);
});

test('somebody whom PagerDuty does not know acts through the configured user, and is not asked about twice', async () => {
  const { clock, pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  const froms = () => pagerduty.calls.filter(({ from }) => from !== null).map(({ from }) => from);
  expect(await rest.acknowledge(id, 'zoe@example.com')).toMatchObject({ outcome: 'done', by: 'configured' });
  expect(await rest.addNote(id, 'Acknowledged in Slack by Zoe', 'zoe@example.com')).toMatchObject({
    by: 'configured',
  });
  expect(froms()).toEqual(['zoe@example.com', 'ana@example.com', 'ana@example.com']);
  clock.set(clock.now() + 10 * 60_000);
  await rest.addNote(id, 'still at it', 'zoe@example.com');
  expect(froms().slice(3)).toEqual(['zoe@example.com', 'ana@example.com']);
  expect(pagerduty.ticket(id).notes.map(({ by, text }) => `${by.summary}: ${text}`)).toEqual([
    'Ana: Acknowledged in Slack by Zoe',
    'Ana: still at it',
  ]);
});

test.each(['no e-mail', 'zoë@example.com', 'zoe@example.com\r\nX-Evil: 1', ''])(
  'an e-mail that no header can carry, %j, is the configured user',
  async (as) => {
    const { pagerduty, rest } = await office();
    const { id } = await pagerduty.trigger(alert);
    expect(await rest.resolve(id, null, as)).toMatchObject({ outcome: 'done', by: 'configured' });
  },
);

test('an observer, who may not touch incidents, acts through the configured user too', async () => {
  const { pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  expect(await rest.resolve(id, null, 'otto@example.com')).toMatchObject({ by: 'configured' });
});

test('notes, status updates and calls for help arrive', async () => {
  const { pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  await rest.addNote(id, 'killed the query', bea);
  await rest.addStatusUpdate(id, 'A fix is on its way', bea);
  const request = { message: 'Please help', userIds: ['PDANA'], policyIds: ['PSEARCHPOLICY'] };
  await rest.addResponders(id, request, bea);
  expect(await rest.notes(id)).toMatchObject([{ content: 'killed the query', by: { name: 'Bea' } }]);
  const { statusUpdates, responders } = pagerduty.ticket(id);
  expect(statusUpdates.map(({ text }) => text)).toEqual(['A fix is on its way']);
  expect(responders.map(({ user, message }) => `${user.name}: ${message}`)).toEqual([
    'dana: Please help',
    'dana: Please help',
  ]);
  const [call] = pagerduty.callsTo('POST /incidents/{id}/responder_requests');
  expect(call?.body).toMatchObject({ requester_id: 'PBEA' });
});

test('an incident is created once for a key, also when the answer got lost', async () => {
  const { pagerduty, rest } = await office();
  const incident = {
    title: 'Checkout is down',
    serviceId: 'PPAYMNT',
    key: 'INC-12',
    urgency: 'high' as const,
  };
  pagerduty.faults.next('POST /incidents', { reset: true, when: 'after' });
  expect(pagerDutyFaultOf(await thrownBy(rest.create(incident, bea))).kind).toBe('unclear');
  expect(await rest.create(incident, bea)).toMatchObject({
    outcome: 'already',
    incident: { key: 'INC-12', assignees: [{ name: 'Bea' }] },
  });
  expect(pagerduty.incidents).toHaveLength(1);
  expect(pagerduty.paged()).toEqual(['bea at 02:00']);
  expect(await rest.openIncidentWithKey('INC-13')).toBeNull();
});

test('a resolution whose answer got lost is said again and was done once', async () => {
  const { pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  pagerduty.faults.next('PUT /incidents/{id}', { status: 502, when: 'after' });
  expect(pagerDutyFaultOf(await thrownBy(rest.resolve(id, 'done', bea)))).toMatchObject({
    kind: 'unclear',
    word: 'server_error',
  });
  expect(await rest.resolve(id, 'done', bea)).toMatchObject({ outcome: 'already' });
});

test('an incident is read with what the monitoring said about it', async () => {
  const { pagerduty, rest } = await office();
  const details = { 'error rate': '42%', region: 'eu' };
  const { id, number } = await pagerduty.trigger({ ...alert, details, priority: 'P1' });
  expect(await rest.incident(String(number))).toEqual({
    id,
    number,
    title: 'Checkout latency',
    status: 'triggered',
    urgency: 'high',
    key: `key-${number}`,
    url: `https://sandbox.pagerduty.com/incidents/${id}`,
    service: { id: 'PPAYMNT', name: 'payments' },
    escalationPolicy: { id: 'PPAYMENTSPOLICY', name: 'payments-policy' },
    priority: { id: 'P0P1', name: 'P1' },
    assignees: [{ id: 'PBEA', name: 'Bea' }],
    acknowledgers: [],
    responders: [],
    createdAt: nightAt,
    changedAt: nightAt,
    resolvedAt: null,
  });
  const { rows } = await rest.alerts(id);
  expect(rows).toMatchObject([{ title: 'Checkout latency', severity: 'critical', details }]);
});

test('incidents since a time are read page after page, and it is said when there are more than we ask for', async () => {
  const { clock, pagerduty, rest } = await office({ rateLimits: false });
  await pagerduty.trigger({ title: 'long ago', service: 'payments' });
  clock.set(nightAt + hourMs);
  for (let n = 0; n < 230; n += 1)
    await pagerduty.trigger({ title: `n${n}`, service: 'search', assignees: [] });
  const range = { sinceAt: nightAt + 1, untilAt: nightAt + 2 * hourMs };
  const { rows, more } = await rest.incidents({ ...range, statuses: ['triggered'], serviceIds: ['PSEARCH'] });
  expect([rows.length, rows[0]?.title, rows.at(-1)?.title, more]).toEqual([230, 'n0', 'n229', false]);
  const offsets = pagerduty.callsTo('GET /incidents').map(({ query }) => /offset=(\d+)/.exec(query)?.[1]);
  expect(offsets).toEqual(['0', '100', '200']);
});

test('a list without end is cut at a bound', async () => {
  const endless = async () =>
    Response.json({ incidents: [{ id: 'Q1', title: 'x', status: 'triggered' }], more: true });
  const { rest } = await office({}, { fetch: endless });
  expect(await rest.incidents({ sinceAt: 0, untilAt: 1 })).toMatchObject({
    more: true,
    rows: { length: 20 },
  });
});

test('who is on call, with e-mail, level and until when', async () => {
  const { pagerduty, rest } = await office();
  pagerduty.override('primary', 'ana', nightAt + hourMs, nightAt + 2 * hourMs);
  const { rows } = await rest.onCalls({ policyIds: ['PPAYMENTSPOLICY'] });
  expect(
    rows.map((one) => [one.level, one.person.email, one.schedule?.name, one.startAt, one.endAt]),
  ).toEqual([
    [1, 'bea@example.com', 'primary', nightAt - 2 * hourMs, nightAt + hourMs],
    [2, 'cai@example.com', undefined, null, null],
    [3, 'dana@example.com', undefined, null, null],
  ]);
  const next = await rest.onCalls({
    scheduleIds: ['PPRIMARY'],
    sinceAt: nightAt,
    untilAt: nightAt + 12 * hourMs,
    earliest: false,
  });
  expect(next.rows.map(({ person, startAt }) => [person.name, ((startAt ?? 0) - nightAt) / hourMs])).toEqual([
    ['Bea', -2],
    ['Ana', 1],
    ['Bea', 2],
    ['Cai', 10],
  ]);
  expect((await rest.onCalls({})).rows).toEqual([]);
});

test('people are found by id and by e-mail, whatever its case, and only the very one', async () => {
  const { rest } = await office({ users: ['ana', 'a', { name: 'xana', email: 'xana@example.com' }] });
  expect(await rest.person('PANA')).toMatchObject({
    name: 'Ana',
    email: 'ana@example.com',
    timeZone: 'Etc/UTC',
  });
  expect(await rest.personByEmail('ANA@example.com')).toMatchObject({ id: 'PANA' });
  expect(await rest.personByEmail('na@example.com')).toBeNull();
});

test('priorities are asked for once an hour, and an unknown one is refused with the cure', async () => {
  const { clock, pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger(alert);
  await rest.setPriority(id, 'P1', bea);
  await rest.setPriority(id, 'P3', bea);
  const error = await thrownBy(rest.setPriority(id, 'Sev 1', bea));
  expect(pagerDutyFaultOf(error)).toMatchObject({ kind: 'refused', word: 'no_such_priority' });
  expect(pagerduty.callsTo('GET /priorities')).toHaveLength(1);
  clock.set(clock.now() + hourMs + 1);
  await rest.setPriority(id, 'P1', bea);
  expect(pagerduty.callsTo('GET /priorities')).toHaveLength(2);
});

test('a subscription that PagerDuty or somebody switched off is seen, and switched on again', async () => {
  const { pagerduty, rest } = await office();
  const states = async () =>
    (await rest.subscriptions()).rows.map(({ active, temporarilyDisabled }) => [active, temporarilyDisabled]);
  expect(await states()).toEqual([[true, false]]);
  pagerduty.setActive(false);
  expect(await states()).toEqual([[false, false]]);
  pagerduty.setActive(true);
  await rest.enableSubscription('PSUBSCR');
  expect(await states()).toEqual([[true, false]]);
});

test('the headers are exactly those that PagerDuty asks for, and a redirection is not followed', async () => {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    sent.push({ url: String(input), init });
    return new Response('', { status: 302, headers: { location: 'https://elsewhere.example.com' } });
  };
  const { rest, events } = await office(
    {},
    { token: 'token-1', apiUrl: 'https://api.pagerduty.com/', fetch },
  );
  expect(pagerDutyFaultOf(await thrownBy(rest.resolve('Q1', null, bea))).word).toBe('moved');
  expect(sent[0]?.url).toBe('https://api.pagerduty.com/incidents/Q1');
  expect(sent[0]?.init).toMatchObject({
    method: 'PUT',
    redirect: 'manual',
    headers: {
      authorization: 'Token token=token-1',
      accept: 'application/vnd.pagerduty+json;version=2',
      'content-type': 'application/json',
      from: bea,
    },
  });
  await thrownBy(events.resolve('INC-1'));
  expect(Object.keys(sent[1]?.init?.headers ?? {})).toEqual(['content-type']);
});

test('without a token there is no REST, without an integration key there are no events', () => {
  const clock = { now: () => 0, sleepUntil: async () => {} };
  const options = { apiUrl: 'http://x/', eventsUrl: 'http://x/', fetch, clock, timeoutMs: 1 };
  const none = pagerDutyClient({ ...options, token: null, fromEmail: null, routingKey: null });
  expect(none).toEqual({ rest: null, events: null });
  expect(account.services).toHaveLength(2);
});

test.each(['', '..', 'Q1/../../users', 'Q1?x=1', 'Q 1'])(
  'what is no id of PagerDuty goes nowhere: %j',
  async (id) => {
    const { pagerduty, rest } = await office();
    expect(pagerDutyFaultOf(await thrownBy(rest.acknowledge(id, bea)))).toMatchObject({ word: 'not_found' });
    expect(pagerDutyFaultOf(await thrownBy(rest.person(id)))).toMatchObject({ kind: 'refused' });
    expect(pagerduty.calls).toEqual([]);
  },
);
