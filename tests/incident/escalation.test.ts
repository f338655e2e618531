import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import { nextDue } from '../../src/incident/due.ts';
import { nextStepOf } from '../../src/incident/ladder.ts';
import { pageStillWanted } from '../../src/incident/page-order.ts';
import { at, declared } from '../support/incident.ts';
import { ladder, lastOrder, lastTold, reaches, reachesNobody } from '../support/ladder.ts';
import { defaultPolicy } from '../support/policy.ts';

const acknowledge = (user: string, onCall = true) =>
  ({ type: 'acknowledge', by: person(user), onCall, confirmed: false }) as const;

const phones = [{ name: 'Night desk', number: '+49 30 1234567' }];

test('SEV1 walks its ladder three times, ten minutes between rounds, then gives the phone numbers and rests', () => {
  const life = declared({ policy: { ...defaultPolicy, phones } }).passUntil('+1 02:00');
  expect(ladder(life)).toEqual([
    '02:00 page oncall-primary',
    '02:05 page oncall-secondary',
    '02:10 page engineering-manager',
    '02:20 page vp-engineering',
    '02:30 page cto',
    '02:40 page oncall-primary',
    '02:45 page oncall-secondary',
    '02:50 page engineering-manager',
    '03:00 page vp-engineering',
    '03:10 page cto',
    '03:20 page oncall-primary',
    '03:25 page oncall-secondary',
    '03:30 page engineering-manager',
    '03:40 page vp-engineering',
    '03:50 page cto',
    '04:00 phones',
  ]);
  expect(life.entries.at(-1)?.fact).toEqual({ type: 'ladder-exhausted', phones });
  expect(nextDue(life.incident)).toBeNull();
});

test('SEV2 pages three times and notifies the director, three rounds, then the phones', () => {
  expect(ladder(declared({ severity: 2 }).passUntil('+1 12:00'))).toEqual([
    '02:00 page oncall-primary',
    '02:15 page oncall-secondary',
    '02:30 page engineering-manager',
    '03:00 notify director',
    '03:10 page oncall-primary',
    '03:25 page oncall-secondary',
    '03:40 page engineering-manager',
    '04:10 notify director',
    '04:20 page oncall-primary',
    '04:35 page oncall-secondary',
    '04:50 page engineering-manager',
    '05:20 notify director',
    '05:30 phones',
  ]);
});

test('SEV3 only ever notifies: primary, team lead after an hour, engineering manager after four', () => {
  expect(ladder(declared({ severity: 3 }).passUntil('+2 02:00'))).toEqual([
    '02:00 notify oncall-primary',
    '03:00 notify team-lead',
    '06:00 notify engineering-manager',
    '06:10 notify oncall-primary',
    '07:10 notify team-lead',
    '10:10 notify engineering-manager',
    '10:20 notify oncall-primary',
    '11:20 notify team-lead',
    '14:20 notify engineering-manager',
    '14:30 phones',
  ]);
});

test('SEV4 is a ticket at once, and nobody is ever told', () => {
  const life = declared({ severity: 4 }).passUntil('+2 02:00');
  expect(ladder(life)).toEqual(['02:00 ticket']);
  expect(nextDue(life.incident)).toBeNull();
});

test('an acknowledgement stops the ladder', () => {
  const life = declared().does('02:03', acknowledge('bea')).passUntil('02:17');
  expect(ladder(life)).toEqual(['02:00 page oncall-primary']);
});

test('a rung fired out of turn moves the rest: they keep their distance from it', () => {
  const life = declared().does('02:02', { type: 'escalate', by: person('ana'), text: '' });
  life.passUntil('02:17');
  expect(ladder(life)).toEqual([
    '02:00 page oncall-primary',
    '02:02 page oncall-secondary',
    '02:07 page engineering-manager',
    '02:17 page vp-engineering',
  ]);
});

test('naming somebody pages them and leaves the ladder where it was', () => {
  const life = declared().does('02:02', {
    type: 'escalate',
    by: person('ana'),
    text: 'database is stuck',
    target: { kind: 'named', name: 'cto' },
  });
  expect(ladder(life.passUntil('02:05'))).toEqual([
    '02:00 page oncall-primary',
    '02:02 page cto',
    '02:05 page oncall-secondary',
  ]);
});

test('with nobody left by the policy, the next step is refused and says so', () => {
  const life = declared().passUntil('04:00');
  const decision = decide(life.incident, { type: 'escalate', by: person('ana'), text: '' }, at('04:01'));
  expect(decision).toEqual({ refused: 'ladder-exhausted' });
});

test('after downtime one rung fires, the lowest not yet reached, and the next is counted from then', () => {
  const life = declared();
  const due = nextDue(life.incident);
  expect(due?.at).toBe(at('02:05'));
  life.does('02:33', { type: 'tick' });
  expect(ladder(life)).toEqual(['02:00 page oncall-primary', '02:33 page oncall-secondary']);
  expect(life.entries.at(-1)?.fact).toMatchObject({ type: 'page-ordered', lateMs: 28 * 60_000 });
  expect(nextStepOf(life.incident)?.at).toBe(at('02:38'));
});

