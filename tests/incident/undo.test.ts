import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import { nextStepOf } from '../../src/incident/ladder.ts';
import { at, declared } from '../support/incident.ts';
import { ladder, reaches } from '../support/ladder.ts';

const ana = person('ana');
const change = (to: 1 | 2 | 3 | 4, reason = 'half of the EU') =>
  ({ type: 'change-severity', by: ana, to, reason }) as const;
const undo = { type: 'undo-severity', by: person('dana') } as const;
const acknowledge = { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false } as const;

/** SEV2, Bea paged at 02:00. */
const sev2 = () =>
  reaches(declared({ severity: 2, severityReason: 'slow', provisional: true }), '02:00', 'bea');

test('undoing a raise restores severity, reason, who set it and that it was provisional, and pages nobody', () => {
  const life = sev2().does('02:03', acknowledge).does('02:05', change(1)).does('02:06', undo);
  expect(life.incident).toMatchObject({ severity: 2, severityReason: 'slow', provisional: true });
  expect(life.incident.severityBy).toEqual({ kind: 'tocsin' });
  expect(life.incident.acknowledged?.by).toEqual(person('bea'));
  const before = ladder(life).length;
  expect(ladder(life.passUntil('02:19'))).toHaveLength(before);
});

test('undoing a raise that nobody answered: the old ladder goes on from where it began, nobody is paged now', () => {
  const life = sev2().does('02:05', change(1)).does('02:06', undo);
  expect(life.incident.acknowledged).toBeNull();
  expect(nextStepOf(life.incident)?.at).toBe(at('02:15'));
});

test('whoever was asked because of the raise is told that it is over', () => {
  const raised = sev2().does('02:03', acknowledge).does('02:05', change(1));
  raised.does('02:05', {
    type: 'note-paged',
    user: 'bea',
    channel: 'D1',
    ts: '1.1',
    order: {
      orderedAt: at('02:05'),
      action: 'page',
      target: { kind: 'user', user: 'bea' },
      reason: { why: 'raised', by: ana },
      step: null,
      nextAt: null,
    },
    standing: '',
    knewChannel: true,
  });
  const before = raised.incident;
  raised.does('02:06', undo);
  const effects = effectsOf(raised.entries.at(-1)!.fact, raised.incident, before);
  expect(effects).toContainEqual({ kind: 'page-card', user: 'bea' });
  expect(effects.map(({ kind }) => kind)).not.toContain('resolve-page');
});

test('undoing a lowering: with somebody on it nothing is paged; with nobody, the next rung that was missed', () => {
  const held = reaches(declared(), '02:00', 'bea')
    .does('02:02', acknowledge)
    .does('02:03', change(3))
    .does('02:04', undo);
  expect(held.incident).toMatchObject({ severity: 1, acknowledged: { by: person('bea') } });
  const alone = reaches(declared(), '02:00', 'bea').does('02:03', change(3)).does('02:07', undo);
  expect(ladder(alone.passUntil('02:07')).at(-1)).toBe('02:07 page oncall-secondary');
});

test('undoing a confirmation makes it provisional again', () => {
  const life = declared({ severity: 3, provisional: true }).does('02:05', change(3)).does('02:06', undo);
  expect(life.incident).toMatchObject({ severity: 3, provisional: true });
});

test('the next update is due as it was before, unless one came since', () => {
  const life = sev2().does('02:03', acknowledge);
  const owed = life.incident.updates.dueAt;
  life.does('02:05', change(1)).does('02:06', undo);
  expect(life.incident.updates.dueAt).toBe(owed);
});

test('after 24 hours it is refused; undone, or never changed, there is nothing; changed since, the button is void', () => {
  const life = sev2().does('02:05', change(1));
  expect(decide(life.incident, undo, at('+1 02:05'))).not.toHaveProperty('refused');
  expect(decide(life.incident, undo, at('+1 02:06'))).toMatchObject({
    refused: 'undo-severity-expired',
    severity: 1,
  });
  const meant = { ...undo, changedAt: at('02:05') };
  life.does('02:06', change(3));
  expect(decide(life.incident, meant, at('02:07'))).toMatchObject({
    refused: 'undo-superseded',
    severity: 3,
  });
  life.does('02:08', undo);
  expect(life.incident.severity).toBe(1);
  expect(decide(life.incident, undo, at('02:09'))).toEqual({ refused: 'nothing-to-undo' });
  expect(decide(sev2().incident, undo, at('02:09'))).toEqual({ refused: 'nothing-to-undo' });
});

test('what a machine changed can be taken back, and the machine may speak again', () => {
  const pagerduty = { kind: 'pagerduty' } as const;
  const machine = declared({ by: pagerduty, severity: 3, provisional: true });
  machine.does('02:05', { type: 'change-severity', by: pagerduty, to: 2, reason: 'P2' }).does('02:06', undo);
  expect(machine.incident).toMatchObject({ severity: 3, provisional: true, severityBy: pagerduty });
});

test('closing is undone quietly: resolved again, with how it was fixed, nobody paged, no ladder', () => {
  const life = reaches(declared(), '02:00', 'bea')
    .does('02:05', { type: 'resolve', by: ana, how: 'rollback', verified: true, text: '' })
    .does('02:10', { type: 'close', by: ana, ticked: null, why: 'all is well' })
    .does('02:11', { type: 'undo-end', by: ana, endedAt: at('02:10') });
  expect(life.incident).toMatchObject({ status: 'resolved', resolution: { how: 'rollback' } });
  expect(life.entries.at(-1)?.fact).toEqual({ type: 'close-undone', by: ana });
  life.does('02:12', { type: 'undo-end', by: ana });
  expect(life.incident.status).toBe('investigating');
});

test.each([
  ['resolved', { type: 'resolve', by: ana, how: 'rollback', verified: true, text: '' }],
  ['canceled', { type: 'cancel', by: ana, why: 'nothing' }],
] as const)(
  '%s: undone within 24 hours, refused afterwards, and what is open has nothing to undo',
  (status, end) => {
    const life = declared().does('02:05', end);
    expect(life.incident.status).toBe(status);
    const back = { type: 'undo-end', by: ana } as const;
    expect(decide(life.incident, back, at('+1 02:06'))).toMatchObject({ refused: 'undo-expired' });
    life.does('02:06', back);
    expect(decide(life.incident, back, at('02:07'))).toEqual({
      refused: 'not-ended',
      status: 'investigating',
    });
  },
);
