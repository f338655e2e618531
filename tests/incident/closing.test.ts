import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { type ClosingItem, closingEvidence, closingItems } from '../../src/incident/closing.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import { at, declared, type Life } from '../support/incident.ts';

const by = person('ana');
const close = (ticked: readonly ClosingItem[] | null = null, why = ''): Command => ({
  type: 'close',
  by,
  ticked,
  why,
});
const resolve = (verified: boolean): Command => ({
  type: 'resolve',
  by,
  how: 'rollback',
  verified,
  text: '',
});
const followup: Command = { type: 'add-followup', by, text: 'limit the retries', owner: null, dueAt: null };

/** Announced, acknowledged, mitigated, verified, with a follow-up: the data shows all five. */
const exemplary = (): Life =>
  declared()
    .happens('02:00', { type: 'posted', what: 'announcement', channel: 'C1', ts: '1.1' })
    .does('02:02', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false })
    .does('02:20', { type: 'change-status', by, to: 'monitoring', note: '' })
    .does('02:25', followup)
    .does('02:30', resolve(true));

const proven = (life: Life): ClosingItem[] =>
  closingEvidence(life.incident).flatMap(({ item, evidence }) => (evidence.holds ? [item] : []));

test('what the data proves is ticked already, with its reason', () => {
  expect(proven(exemplary())).toEqual([...closingItems]);
  expect(closingEvidence(exemplary().incident).map(({ evidence }) => evidence)).toEqual([
    { holds: true, because: 'verified', by },
    { holds: true, because: 'resolved', by, at: at('02:30'), how: 'rollback' },
    { holds: true, because: 'announced', at: at('02:30') },
    { holds: true, because: 'times-known', messages: 0 },
    { holds: true, because: 'followups', total: 1, open: 1 },
  ]);
});

test('what the data cannot show is left to the person: bare facts prove only that it is resolved', () => {
  const life = declared().does('02:30', resolve(false));
  expect(closingEvidence(life.incident).map(({ evidence }) => evidence)).toMatchObject([
    { holds: false, because: 'not-verified' },
    { holds: true, because: 'resolved' },
    { holds: false, because: 'no-final-update' },
    { holds: false, because: 'times-missing', missing: ['acknowledged', 'mitigated'] },
    { holds: false, because: 'no-followups' },
  ]);
});

test('a linked alert that still fires speaks against "stable", whoever verified', () => {
  const life = exemplary();
  const incident = { ...life.incident, alerts: { PD1: { state: 'triggered' as const, at: at('02:29') } } };
  expect(closingEvidence(incident)[0]?.evidence).toEqual({
    holds: false,
    because: 'alerts-firing',
    firing: 1,
  });
});

test('a private incident has no announcement: an update since the mitigation is the final one', () => {
  const update: Command = {
    type: 'post-update',
    by,
    happening: 'fixed',
    impact: '',
    doing: '',
    nextAt: null,
  };
  const told = (time: string) =>
    declared({ isPrivate: true })
      .does(time, update)
      .does('02:21', { type: 'change-status', by, to: 'monitoring', note: '' })
      .does('02:30', resolve(false));
  expect(proven(told('02:20'))).not.toContain('final-update');
  const later = declared({ isPrivate: true })
    .does('02:21', { type: 'change-status', by, to: 'monitoring', note: '' })
    .does('02:22', update)
    .does('02:30', resolve(false));
  expect(closingEvidence(later.incident)[2]?.evidence).toEqual({
    holds: true,
    because: 'updated',
    by,
    at: at('02:22'),
  });
});

test('closing is refused until the checklist holds; an override needs a reason', () => {
  const { incident } = declared().does('02:30', resolve(false));
  const decided = (command: Command): unknown => decide(incident, command, at('02:40'));
  expect(decided(close())).toEqual({
    refused: 'checklist-open',
    missing: ['stable', 'final-update', 'timeline', 'followups'],
  });
  expect(decided(close(['stable', 'contained', 'final-update', 'timeline'], ' \u200b'))).toEqual({
    refused: 'checklist-open',
    missing: ['followups'],
  });
  expect(decided(close(['stable', 'contained', 'final-update', 'timeline'], 'a drill'))).toEqual([
    {
      type: 'closed',
      by,
      from: 'resolved',
      why: 'a drill',
      answers: [
        { item: 'stable', ticked: true, proven: false },
        { item: 'contained', ticked: true, proven: true },
        { item: 'final-update', ticked: true, proven: false },
        { item: 'timeline', ticked: true, proven: false },
        { item: 'followups', ticked: false, proven: false },
      ],
    },
  ]);
  expect(decided(close(closingItems))).toHaveLength(1);
});

test('what the data proves and a person takes back counts as not so', () => {
  const rest = closingItems.filter((item) => item !== 'stable');
  expect(decide(exemplary().incident, close(rest), at('02:40'))).toEqual({
    refused: 'checklist-open',
    missing: ['stable'],
  });
});

test('only what is resolved can be closed', () => {
  const open = declared();
  expect(decide(open.incident, close(closingItems), at('02:40'))).toEqual({
    refused: 'not-resolved',
    status: 'investigating',
  });
  const canceled = declared().does('02:30', { type: 'cancel', by, why: 'nothing' });
  expect(decide(canceled.incident, close(closingItems), at('02:40'))).toMatchObject({
    refused: 'ended',
    status: 'canceled',
  });
  const closed = exemplary().does('02:40', close());
  expect(decide(closed.incident, close(), at('02:41'))).toMatchObject({ refused: 'ended', status: 'closed' });
});

test('reopened from closed it runs again, and the first closing stays on record', () => {
  const life = exemplary().does('02:40', close());
  expect(life.incident).toMatchObject({ status: 'closed', times: { closedAt: at('02:40') } });
  life.does('02:50', { type: 'reopen', by, why: 'it is back' });
  expect(life.incident.status).toBe('monitoring');
  life.does('03:00', resolve(true)).does('03:10', close());
  expect(life.incident.times).toMatchObject({ resolvedAt: at('02:30'), closedAt: at('02:40') });
  expect(decide(life.incident, { type: 'reopen', by, why: '' }, at('+2 03:10'))).toMatchObject({
    refused: 'undo-expired',
  });
});
