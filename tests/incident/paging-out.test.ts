import { expect, test } from 'vitest';
import type { AlertNews } from '../../src/incident/alerts.ts';
import { type By, person } from '../../src/incident/by.ts';
import { effectsOf, evolve } from '../../src/incident/decide.ts';
import type { Fact } from '../../src/incident/facts.ts';
import { incidentOfKey, pageKeyOf } from '../../src/incident/paging-out.ts';
import { at, declared } from '../support/incident.ts';
import { defaultPolicy } from '../support/policy.ts';

const policy = { ...defaultPolicy, pagerduty: { keyPrefix: 'tocsin-x-', writes: true, notes: false } };
const pagerduty: By = { kind: 'pagerduty', name: 'Cai' };
const alert: AlertNews = {
  ...{ id: 'Q1', title: 'Checkout is down', url: null, service: 'payments' },
  ...{ at: at('02:00'), createdAt: at('02:00'), severity: 1, severityReason: 'P1', assignees: ['Bea'] },
};
const alerted = () => declared({ by: { kind: 'pagerduty' }, alert, policy });
const acknowledge = (by: By) => ({ type: 'acknowledge', by, onCall: true, confirmed: true }) as const;
const said = (to: 'triggered' | 'acknowledged' | 'resolved', time: string) =>
  ({
    type: 'note-alert',
    by: pagerduty,
    id: 'Q1',
    to,
    at: at(time),
    unacknowledged: to === 'triggered',
  }) as const;

/** What `fact` obliges at 02:01 that goes to PagerDuty. */
function sent(life: ReturnType<typeof alerted>, fact: Fact): string[] {
  const after = evolve(life.incident, fact, at('02:01'));
  return effectsOf(fact, after, life.incident).flatMap(({ kind }) =>
    kind.startsWith('pagerduty') ? [kind] : [],
  );
}

test('what a person does here is told there; what came from there is not sent back', () => {
  expect(sent(alerted(), { type: 'acknowledged', by: person('bea') })).toEqual(['pagerduty-state']);
  expect(sent(alerted(), { type: 'acknowledged', by: pagerduty })).toEqual([]);
});

test('nothing is told where PagerDuty is not configured, and nothing of a test', () => {
  const without = declared({ by: { kind: 'pagerduty' }, alert });
  const drill = declared({ alert, policy, isTest: true });
  const fact: Fact = { type: 'acknowledged', by: person('bea') };
  expect([sent(without, fact), sent(drill, fact)]).toEqual([[], []]);
});

test('the webhook of what we told it leads to no news, before its answer and after it', () => {
  const followed = {
    type: 'note-followed',
    id: 'Q1',
    to: 'acknowledged',
    at: at('02:01'),
    unsigned: null,
  } as const;
  const early = alerted()
    .does('02:01', acknowledge(person('bea')))
    .does('02:01', said('acknowledged', '02:01'));
  const late = alerted()
    .does('02:01', acknowledge(person('bea')))
    .does('02:01', followed);
  early.does('02:02', followed);
  late.does('02:02', said('acknowledged', '02:01'));
  for (const { entries, incident } of [early, late]) {
    expect(entries.map(({ fact }) => fact.type)).not.toContain('alert-changed');
    expect(incident.alerts.Q1).toMatchObject({ state: 'acknowledged', heard: [] });
  }
});

test('the same webhook once more, of somebody else later, is news again once they had changed their mind', () => {
  const life = alerted()
    .does('02:01', acknowledge(person('bea')))
    .does('02:01', said('acknowledged', '02:01'))
    .does('02:03', said('triggered', '02:03'))
    .does('02:04', said('acknowledged', '02:04'));
  expect(life.incident.acknowledged?.by).toEqual(pagerduty);
});

test('who has it when PagerDuty tells us of our own page is told there; when it is over, so is that', () => {
  const linked: Fact = { type: 'page-linked', by: pagerduty, alert, happenedAt: alert.at };
  const own = () => declared({ policy });
  const states = (life: ReturnType<typeof own>) =>
    sent(life, linked).filter((kind) => kind.endsWith('state'));
  expect(states(own())).toEqual([]);
  expect(states(own().does('02:01', acknowledge(person('bea'))))).toEqual(['pagerduty-state']);
  const over = own().does('02:01', { type: 'cancel', by: person('bea'), why: 'false alarm' });
  expect(states(over)).toEqual(['pagerduty-state']);
  expect(evolve(over.incident, linked, at('02:02')).alerts.Q1?.told?.to).toBe('resolved');
});

test.each([
  ['tocsin-x-INC-42', 42],
  ['tocsin-x-INC-042', null],
  ['tocsin-x-INC-', null],
  ['tocsin-x-INC-42 ', null],
  ['tocsin-y-INC-42', null],
  ['INC-42', null],
])('the key %o belongs to incident %o', (key, id) => {
  expect(incidentOfKey(key, 'tocsin-x-')).toBe(id);
});

test('what PagerDuty opened for our page gets the priority of its severity; a title only where it must lose it', () => {
  const linked: Fact = { type: 'page-linked', by: pagerduty, alert, happenedAt: alert.at };
  const open = declared({ policy, title: 'Checkout is down' });
  expect(sent(open, linked)).toEqual(['pagerduty-priority']);
  const hidden = declared({ policy, title: 'Checkout is down', isPrivate: true });
  expect(sent(hidden, linked)).toEqual(['pagerduty-priority', 'pagerduty-title']);
  const neutral = { ...alert, title: 'SEV1 private incident (INC-42)' };
  expect(sent(hidden, { ...linked, alert: neutral })).toEqual(['pagerduty-priority']);
});

test('an incident pages under one key, whatever becomes of it', () => {
  expect(pageKeyOf(declared({ policy }).incident)).toBe('tocsin-x-INC-42');
  expect(pageKeyOf(declared().incident)).toBeNull();
});

test('the page is linked before the channel is there: the channel brings the one bookmark along', () => {
  const life = declared({ policy });
  const url = 'https://example.pagerduty.com/incidents/Q1';
  const linked: Fact = { type: 'page-linked', by: pagerduty, alert: { ...alert, url }, happenedAt: alert.at };
  const bookmarks = (fact: Fact, incident = life.incident) =>
    effectsOf(fact, evolve(incident, fact, at('02:01')), incident).filter(({ kind }) => kind === 'bookmark');
  expect(bookmarks(linked)).toEqual([]);
  const channel = { id: 'C1', name: 'inc-1' };
  const opened = life.does('02:00', { type: 'note-channel', channel, problem: null }).incident;
  expect(bookmarks(linked, opened)).toEqual([{ kind: 'bookmark', title: 'PagerDuty', url }]);
});
