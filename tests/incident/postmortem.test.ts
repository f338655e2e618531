import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import { nextDue } from '../../src/incident/due.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { editedSections, ownerOf } from '../../src/incident/postmortem-state.ts';
import { at, declared, type Life } from '../support/incident.ts';

const ana = person('ana');
const bea = person('bea');
const cai = person('cai');

/** SEV1 on Monday, 2 March: acknowledged by Bea 02:01, resolved 03:00 by Cai. */
const resolved = (more: Parameters<typeof declared>[0] = {}): Life =>
  declared(more)
    .does('02:01', { type: 'acknowledge', by: bea, onCall: true, confirmed: false })
    .does('03:00', { type: 'resolve', by: cai, how: 'rollback', verified: true, text: '' });

const refused = (incident: Incident, command: Command, time = '04:00') => {
  const decision = decide(incident, command, at(time));
  return 'refused' in decision ? decision.refused : null;
};

/** When the owner hears of it: `+1 10:00 ask`. */
function reminders(life: Life, until: string): string[] {
  life.passUntil(until);
  return life.entries.flatMap(({ at: when, fact }) => {
    if (fact.type !== 'postmortem-reminded') return [];
    const days = Math.floor((when - at('00:00')) / 86_400_000);
    return [`+${days} ${new Date(when).toISOString().slice(11, 16)} ${fact.what}`];
  });
}

test('the owner is the commander, else who had it, else who declared it; whoever is named stays', () => {
  expect(resolved().incident.postmortem?.owner).toBe('bea');
  const led = declared()
    .does('02:02', {
      type: 'assign-role',
      by: cai,
      role: 'commander',
      user: 'cai',
      timeZone: 'Europe/Berlin',
      onlyIfVacant: true,
    })
    .does('03:00', { type: 'resolve', by: cai, how: 'rollback', verified: true, text: '' });
  expect(led.incident.postmortem).toMatchObject({ owner: 'cai', timeZone: 'Europe/Berlin' });
  const alone = declared().does('03:00', {
    type: 'resolve',
    by: cai,
    how: 'other',
    verified: true,
    text: '',
  });
  expect(alone.incident.postmortem?.owner).toBe('ana');
  led
    .does('04:00', { type: 'set-postmortem-owner', by: ana, user: 'ana', timeZone: null })
    .does('04:10', { type: 'reopen', by: cai, why: '' })
    .does('04:20', { type: 'resolve', by: cai, how: 'hotfix', verified: true, text: '' });
  expect(ownerOf(led.incident)).toBe('ana');
});

test('it is due 48 h after a SEV1-2 was resolved, and asked for on the next working morning', () => {
  const life = resolved();
  expect(life.incident.postmortem?.dueAt).toBe(at('+2 03:00'));
  // Due at night: said at the beginning of the working day.
  expect(reminders(life, '+14 12:00')).toEqual(['+1 10:00 ask', '+2 09:00 due']);
  expect(nextDue(life.incident)).toBeNull();
});

test('what ends on a Friday evening is asked for on Monday, once: it is due by then', () => {
  const friday = declared()
    .does('+4 18:00', { type: 'resolve', by: cai, how: 'rollback', verified: true, text: '' })
    .does('+4 18:01', { type: 'set-postmortem-owner', by: bea, user: 'bea', timeZone: 'UTC' });
  expect(friday.incident.postmortem?.dueAt).toBe(at('+6 18:00'));
  expect(reminders(friday, '+14 12:00')).toEqual(['+7 09:00 due']);
});

test('the morning is the owner’s own: where it was Sunday evening, the next working day is Monday', () => {
  const life = resolved().does('03:01', {
    type: 'note-postmortem-zone',
    user: 'bea',
    timeZone: 'America/New_York',
  });
  expect(reminders(life, '+14 12:00')).toEqual(['+0 15:00 ask', '+2 14:00 due']);
});

test.each([
  ['a SEV3', () => resolved({ severity: 3 })],
  ['a test', () => resolved({ isTest: true })],
  [
    'one that was reviewed',
    () => resolved().does('04:00', { type: 'review-postmortem', by: ana, done: true }),
  ],
  ['one that was stopped', () => resolved().does('04:00', { type: 'stop-postmortem', by: ana })],
  [
    'one without a due time',
    () => resolved().does('04:00', { type: 'set-postmortem-due', by: ana, dueAt: null }),
  ],
  ['one that was reopened', () => resolved().does('04:00', { type: 'reopen', by: ana, why: '' })],
])('nobody is reminded of the postmortem of %s', (_what, life) => {
  expect(reminders(life(), '03:30').concat(life().incident.postmortem?.reminded.last ?? [])).toEqual([]);
  const due = nextDue(life().incident);
  expect(due?.rule.startsWith('postmortem') ?? false).toBe(false);
});

test('closing does not end the reminders: the postmortem is still to be written', () => {
  const life = resolved().does('03:30', { type: 'close', by: ana, ticked: null, why: 'all is said' });
  expect(life.incident.status).toBe('closed');
  expect(reminders(life, '+14 12:00')).toEqual(['+1 10:00 ask', '+2 09:00 due']);
});

