import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { decide } from '../../src/incident/decide.ts';
import { nextStepOf } from '../../src/incident/ladder.ts';
import { at, declared } from '../support/incident.ts';
import { ladder, lastTold, reaches } from '../support/ladder.ts';

const change = (to: 1 | 2 | 3 | 4, user = 'ana', reason = 'half of the EU') =>
  ({ type: 'change-severity', by: person(user), to, reason }) as const;
const acknowledge = (user: string) =>
  ({ type: 'acknowledge', by: person(user), onCall: true, confirmed: false }) as const;

/** SEV2, Bea paged at 02:00. */
const sev2 = () => reaches(declared({ severity: 2 }), '02:00', 'bea');

test('a raise restarts the clock with the new policy and needs a new acknowledgement; MTTA keeps the first', () => {
  const life = sev2().does('02:03', acknowledge('bea')).does('02:20', change(1));
  expect(life.incident.acknowledged).toBeNull();
  expect(life.incident.times.acknowledgedAt).toBe(at('02:03'));
  expect(ladder(life.passUntil('02:30'))).toEqual([
    '02:00 page oncall-primary',
    '02:20 page bea',
    '02:20 page ana',
    '02:20 page oncall-primary',
    '02:25 page oncall-secondary',
    '02:30 page engineering-manager',
  ]);
});

test('the acknowledger and the raiser are asked "I have it" and count as reached: the ladder does not page them too', () => {
  const life = sev2().does('02:03', acknowledge('bea')).does('02:20', change(1));
  reaches(life, '02:20', 'bea');
  expect(lastTold(life)).toEqual({ told: [], skipped: ['bea'] });
  life.does('02:21', { ...acknowledge('ana'), onCall: false });
  expect(life.incident.acknowledged?.by).toEqual(person('ana'));
});

test('a raise pages the primary again when it is worse than what they were told', () => {
  const life = reaches(sev2().does('02:05', change(1)), '02:05', 'bea');
  expect(lastTold(life)).toEqual({ told: ['bea'], skipped: [] });
});

test('a severity that flaps pages nobody twice within 15 minutes, and does again afterwards', () => {
  const life = reaches(declared(), '02:00', 'bea').does('02:02', change(2)).does('02:04', change(1));
  reaches(life, '02:04', 'bea');
  expect(lastTold(life)).toEqual({ told: [], skipped: ['bea'] });
  life.does('02:10', change(2)).does('02:16', change(1));
  reaches(life, '02:16', 'bea');
  expect(lastTold(life)).toEqual({ told: ['bea'], skipped: [] });
});

test('lowering cancels the old rungs, keeps the acknowledgement and pages nobody', () => {
  const life = reaches(declared(), '02:00', 'bea').does('02:03', acknowledge('bea')).does('02:08', change(2));
  expect(life.incident.acknowledged?.by).toEqual(person('bea'));
  expect(ladder(life)).toEqual(['02:00 page oncall-primary']);
  expect(nextStepOf(life.incident)?.at).toBe(at('02:15'));
});

test('lowered while nobody has it: the new policy goes on with the rungs still ahead', () => {
  const life = declared().passUntil('02:10').does('02:11', change(2));
  expect(ladder(life.passUntil('02:30')).slice(3)).toEqual([
    '02:15 page oncall-secondary',
    '02:30 page engineering-manager',
  ]);
});

test('lowered with every rung of the new policy behind it: the next round comes, the ladder is not dead', () => {
  const life = declared().passUntil('03:30').does('03:32', change(2));
  expect(ladder(life.passUntil('03:41')).at(-1)).toBe('03:30 page engineering-manager');
  expect(ladder(life.passUntil('03:42')).at(-1)).toBe('03:42 page oncall-primary');
});

test('lowered to SEV4, nobody is told any more', () => {
  const life = declared().does('02:03', change(4));
  expect(ladder(life.passUntil('+1 02:00'))).toEqual(['02:00 page oncall-primary']);
});

test('machines never override a severity that a person set, and may raise one that a machine set', () => {
  const machine = { type: 'change-severity', by: { kind: 'pagerduty' }, to: 1, reason: 'P1' } as const;
  const byHand = sev2();
  expect(decide(byHand.incident, machine, at('02:05'))).toEqual({ refused: 'severity-set-by-person' });
  const byMachine = declared({ by: { kind: 'pagerduty' }, severity: 2, provisional: true });
  byMachine.does('02:05', machine);
  expect(byMachine.incident).toMatchObject({ severity: 1, severityReason: 'P1', provisional: true });
});

test('naming the same severity confirms a provisional one, and is refused otherwise', () => {
  const unsure = declared({ severity: 3, provisional: true }).does('02:05', change(3));
  expect(unsure.incident.provisional).toBe(false);
  expect(ladder(unsure)).toEqual(['02:00 notify oncall-primary']);
  expect(decide(unsure.incident, change(3), at('02:06'))).toEqual({ refused: 'same-severity', severity: 3 });
});

test('the reason a person gives is kept, and a raise makes the next update due by the new cadence', () => {
  const life = sev2().does('02:10', change(1));
  expect(life.incident.severityReason).toBe('half of the EU');
  expect(life.incident.updates.dueAt).toBe(at('02:25'));
  expect(sev2().does('02:10', change(1, 'ana', '')).incident.severityReason).toBe('');
});