test('a tick a few seconds late is on time: the next rung keeps its place', () => {
  const life = declared().does('02:05:04', { type: 'tick' });
  expect(life.entries.at(-1)?.fact).toMatchObject({ type: 'page-ordered', lateMs: 0 });
  expect(nextStepOf(life.incident)?.at).toBe(at('02:10'));
});

test('whom the ladder reached belongs to the incident; a page that came after the answer is not sent', () => {
  const life = reaches(declared(), '02:00', 'bea');
  expect(life.incident.members).toContain('bea');
  const order = lastOrder(life);
  expect(pageStillWanted(life.incident, order)).toBe(true);
  life.does('02:01', acknowledge('bea'));
  expect(pageStillWanted(life.incident, order)).toBe(false);
});

test('"Still on it?" goes to whoever has it, and help that was asked for by name goes out whoever has it', () => {
  const life = reaches(declared(), '02:00', 'bea').does('02:01', acknowledge('bea')).passUntil('02:16');
  expect(lastOrder(life).reason.why).toBe('still-on-it');
  expect(pageStillWanted(life.incident, lastOrder(life))).toBe(true);
  const asked = lastOrder(life);
  // Nobody was there when their answer was due: they are asked once more, and the first question goes out no more.
  life.does('02:40', { type: 'tick' });
  expect(lastOrder(life)).not.toEqual(asked);
  expect(pageStillWanted(life.incident, asked)).toBe(false);
  expect(pageStillWanted(life.incident, lastOrder(life))).toBe(true);
  life.does('02:41', {
    type: 'escalate',
    by: person('bea'),
    text: 'help',
    target: { kind: 'user', user: 'dana' },
  });
  expect(pageStillWanted(life.incident, lastOrder(life))).toBe(true);
});

test('nothing is sent any more once it is over', () => {
  const life = declared();
  const order = lastOrder(life);
  life.does('02:01', { type: 'cancel', by: person('ana'), why: 'false alarm' });
  expect(pageStillWanted(life.incident, order)).toBe(false);
});

test('rungs that lead to nobody call the announce channel once per ladder, not once per rung', () => {
  const calls = (life: ReturnType<typeof declared>): number => {
    const before = life.incident;
    reachesNobody(life, '02:05', 'ana');
    const fact = life.entries.at(-1)?.fact;
    if (fact?.type !== 'people-paged') throw new Error('nothing was noted');
    return effectsOf(fact, life.incident, before).filter(({ kind }) => kind === 'ask-announce-channel')
      .length;
  };
  const life = declared();
  expect(calls(life)).toBe(1);
  expect(calls(life.passUntil('02:05'))).toBe(0);
  life.does('02:06', { type: 'change-severity', by: person('ana'), to: 2, reason: '' });
  life.does('02:07', { type: 'change-severity', by: person('ana'), to: 1, reason: '' });
  expect(calls(life)).toBe(1);
});

test('a second DM replaces the first, so that no old one goes on asking', () => {
  const paged = (ts: string, order = lastOrder(life)) =>
    ({
      type: 'note-paged',
      user: 'bea',
      channel: 'D1',
      ts,
      order,
      standing: 'primary for payments',
      knewChannel: true,
    }) as const;
  const life = reaches(declared(), '02:00', 'bea');
  life.does('02:00', paged('1.1')).passUntil('02:40');
  const before = life.incident;
  life.does('02:40', paged('2.2'));
  const fact = life.entries.at(-1)!.fact;
  expect(effectsOf(fact, life.incident, before)).toEqual([
    { kind: 'retract', place: { channel: 'D1', ts: '1.1' } },
  ]);
});

test('the alert cleared: the ladder holds, and is canceled when nobody touches it for half an hour', () => {
  const life = declared({ by: { kind: 'pagerduty' } }).happens('02:03', {
    type: 'alerts-cleared',
    acknowledged: false,
    cancelAt: at('02:33'),
  });
  life.passUntil('02:32');
  expect(ladder(life)).toEqual(['02:00 page oncall-primary']);
  life.says('02:32', 'ana', 'was that real?').passUntil('02:40');
  expect(life.incident.status).toBe('triage');
  life.passUntil('03:02');
  expect(life.incident.status).toBe('canceled');
  expect(life.entries.at(-1)?.fact).toMatchObject({ type: 'canceled', why: 'cleared by itself' });
});

test('whoever was told counts as told when the ladder comes round again in the same run', () => {
  const life = reaches(declared(), '02:00', 'bea').passUntil('02:40');
  reaches(life, '02:40', 'bea');
  expect(lastTold(life)).toEqual({ told: ['bea'], skipped: [] });
});
