import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alertCount,
  isOnlyAlert,
  linksMax,
  othersFire,
  withAlert,
  withNews,
} from '../../src/incident/alert-links.ts';
import type { AlertCommand, AlertNews } from '../../src/incident/alerts.ts';
import { person } from '../../src/incident/by.ts';
import type { Declare } from '../../src/incident/declaring.ts';
import { at, declared, type Life } from '../support/incident.ts';

const by = { kind: 'pagerduty' } as const;
const cai = { kind: 'pagerduty', name: 'Cai' } as const;
const alert = (more: Partial<AlertNews> = {}): AlertNews => ({
  ...{ id: 'Q1', title: 'Checkout is down', url: null, service: 'payments' },
  ...{ at: at('02:00'), createdAt: at('02:00'), severity: 2, severityReason: 'PagerDuty priority P2' },
  assignees: ['Bea'],
  ...more,
});
/** Opened by PagerDuty at 02:00: SEV2, provisional. */
const opened = (more: Partial<Declare> = {}): Life =>
  declared({
    ...{ by, severity: 2, severityReason: 'PagerDuty priority P2', provisional: true, alert: alert() },
    ...more,
  });
const says = (time: string, to: 'acknowledged' | 'resolved' | 'unacknowledged', id = 'Q1'): AlertCommand => ({
  type: 'note-alert',
  by: to === 'acknowledged' ? cai : by,
  id,
  to: to === 'unacknowledged' ? 'triggered' : to,
  at: at(time),
  unacknowledged: to === 'unacknowledged',
});
const joins = (time: string, more: Partial<AlertNews> = {}): AlertCommand => ({
  type: 'attach-alert',
  by,
  alert: alert({ at: at(time), ...more }),
});
const priority = (time: string, severity: 1 | 2 | 3 | 4, id = 'Q1'): AlertCommand => ({
  type: 'note-alert-severity',
  ...{ by, id, severity, reason: `PagerDuty priority P${severity}`, at: at(time) },
});
const facts = (life: Life): string[] => life.entries.map(({ fact }) => fact.type);
const paged = (life: Life) =>
  life.entries.flatMap(({ fact, at: when }) =>
    fact.type === 'page-ordered' && fact.order.target.kind === 'named'
      ? [`${new Date(when).toISOString().slice(11, 16)} ${fact.order.target.name}`]
      : [],
  );

test('step 0 of an incident that PagerDuty opened names those whom PagerDuty paged', () => {
  const [, ordered] = opened().entries;
  expect(ordered?.fact).toMatchObject({
    type: 'page-ordered',
    order: { step: 0, reason: { why: 'alert', pagedBy: ['Bea'] } },
  });
});

test('acknowledged in PagerDuty: the ladder stops, triage ends; given back there: the next step fires at once', () => {
  const life = opened().does('02:03', says('02:03', 'acknowledged'));
  expect(life.incident).toMatchObject({ status: 'investigating', acknowledged: { by: cai } });
  life.passUntil('02:50');
  expect(paged(life)).toEqual(['02:00 oncall-primary']);
  life.does('02:50', says('02:50', 'unacknowledged'));
  expect(life.incident.acknowledged).toBeNull();
  expect(paged(life)).toEqual(['02:00 oncall-primary', '02:50 oncall-secondary']);
});

test('resolved in PagerDuty, acknowledged here: it asks and stays open', () => {
  const life = opened().does('02:03', says('02:03', 'acknowledged')).does('02:10', says('02:10', 'resolved'));
  expect(life.entries.at(-1)?.fact).toEqual({ type: 'alerts-cleared', acknowledged: true, cancelAt: null });
  life.passUntil('03:10');
  expect(life.incident.status).toBe('investigating');
});

test('one of two alerts resolved: nothing is asked until the last one is', () => {
  const life = opened()
    .does('02:01', joins('02:01', { id: 'Q2' }))
    .does('02:02', says('02:02', 'acknowledged'));
  life.does('02:10', says('02:10', 'resolved'));
  expect([alertCount(life.incident), facts(life).includes('alerts-cleared')]).toEqual([
    { firing: 1, total: 2 },
    false,
  ]);
  life.does('02:11', says('02:11', 'resolved', 'Q2'));
  expect(facts(life)).toContain('alerts-cleared');
});

test('resolved before anybody acknowledged: the ladder holds, and after 30 min it is canceled as cleared by itself', () => {
  const life = opened().does('02:10', says('02:10', 'resolved')).passUntil('02:39');
  expect([paged(life), life.incident.status]).toEqual([['02:00 oncall-primary'], 'triage']);
  life.passUntil('02:40');
  expect(life.entries.at(-1)?.fact).toMatchObject({ type: 'canceled', why: 'cleared by itself' });
  expect(facts(life)).not.toContain('draft-requested');
  life.does('02:45', { type: 'reopen', by: person('ana'), why: 'it is not over' });
  expect(life.incident.status).toBe('triage');
});

