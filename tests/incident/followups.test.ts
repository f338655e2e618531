import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import { followupsMax, openFollowups } from '../../src/incident/followups.ts';
import { readWhen } from '../../src/oncall/when.ts';
import { at, declared, type Life } from '../support/incident.ts';

const add = (more: Partial<Extract<Command, { type: 'add-followup' }>> = {}): Command => ({
  type: 'add-followup',
  by: person('ana'),
  text: 'limit the retries',
  owner: 'bea',
  dueAt: null,
  ...more,
});
const done = (n: number): Command => ({ type: 'finish-followup', by: person('bea'), n });
const resolve: Command = { type: 'resolve', by: person('ana'), how: 'rollback', verified: true, text: '' };
const message = { channel: 'C42', ts: '1.1' };

/** Resolved at 02:30, so that nothing but follow-ups is left for the clock. SEV3: in working hours. */
const over = (): Life => declared({ severity: 3 }).does('02:30', resolve);

/** When the owner was asked, and about which: `+5 09:00 bea 1,2`. */
const asked = (life: Life): string[] =>
  life.entries.flatMap(({ at: when, fact }) =>
    fact.type === 'followups-asked' || fact.type === 'followups-given-up'
      ? [
          `+${Math.floor((when - at('00:00')) / 86_400_000)} ${new Date(when).toISOString().slice(11, 16)} ${fact.type === 'followups-asked' ? '' : 'given up '}${fact.user} ${fact.ns.join(',')}`,
        ]
      : [],
  );

test('follow-ups are numbered, done once, and can be added and done after resolved and closed', () => {
  const life = declared().does('02:10', add()).does('02:40', resolve);
  life.does('02:45', add({ text: 'alert on the queue', owner: null }));
  life.does('02:50', { type: 'close', by: person('ana'), ticked: null, why: 'enough' });
  life.does('02:55', add({ text: 'write the runbook' })).does('03:00', done(3));
  expect(life.incident.followups).toMatchObject([
    { n: 1, text: 'limit the retries', owner: 'bea', doneAt: null },
    { n: 2, text: 'alert on the queue', owner: null },
    { n: 3, text: 'write the runbook', doneAt: at('03:00') },
  ]);
  expect(decide(life.incident, done(3), at('03:01'))).toEqual({
    refused: 'followup-done',
    n: 3,
    at: at('03:00'),
  });
  expect(decide(life.incident, done(9), at('03:01'))).toEqual({
    refused: 'no-followup',
    n: 9,
    open: [1, 2],
  });
});

test('refused: no words, a day that has passed, one message twice, too many, a canceled incident', () => {
  const life = declared().does('02:10', add({ source: message }));
  const refused = (command: Command): unknown => decide(life.incident, command, at('02:20'));
  expect(refused(add({ text: ' \u200b ' }))).toEqual({ refused: 'empty', what: 'the follow-up' });
  expect(refused(add({ dueAt: at('02:20') }))).toEqual({ refused: 'stale' });
  expect(refused(add({ source: message }))).toMatchObject({ refused: 'followup-exists', n: 1 });
  for (let n = 2; n <= followupsMax; n += 1) life.does('02:15', add());
  expect(refused(add())).toEqual({ refused: 'too-many-followups', max: followupsMax });
  const canceled = declared().does('02:10', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(decide(canceled.incident, add(), at('02:20'))).toMatchObject({
    refused: 'ended',
    status: 'canceled',
  });
});

test('a private incident: only its members can own a follow-up', () => {
  const { incident } = declared({ isPrivate: true });
  expect(decide(incident, add(), at('02:20'))).toEqual({ refused: 'not-a-member', user: 'bea' });
  expect(decide(incident, add({ owner: 'ana' }), at('02:20'))).toHaveLength(1);
});

test('taking the reaction back removes the follow-up, unless it is done; its number is not given again', () => {
  const remove: Command = { type: 'remove-followup', by: person('ana'), source: message };
  const life = declared()
    .does('02:10', add({ source: message }))
    .does('02:11', remove);
  expect(life.incident.followups).toEqual([]);
  life.does('02:12', add({ source: message })).does('02:13', done(2));
  expect(decide(life.incident, remove, at('02:14'))).toEqual([]);
  expect(life.incident.followups).toMatchObject([{ n: 2, doneAt: at('02:13') }]);
});

test('follow-up due / overdue: 2 days before and weekly, in the owner’s working hours, until it is done', () => {
  const life = over().does('02:40', add({ dueAt: at('+9 17:00') }));
  life.passUntil('+17 00:00');
  // Due Wednesday 11 March 17:00: Monday 17:00 is no working time any more, so Tuesday 09:00.
  expect(asked(life)).toEqual(['+8 09:00 bea 1', '+10 09:00 bea 1']);
  life.passUntil('+17 10:00');
  expect(asked(life).at(-1)).toBe('+17 09:00 bea 1');
  life.does('+17 11:00', done(1)).passUntil('+60 00:00');
  expect(asked(life)).toHaveLength(3);
});

test('one owner is asked once about all of theirs; each owner by their own clock', () => {
  const life = over()
    .does('02:40', add({ dueAt: at('+1 12:00') }))
    .does('02:41', add({ dueAt: at('+1 12:00') }))
    .does('02:42', add({ dueAt: at('+1 12:00'), owner: 'cai', timeZone: 'America/New_York' }))
    .does('02:43', add({ owner: null, dueAt: at('+1 12:00') }))
    .passUntil('+2 00:00');
  expect(asked(life)).toEqual(['+1 12:00 bea 1,2', '+1 14:00 cai 3']);
});

test('a task of a SEV1 that is open does not wait for working hours', () => {
  const life = declared().does('02:05', add({ dueAt: at('02:45') }));
  life.does('02:06', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false });
  life.passUntil('02:50');
  expect(asked(life)).toEqual(['+0 02:45 bea 1']);
});

