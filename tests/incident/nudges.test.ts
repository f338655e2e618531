import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import type { Declare } from '../../src/incident/declaring.ts';
import type { NudgeRule, Role } from '../../src/incident/incident.ts';
import { nudgeDues } from '../../src/incident/nudge-clock.ts';
import type { Policy } from '../../src/incident/policy.ts';
import { at, declared, type Life } from '../support/incident.ts';
import { defaultPolicy } from '../support/policy.ts';

const acknowledge = { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false } as const;
const give = (role: Role, user: string, timeZone: string | null = null): Command => ({
  type: 'assign-role',
  by: person('ana'),
  role,
  user,
  timeZone,
  onlyIfVacant: false,
});
const update = (nextAt: number | null = null): Command => ({
  type: 'post-update',
  by: person('ana'),
  happening: 'Rolling back',
  impact: '',
  doing: '',
  nextAt,
});
const snooze = (rule: NudgeRule, until: string): Command => ({
  type: 'snooze-nudge',
  by: person('ana'),
  rule,
  untilAt: at(until),
});
const stop = (rule: NudgeRule): Command => ({ type: 'stop-nudge', by: person('ana'), rule });

/** This file is about commander, update and comms alone: the rest is silent. */
const alone: Policy = {
  ...defaultPolicy,
  nudges: {
    ...defaultPolicy.nudges,
    severityUnsureMs: null,
    undecidedTriageMs: null,
    stillInvestigatingMs: null,
    commanderSilentMs: { 1: null, 2: null, 3: null, 4: null },
    channelSilentMs: null,
    monitoringSilentMs: null,
    monitoringLongMs: null,
    commanderFatigueMs: null,
  },
};

/** Declared at 02:00 with its channel open; Bea acknowledges at once, unless told otherwise. */
const acknowledged = (more: Partial<Declare> = {}): Life => open(more).does('02:00', acknowledge);

const open = (more: Partial<Declare> = {}): Life =>
  declared({ policy: alone, ...more }).happens('02:00', {
    type: 'channel-opened',
    channel: { id: 'C42', name: 'inc-42' },
    problem: null,
  });

const clockTime = (time: number): string => new Date(time).toISOString().slice(11, 16);

/** Time goes by, and the acknowledger writes something every five minutes: silence is another rule's business. */
function working(life: Life, until: string): Life {
  const fiveMin = 300_000;
  let last = life.entries.at(-1)?.at ?? 0;
  for (last = Math.ceil((last + 1) / fiveMin) * fiveMin; last <= at(until); last += fiveMin) {
    const now = new Date(last);
    const days = now.getUTCDate() - 2;
    const time = `${days > 0 ? `+${days} ` : ''}${clockTime(last)}`;
    life.passUntil(time).says(`${time}:01`, 'bea', 'working on it');
  }
  return life.passUntil(until);
}

/** What the clock said: `02:15 update-due mention ana`, `02:25 page on-call secondary`, `02:30 stopped no-comms`. */
const spoken = (life: Life): string[] =>
  life.entries.flatMap(({ at: time, fact }) => {
    const when = clockTime(time);
    if (fact.type === 'nudged') return [`${when} ${fact.rule} ${fact.via}${fact.to ? ` ${fact.to}` : ''}`];
    if (fact.type === 'nudge-stopped') return [`${when} stopped ${fact.rule}`];
    if (fact.type !== 'page-ordered' || !/^no-/.test(fact.order.reason.why)) return [];
    return fact.order.target.kind === 'named' ? [`${when} page ${fact.order.target.name}`] : [];
  });

test('before the acknowledgement only the escalation speaks', () => {
  const life = open().passUntil('02:29');
  expect(life.entries.some(({ fact }) => fact.type === 'nudged')).toBe(false);
  expect(nudgeDues(life.incident)).toEqual([]);
});

test('SEV1: in the channel when due, a mention after 5 minutes, after 10 the next step is paged', () => {
  const life = acknowledged().does('02:01', give('commander', 'ana')).does('02:01', give('comms', 'cai'));
  expect(spoken(working(life, '02:29'))).toEqual([
    '02:15 update-due channel cai',
    '02:20 update-due mention ana',
    '02:25 update-due page ana',
    '02:25 page oncall-secondary',
  ]);
});

test.each([2, 3] as const)('SEV%i: a DM 5 minutes ahead, the channel, and a mention after 15', (severity) => {
  const life = acknowledged({ severity, policy: always })
    .does('02:01', give('commander', 'ana'))
    .does('02:01', give('comms', 'cai'));
  expect(spoken(working(life, severity === 2 ? '02:54' : '03:54'))).toEqual(
    severity === 2
      ? ['02:25 update-due dm cai', '02:30 update-due channel cai', '02:45 update-due mention ana']
      : ['02:55 update-due dm cai', '03:00 update-due channel cai', '03:15 update-due mention ana'],
  );
});

