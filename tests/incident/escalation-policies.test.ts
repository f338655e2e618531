import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { nextStepOf, targetsOf } from '../../src/incident/ladder.ts';
import type { Policy, Step } from '../../src/incident/policy.ts';
import { declared } from '../support/incident.ts';
import { ladder, lastOrder, lastTold, reaches } from '../support/ladder.ts';
import { defaultPolicy } from '../support/policy.ts';

const min = 60_000;

function policyWith(steps: Step[], more: Partial<Policy['escalation']> = {}): Policy {
  const { escalation } = defaultPolicy;
  return {
    ...defaultPolicy,
    escalation: { ...escalation, ...more, steps: { ...escalation.steps, 1: steps } },
  };
}

const branching: Step[] = [
  { afterMs: 0, action: 'page', target: 'oncall-primary' },
  {
    afterMs: 5 * min,
    action: 'page',
    target: 'oncall-secondary',
    inHours: { action: 'notify', target: 'team-lead', also: ['cto'] },
  },
];

test('the branch is chosen when the rung fires, also when it fires before its time', () => {
  // 02:00; the hours begin at 02:04.
  const hours = { days: [1, 2, 3, 4, 5], from: '02:04', to: '17:00', timeZone: 'UTC' };
  const policy = policyWith(branching, { hours });
  const inTime = declared({ policy });
  expect(targetsOf(nextStepOf(inTime.incident)?.step ?? branching[0]!)).toEqual(['team-lead', 'cto']);
  inTime.passUntil('02:05');
  expect(lastOrder(inTime)).toMatchObject({
    action: 'notify',
    target: { kind: 'named', name: 'team-lead', also: ['cto'] },
  });
  const early = reaches(declared({ policy }), '02:00', 'bea').does('02:01', {
    type: 'decline',
    by: person('bea'),
  });
  expect(ladder(early).at(-1)).toBe('02:01 page oncall-secondary');
});

test('without hours of its own a policy goes by those for everybody', () => {
  expect(ladder(declared({ policy: policyWith(branching) }).passUntil('02:05')).at(-1)).toBe(
    '02:05 page oncall-secondary',
  );
});

test('a ladder whose last rung is a ticket at night ends there, and one that pages goes round', () => {
  const steps: Step[] = [
    {
      afterMs: 0,
      action: 'page',
      target: 'oncall-primary',
      outOfHours: { action: 'ticket', target: 'announce-channel' },
    },
  ];
  expect(ladder(declared({ policy: policyWith(steps) }).passUntil('04:00'))).toEqual(['02:00 ticket']);
  const always = policyWith([{ afterMs: 0, action: 'page', target: 'cto' }], {
    repeat: 1,
    repeatAfterMs: 3 * min,
  });
  expect(ladder(declared({ policy: always }).passUntil('04:00'))).toEqual([
    '02:00 page cto',
    '02:03 page cto',
    '02:06 phones',
  ]);
});

const nobody = { people: [], missing: 'nobody is there', askedInstead: ['ana'], toldInStorm: [] };

test('a rung that leads to nobody passes on at once only where a later one leads to somebody', () => {
  const lost = declared();
  lost.does('02:00', { type: 'note-targets', order: lastOrder(lost), ...nobody, laterReaches: false });
  expect(ladder(lost)).toEqual(['02:00 page oncall-primary']);
  expect(lost.incident.escalation.reached.map(({ user }) => user)).toEqual(['ana']);
  const passed = declared();
  passed.does('02:00:02', { type: 'note-targets', order: lastOrder(passed), ...nobody, laterReaches: true });
  expect(ladder(passed)).toEqual(['02:00 page oncall-primary', '02:00 page oncall-secondary']);
  expect(passed.incident.escalation.reached).toEqual([]);
  expect(ladder(passed.passUntil('02:05:02')).at(-1)).toBe('02:05 page engineering-manager');
});

test('a rung whose people a storm told already, or that has gone on meanwhile, passes nothing on', () => {
  const storm = declared();
  const toldInStorm = [{ user: 'bea', at: storm.incident.times.declaredAt }];
  storm.does('02:00', {
    type: 'note-targets',
    order: lastOrder(storm),
    ...nobody,
    missing: null,
    toldInStorm,
    laterReaches: true,
  });
  expect(ladder(storm)).toEqual(['02:00 page oncall-primary']);
  const gone = declared();
  const first = lastOrder(gone);
  gone.does('02:01', { type: 'escalate', by: person('ana'), text: '' });
  gone.does('02:01', { type: 'note-targets', order: first, ...nobody, laterReaches: true });
  expect(ladder(gone)).toEqual(['02:00 page oncall-primary', '02:01 page oncall-secondary']);
});

test('a machine alone is somebody: the declarer is not asked, nobody calls for help, and the ladder keeps its time', () => {
  const life = declared();
  const order = lastOrder(life);
  life.does('02:00', {
    type: 'note-targets',
    order,
    ...nobody,
    missing: null,
    askedInstead: [],
    webhooks: ['noc'],
  });
  expect(ladder(life)).toEqual(['02:00 page oncall-primary']);
  life.does('02:01', { type: 'note-webhook-failed', name: 'noc', order, error: 'answered 404' });
  expect(ladder(life)).toEqual(['02:00 page oncall-primary', '02:01 page oncall-secondary']);
});

test('one person gets one page at a time: not twice within a minute by the ladder, but by name and when it got worse', () => {
  const life = reaches(declared(), '02:00', 'bea');
  life.does('02:00:20', { type: 'escalate', by: person('ana'), text: '' });
  expect(lastTold(reaches(life, '02:00:20', 'bea', 'cai'))).toEqual({ told: ['cai'], skipped: ['bea'] });
  life.does('02:00:30', {
    type: 'escalate',
    by: person('ana'),
    text: '',
    target: { kind: 'named', name: 'cto' },
  });
  expect(lastTold(reaches(life, '02:00:30', 'bea')).told).toEqual(['bea']);
  const worse = reaches(declared({ severity: 2 }), '02:00', 'bea');
  worse.does('02:00:30', { type: 'change-severity', by: person('ana'), to: 1, reason: 'all users' });
  expect(lastTold(reaches(worse, '02:00:30', 'bea')).told).toEqual(['bea']);
});

test('that Slack is silent for somebody is said while nobody has it, and is no news afterwards', () => {
  const people = [{ user: 'bea', untilAt: Date.UTC(2026, 2, 2, 7) }];
  const life = reaches(declared(), '02:00', 'bea');
  const order = lastOrder(life);
  life.does('02:00:01', { type: 'note-quiet', order, people });
  expect(life.entries.at(-1)?.fact).toEqual({ type: 'slack-quiet', order, people });
  const taken = reaches(declared(), '02:00', 'bea');
  taken.does('02:00:01', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false });
  taken.does('02:00:02', { type: 'note-quiet', order: lastOrder(taken), people });
  expect(taken.entries.at(-1)?.fact.type).toBe('acknowledged');
});
