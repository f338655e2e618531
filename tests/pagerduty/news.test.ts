import { expect, test } from 'vitest';
import { parseEvent } from '../../src/pagerduty/event.ts';
import { newsOf } from '../../src/pagerduty/news.ts';
import { occurredAt as at, envelope, incident, mapping, user } from './calls.ts';

const by = { kind: 'pagerduty', name: 'Tenex Engineer' };
const id = 'Q2CKYRLH85UNN4';

function news(...event: Parameters<typeof envelope>) {
  const parsed = parseEvent(envelope(...event));
  if (!parsed.ok) throw new Error(parsed.unreadable);
  return newsOf(parsed.event, mapping);
}

function alertFrom(changes: object) {
  const told = news('incident.triggered', incident(changes));
  if (told.kind !== 'triggered') throw new Error(told.kind);
  return told.alert;
}

test('a trigger is an alert with everything the incident needs', () => {
  expect(news('incident.triggered')).toEqual({
    kind: 'triggered',
    alert: {
      id,
      title: 'Checkout is down',
      url: 'https://acme.pagerduty.com/incidents/Q2CKYRLH85UNN4',
      service: 'API Service',
      serviceId: 'PF9KMXH',
      at,
      createdAt: Date.parse('2026-04-07T03:47:13Z'),
      severity: 2,
      severityReason: 'PagerDuty urgency high',
      assignees: ['Bea Busy'],
      key: 'dfead9d88e0649e8b7dee514b1875756',
    },
  });
});

test.each([
  ['incident.acknowledged', { type: 'note-alert', to: 'acknowledged', unacknowledged: false }],
  ['incident.unacknowledged', { type: 'note-alert', to: 'triggered', unacknowledged: true }],
  ['incident.resolved', { type: 'note-alert', to: 'resolved', unacknowledged: false }],
  [
    'incident.escalated',
    { type: 'note-alert-remark', text: 'escalated to Bea Busy', to: ['Bea Busy'], calls: ['Bea Busy'] },
  ],
  ['incident.reassigned', { type: 'note-alert-remark', text: 'reassigned to Bea Busy', calls: ['Bea Busy'] }],
  ['incident.delegated', { type: 'note-alert-remark', text: 'delegated to Default' }],
  [
    'incident.priority_updated',
    { type: 'note-alert-severity', severity: 2, reason: 'PagerDuty urgency high' },
  ],
])(
  '%s is news of the alert, credited to who did it, with the alert in case its trigger never came',
  (type, command) => {
    const told = news(type);
    expect(told).toEqual({
      kind: 'changed',
      id,
      command: { ...command, by, id, at },
      remark: null,
      alert: alertFrom({}),
    });
  },
);

test('a reopened one fires again, with its severity', () => {
  const alert = alertFrom({ priority: { id: 'P1', summary: 'P1' } });
  expect(news('incident.reopened', incident({ priority: { id: 'P1', summary: 'P1' } }))).toEqual({
    kind: 'triggered',
    alert,
  });
});

test.each([
  [{ id: 'Q99', summary: 'Payments are down' }, 'merged in PagerDuty into Payments are down, Q99'],
  [{ id: 'Q99', summary: null }, 'merged in PagerDuty into Q99'],
  [null, 'merged in PagerDuty into another incident'],
])('one that was merged is resolved, and a remark names the target: %o', (target, text) => {
  const reason = { type: 'merge_resolve_reason', incident: target };
  expect(news('incident.resolved', incident({ assignees: [], resolve_reason: reason }))).toMatchObject({
    command: { type: 'note-alert', to: 'resolved' },
    remark: { type: 'note-alert-remark', by, id, text, at },
  });
});

const of = { incident: { id, type: 'incident_reference', summary: null } };

