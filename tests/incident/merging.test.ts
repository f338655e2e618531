import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import { dues } from '../../src/incident/due.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { belongingsOf, otherOf, type Survivor, survivorOf } from '../../src/incident/merging.ts';
import { alikeTitles, similarTo } from '../../src/incident/similar.ts';
import { at, declared } from '../support/incident.ts';
import { reaches } from '../support/ladder.ts';

const ana = person('ana');
const survivor: Survivor = {
  ...survivorOf(declared({ title: 'Payments are down' }).incident),
  id: 12,
  channel: { id: 'C12', name: 'inc-12' },
};
const merge = (into: Partial<Survivor> = {}) =>
  ({ type: 'merge', by: ana, into: { ...survivor, ...into } }) as const;

/** INC-12, to which INC-42 comes. */
const twelve = () => declared({ title: 'Payments are down', severity: 2, service: 'billing' });
const fires = (id: string, minute: string) => ({
  id,
  title: `Alert ${id}`,
  url: `https://pd.example/${id}`,
  service: 'Payments',
  at: at(minute),
  createdAt: at(minute),
  severity: 1 as const,
  severityReason: 'P1',
  assignees: [],
});
const absorb = (from: Incident) =>
  ({ type: 'absorb', by: ana, from: otherOf(from), brings: belongingsOf(from) }) as const;

test('a merged incident knows where it went, and nothing is due for it any more', () => {
  const life = reaches(declared(), '02:00', 'bea').does('02:03', merge());
  expect(life.incident).toMatchObject({
    status: 'merged',
    mergedInto: 12,
    survivor: { title: 'Payments are down' },
  });
  expect(dues(life.incident)).toEqual([]);
  expect(life.entries.map(({ fact }) => fact.type)).not.toContain('draft-requested');
});

test('a merge obliges the survivor to take in what was its, pages to stand down and the channel to say so', () => {
  const before = reaches(declared(), '02:00', 'bea').does('02:01', {
    type: 'note-paged',
    user: 'bea',
    channel: 'D1',
    ts: '1.1',
    order: {
      orderedAt: at('02:00'),
      action: 'page',
      target: { kind: 'user', user: 'bea' },
      reason: { why: 'declared' },
      step: 0,
      nextAt: null,
    },
    standing: 'primary',
    knewChannel: true,
  });
  const start = before.incident;
  const after = before.does('02:03', merge());
  const { fact } = after.entries.at(-1)!;
  const kinds = effectsOf(fact, after.incident, start).map((effect) => effect.kind);
  expect(kinds).toEqual(
    expect.arrayContaining([
      'card',
      'topic',
      'page-card',
      'say',
      'announcement',
      'announcement-reply',
      'absorb',
    ]),
  );
  expect(kinds).not.toContain('draft');
});

test.each([
  ['itself', { id: 42 }],
  ['merged', { status: 'merged', mergedInto: 9 }],
  ['ended', { status: 'resolved' }],
  ['into-test', { isTest: true }],
  ['no-channel', { visibility: 'line' }],
] as const)('refused with its reason: %s', (why, into) => {
  const decision = decide(declared().incident, merge(into), at('02:01'));
  expect(decision).toMatchObject({ refused: 'merge-refused', why, id: 'id' in into ? into.id : 12 });
});

test('a private incident never goes into a public one, nor a test into a real one', () => {
  const secret = declared({ isPrivate: true });
  expect(decide(secret.incident, merge(), at('02:01'))).toMatchObject({
    refused: 'merge-refused',
    why: 'private',
  });
  expect(decide(declared({ isTest: true }).incident, merge(), at('02:01'))).toMatchObject({ why: 'test' });
  secret.does('02:01', merge({ isPrivate: true }));
  expect(secret.incident.status).toBe('merged');
});

test('what is over, or merged already, cannot be merged; the refusal says where it went, unless that is private', () => {
  const merged = declared().does('02:01', merge());
  expect(decide(merged.incident, merge({ id: 13 }), at('02:02'))).toEqual({
    refused: 'ended',
    status: 'merged',
    at: at('02:01'),
    into: 12,
  });
  const hidden = declared().does('02:01', merge({ isPrivate: true }));
  expect(decide(hidden.incident, merge({ id: 13 }), at('02:02'))).not.toHaveProperty('into');
});

