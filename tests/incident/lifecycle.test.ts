import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import type { Fact } from '../../src/incident/facts.ts';
import type { Status } from '../../src/incident/incident.ts';
import { transitions } from '../../src/incident/lifecycle.ts';
import { at, declared } from '../support/incident.ts';

const ana = person('ana');
const status = (to: Status): Command => ({ type: 'change-status', by: ana, to, note: '' });
const resolve: Command = { type: 'resolve', by: ana, how: 'rollback', verified: true, text: 'of 512' };
const cancel: Command = { type: 'cancel', by: ana, why: 'false alarm' };
const reopen: Command = { type: 'reopen', by: ana, why: 'it is back' };
const acknowledge: Command = { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false };

const statuses = Object.keys(transitions) as Status[];

test.each(statuses.flatMap((from) => statuses.map((to) => [from, to] as const)))(
  'from %s to %s: the table is the law',
  (from, to) => {
    const incident = { ...declared().incident, status: from, statusAt: at('02:10') };
    const decision = decide(incident, status(to), at('02:20'));
    if (transitions[from].includes(to)) {
      expect(decision).toEqual([{ type: 'status-changed', by: ana, from, to, note: '' }]);
    } else if (['triage', 'investigating', 'identified', 'monitoring'].includes(from)) {
      expect(decision).toEqual({ refused: 'illegal-transition', from, to, allowed: transitions[from] });
    } else {
      expect(decision).toEqual({ refused: 'ended', status: from, at: at('02:10') });
    }
  },
);

test('forward jumps and steps back are allowed while active, and the first times stay', () => {
  const life = declared()
    .does('02:02', acknowledge)
    .does('02:10', status('monitoring'))
    .does('02:20', status('investigating'))
    .does('02:30', status('monitoring'))
    .does('02:40', resolve);
  expect(life.incident.times).toMatchObject({
    startedAt: at('02:00'),
    declaredAt: at('02:00'),
    acknowledgedAt: at('02:02'),
    mitigatedAt: at('02:10'),
    resolvedAt: at('02:40'),
  });
});

test('resolved says how, whether recovery is verified, and wants the draft', () => {
  const life = declared().does('02:40', resolve);
  expect(life.incident.resolution).toEqual({ how: 'rollback', verified: true, text: 'of 512', by: ana });
  expect(life.entries.map(({ fact }) => fact.type)).toContain('draft-requested');
  expect(
    declared()
      .does('02:40', cancel)
      .entries.map(({ fact }) => fact.type),
  ).not.toContain('draft-requested');
});

test.each([
  ['resolved', resolve],
  ['canceled', cancel],
] as const)('%s can be undone for 24 hours, and goes back where it was', (_state, end) => {
  const life = declared().does('02:02', acknowledge).does('02:10', status('identified')).does('02:40', end);
  expect(decide(life.incident, reopen, at('+1 02:41'))).toMatchObject({ refused: 'undo-expired' });
  const before = life.incident.times;
  life.does('+1 02:40', reopen);
  expect(life.incident).toMatchObject({ status: 'identified', resolution: null });
  expect(life.incident.times).toEqual(before);
  expect(life.does('+1 03:00', resolve).incident.times.resolvedAt).toBe(before.resolvedAt ?? at('+1 03:00'));
});

test('reopened with an acknowledgement it stays with that person, without one the ladder starts again', () => {
  const held = declared().does('02:02', acknowledge).does('02:40', resolve).does('03:00', reopen);
  expect(held.incident.acknowledged?.by).toEqual(person('bea'));
  const free = declared().does('02:01', cancel).does('03:00', reopen);
  const ordered = free.entries.filter(
    ({ fact, at: time }) => fact.type === 'page-ordered' && time === at('03:00'),
  );
  expect(ordered).toHaveLength(1);
});

test('what is open cannot be reopened, what is over cannot end again', () => {
  expect(decide(declared().incident, reopen, at('02:05'))).toEqual({
    refused: 'not-ended',
    status: 'investigating',
  });
  const over = declared().does('02:05', cancel).incident;
  expect(decide(over, resolve, at('02:06'))).toMatchObject({ refused: 'ended', status: 'canceled' });
  expect(decide(over, cancel, at('02:06'))).toMatchObject({ refused: 'ended', status: 'canceled' });
});

test('private and test incidents tell the announce channel nothing of their life', () => {
  for (const kind of [{ isPrivate: true }, { isTest: true }]) {
    const life = declared(kind);
    const { incident } = life;
    for (const command of [status('identified'), resolve, cancel]) {
      const facts = decide(incident, command, at('02:30')) as Fact[];
      const effects = facts.flatMap((fact) => effectsOf(fact, incident, incident));
      expect(effects.filter(({ kind: effect }) => effect.startsWith('announcement'))).toEqual([]);
    }
  }
});
