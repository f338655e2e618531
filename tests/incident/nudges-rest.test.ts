import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/config/defaults.ts';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf, evolve } from '../../src/incident/decide.ts';
import type { Declare } from '../../src/incident/declaring.ts';
import type { NudgeRule, Role, Status } from '../../src/incident/incident.ts';
import { nudgeDues, plannedNudges } from '../../src/incident/nudge-clock.ts';
import { defaultIntervals, ladderOf } from '../../src/incident/nudge-rules.ts';
import { at, declared, type Life } from '../support/incident.ts';
import { defaultPolicy } from '../support/policy.ts';

const acknowledge = { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false } as const;
const give = (role: Role, user: string): Command => ({
  type: 'assign-role',
  by: person(user),
  role,
  user,
  timeZone: null,
  onlyIfVacant: false,
});
const moveTo = (to: Status): Command => ({ type: 'change-status', by: person('ana'), to, note: '' });
const severity = (to: 1 | 2 | 3 | 4): Command => ({
  type: 'change-severity',
  by: person('ana'),
  to,
  reason: '',
});
const stop = (rule: NudgeRule): Command => ({ type: 'stop-nudge', by: person('dana'), rule });

/** With its channel open; nobody has it yet. */
const open = (more: Partial<Declare> = {}): Life =>
  declared(more).happens('02:00', {
    type: 'channel-opened',
    channel: { id: 'C42', name: 'inc-42' },
    problem: null,
  });

/** Bea has it, Ana commands, Cai does comms, and no update is owed: what is left is the subject here. */
const led = (more: Partial<Declare> = {}): Life =>
  open(more)
    .does('02:00', acknowledge)
    .does('02:00', give('commander', 'ana'))
    .does('02:00', give('comms', 'cai'))
    .does('02:00', stop('update-due'));

const clockTime = (time: number): string => new Date(time).toISOString().slice(11, 16);

/** What the clock said of these rules: `02:30 still-investigating channel ana`, `03:00 stopped channel-silent`. */
const spoken = (life: Life, ...rules: NudgeRule[]): string[] =>
  life.entries.flatMap(({ at: time, fact }) => {
    if (fact.type !== 'nudged' && fact.type !== 'nudge-stopped') return [];
    if (!rules.includes(fact.rule) || (fact.type === 'nudge-stopped' && fact.by.kind === 'person')) return [];
    const words = fact.type === 'nudged' ? `${fact.rule} ${fact.via}` : `stopped ${fact.rule}`;
    return [`${clockTime(time)} ${words}${fact.type === 'nudged' && fact.to ? ` ${fact.to}` : ''}`];
  });

/** Time goes by until then; these people write every five minutes. */
function busy(life: Life, until: string, ...users: string[]): Life {
  const fiveMin = 300_000;
  let next = Math.ceil(((life.entries.at(-1)?.at ?? 0) + 1) / fiveMin) * fiveMin;
  for (; next <= at(until); next += fiveMin) {
    const days = new Date(next).getUTCDate() - 2;
    const time = `${days > 0 ? `+${days} ` : ''}${clockTime(next)}`;
    life.passUntil(time);
    for (const user of users) life.says(`${time}:01`, user, 'working on it');
  }
  return life.passUntil(until);
}

/** Declared as "not sure": SEV3 for now. */
const unsure: Partial<Declare> = { severity: 3, provisional: true, severityReason: 'not sure' };

test('severity not sure: the commander is asked after 10 minutes, at any hour, and asked again', () => {
  const life = busy(led(unsure), '02:31', 'ana', 'bea');
  expect(spoken(life, 'severity-unsure')).toEqual([
    '02:10 severity-unsure channel ana',
    '02:20 severity-unsure channel ana',
    '02:30 severity-unsure channel ana',
  ]);
});

test('severity not sure: without a commander the acknowledger is asked, else whoever was on call', () => {
  const held = busy(open(unsure).does('02:00', acknowledge), '02:11', 'bea');
  expect(spoken(held, 'severity-unsure')).toEqual(['02:10 severity-unsure channel bea']);
  const elsewhere = open(unsure)
    .happens('02:00', {
      type: 'people-paged',
      order: {
        orderedAt: at('02:00'),
        action: 'notify',
        target: { kind: 'named', name: 'oncall-primary' },
        reason: { why: 'declared' },
        step: 0,
        nextAt: null,
      },
      people: [{ user: 'dana', standing: 'primary' }],
      skipped: [],
      missing: null,
      askedInstead: [],
    })
    .happens('02:01', { type: 'acknowledged', by: { kind: 'pagerduty', name: 'Dana' } });
  expect(spoken(elsewhere.passUntil('02:15'), 'severity-unsure')).toEqual([
    '02:10 severity-unsure channel dana',
  ]);
});

