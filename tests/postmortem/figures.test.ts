import { expect, test } from 'vitest';
import { figures } from '../../src/postmortem/figures.ts';
import { read } from '../../src/postmortem/reading.ts';
import { at, declared, type Life } from '../support/incident.ts';
import { bea, cai, dana, ninetyMinutes } from './story.ts';

const min = 60_000;

const count = (life: Life, time: string) => figures(read(life.incident, life.entries, at(time)));

test('ninety minutes in figures', () => {
  const counted = count(ninetyMinutes(), '04:00');
  expect(counted).toMatchObject({
    lengthMs: 78 * min,
    detectedAfterMs: 4 * min,
    acknowledgedAfterMs: 7 * min,
    acknowledgeTargetMs: 5 * min,
    mitigatedAfterMs: 48 * min,
    resolvedAfterMs: 78 * min,
    firstResolvedAfterMs: null,
    withoutAcknowledgementMs: 7 * min,
    withoutCommanderMs: 22 * min,
    updates: 2,
    pages: 2,
    notices: 0,
    messages: 3,
    people: 4,
  });
  expect(counted.longestUpdateGap).toMatchObject({
    fromAt: at('02:12'),
    untilAt: at('03:00'),
    dueAt: at('02:27'),
  });
});

test('time without a commander adds up over every vacancy, and stops while it is resolved', () => {
  const life = declared()
    .does('02:10', {
      type: 'assign-role',
      by: dana,
      role: 'commander',
      user: 'dana',
      timeZone: null,
      onlyIfVacant: true,
    })
    .does('02:30', { type: 'drop-role', by: dana, role: 'commander' })
    .does('02:35', { type: 'resolve', by: bea, how: 'hotfix', verified: true, text: '' })
    .does('03:35', { type: 'reopen', by: bea, why: '' });
  expect(count(life, '03:40').withoutCommanderMs).toBe((10 + 5 + 5) * min);
});

test('a raise before the acknowledgement leaves no single target to compare with', () => {
  const life = declared({ severity: 3 })
    .does('02:10', { type: 'change-severity', by: cai, to: 1, reason: 'all users' })
    .does('02:12', { type: 'acknowledge', by: bea, onCall: true, confirmed: false });
  expect(count(life, '02:20')).toMatchObject({
    acknowledgedAfterMs: 12 * min,
    acknowledgeTargetMs: null,
    withoutAcknowledgementMs: 12 * min,
  });
});

test('deleted messages and other apps are no messages by people', () => {
  const life = declared().says('02:01', 'bea', 'one').says('02:02', 'cai', 'two');
  const ts = life.entries.flatMap(({ fact }) => (fact.type === 'message-posted' ? [fact.ts] : []))[0] ?? '';
  life.does('02:03', { type: 'record-deletion', channel: 'C42', ts, happenedAt: at('02:03') });
  expect(count(life, '02:05').messages).toBe(1);
});
