import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt } from '../../src/sandbox/json.ts';
import { ENQUEUE, ROUTES } from '../../src/sandbox/pagerduty-rules.ts';
import { keyPaths } from '../sandbox/fixtures.ts';
import { type Office, office } from './office.ts';
import { haveOpenApi, needsOpenApi, openApi } from './openapi.ts';

const bea = 'bea@example.com';
const at = Date.parse('2026-03-02T02:00:00Z');

/** Everything that our client can say, at least once and with every field it has. */
async function everything({ pagerduty, rest, events }: Office): Promise<void> {
  const { id } = await pagerduty.trigger({ title: 'x', service: 'payments', details: { a: 1 } });
  await rest.create(
    { title: 'y', serviceId: 'PPAYMNT', key: 'INC-1', urgency: 'low', details: 'more about it' },
    bea,
  );
  await rest.create({ title: 'x', serviceId: 'PPAYMNT', key: 'INC-2', policyId: 'PSEARCHPOLICY' }, bea);
  await rest.acknowledge(id, bea);
  await rest.unacknowledge(id, bea);
  await rest.escalate(id, 2, bea);
  await rest.setPriority(id, 'P1', bea);
  await rest.reassign(id, { policyId: 'PSEARCHPOLICY' }, bea);
  await rest.reassign(id, { userIds: ['PANA', 'PCAI'] }, bea);
  await rest.addNote(id, 'a note', bea);
  await rest.addStatusUpdate(id, 'an update', bea);
  const help = { message: 'Please', userIds: ['PDANA'], policyIds: ['PSEARCHPOLICY'] };
  await rest.addResponders(id, help, bea);
  await rest.resolve(id, 'because', bea);
  await rest.reopen(id, bea);
  await rest.resolve(id, null, null);
  await rest.alerts(id);
  await rest.notes(id);
  await rest.incidents({ sinceAt: at, untilAt: at + 1, statuses: ['triggered'], serviceIds: ['PPAYMNT'] });
  await rest.openIncidentWithKey('INC-1');
  await rest.onCalls({
    policyIds: ['PPAYMENTSPOLICY'],
    scheduleIds: ['PPRIMARY'],
    sinceAt: at,
    untilAt: at + 1,
  });
  await rest.person('PANA');
  await rest.subscriptions();
  await rest.enableSubscription('PSUBSCR');
  const link = { href: 'https://example.com/x', text: 'x' };
  const event = {
    dedupKey: 'k',
    summary: 's',
    source: 'o',
    severity: 'error',
    details: { a: 'b' },
    link,
  } as const;
  await events.trigger(event);
  await events.acknowledge('k');
  await events.resolve('k');
}

/** Where the published schema contradicts its own examples and the documentation, the examples are right. */
function corrected(route: string, body: Json): Json {
  const properties = objectAt(body, 'properties');
  if (route === 'POST /incidents') {
    const details = objectAt(objectAt(objectAt(properties.incident, 'properties'), 'body'), 'properties');
    expect(details).toMatchObject({ details: { type: 'object' } });
    Object.assign(details, { details: { type: 'string' }, type: { const: 'incident_body' } });
  }
  if (route === 'POST /incidents/{id}/responder_requests') {
    const targets = objectAt(properties, 'responder_request_targets');
    const items = objectAt(targets, 'items');
    expect(Object.keys(objectAt(items, 'properties'))).not.toContain('responder_request_target');
    targets.items = { type: 'object', required: ['responder_request_target'], properties: wrapped(items) };
  }
  return body;
}

const wrapped = (items: Json): Json => ({ responder_request_target: items });

test.skipIf(!haveOpenApi)(`all we send is what PagerDuty publishes${needsOpenApi}`, async () => {
  const desk = await office();
  await everything(desk);
  const [rest, events] = [openApi('REST'), openApi('events-v2')];
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  for (const call of desk.pagerduty.calls) {
    const { route, body, query, status } = call;
    const { body: schema, queries, headers } = route === ENQUEUE ? events('POST /enqueue') : rest(route);
    const names = [...new URLSearchParams(query).keys()];
    const complaints = schema ? mistakes(ajv, corrected(route, schema), body) : Object.keys(body);
    expect({ route, status, complaints }).toEqual({ route, status: expect.any(Number), complaints: [] });
    expect({ route, unknown: names.filter((name) => !queries.includes(name)) }).toEqual({
      route,
      unknown: [],
    });
    if (headers.includes('from'))
      expect({ route, from: call.from }).toEqual({ route, from: expect.any(String) });
    expect({ route, taken: status < 300 }).toEqual({ route, taken: true });
  }
});

function mistakes(ajv: Ajv, schema: Json, body: Json): string[] {
  const validate = ajv.compile(schema);
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('the test above sends everything that the sandbox knows', async () => {
  const desk = await office();
  await everything(desk);
  const sent = new Set(desk.pagerduty.calls.map(({ route }) => route));
  expect([...sent].toSorted()).toEqual([...Object.keys(ROUTES), ENQUEUE].toSorted());
});

test.skipIf(!haveOpenApi)(`a body that is wrong is found out${needsOpenApi}`, () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const schema = openApi('REST')('PUT /incidents/{id}').body ?? {};
  const of = (incident: Json) => mistakes(ajv, schema, { incident });
  expect(of({ type: 'incident_reference', status: 'acknowledged' })).toEqual([]);
  expect(of({ type: 'incident_reference', status: 'acked' })).not.toEqual([]);
  expect(of({ type: 'incident_reference', escalationLevel: 2 })).not.toEqual([]);
  expect(of({ status: 'acknowledged' })).not.toEqual([]);
});

/** What one example leaves out and the schema, or the example beside it, has. */
const elsewhere = new Set(['total', 'webhook_subscriptions[].delivery_method.temporarily_disabled']);
/** The examples show these empty, or as they like. */
const opaque = /\.(details|resolve_reason|conference_bridge|schedule|integration|priority)(\.|$)/;

/** Not in the example, though the example shows something in that place. */
function isInvented(key: string, known: ReadonlySet<string>): boolean {
  if (known.has(key) || elsewhere.has(key) || opaque.test(key)) return false;
  const end = key.lastIndexOf('[]');
  return end < 0 || [...known].some((one) => one.startsWith(`${key.slice(0, end)}[].`));
}

test.skipIf(!haveOpenApi)(
  `the sandbox answers in the keys of the published examples${needsOpenApi}`,
  async () => {
    const desk = await office();
    const { id } = await desk.pagerduty.trigger({ title: 'x', service: 'payments' });
    await desk.rest.addNote(id, 'note', bea);
    await desk.rest.acknowledge(id, bea);
    const example = openApi('REST');
    for (const route of Object.keys(ROUTES).filter((one) => one.startsWith('GET'))) {
      const path = route.slice(5).replace('{id}', route.includes('users') ? 'PANA' : id);
      const response = await fetch(`${desk.pagerduty.apiUrl}${path}`, {
        headers: {
          accept: 'application/vnd.pagerduty+json;version=2',
          authorization: `Token token=${desk.pagerduty.token}`,
        },
      });
      const answer: unknown = await response.json();
      expect(isObject(answer) && response.status).toBe(200);
      const known = keyPaths(example(route).example);
      const invented = [...keyPaths(answer)].filter((key) => isInvented(key, known));
      expect({ route, invented }).toEqual({ route, invented: [] });
    }
  },
);