test('severity not sure: any severity is an answer, also the one that was assumed', () => {
  const life = busy(led(unsure), '02:11', 'ana').does('02:12', severity(3));
  expect(life.incident.nudges.standing).toBeNull();
  expect(spoken(busy(life, '03:00', 'ana'), 'severity-unsure')).toHaveLength(1);
});

test('a provisional severity that an alert gave is no "not sure"', () => {
  const life = led({ ...unsure, severity: 2, by: { kind: 'pagerduty' } });
  expect(spoken(busy(life, '02:40', 'ana'), 'severity-unsure')).toEqual([]);
});

/** Opened by an alert, still in triage. */
const opened = (level: 1 | 2 | 3 | 4): Life => open({ by: { kind: 'pagerduty' }, severity: level });

test('undecided triage waits as long as the escalation has something left to say, then asks the channel', () => {
  const ladder = opened(1);
  expect(spoken(ladder.passUntil('02:59'), 'undecided-triage')).toEqual([]);
  ladder.happens('03:00', { type: 'ladder-exhausted', phones: [] }).does('03:00', { type: 'tick' });
  expect(spoken(ladder.passUntil('03:21'), 'undecided-triage')).toEqual([
    '03:00 undecided-triage channel',
    '03:20 undecided-triage channel',
  ]);
});

test('undecided triage: a SEV4 that nobody is paged for is asked about in working hours; Investigate settles it', () => {
  const ticket = opened(4).happens('02:00', { type: 'ticket-recorded', next: null });
  expect(spoken(ticket.passUntil('09:00'), 'undecided-triage')).toEqual(['09:00 undecided-triage channel']);
  ticket.does('09:01', moveTo('investigating'));
  expect(ticket.incident.nudges.standing).toBeNull();
  expect(spoken(ticket.passUntil('12:00'), 'undecided-triage')).toHaveLength(1);
});

test('still investigating: the commander is asked every 30 minutes until the cause is known', () => {
  const life = busy(led(), '03:05', 'ana', 'bea');
  expect(spoken(life, 'still-investigating')).toEqual([
    '02:30 still-investigating channel ana',
    '03:00 still-investigating channel ana',
  ]);
  life.does('03:06', moveTo('identified'));
  expect(life.incident.nudges.standing).toBeNull();
  expect(spoken(busy(life, '04:30', 'ana', 'bea'), 'still-investigating')).toHaveLength(2);
});

test.each([
  [1, ['02:20 commander-silent dm ana', '02:25 commander-silent channel']],
  [2, ['02:40 commander-silent dm ana', '02:45 commander-silent channel']],
  [3, []],
] as const)(
  'commander silent, SEV%i: a DM, and 5 minutes later Take command in the channel',
  (level, said) => {
    const life = busy(led({ severity: level }), '02:46', 'bea').passUntil('02:46');
    expect(spoken(life, 'commander-silent').slice(0, 2)).toEqual(said);
  },
);

test('commander silent: a message, a click or "I’m here" is a sign of life; somebody else’s is not', () => {
  const life = busy(led(), '02:19', 'bea').says('02:19', 'ana', 'on the phone with the vendor');
  expect(spoken(busy(life, '02:38', 'bea'), 'commander-silent')).toEqual([]);
  busy(life, '02:40', 'bea');
  expect(spoken(life, 'commander-silent')).toEqual(['02:39 commander-silent dm ana']);
  life.does('02:40', { type: 'confirm-command', by: person('ana') });
  expect(life.incident.nudges.standing).toBeNull();
  expect(spoken(busy(life, '02:59', 'bea'), 'commander-silent')).toHaveLength(1);
});

test('"I’m here" is for the commander alone', () => {
  const life = led();
  const asked = (user: string) =>
    decide(life.incident, { type: 'confirm-command', by: person(user) }, at('02:05'));
  expect(asked('bea')).toMatchObject({ refused: 'role-taken', user: 'ana' });
  life.does('02:04', { type: 'drop-role', by: person('ana'), role: 'commander' });
  expect(asked('ana')).toMatchObject({ refused: 'role-vacant' });
});

