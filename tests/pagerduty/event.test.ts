import { expect, test } from 'vitest';
import { parseEvent } from '../../src/pagerduty/event.ts';
import { envelope, incident, occurredAt } from './calls.ts';

test('an event is read: id, its own time in epoch ms, who caused it, the incident', () => {
  expect(parseEvent(envelope('incident.triggered'))).toMatchObject({
    ok: true,
    event: {
      id: '01FKZSRAPTMF55RE69G8BQHGC6',
      at: occurredAt,
      agent: 'Tenex Engineer',
      type: 'incident.triggered',
      data: { id: 'Q2CKYRLH85UNN4', title: 'Checkout is down', urgency: 'high' },
    },
  });
});

test.each([
  ['service_updated', 'incident.service_updated'],
  ['a type of tomorrow', 'incident.exploded'],
  ['the name of what every object has', 'constructor'],
])('%s is an unknown type, whatever its data', (_what, type) => {
  const parsed = parseEvent(envelope(type, [1, 2]));
  expect(parsed).toMatchObject({ ok: true, event: { type: 'unknown', name: type } });
});

test('a key that comes twice counts as its last value', () => {
  const twice = envelope('incident.triggered').toString().replace('"number":37', '"number":1,"number":37');
  expect(parseEvent(Buffer.from(twice))).toMatchObject({ ok: true, event: { data: { number: 37 } } });
});

test.each([
  ['agent', { agent: 'somebody' }, {}],
  ['agent', { agent: { summary: 7 } }, {}],
  ['client', { client: [] }, {}],
  ['assignees', {}, { assignees: 'Bea' }],
  ['priority', {}, { priority: 'P1' }],
  ['urgency', {}, { urgency: 3 }],
  ['number', {}, { number: 'x' }],
  ['created_at', {}, { created_at: 'yesterday' }],
  ['html_url', {}, { html_url: {} }],
  ['resolve_reason', {}, { resolve_reason: 'merged' }],
])('an odd %s loses no page', (_what, event, data) => {
  expect(parseEvent(envelope('incident.triggered', incident(data), event))).toMatchObject({ ok: true });
});

const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
const prototyped = envelope('incident.triggered')
  .toString()
  .replace('"number"', '"__proto__":{"x":1},"number"');

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'not JSON'],
  ['half of it', envelope('incident.triggered').subarray(0, 300), 'not JSON'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'not JSON'],
  ['null', Buffer.from('null'), 'the body'],
  ['a list', Buffer.from('[]'), 'the body'],
  ['no event', Buffer.from('{}'), 'event'],
  ['no event id', envelope('incident.triggered', {}, { id: undefined }), 'event.id'],
  ['an event id that is a number', envelope('incident.triggered', {}, { id: 7 }), 'event.id'],
  ['an endless event id', envelope('incident.triggered', {}, { id: 'x'.repeat(300) }), 'event.id'],
  ['a time in words', envelope('incident.triggered', {}, { occurred_at: 'today' }), 'event.occurred_at'],
  ['no data', envelope('incident.triggered', null), 'event.data'],
  ['an incident without id', envelope('incident.resolved', incident({ id: '' })), 'event.data.id'],
  [
    'an incident named like an inherited thing',
    envelope('incident.resolved', { id: 'constructor' }),
    'event.data.id',
  ],
  ['a title that is a number', envelope('incident.triggered', incident({ title: 7 })), 'event.data.title'],
  ['a note without incident', envelope('incident.annotated', { content: 'x' }), 'event.data.incident'],
  ['a key __proto__', Buffer.from(prototyped), '__proto__'],
  ['65 levels', envelope('incident.triggered', incident({ x: deep(62) })), '64 deep'],
  ['100,000 levels', Buffer.from(`${'['.repeat(1e5)}${']'.repeat(1e5)}`), '64 deep'],
])('with %s it is unreadable, and the reason says where', (_what, body, where) => {
  expect(parseEvent(body)).toEqual({ ok: false, unreadable: expect.stringContaining(where) });
});

test('64 levels are read', () => {
  expect(parseEvent(envelope('incident.triggered', incident({ x: deep(61) })))).toMatchObject({ ok: true });
});