test('the survivor takes in alerts and people; delivered twice, it happened once', () => {
  const from = declared({ alert: fires('A', '02:00'), by: { kind: 'pagerduty' } })
    .does('02:01', { type: 'attach-alert', by: { kind: 'pagerduty' }, alert: fires('B', '02:01') })
    .does('02:02', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false });
  const life = twelve().does('02:03', absorb(from.incident));
  expect(Object.keys(life.incident.alerts)).toEqual(['A', 'B']);
  expect(life.incident.members).toContain('bea');
  expect(life.incident.absorbed).toMatchObject([{ id: 42, alerts: ['A', 'B'] }]);
  expect(decide(life.incident, absorb(from.incident), at('02:04'))).toEqual([]);
});

test('nobody is invited to a private survivor', () => {
  const from = reaches(declared(), '02:00', 'bea');
  const life = declared({ isPrivate: true }).does('02:03', absorb(from.incident));
  expect(life.incident.members).toEqual(['ana']);
});

test('an alert that fires and comes along ends the quiet of a ladder that was held', () => {
  const quiet = declared({ alert: fires('Q', '02:00'), by: { kind: 'pagerduty' } }).does('02:02', {
    type: 'note-alert',
    by: { kind: 'pagerduty' },
    id: 'Q',
    to: 'resolved',
    at: at('02:02'),
    unacknowledged: false,
  });
  expect(quiet.incident.escalation.heldAt).not.toBeNull();
  quiet.does('02:03', absorb(declared({ alert: fires('A', '02:00') }).incident));
  expect(quiet.incident.escalation.heldAt).toBeNull();
});

test('undone, each has its own alerts again, with what was heard of them meanwhile', () => {
  const from = declared({ alert: fires('A', '02:00') });
  const into = declared({ alert: fires('B', '02:00') }).does('02:03', absorb(from.incident));
  from.does('02:03', merge());
  into.does('02:05', {
    type: 'note-alert',
    by: { kind: 'pagerduty' },
    id: 'A',
    to: 'acknowledged',
    at: at('02:05'),
    unacknowledged: false,
  });
  const back = { A: into.incident.alerts.A! };
  from.does('02:06', { type: 'undo-end', by: ana, alerts: back });
  const separate = { type: 'separate', by: ana, from: otherOf(from.incident) } as const;
  into.does('02:06', separate);
  expect(from.incident).toMatchObject({ status: 'investigating', alerts: { A: { state: 'acknowledged' } } });
  expect(from.incident.mergedInto).toBeUndefined();
  expect(Object.keys(into.incident.alerts)).toEqual(['B']);
  expect(decide(into.incident, separate, at('02:07'))).toEqual([]);
});

test('a merge can be undone for 24 hours, and a button means the end it was made for', () => {
  const life = declared().does('02:01', merge());
  const undo = { type: 'undo-end', by: ana, endedAt: at('02:01') } as const;
  expect(decide(life.incident, undo, at('+1 02:02'))).toMatchObject({
    refused: 'undo-expired',
    status: 'merged',
  });
  life.does('02:05', undo).does('02:06', merge({ id: 13 }));
  expect(decide(life.incident, undo, at('02:07'))).toMatchObject({ refused: 'end-superseded' });
});

test.each([
  ['Checkout is down', 'Checkout broken', true],
  ['Checkout is down', 'Search is down', false],
  ['EU card payments fail', 'Card payment failing in the EU', true],
  ['Checkout is down', 'Delayed checkout mails for new German shops', false],
  ['Überweisungen hängen', 'uberweisungen hangen', true],
  ['Down', 'Slow', false],
  ['', '', false],
])('"%s" and "%s": alike %s', (one, other, alike) => {
  expect(alikeTitles(one, other)).toBe(alike);
});

test('similar is what is open with the same service, else a clearly similar title; the worst comes first', () => {
  const open = (id: number, more: Parameters<typeof declared>[0]): Incident => ({
    ...declared(more).incident,
    id,
  });
  const all = [
    open(1, { service: 'search', title: 'Checkout is down' }),
    open(2, { service: 'payments', title: 'Cards', severity: 3 }),
    open(3, { service: 'payments', title: 'Refunds', severity: 1 }),
    open(4, { service: 'payments', title: 'Trying it out', severity: 1, isTest: true }),
  ];
  const wanted = (title: string, service: string | null) =>
    similarTo(all, { title, service, isTest: false })?.id ?? null;
  expect(wanted('Something else', 'payments')).toBe(3);
  expect(wanted('Checkout is down', 'mail')).toBeNull();
  expect(wanted('Checkout broken', null)).toBe(1);
  expect(wanted('Something else', null)).toBeNull();
});