test('snoozed, it waits; ignored three times it stops and the channel hears of it; a snooze begins afresh', () => {
  const life = over().does('02:40', add({ dueAt: at('+1 12:00') }));
  life.passUntil('+1 13:00');
  life.does('+1 13:00', { type: 'snooze-followup', by: person('bea'), n: 1, untilAt: at('+10 10:00') });
  life.passUntil('+60 00:00');
  expect(asked(life)).toEqual([
    '+1 12:00 bea 1',
    '+10 10:00 bea 1',
    '+15 12:00 bea 1',
    '+22 12:00 bea 1',
    '+29 12:00 given up bea 1',
  ]);
  expect(openFollowups(life.incident)).toHaveLength(1);
});

test.each([
  ['a test', () => declared({ severity: 3, isTest: true }).does('02:40', add({ dueAt: at('+1 12:00') }))],
  [
    'canceled',
    () =>
      declared({ severity: 3 })
        .does('02:40', add({ dueAt: at('+1 12:00') }))
        .does('02:50', { type: 'cancel', by: person('ana'), why: 'nothing' }),
  ],
  ['without a date', () => over().does('02:40', add())],
  ['without an owner', () => over().does('02:40', add({ owner: null, dueAt: at('+1 12:00') }))],
])('nobody is asked about a follow-up that is %s', (_what, live) => {
  const life = live();
  const asks = life.entries.length;
  life.passUntil('+30 00:00');
  expect(life.entries.slice(asks).filter(({ fact }) => fact.type === 'followups-asked')).toEqual([]);
});

test('who left a private incident is not asked about it any more', () => {
  const life = declared({ severity: 3, isPrivate: true })
    .does('02:20', { type: 'record-presence', user: 'bea', joined: true, happenedAt: at('02:20') })
    .does('02:30', add({ dueAt: at('+1 12:00') }))
    .does('02:40', resolve)
    .does('02:50', { type: 'record-presence', user: 'bea', joined: false, happenedAt: at('02:50') })
    .passUntil('+9 00:00');
  expect(asked(life)).toEqual([]);
});

const utc = { timeZone: 'UTC', dayEndsAt: '17:00' };
/** Monday 2 March 2026, 10:00 UTC. */
const monday = at('10:00');
const read = (text: string, zone = utc, now = monday): string => {
  const found = readWhen(text, now, zone);
  return 'at' in found ? new Date(found.at).toISOString().slice(0, 16) : found.problem;
};

test.each([
  ['2026-03-09', '2026-03-09T17:00'],
  ['9 Mar', '2026-03-09T17:00'],
  ['9th March', '2026-03-09T17:00'],
  ['Mar 9, 2027', '2027-03-09T17:00'],
  ['march 9', '2026-03-09T17:00'],
  ['friday', '2026-03-06T17:00'],
  ['Fri', '2026-03-06T17:00'],
  ['monday', '2026-03-09T17:00'],
  ['today', '2026-03-02T17:00'],
  ['tomorrow', '2026-03-03T17:00'],
  ['tomorrow 9:30', '2026-03-03T09:30'],
  ['friday at 15:00.', '2026-03-06T15:00'],
  ['in 3d', '2026-03-05T17:00'],
  ['3 days', '2026-03-05T17:00'],
  ['in 2 weeks', '2026-03-16T17:00'],
  ['in 45m', '2026-03-02T10:45'],
  ['in 2 hours', '2026-03-02T12:00'],
])('"%s", said on a Monday at 10:00, is %s', (text, when) => {
  expect(read(text)).toBe(when);
});

test.each([
  ['someday', 'unreadable'],
  ['', 'unreadable'],
  ['32 Mar', 'unreadable'],
  ['2026-02-30', 'unreadable'],
  ['9 Foo', 'unreadable'],
  ['friday 25:00', 'unreadable'],
  ['2026-03-01', 'past'],
  ['1 Mar', 'past'],
  ['today 9:00', 'past'],
  ['in 0d', '2026-03-02T17:00'],
  ['in 0m', 'past'],
  ['in 9999w', 'far'],
  ['2099-01-01', 'far'],
  ['9999-12-31', 'far'],
  ['constructor', 'unreadable'],
])('"%s" is %s', (text, problem) => {
  expect(read(text)).toBe(problem);
});

test('days are those of the writer’s zone; a day without its year that was long ago is next year’s', () => {
  const auckland = { timeZone: 'Pacific/Auckland', dayEndsAt: '17:00' };
  // 23:00 there: tomorrow is the 3rd, until 17:00 NZDT.
  expect(read('tomorrow', auckland)).toBe('2026-03-03T04:00');
  expect(read('today', auckland)).toBe('2026-03-02T10:59');
  expect(read('9 Jan', utc, Date.UTC(2026, 10, 20))).toBe('2027-01-09T17:00');
});