test('what was canceled owes nothing, and says so', () => {
  const life = declared().does('03:00', { type: 'cancel', by: ana, why: 'nothing' });
  expect(life.incident.postmortem).toBeUndefined();
  for (const command of [
    { type: 'set-postmortem-owner', by: ana, user: 'bea', timeZone: null },
    { type: 'set-postmortem-due', by: ana, dueAt: at('+1 10:00') },
    { type: 'review-postmortem', by: ana, done: true },
  ] as const)
    expect(refused(life.incident, command)).toBe('postmortem-not-yet');
});

test('a snooze replaces both reminders until it ends; a new due time is reminded of again', () => {
  const life = resolved();
  life
    .passUntil('+1 10:00')
    .does('+1 10:05', { type: 'snooze-postmortem', by: bea, untilAt: at('+3 11:00') });
  expect(reminders(life, '+4 12:00')).toEqual(['+1 10:00 ask', '+3 11:00 due']);
  life.does('+4 12:00', { type: 'set-postmortem-due', by: bea, dueAt: at('+8 15:00') });
  expect(reminders(life, '+14 12:00').at(-1)).toBe('+8 15:00 due');
});

test('edits are facts; whoever saves must have seen the last one', () => {
  const life = resolved();
  const edit = (text: string, version: number) =>
    ({ type: 'edit-postmortem', by: ana, section: 'impact', text, version }) as const;
  life.does('04:00', edit('Nobody could pay.', 0));
  expect(life.entries.at(-1)?.fact).toEqual({
    type: 'postmortem-edited',
    by: ana,
    section: 'impact',
    text: 'Nobody could pay.',
  });
  expect(editedSections(life.incident)).toEqual(['impact']);
  expect(refused(life.incident, edit('Too late', 0))).toBe('section-changed');
  expect(refused(life.incident, edit('  \u200b ', 1))).toBe('empty');
  life.does('04:01', { type: 'restore-postmortem', by: bea, section: 'impact' });
  expect(editedSections(life.incident)).toEqual([]);
  expect(refused(life.incident, edit('Restored meanwhile', 1))).toBe('section-changed');
  expect(refused(life.incident, { type: 'restore-postmortem', by: bea, section: 'impact' })).toBe(
    'section-not-edited',
  );
});

test('resolving again keeps the edits and what people chose, and wants a new review', () => {
  const life = resolved()
    .does('04:00', { type: 'edit-postmortem', by: ana, section: 'cause', text: 'The cache', version: 0 })
    .does('04:01', { type: 'set-postmortem-due', by: ana, dueAt: at('+9 10:00') })
    .does('04:02', { type: 'review-postmortem', by: ana, done: true })
    .does('04:10', { type: 'reopen', by: cai, why: '' })
    .does('05:00', { type: 'resolve', by: cai, how: 'hotfix', verified: true, text: '' });
  expect(editedSections(life.incident)).toEqual(['cause']);
  expect(life.incident.postmortem).toMatchObject({
    dueAt: at('+9 10:00'),
    reviewedAt: null,
    endedAt: at('05:00'),
  });
});

test('reviewed once, taken back once; each shows in the draft and on the card', () => {
  const life = resolved();
  const done = { type: 'review-postmortem', by: ana, done: true } as const;
  expect(refused(life.incident, { ...done, done: false })).toBe('not-reviewed');
  const before = life.incident;
  life.does('04:00', done);
  expect(refused(life.incident, done)).toBe('already-reviewed');
  expect(
    effectsOf({ type: 'postmortem-reviewed', by: ana }, life.incident, before).map(({ kind }) => kind),
  ).toEqual(['draft-card', 'card', 'say']);
  life.does('04:01', { ...done, done: false });
  expect(life.incident.postmortem?.reviewedAt).toBeNull();
  expect(refused(declared().incident, done)).toBe('postmortem-not-yet');
});

test('the owner hears of it from whoever named them, not from themselves; a stranger to a private incident is refused', () => {
  const life = resolved();
  const named = (by: typeof ana, user: string) =>
    ({ type: 'postmortem-owner-set', by, user, timeZone: null, before: null }) as const;
  const kinds = (fact: ReturnType<typeof named>) =>
    effectsOf(fact, life.incident, life.incident).map(({ kind }) => kind);
  expect(kinds(named(ana, 'cai'))).toContain('tell');
  expect(kinds(named(cai, 'cai'))).not.toContain('tell');
  const secret = resolved({ isPrivate: true });
  const dana = { type: 'set-postmortem-owner', by: ana, user: 'dana', timeZone: null } as const;
  expect(refused(secret.incident, dana)).toBe('not-a-member');
});

test('due in the past, an export without a channel, the same owner twice: refused', () => {
  const life = resolved();
  expect(refused(life.incident, { type: 'set-postmortem-due', by: ana, dueAt: at('03:59') })).toBe('stale');
  expect(refused(life.incident, { type: 'export-postmortem', by: ana, format: 'html' })).toBe('no-channel');
  const owner = { type: 'set-postmortem-owner', by: ana, user: 'bea', timeZone: null } as const;
  life.does('04:00', owner);
  expect(refused(life.incident, owner)).toBe('owns-already');
});