test('Take command replaces the silent commander, and nobody who took it since', () => {
  const take = (user: string): Command => ({
    type: 'assign-role',
    by: person(user),
    role: 'commander',
    user,
    timeZone: null,
    onlyIfVacant: true,
    insteadOf: 'ana',
  });
  const life = busy(led(), '02:26', 'bea').does('02:26', take('dana'));
  expect(life.incident.roles.commander?.user).toBe('dana');
  expect(life.incident.nudges.standing).toBeNull();
  expect(decide(life.incident, take('bea'), at('02:27'))).toMatchObject({
    refused: 'role-taken',
    user: 'dana',
  });
});

test('nobody is asked for a sign of life while monitoring', () => {
  const life = led().does('02:05', moveTo('monitoring'));
  expect(spoken(life.passUntil('06:00'), 'commander-silent')).toEqual([]);
});

test('silent channel: after 60 minutes without a word the commander is asked, without one the channel', () => {
  const life = led({ severity: 2 })
    .does('02:10', stop('commander-silent'))
    .does('02:10', stop('still-investigating'));
  // The acknowledger’s silence is another matter.
  life.happens('02:10', { type: 'acknowledged', by: { kind: 'pagerduty', name: 'Bea' } });
  expect(spoken(life.passUntil('03:20'), 'channel-silent')).toEqual(['03:10 channel-silent channel ana']);
  life.says('03:21', 'cai', 'still there');
  expect(life.incident.nudges.standing).toBeNull();
  expect(spoken(life.passUntil('04:22'), 'channel-silent').at(-1)).toBe('04:21 channel-silent channel ana');
});

test('silent channel: while monitoring only after 12 hours', () => {
  const life = led().does('02:05', moveTo('monitoring')).does('02:05', stop('monitoring-long'));
  expect(spoken(life.passUntil('14:06'), 'channel-silent')).toEqual(['14:05 channel-silent channel ana']);
});

test('monitoring long enough: after 30 minutes the commander is asked whether it is over', () => {
  const life = led().does('02:05', moveTo('monitoring'));
  expect(spoken(life.passUntil('02:36'), 'monitoring-long')).toEqual(['02:35 monitoring-long channel ana']);
  life.does('02:40', moveTo('identified'));
  expect(life.incident.nudges.standing).toBeNull();
});

test('commander fatigue: after 4 hours in the role, by DM; whoever takes over begins at zero', () => {
  const life = busy(led(), '06:30', 'ana', 'bea');
  expect(spoken(life, 'commander-fatigue')).toEqual(['06:00 commander-fatigue dm ana']);
  life.does('06:31', give('commander', 'dana'));
  expect(spoken(busy(life, '10:40', 'dana', 'bea'), 'commander-fatigue').slice(1)).toEqual([
    '10:31 commander-fatigue dm dana',
  ]);
});

test('resolution target, where there is one: once when it is at risk, once when it is missed', () => {
  const nudges = { ...defaultPolicy.nudges, resolveWithinMs: { 1: 7_200_000, 2: null, 3: null, 4: null } };
  const life = busy(led({ policy: { ...defaultPolicy, nudges } }), '09:00', 'ana', 'bea');
  expect(spoken(life, 'resolution-target')).toEqual([
    '03:35 resolution-target channel ana',
    '04:00 resolution-target channel ana',
  ]);
  expect(ladderOf(led().incident, 'resolution-target')).toBeNull();
});

test('ignored three times it stops and is recorded; with another reason to ask it asks again', () => {
  const life = busy(led(), '04:31', 'ana', 'bea');
  expect(spoken(life, 'still-investigating')).toEqual([
    '02:30 still-investigating channel ana',
    '03:00 still-investigating channel ana',
    '03:30 still-investigating channel ana',
    '04:00 stopped still-investigating',
  ]);
  life.does('04:32', moveTo('identified')).does('04:33', moveTo('investigating'));
  expect(spoken(busy(life, '05:10', 'ana', 'bea'), 'still-investigating').slice(4)).toEqual([
    '05:03 still-investigating channel ana',
  ]);
});

