import { expect, test } from 'vitest';
import { clock, person } from '../../src/incident/by.ts';
import type { PageOrder } from '../../src/incident/page-order.ts';
import { at, declared, type Life } from '../support/incident.ts';
import { lastOrder, lastTold } from '../support/ladder.ts';

const order: PageOrder = {
  orderedAt: at('02:00'),
  action: 'page',
  target: { kind: 'named', name: 'oncall-primary' },
  reason: { why: 'declared' },
  step: 0,
  nextAt: at('02:05'),
};

/** Bea was paged at 02:00. */
const waiting = (): Life =>
  declared().does('02:00', {
    type: 'note-targets',
    order,
    people: [{ user: 'bea', standing: 'primary' }],
    missing: null,
    askedInstead: [],
    toldInStorm: [],
  });

/** What Cai's taking over from Bea leads to. */
function ordered(life: Life, to = ['cai']): unknown[] {
  const before = life.entries.length;
  life.does('02:03', {
    type: 'shift-changed',
    at: at('02:03'),
    by: clock,
    place: 'primary',
    from: ['bea'],
    to,
  });
  return life.entries.slice(before).map(({ fact }) => fact);
}

/** Bea was paged at 02:00, Cai as the `named` at 02:05. */
const bothWaiting = (named = 'oncall-secondary'): Life =>
  waiting().does('02:05', {
    type: 'note-targets',
    order: { ...order, orderedAt: at('02:05'), target: { kind: 'named', name: named }, step: 1 },
    people: [{ user: 'cai', standing: 'secondary' }],
    missing: null,
    askedInstead: [],
    toldInStorm: [],
  });

/** What the rotation's moving on by one leads to: Bea is free, Cai primary, Dana secondary. */
function rotated(life: Life): unknown[] {
  const before = life.entries.length;
  life.does('02:06', {
    type: 'shift-changed',
    at: at('02:06'),
    by: clock,
    place: 'primary',
    from: ['bea'],
    to: ['cai'],
  });
  life.does('02:06', {
    type: 'shift-changed',
    at: at('02:06'),
    by: clock,
    place: 'secondary',
    from: ['cai'],
    to: ['dana'],
  });
  return life.entries
    .slice(before)
    .flatMap(({ fact }) => (fact.type === 'page-ordered' ? [[fact.order.target, fact.order.reason]] : []));
}

test('an unanswered page goes to the new primary, and the ladder goes on as it was', () => {
  const life = waiting();
  const { next } = life.incident.escalation;
  expect(ordered(life)).toEqual([
    {
      type: 'page-ordered',
      by: clock,
      order: {
        orderedAt: at('02:03'),
        action: 'page',
        target: { kind: 'named', name: 'oncall-primary' },
        reason: { why: 'shift-changed', from: 'bea' },
        step: null,
        nextAt: at('02:05'),
      },
      next,
      lateMs: 0,
    },
  ]);
});

test('one that was answered stays with who answered', () => {
  const life = waiting().does('02:01', {
    type: 'acknowledge',
    by: person('bea'),
    onCall: true,
    confirmed: false,
  });
  expect(ordered(life)).toEqual([]);
});

test('a page that went out after the change stays with whom it went to', () => {
  const life = waiting();
  const before = life.entries.length;
  const since = at('01:59');
  life.does('02:03', {
    type: 'shift-changed',
    by: clock,
    place: 'primary',
    from: ['bea'],
    to: ['cai'],
    at: since,
  });
  expect(life.entries).toHaveLength(before);
});

test('who said "Can\'t" handed it on then; nothing moves a second time', () => {
  expect(ordered(waiting().does('02:01', { type: 'decline', by: person('bea') }))).toEqual([]);
});

test('whoever was told in this ladder already is not told twice', () => {
  expect(ordered(waiting(), ['bea'])).toEqual([]);
});

test('nobody was paged yet: the first page finds the new primary by itself', () => {
  expect(ordered(declared())).toEqual([]);
});

test('nothing moves once it is over', () => {
  const life = waiting().does('02:02', { type: 'cancel', by: person('ana'), why: 'false alarm' });
  expect(ordered(life)).toEqual([]);
});

test('the secondary’s unanswered page goes to the new secondary; the new primary was told before', () => {
  expect(rotated(bothWaiting())).toEqual([
    [
      { kind: 'named', name: 'oncall-secondary' },
      { why: 'shift-changed', from: 'cai' },
    ],
  ]);
});

test('whom the policy named otherwise keeps their page: the new secondary waits for the rung that is theirs', () => {
  expect(rotated(bothWaiting('engineering-manager'))).toEqual([]);
});

test('of a group that takes over, only those who were not told yet are paged', () => {
  const life = bothWaiting();
  life.does('02:06', {
    type: 'shift-changed',
    at: at('02:06'),
    by: clock,
    place: 'primary',
    from: ['bea'],
    to: ['cai', 'dana'],
  });
  life.does('02:06', {
    type: 'note-targets',
    order: lastOrder(life),
    people: ['cai', 'dana'].map((user) => ({ user, standing: 'primary' })),
    missing: null,
    askedInstead: [],
    toldInStorm: [],
  });
  expect(lastTold(life)).toEqual({ told: ['dana'], skipped: ['cai'] });
});
