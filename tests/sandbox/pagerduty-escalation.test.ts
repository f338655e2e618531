import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import { isObject, objectAt, objectsAt, parseJson, textAt } from '../../src/sandbox/json.ts';
import { type PagerDutyOptions, startPagerDuty } from '../../src/sandbox/pagerduty.ts';
import { ACCEPT, PAGERDUTY_LIMITS } from '../../src/sandbox/pagerduty-rules.ts';
import { account, nightAt } from '../pagerduty/office.ts';
import { later } from './world.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** PagerDuty, and somebody who listens to its webhooks: `told` says what, by whom and who has it then. */
async function desk(options: Partial<PagerDutyOptions> = {}) {
  const clock = movableClock(nightAt);
  const pagerduty = later(startPagerDuty({ clock, secrets: ['s'], ...account, ...options }));
  await pagerduty.listen();
  const told: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = parseJson(Buffer.concat(chunks).toString());
      const event = isObject(body) ? objectAt(body, 'event') : {};
      const to = objectsAt(objectAt(event, 'data'), 'assignees').map((one) => textAt(one, 'summary'));
      const by = textAt(objectAt(event, 'agent'), 'summary');
      told.push([textAt(event, 'event_type').slice('incident.'.length), `by ${by}`, ...to].join(' '));
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later({ close: () => void server.close() });
  pagerduty.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const pass = async (ms: number) => {
    const until = clock.now() + ms;
    for (let at = clock.nextWakeAt(); at !== null && at <= until; at = clock.nextWakeAt()) {
      clock.set(at);
      await pagerduty.quiet();
    }
    clock.set(until);
    await pagerduty.quiet();
  };
  const headers = {
    authorization: `Token token=${pagerduty.token}`,
    accept: ACCEPT,
    'content-type': 'application/json',
    from: 'dana@example.com',
  };
  const send = async (method: string, path: string, body: unknown) => {
    const url = `${pagerduty.apiUrl}${path}`;
    const { status } = await fetch(url, { method, headers, body: JSON.stringify(body) });
    await pagerduty.quiet();
    return status;
  };
  return { clock, pagerduty, told, pass, send };
}

const alert = { title: 'Checkout latency', service: 'payments' };

test('nobody answers: level after level is woken in its time, then all of them once more, then nobody', async () => {
  const { pagerduty, told, pass } = await desk();
  await pagerduty.trigger(alert);
  await pass(3 * hourMs);
  expect(pagerduty.paged()).toEqual([
    'bea at 02:00',
    'cai at 02:05',
    'dana at 02:10',
    'bea at 02:20',
    'cai at 02:25',
    'dana at 02:30',
  ]);
  expect(told).toEqual([
    'triggered by payments Bea',
    ...['Cai', 'Dana', 'Bea', 'Cai', 'Dana'].map((who) => `escalated by payments ${who}`),
  ]);
});