test('the heads-up goes to the commander without a comms lead, and to nobody without either', () => {
  const commanded = acknowledged({ severity: 3, policy: always }).does('02:01', give('commander', 'ana'));
  expect(spoken(working(commanded, '02:59'))).toEqual(['02:55 update-due dm ana']);
  const alone = acknowledged({ severity: 3, policy: always }).does('02:02', stop('no-commander'));
  expect(spoken(working(alone, '03:01'))).toEqual(['02:02 stopped no-commander', '03:00 update-due channel']);
});

test('SEV4 owes no update', () => {
  const life = acknowledged({ severity: 4, policy: always }).does('02:01', give('commander', 'ana'));
  expect(spoken(working(life, '09:00'))).toEqual([]);
});

test('an update promised at another time is due then', () => {
  const life = acknowledged()
    .does('02:01', give('commander', 'ana'))
    .does('02:01', give('comms', 'cai'))
    .does('02:05', update(at('03:05')));
  expect(spoken(working(life, '03:06'))).toEqual(['03:05 update-due channel cai']);
});

test('two due at once: the commander is asked for first, 5 minutes later the update, then comms', () => {
  const life = acknowledged()
    .does('02:01', update(at('02:10')))
    .does('02:01', snooze('no-commander', '02:10'));
  working(life, '02:11').does('02:11', give('commander', 'ana'));
  expect(spoken(working(life, '02:20'))).toEqual([
    '02:10 no-commander channel',
    '02:15 update-due channel ana',
    '02:20 no-comms channel',
  ]);
});

test('whatever repeats silences nobody for good, and at most one nudge comes every 5 minutes', () => {
  const life = working(acknowledged({ severity: 2 }), '03:30');
  const nudged = life.entries.filter(({ fact }) => fact.type === 'nudged');
  const rules = new Set(nudged.flatMap(({ fact }) => (fact.type === 'nudged' ? [fact.rule] : [])));
  expect(rules).toEqual(new Set(['no-commander', 'update-due', 'no-comms']));
  const gapsMs = nudged.slice(1).map(({ at: time }, n) => time - (nudged[n]?.at ?? 0));
  expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(300_000);
});

test('a page is not held back by a nudge that came just before', () => {
  const life = working(acknowledged().does('02:01', give('commander', 'ana')), '02:14');
  life.does('02:14', update(at('02:18'))).does('02:14', snooze('no-comms', '02:25'));
  expect(spoken(working(life, '02:28'))).toEqual([
    '02:10 no-comms channel',
    '02:18 update-due channel ana',
    '02:23 update-due mention ana',
    '02:28 update-due page ana',
    '02:28 page oncall-secondary',
  ]);
});

test('ignored three times a reminder stops, and says so', () => {
  const life = acknowledged()
    .does('02:01', give('commander', 'ana'))
    .does('02:01', update(at('06:00')));
  expect(spoken(working(life, '03:00'))).toEqual([
    '02:10 no-comms channel',
    '02:20 no-comms channel',
    '02:30 no-comms channel',
    '02:40 stopped no-comms',
  ]);
});

test('SEV1-2 without a commander: ignored three times it pages the next step instead of stopping', () => {
  const life = acknowledged()
    .does('02:01', update(at('06:00')))
    .does('02:01', stop('no-comms'));
  expect(spoken(working(life, '02:25'))).toEqual([
    '02:01 stopped no-comms',
    '02:05 no-commander channel',
    '02:10 no-commander channel',
    '02:15 no-commander channel',
    '02:20 no-commander channel',
    '02:20 page oncall-secondary',
    '02:25 no-commander channel',
    '02:25 page engineering-manager',
  ]);
});

test('SEV2 without updates: ignored three times, the next step is paged when the update is due, not ahead of it', () => {
  const life = acknowledged({ severity: 2 })
    .does('02:01', give('commander', 'ana'))
    .does('02:01', give('comms', 'cai'));
  expect(spoken(working(life, '04:01')).slice(-3)).toEqual([
    '03:55 update-due dm cai',
    '04:00 update-due channel cai',
    '04:00 page oncall-secondary',
  ]);
});

test('Snooze holds one rule back and counts as an answer', () => {
  const life = working(
    acknowledged()
      .does('02:01', update(at('06:00')))
      .does('02:01', stop('no-comms')),
    '02:11',
  );
  life.does('02:11', snooze('no-commander', '02:41'));
  expect(life.incident.nudges.standing).toBeNull();
  expect(spoken(working(life, '02:52')).slice(3)).toEqual([
    '02:41 no-commander channel',
    '02:46 no-commander channel',
    '02:51 no-commander channel',
  ]);
});