test('somebody touches it: the 30 minutes start anew', () => {
  const life = opened()
    .does('02:10', says('02:10', 'resolved'))
    .says('02:30', 'ana', 'looking')
    .passUntil('02:59');
  expect(life.incident.status).toBe('triage');
  expect(life.passUntil('03:00').incident.status).toBe('canceled');
});

test('it fires again while the ladder holds: the ladder goes on where it was, and nothing counts as late', () => {
  const life = opened()
    .does('02:10', says('02:10', 'resolved'))
    .does('02:25', joins('02:25'))
    .passUntil('02:26');
  expect(paged(life)).toEqual(['02:00 oncall-primary', '02:25 oncall-secondary']);
  expect(life.entries.at(-1)?.fact).toMatchObject({ type: 'page-ordered', lateMs: 0 });
});

test('kept open while nobody has it: not canceled any more, and the ladder goes on after a moment to take it', () => {
  const life = opened()
    .does('02:14', says('02:14', 'resolved'))
    .does('02:20', { type: 'keep-open', by: person('ana') });
  expect(life.incident.escalation).toMatchObject({ heldAt: null, next: { at: at('02:25') } });
  expect(paged(life.passUntil('02:25'))).toEqual(['02:00 oncall-primary', '02:25 oncall-secondary']);
});

test('an alert that flaps asks once in five minutes', () => {
  const life = opened().does('02:01', says('02:01', 'acknowledged'));
  for (const minute of ['02', '03', '04', '05', '06']) {
    life.does(`02:${minute}`, joins(`02:${minute}`));
    life.does(`02:${minute}:30`, says(`02:${minute}:30`, 'resolved'));
  }
  life.does('02:08', joins('02:08')).does('02:09', says('02:09', 'resolved'));
  const asked = life.entries.filter(({ fact }) => fact.type === 'alerts-cleared' && !fact.quiet);
  expect(asked.map(({ at: when }) => new Date(when).toISOString().slice(11, 16))).toEqual(['02:02', '02:09']);
});

test('a worse alert joins: raised and paged anew; a milder one changes nothing', () => {
  const life = opened().does('02:01', says('02:01', 'acknowledged'));
  life.does('02:05', joins('02:05', { id: 'Q2', severity: 3 }));
  expect(life.incident.severity).toBe(2);
  life.does('02:06', joins('02:06', { id: 'Q3', severity: 1, severityReason: 'PagerDuty priority P1' }));
  expect(life.incident).toMatchObject({
    severity: 1,
    severityReason: 'PagerDuty priority P1',
    acknowledged: null,
  });
  expect(paged(life)).toEqual(['02:00 oncall-primary', '02:06 oncall-primary']);
});

test('never over a severity that a person set', () => {
  const life = opened().does('02:01', {
    type: 'change-severity',
    by: person('ana'),
    to: 3,
    reason: 'one shop',
  });
  life.does('02:05', joins('02:05', { id: 'Q2', severity: 1 })).does('02:06', priority('02:06', 1));
  expect(life.incident.severity).toBe(3);
});

test('the priority of the only alert is followed up and down; with several, only up', () => {
  const life = opened().does('02:01', priority('02:01', 1)).does('02:02', priority('02:02', 3));
  expect(life.incident).toMatchObject({ severity: 3, provisional: true });
  life.does('02:03', joins('02:03', { id: 'Q2', severity: 3 })).does('02:04', priority('02:04', 4));
  expect(life.incident.severity).toBe(3);
  expect(life.does('02:05', priority('02:05', 1, 'Q2')).incident.severity).toBe(1);
});

test('news of an alert that has not come over from a merged incident yet lowers nothing', () => {
  const life = declared({ severity: 3, severityReason: 'nobody knows yet', provisional: true });
  expect(life.does('02:01', priority('02:01', 4)).incident.severity).toBe(3);
  expect(life.does('02:02', priority('02:02', 2)).incident.severity).toBe(2);
});