test.each([
  ['incident.annotated', { ...of, content: ' rolling\u202e back\n' }, 'note: rolling back'],
  ['incident.annotated', { ...of, content: null }, 'note'],
  [
    'incident.status_update_published',
    { ...of, message: 'A fix is coming' },
    'status update: A fix is coming',
  ],
  [
    'incident.responder.added',
    { ...of, user: user('P1', 'Maeve'), message: 'Please help' },
    'asked Maeve to respond: Please help',
    ['Maeve'],
  ],
  [
    'incident.responder.added',
    { ...of, user: null, escalation_policy: user('P2', 'The Policy') },
    'asked The Policy to respond',
    ['The Policy'],
  ],
  [
    'incident.responder.replied',
    { ...of, user: user('P1', 'Maeve'), state: 'accepted' },
    'Maeve answered: accepted',
  ],
])('%s is a remark: %o', (type, data, text, to?: string[]) => {
  expect(news(type, data)).toEqual({
    kind: 'changed',
    id,
    command: { type: 'note-alert-remark', by, id, text, at, ...(to && { to, calls: to }) },
    remark: null,
    alert: null,
  });
});

test.each([
  [{ priority: { summary: 'P1' }, urgency: 'low' }, 1, 'PagerDuty priority P1'],
  [{ priority: { summary: 'P5' }, urgency: 'high' }, 4, 'PagerDuty priority P5'],
  [{ priority: { summary: 'Urgent' }, urgency: 'critical' }, 1, 'PagerDuty urgency critical'],
  [{ urgency: 'high' }, 2, 'PagerDuty urgency high'],
  [{ urgency: 'low' }, 3, 'PagerDuty urgency low'],
  [{ urgency: null }, 3, 'PagerDuty gave no priority or urgency'],
])('%o is SEV%i: %s', (changes, severity, severityReason) => {
  expect(alertFrom(changes)).toMatchObject({ severity, severityReason });
});

test.each([
  [{ title: null }, 'PagerDuty incident #37 on API Service'],
  [{ title: '' }, 'PagerDuty incident #37 on API Service'],
  [{ title: ' \u202e\u0007 ', number: null }, `PagerDuty incident ${id} on API Service`],
  [{ title: '', service: null }, 'PagerDuty incident #37 on an unnamed service'],
  [{ title: '', service: { id: 'PF9', summary: null } }, 'PagerDuty incident #37 on PF9'],
  [{ title: 'two\nlines \u0000of\u200b \ud800it' }, 'two lines of \ufffdit'],
])('%o gets a plain title: %s', (changes, title) => {
  expect(alertFrom(changes).title).toBe(title);
});

test.each([
  ['https://acme.pagerduty.com/incidents/Q2', 'https://acme.pagerduty.com/incidents/Q2'],
  ['http://pagerduty.example/x?y=1', 'http://pagerduty.example/x?y=1'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['//acme.pagerduty.com', null],
  ['PagerDuty', null],
  [`https://x.example/${'a'.repeat(4000)}`, null],
  [null, null],
])('the address %s survives as %s', (html_url, url) => {
  expect(alertFrom({ html_url }).url).toBe(url);
});

test('an incident without a time of creation was created when it fired, never later', () => {
  expect(alertFrom({ created_at: undefined }).createdAt).toBe(at);
  expect(alertFrom({ created_at: '2027-01-01T00:00:00Z' }).createdAt).toBe(at);
});

test('who is assigned is named, nameless ones are not, and at most twenty are', () => {
  const assignees = [
    { id: 'P1' },
    ...Array.from({ length: 30 }, (_, index) => user(`P${index}`, `Person ${index}`)),
  ];
  const named = alertFrom({ assignees }).assignees;
  expect(named).toHaveLength(20);
  expect(named[0]).toBe('Person 0');
  expect(news('incident.reassigned', incident({ assignees: [] }))).toMatchObject({
    command: { text: 'reassigned to somebody else' },
  });
});

test.each([
  [null],
  [{ id: 'PVE0ZR9', type: 'user_reference' }],
  [{ summary: ' ' }],
  [{ id: 'PF9KMXH', type: 'service_reference', summary: 'API Service' }],
])('an agent that is no person with a name, %o, is PagerDuty itself', (agent) => {
  expect(news('incident.acknowledged', incident(), { agent })).toMatchObject({
    command: { by: { kind: 'pagerduty' } },
  });
  expect(news('incident.acknowledged', incident(), { agent })).not.toHaveProperty('command.by.name');
});

test('a ping is a ping, and unknown types are ignored by name', () => {
  expect(news('pagey.ping', { message: 'Hello', type: 'ping' })).toEqual({ kind: 'ping' });
  expect(news('incident.task.created', {})).toEqual({
    kind: 'ignored',
    why: 'event type incident.task.created',
  });
});