test('an acknowledgement stops it, giving back wakes again and goes on from there', async () => {
  const { pagerduty, pass } = await desk();
  const incident = await pagerduty.trigger(alert);
  await pass(6 * minuteMs);
  await pagerduty.acknowledge(incident, { by: 'cai' });
  await pass(hourMs);
  expect(pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  await pagerduty.unacknowledge(incident, { by: 'cai' });
  await pass(6 * minuteMs);
  expect(pagerduty.paged().slice(2)).toEqual(['cai at 03:06', 'dana at 03:11']);
  await pagerduty.resolve(incident, { by: 'dana' });
  await pass(hourMs);
  expect(pagerduty.paged()).toHaveLength(4);
  await pagerduty.reopen(incident, { by: 'dana' });
  expect(pagerduty.paged().at(-1)).toBe('bea at 04:12');
});

test('assigned by hand, it stays with that person', async () => {
  const { pagerduty, pass } = await desk();
  const incident = await pagerduty.trigger(alert);
  await pagerduty.reassign(incident, { to: ['dana'], by: 'bea' });
  await pass(2 * hourMs);
  expect(pagerduty.paged()).toEqual(['bea at 02:00', 'dana at 02:00']);
});

test('somebody escalates by hand: that level is woken at once, and its time runs anew', async () => {
  const { pagerduty, pass } = await desk();
  const incident = await pagerduty.trigger(alert);
  await pass(4 * minuteMs);
  await pagerduty.escalateToLevel(incident, 2, { by: 'bea' });
  await pass(6 * minuteMs);
  expect(pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:04', 'dana at 02:09']);
});

test('whoever has the duty is woken: shifts change, and overrides count', async () => {
  const { pagerduty, pass } = await desk();
  pagerduty.override('primary', 'ana', nightAt + hourMs, nightAt + 2 * hourMs);
  for (const hours of [0, 1, 1, 8]) {
    await pass(hours * hourMs);
    const incident = await pagerduty.trigger(alert);
    await pagerduty.resolve(incident);
  }
  expect(pagerduty.paged()).toEqual(['bea at 02:00', 'ana at 03:00', 'bea at 04:00', 'cai at 12:00']);
});

test('every change by REST comes back as a webhook of the one who made it', async () => {
  const { pagerduty, told, send } = await desk();
  const { id } = await pagerduty.trigger(alert);
  told.length = 0;
  const put = (incident: object) =>
    send('PUT', `incidents/${id}`, { incident: { type: 'incident', ...incident } });
  await put({ status: 'acknowledged' });
  await put({ status: 'triggered' });
  await put({ escalation_level: 2 });
  await put({ assignments: [{ assignee: { id: 'PANA', type: 'user_reference' } }] });
  await put({ escalation_policy: { id: 'PSEARCHPOLICY', type: 'escalation_policy_reference' } });
  await put({ priority: { id: 'P0P1', type: 'priority_reference' } });
  await send('POST', `incidents/${id}/notes`, { note: { content: 'x' } });
  await send('POST', `incidents/${id}/status_updates`, { message: 'x' });
  const target = { responder_request_target: { id: 'PCAI', type: 'user_reference' } };
  const help = { requester_id: 'PDANA', message: 'Help', responder_request_targets: [target] };
  await send('POST', `incidents/${id}/responder_requests`, help);
  await put({ status: 'resolved', resolution: 'rolled back' });
  await put({ status: 'triggered' });
  expect(told).toEqual([
    'acknowledged by Dana Bea',
    'unacknowledged by Dana Bea',
    'escalated by Dana Cai',
    'reassigned by Dana Ana',
    'delegated by Dana Dana',
    'priority_updated by Dana Dana',
    'annotated by Dana',
    'status_update_published by Dana',
    'responder.added by Dana',
    'resolved by Dana',
    'annotated by Dana',
    'reopened by Dana Dana',
  ]);
  expect(pagerduty.pages.find(({ why }) => why === 'responder')).toMatchObject({ who: 'cai' });
});

test('a call that is refused sends no webhook, and neither does a subscription that is switched off', async () => {
  const { pagerduty, told, send } = await desk();
  const { id } = await pagerduty.trigger(alert);
  expect(await send('PUT', `incidents/${id}`, { incident: { type: 'incident', escalation_level: 9 } })).toBe(
    400,
  );
  pagerduty.setActive(false);
  expect(await send('PUT', `incidents/${id}`, { incident: { type: 'incident', status: 'resolved' } })).toBe(
    200,
  );
  expect(told).toEqual(['triggered by payments Bea']);
});

interface Event {
  routing_key?: string;
  event_action: string;
  dedup_key?: string;
  payload?: object;
}

async function events(options: Partial<PagerDutyOptions> = {}) {
  const world = await desk(options);
  const routing_key = world.pagerduty.routingKey('payments');
  const payload = { summary: 'Checkout is down', source: 'tocsin', severity: 'critical' };
  const send = async (event: Event): Promise<number> => {
    const body = JSON.stringify({ routing_key, ...event });
    const { status } = await fetch(`${world.pagerduty.eventsUrl}enqueue`, { method: 'POST', body });
    await world.pagerduty.quiet();
    return status;
  };
  const trigger = (dedup_key: string, more: object = {}) =>
    send({ event_action: 'trigger', dedup_key, payload: { ...payload, ...more } });
  return { ...world, send, trigger, payload };
}

test('a key has one incident while it is open: triggers add alerts to it, and after the resolution open a new one', async () => {
  const { pagerduty, told, send, trigger } = await events();
  expect(await trigger('k')).toBe(202);
  await trigger('k', { summary: 'still down' });
  await send({ event_action: 'acknowledge', dedup_key: 'k' });
  await trigger('k');
  await send({ event_action: 'acknowledge', dedup_key: 'k' });
  await send({ event_action: 'resolve', dedup_key: 'k' });
  await trigger('k');
  expect(told).toEqual([
    'triggered by payments Bea',
    'acknowledged by payments Bea',
    'resolved by payments',
    'triggered by payments Bea',
  ]);
  expect(pagerduty.incidents.map(({ incidentKey }) => incidentKey)).toEqual(['k', 'k']);
  expect(pagerduty.ticket(pagerduty.incidents[0]?.id ?? '').alerts.map(({ title }) => title)).toEqual([
    'Checkout is down',
    'still down',
    'Checkout is down',
  ]);
  expect(pagerduty.deliveries[0]?.body).toContain('"incident_key":"k"');
});

test('an acknowledgement or resolution of a key that is not open is taken and dropped, and so is one of another service', async () => {
  const { pagerduty, send, trigger } = await events();
  expect(await send({ event_action: 'resolve', dedup_key: 'nobody' })).toBe(202);
  await trigger('k');
  const routing_key = pagerduty.routingKey('search');
  expect(await send({ routing_key, event_action: 'resolve', dedup_key: 'k' })).toBe(202);
  expect(pagerduty.ticket('k').incident.status).toBe('triggered');
});

const payload = { summary: 's', source: 's', severity: 'info' };
test.each<[what: string, event: Event & Record<string, unknown>]>([
  ['another key', { routing_key: 'x', event_action: 'resolve', dedup_key: 'k' }],
  ['another action', { event_action: 'ack', dedup_key: 'k' }],
  ['no key to resolve', { event_action: 'resolve' }],
  ['a long key', { event_action: 'resolve', dedup_key: 'x'.repeat(PAGERDUTY_LIMITS.dedupKeyLength + 1) }],
  ['no payload', { event_action: 'trigger' }],
  ['no summary', { event_action: 'trigger', payload: { ...payload, summary: '' } }],
  ['a long summary', { event_action: 'trigger', payload: { ...payload, summary: 'x'.repeat(1_025) } }],
  ['another severity', { event_action: 'trigger', payload: { ...payload, severity: 'sev1' } }],
  ['an unknown field', { event_action: 'trigger', payload, dedupKey: 'k' }],
  ['an unknown field of the payload', { event_action: 'trigger', payload: { ...payload, details: {} } }],
  [
    'too much',
    { event_action: 'trigger', payload: { ...payload, custom_details: { a: 'x'.repeat(524_288) } } },
  ],
])('an event is refused: %s', async (_what, event) => {
  const { pagerduty, send } = await events();
  expect(await send(event)).toBe(400);
  expect(pagerduty.incidents).toEqual([]);
});

test('an event at its limits is taken', async () => {
  const { trigger } = await events();
  const { dedupKeyLength, eventSummaryLength } = PAGERDUTY_LIMITS;
  expect(await trigger('x'.repeat(dedupKeyLength), { summary: 'x'.repeat(eventSummaryLength) })).toBe(202);
});

test('120 events a minute and key, and then 429', async () => {
  const { clock, trigger } = await events();
  for (let n = 0; n < PAGERDUTY_LIMITS.eventsPerMinute; n += 1) expect(await trigger(`k${n}`)).toBe(202);
  expect(await trigger('one too many')).toBe(429);
  clock.set(clock.now() + minuteMs);
  expect(await trigger('a minute later')).toBe(202);
});