test('what is asked before an alert is linked says what its link would', () => {
  const state = fc.constantFrom('triggered' as const, 'acknowledged' as const, 'resolved' as const);
  const id = fc.constantFrom('Q1', 'Q2', 'Q3');
  const counts = fc.record({ firing: fc.nat(2), resolved: fc.nat(2) });
  fc.assert(
    fc.property(
      fc.dictionary(
        id,
        state.map((one) => ({ state: one, at: 0 })),
        { noNullPrototype: true },
      ),
      fc.option(counts, { nil: undefined }),
      id,
      (alerts, alertsBeyond, one) => {
        const incident = { ...opened().incident, alerts, alertsBeyond };
        const after = withNews(incident, one, { state: 'resolved', at: 1 });
        expect(othersFire(incident, one)).toBe(alertCount(after).firing > 0);
        const joined = withAlert(incident, one, { state: 'triggered', at: 1 });
        expect(isOnlyAlert(incident, one)).toBe(alertCount(joined).total === 1);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('the priority of a resolved alert pages nobody', () => {
  const life = opened().does('02:03', says('02:03', 'resolved')).does('02:05', priority('02:05', 1));
  expect([life.incident.severity, life.incident.escalation.heldAt]).toEqual([2, at('02:03')]);
});

test('a SEV4 line that gets worse becomes an incident with a channel, and people are paged', () => {
  const life = opened({ severity: 4, visibility: 'line', alert: alert({ severity: 4 }) });
  expect(paged(life)).toEqual([]);
  life.does('02:05', priority('02:05', 1));
  expect(life.incident).toMatchObject({ severity: 1, visibility: 'channel' });
  expect(paged(life)).toEqual(['02:05 oncall-primary']);
});

test('fired again after the end: somebody is paged, once for all alerts of five minutes', () => {
  const life = opened().does('02:01', {
    type: 'acknowledge',
    by: person('bea'),
    onCall: true,
    confirmed: false,
  });
  life.does('02:20', { type: 'resolve', by: person('bea'), how: 'rollback', verified: true, text: '' });
  for (const [n, time] of ['02:30', '02:31', '02:34', '02:36'].entries())
    life.does(time, joins(time, { id: `R${n}` }));
  expect(paged(life)).toEqual(['02:00 oncall-primary', '02:30 oncall-primary', '02:36 oncall-primary']);
  expect(life.incident.status).toBe('resolved');
});

test('what PagerDuty says late of who had it does not take it from a person who took it since', () => {
  const life = opened()
    .does('02:01', says('02:01', 'acknowledged'))
    .does('02:02', says('02:02', 'unacknowledged'));
  life.does('02:10', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false });
  life.does('02:12', says('02:05', 'unacknowledged'));
  expect(life.incident.acknowledged?.by).toEqual(person('bea'));
});

/** What people would find, whatever way the news came. */
const seen = ({ incident }: Life) => ({
  link: incident.alerts.Q1?.state,
  hasIt: incident.acknowledged !== null,
  holds: incident.escalation.heldAt !== null,
  severity: incident.severity,
  status: incident.status,
});

const told = (kind: string, time: string): AlertCommand => {
  if (kind === 'fires') return joins(time);
  if (kind === 'P1' || kind === 'P3') return priority(time, kind === 'P1' ? 1 : 3);
  return says(time, kind as 'acknowledged');
};

test.each([
  ['who has it', ['acknowledged', 'unacknowledged', 'resolved', 'fires']],
  ['how bad it is', ['P1', 'P3', 'fires']],
])('whatever order the events of one alert arrive in, the end is the same: %s', (_what, kinds) => {
  const story = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 7 }).chain((some) => {
    const commands = some.map((kind, n) => told(kind, `02:0${n + 1}`));
    return fc.tuple(fc.constant(commands), fc.shuffledSubarray(commands, { minLength: commands.length }));
  });
  fc.assert(
    fc.property(story, ([inOrder, shuffled]) => {
      const straight = opened();
      const mixed = opened();
      for (const command of inOrder) straight.does('02:10', command);
      for (const command of shuffled) mixed.does('02:10', command);
      expect(seen(mixed)).toEqual(seen(straight));
    }),
    { numRuns: 1_000 },
  );
});

test('thousands of alerts: the state stays small, the counts stay right, and the last resolve asks', () => {
  const life = opened().does('02:01', says('02:01', 'acknowledged'));
  for (let n = 0; n < 5_000; n++) life.does('02:02', joins('02:02', { id: `R${n}` }));
  expect(Object.keys(life.incident.alerts)).toHaveLength(linksMax);
  expect(alertCount(life.incident)).toEqual({ firing: 5_001, total: 5_001 });
  expect(JSON.stringify(life.incident).length).toBeLessThan(30_000);
  for (let n = 0; n < 5_000; n++) life.does('02:03', says('02:03', 'resolved', `R${n}`));
  expect(facts(life)).not.toContain('alerts-cleared');
  life.does('02:04', says('02:04', 'resolved'));
  expect([alertCount(life.incident).firing, facts(life).at(-1)]).toEqual([0, 'alerts-cleared']);
  life.does('02:05', joins('02:05', { id: 'S1' }));
  expect(alertCount(life.incident)).toEqual({ firing: 1, total: 5_002 });
});