test('a snooze into the past, or of a reminder that stopped, is refused', () => {
  const life = acknowledged().does('02:01', stop('no-comms'));
  const refused = (command: Command) => decide(life.incident, command, at('02:05'));
  expect(refused(snooze('no-commander', '02:04'))).toMatchObject({ refused: 'stale' });
  expect(refused(snooze('no-comms', '02:30'))).toMatchObject({ refused: 'nudge-gone' });
  expect(refused(stop('no-comms'))).toMatchObject({ refused: 'nudge-gone' });
});

test('Stop holds even when an update is posted; what stopped by itself starts again with the answer', () => {
  const stopped = acknowledged().does('02:01', give('commander', 'ana')).does('02:01', give('comms', 'cai'));
  stopped.does('02:02', stop('update-due')).does('02:03', update());
  expect(spoken(working(stopped, '04:00'))).toEqual(['02:02 stopped update-due']);

  const ignored = acknowledged({ severity: 3, policy: always }).does('02:01', give('commander', 'ana'));
  expect(spoken(working(ignored, '06:00')).at(-1)).toBe('05:55 stopped update-due');
  ignored.does('06:01', update());
  expect(spoken(working(ignored, '07:01')).slice(-2)).toEqual([
    '06:56 update-due dm ana',
    '07:01 update-due channel ana',
  ]);
});

test('SEV3-4 wait for the working hours of whoever is asked', () => {
  const life = acknowledged({ severity: 3 }).does('02:01', give('commander', 'ana', 'Asia/Tokyo'));
  expect(spoken(working(life, '03:16'))).toEqual([
    '02:55 update-due dm ana',
    '03:00 update-due channel ana',
    '03:15 update-due mention ana',
  ]);
  const nobody = acknowledged({ severity: 3 });
  expect(spoken(working(nobody, '09:05'))).toEqual([
    '09:00 no-commander channel',
    '09:05 update-due channel',
  ]);
});

test('after downtime the ladder resumes at its lowest rung and keeps its distances', () => {
  const life = acknowledged().does('02:01', give('commander', 'ana')).does('02:01', give('comms', 'cai'));
  life.says('03:59', 'bea', 'the bot is away').does('04:00', { type: 'tick' });
  expect(spoken(working(life, '04:29'))).toEqual([
    '04:00 update-due channel cai',
    '04:05 update-due mention ana',
    '04:10 update-due page ana',
    '04:10 page oncall-secondary',
    '04:15 update-due channel cai',
    '04:20 update-due mention ana',
    '04:25 update-due page ana',
    '04:25 page engineering-manager',
  ]);
});

test('a test incident is nudged like any other, and never escalates for it', () => {
  const life = acknowledged({ isTest: true })
    .does('02:01', update(at('06:00')))
    .does('02:01', stop('no-comms'));
  expect(spoken(working(life, '02:21')).slice(1)).toEqual([
    '02:05 no-commander channel',
    '02:10 no-commander channel',
    '02:15 no-commander channel',
    '02:20 stopped no-commander',
  ]);
});

test.each([
  ['resolved', { type: 'resolve', by: person('ana'), how: 'rollback', verified: true, text: '' }],
  ['canceled', { type: 'cancel', by: person('ana'), why: 'false alarm' }],
] as const)('nobody is nudged once it is %s', (_state, end) => {
  const life = acknowledged().does('02:06', end);
  expect(nudgeDues(life.incident)).toEqual([]);
  expect(spoken(life.passUntil('+2 02:00'))).toEqual([]);
  expect(decide(life.incident, stop('no-comms'), at('02:07'))).toMatchObject({ refused: 'ended' });
});

test('reopened, the clock starts afresh', () => {
  const life = working(acknowledged(), '02:40');
  life.does('02:41', { type: 'cancel', by: person('ana'), why: 'oops' });
  life.does('05:00', { type: 'reopen', by: person('ana'), why: 'it is back' });
  const before = spoken(life).length;
  expect(spoken(working(life, '05:09')).slice(before)).toEqual(['05:05 no-commander channel']);
});

test('the clock says which rung of which due time it speaks for', () => {
  const life = acknowledged().does('02:01', give('commander', 'ana')).does('02:01', give('comms', 'cai'));
  const nudged = working(life, '02:21').entries.filter(({ fact }) => fact.type === 'nudged');
  expect(nudged.map(({ fact }) => fact)).toMatchObject([
    { rung: 0, dueAt: at('02:15'), lastRung: false },
    { rung: 1, dueAt: at('02:15'), lastRung: false },
  ]);
});

/** Working hours that never end, for rules that are not about them. */
const always = {
  ...alone,
  workingHours: { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59:59', timeZone: 'UTC' },
};