test('a person’s Stop and Snooze hold, whatever the reason is then', () => {
  const life = busy(led(), '02:31', 'ana', 'bea').does('02:32', stop('still-investigating'));
  life.does('02:33', moveTo('identified')).does('02:34', moveTo('investigating'));
  life.does('02:34', {
    type: 'snooze-nudge',
    by: person('ana'),
    rule: 'channel-silent',
    untilAt: at('09:00'),
  });
  life.says('02:35', 'bea', 'new words').happens('02:36', {
    type: 'acknowledged',
    by: { kind: 'pagerduty', name: 'Bea' },
  });
  life.does('02:36', stop('commander-silent'));
  expect(spoken(life.passUntil('09:01'), 'still-investigating', 'channel-silent').slice(1)).toEqual([
    '09:00 channel-silent channel ana',
  ]);
});

test('the rest comes after commander, update and comms, and never between the rungs of an update', () => {
  const life = open().does('02:00', acknowledge).does('02:00', give('commander', 'ana'));
  busy(life, '03:19', 'bea');
  const nudged = life.entries.flatMap(({ at: time, fact }) =>
    fact.type === 'nudged' ? [`${clockTime(time)} ${fact.rule} ${fact.via}`] : [],
  );
  const update = nudged.flatMap((words, index) =>
    /update-due mention/.test(words) ? [nudged[index - 1]] : [],
  );
  expect(update.length).toBeGreaterThan(1);
  for (const before of update) expect(before).toMatch(/update-due channel/);
  expect(nudged.some((words) => words.includes('commander-silent'))).toBe(true);
});

test('what stands is taken away when its reason is over, and once', () => {
  const life = busy(led(), '02:30', 'ana', 'bea').happens('02:30', {
    type: 'nudge-posted',
    rule: 'still-investigating',
    rung: 0,
    dueAt: at('02:30'),
    channel: 'C42',
    ts: '1.1',
  });
  const before = life.incident;
  const fact = {
    type: 'status-changed',
    by: person('ana'),
    from: 'investigating',
    to: 'identified',
    note: '',
  } as const;
  const after = evolve(before, fact, at('02:31'));
  const retracted = effectsOf(fact, after, before).filter(({ kind }) => kind === 'retract');
  expect(retracted).toEqual([{ kind: 'retract', place: { channel: 'C42', ts: '1.1' } }]);
});

test.each([
  ['severityUnsureMs', 'severity-unsure'],
  ['undecidedTriageMs', 'undecided-triage'],
  ['stillInvestigatingMs', 'still-investigating'],
  ['monitoringLongMs', 'monitoring-long'],
  ['commanderFatigueMs', 'commander-fatigue'],
] as const)('%s: none switches the nudge off', (key, rule) => {
  const policy = { ...defaultPolicy, nudges: { ...defaultPolicy.nudges, [key]: null } };
  const life = led({ ...unsure, policy });
  const all: Status[] = ['triage', 'investigating', 'monitoring'];
  for (const status of all) expect(ladderOf({ ...life.incident, status }, rule)).toBeNull();
});

test('a policy that was stored before there were these nudges takes the defaults of the configuration', () => {
  expect(defaultPolicy.nudges).not.toHaveProperty('stillInvestigatingMs');
  expect(defaultConfig().cadence).toMatchObject({ ...defaultIntervals });
});

test('what is planned is what comes, as far apart as it comes', () => {
  const life = led().passUntil('02:01');
  const planned = plannedNudges(life.incident).map(({ rule, at: time }) => `${clockTime(time)} ${rule}`);
  expect(planned).toEqual([
    '02:20 commander-silent',
    '02:30 still-investigating',
    '03:00 channel-silent',
    '06:00 commander-fatigue',
  ]);
});

test('nothing speaks in a merged or closed incident', () => {
  for (const status of ['merged', 'closed'] as const) {
    expect(nudgeDues({ ...led().incident, status })).toEqual([]);
  }
});

test.each(['resolve', 'cancel'] as const)('nothing speaks after %s', (type) => {
  const end: Command =
    type === 'resolve'
      ? { type, by: person('ana'), how: 'rollback', verified: true, text: '' }
      : { type, by: person('ana'), why: 'false alarm' };
  const life = led().does('02:25', end);
  expect(nudgeDues(life.incident)).toEqual([]);
  expect(plannedNudges(life.incident)).toEqual([]);
});
