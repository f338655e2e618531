import { expect, test } from 'vitest';
import type { LaneReport } from '../../src/store/store.ts';
import { type AuditFacts, audit, holds } from '../../src/watch/audit.ts';

const now = Date.parse('2026-03-02T02:00Z');
const minute = 60_000;
const hour = 60 * minute;

const lane: LaneReport = {
  lane: 'page',
  waiting: 0,
  sending: 0,
  unknown: 0,
  parked: 0,
  dead: 0,
  oldestAt: null,
  sendingSinceAt: null,
  latePages: 0,
};

const well: AuditFacts = {
  now,
  startedAt: now - 48 * hour,
  lastTickAt: now,
  storeProblem: null,
  slackProblem: null,
  refused: { slack: null, pagerduty: null },
  unheard: null,
  overdueAt: null,
  lanes: [lane],
  unlike: { now: 0, old: 0 },
  lastBackupAt: now - 10 * minute,
  space: { databaseBytes: 1, walBytes: 1, freeBytes: 1e12 },
  lagMs: 20,
};

const words = (facts: Partial<AuditFacts>) => audit({ ...well, ...facts }).map(({ word }) => word);

test('all is well, also where nobody knows of the disk and the event loop', () => {
  expect(words({})).toEqual([]);
  expect(words({ space: null, lagMs: null })).toEqual([]);
});

const seen: [string, Partial<AuditFacts>, fine: Partial<AuditFacts>][] = [
  ['tick-late', { lastTickAt: now - minute - 1 }, { lastTickAt: now - minute }],
  ['tick-late', { lastTickAt: null }, { lastTickAt: null, startedAt: now, lastBackupAt: null }],
  ['store-failing', { storeProblem: 'The disk is full.' }, {}],
  ['slack-away', { slackProblem: 'Slack does not answer.' }, {}],
  ['overdue', { overdueAt: now - minute - 1 }, { overdueAt: now - minute }],
  ['page-late', { lanes: [{ ...lane, latePages: 1 }] }, { lanes: [{ ...lane, waiting: 9, oldestAt: 1 }] }],
  ['page-parked', { lanes: [{ ...lane, parked: 1 }] }, { lanes: [{ ...lane, lane: 'chatter', parked: 1 }] }],
  [
    'call-stuck',
    { lanes: [{ ...lane, sendingSinceAt: now - 10 * minute - 1 }] },
    { lanes: [{ ...lane, sendingSinceAt: now - 10 * minute }] },
  ],
  ['state-differs', { unlike: { now: 1, old: 0 } }, {}],
  ['backup-missing', { lastBackupAt: now - 25 * hour }, { lastBackupAt: now - 2 * hour }],
  ['backup-missing', { lastBackupAt: null }, { lastBackupAt: null, startedAt: now - hour }],
];

test.each(seen)(
  '%s silences the heartbeat, and one moment or one step earlier all is well',
  (word, facts, fine) => {
    const findings = audit({ ...well, ...facts });
    expect(findings.map((one) => one.word)).toEqual([word]);
    expect(holds(findings)).toBe(false);
    expect(words(fine)).toEqual([]);
  },
);

test.each<[string, Partial<AuditFacts>]>([
  ['state-differs-old', { unlike: { now: 0, old: 2 } }],
  ['slack-refused', { refused: { slack: 'Refused.', pagerduty: null } }],
  ['pagerduty-refused', { refused: { slack: null, pagerduty: 'Refused.' } }],
  ['heartbeat-unheard', { unheard: 'Not heard.' }],
  ['dead-calls', { lanes: [{ ...lane, dead: 3 }] }],
  ['backup-late', { lastBackupAt: now - 2 * hour - 1 }],
  ['disk-nearly-full', { space: { databaseBytes: 1, walBytes: 1, freeBytes: 1e6 } }],
  ['wal-large', { space: { databaseBytes: 1, walBytes: 65 * 1024 * 1024, freeBytes: 1e12 } }],
  ['loop-slow', { lagMs: 1_001 }],
])('%s is for daylight: it is said, and the heartbeat goes on', (word, facts) => {
  const findings = audit({ ...well, ...facts });
  expect(findings.map((one) => one.word)).toEqual([word]);
  expect(holds(findings)).toBe(true);
});

test('what might keep somebody from being paged is said first', () => {
  expect(words({ lagMs: 5_000, lanes: [{ ...lane, dead: 1, latePages: 1 }] })).toEqual([
    'page-late',
    'dead-calls',
    'loop-slow',
  ]);
});
