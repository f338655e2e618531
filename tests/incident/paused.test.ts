import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf, evolve } from '../../src/incident/decide.ts';
import type { Declare } from '../../src/incident/declaring.ts';
import { nextDue } from '../../src/incident/due.ts';
import { pauseMsMax } from '../../src/incident/pause.ts';
import { at, declared, type Life } from '../support/incident.ts';

const open = (more: Partial<Declare> = {}): Life =>
  declared(more).happens('02:00', {
    type: 'channel-opened',
    channel: { id: 'C42', name: 'inc-42' },
    problem: null,
  });

/** Bea has it, Ana commands. */
const held = (more: Partial<Declare> = {}): Life =>
  open(more)
    .does('02:00', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false })
    .does('02:00', {
      type: 'assign-role',
      by: person('ana'),
      role: 'commander',
      user: 'ana',
      timeZone: null,
      onlyIfVacant: false,
    });

const pause = (until: string, why = 'the vendor works on it'): Command => ({
  type: 'pause',
  by: person('ana'),
  untilAt: at(until),
  why,
});
const resume: Command = { type: 'resume', by: person('bea') };

/** What the clock and the machine said since: `03:00 pause-ended`, `03:05 nudged update-due`. */
const said = (life: Life, since: string): string[] =>
  life.entries.flatMap(({ at: time, fact }) => {
    if (time < at(since)) return [];
    const words = new Date(time).toISOString().slice(11, 16);
    if (fact.type === 'nudged') return [`${words} nudged ${fact.rule}`];
    return ['pause-ended', 'still-on-it-asked', 'page-ordered'].includes(fact.type)
      ? [`${words} ${fact.type}`]
      : [];
  });

test('paused, nobody is reminded and nobody is asked for a sign of life; it wakes by itself', () => {
  const life = held().does('02:05', pause('06:00')).passUntil('05:59');
  expect(said(life, '02:05')).toEqual([]);
  expect(life.incident.paused).toEqual({
    by: person('ana'),
    untilAt: at('06:00'),
    why: 'the vendor works on it',
  });
  expect(said(life.passUntil('06:00'), '02:05')).toEqual(['06:00 pause-ended']);
  expect(life.incident.paused).toBeUndefined();
});

test('after the pause everything counts from then: no burst, and nobody was silent meanwhile', () => {
  const life = held().does('02:05', pause('06:00')).passUntil('06:16');
  expect(said(life, '06:01')).toEqual([
    '06:05 nudged update-due',
    '06:10 nudged update-due',
    '06:15 still-on-it-asked',
    '06:15 page-ordered',
    '06:15 nudged update-due',
    '06:15 page-ordered',
  ]);
});

test('a pause takes the standing reminder away', () => {
  const life = held().passUntil('02:16').does('02:16', pause('06:00'));
  expect(life.incident.nudges.standing).toBeNull();
});

test('resume ends it early', () => {
  const life = held().does('02:05', pause('06:00')).does('03:00', resume);
  expect(life.incident.paused).toBeUndefined();
  expect(said(life.passUntil('03:06'), '03:01')).toEqual(['03:05 nudged update-due']);
});

test('a second pause sets another time', () => {
  const life = held().does('02:05', pause('03:00')).does('02:30', pause('04:00', ''));
  expect(said(life.passUntil('03:59'), '02:05')).toEqual([]);
  expect(said(life.passUntil('04:00'), '02:05')).toEqual(['04:00 pause-ended']);
});

const alert = {
  id: 'PD2',
  title: 'Again',
  url: null,
  service: 'payments',
  at: at('03:00'),
  createdAt: at('03:00'),
  severity: 2,
  severityReason: 'PagerDuty',
  assignees: [],
} as const;

test.each<[string, Command]>([
  [
    'a page by name',
    { type: 'escalate', by: person('bea'), text: '', target: { kind: 'user', user: 'dana' } },
  ],
  ['a raise', { type: 'change-severity', by: person('bea'), to: 1, reason: 'worse' }],
  ['a new alert', { type: 'attach-alert', by: { kind: 'pagerduty' }, alert: { ...alert, assignees: [] } }],
  ['giving it back', { type: 'unacknowledge', by: person('bea') }],
])('%s breaks the pause, and that is recorded first', (_what, command) => {
  const life = held({ severity: 2 }).does('02:05', pause('06:00'));
  const before = life.entries.length;
  life.does('03:00', command);
  expect(life.entries[before]?.fact).toMatchObject({ type: 'pause-ended', because: 'news' });
  expect(life.incident.paused).toBeUndefined();
});

test.each<[string, Command]>([
  [
    'an update',
    { type: 'post-update', by: person('ana'), happening: 'x', impact: '', doing: '', nextAt: null },
  ],
  ['a lowering', { type: 'change-severity', by: person('bea'), to: 3, reason: '' }],
  ['a status', { type: 'change-status', by: person('bea'), to: 'monitoring', note: '' }],
  [
    'a resolved alert',
    {
      type: 'note-alert',
      by: { kind: 'pagerduty' },
      id: 'PD1',
      to: 'resolved',
      at: at('03:00'),
      unacknowledged: false,
    },
  ],
  ['a role', { type: 'drop-role', by: person('ana'), role: 'commander' }],
])('%s does not', (_what, command) => {
  const life = held({ severity: 2 })
    .does('02:05', pause('06:00'))
    .does('03:00', command)
    .says('03:01', 'bea', 'hm');
  expect(life.incident.paused?.untilAt).toBe(at('06:00'));
  expect(nextDue(life.incident)?.at).toBe(at('06:00'));
});

test('an end ends the pause too, and reopening does not bring it back', () => {
  const life = held().does('02:05', pause('06:00'));
  life.does('02:10', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(life.incident.paused).toBeUndefined();
  life.does('02:11', { type: 'reopen', by: person('ana'), why: '' });
  expect(life.incident.paused).toBeUndefined();
});

test('refused: nobody has it, it is over, the time has passed or is too far, it is not paused', () => {
  const refused = (life: Life, command: Command) => decide(life.incident, command, at('02:10'));
  expect(refused(open(), pause('06:00'))).toEqual({ refused: 'nobody-has-it' });
  expect(refused(held(), pause('02:10'))).toEqual({ refused: 'stale' });
  const week = { type: 'pause', by: person('ana'), untilAt: at('02:10') + pauseMsMax + 1, why: '' } as const;
  expect(refused(held(), week)).toEqual({ refused: 'too-long', maxMs: pauseMsMax });
  expect(refused(held(), resume)).toEqual({ refused: 'not-paused' });
  const over = held().does('02:05', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(refused(over, pause('06:00'))).toMatchObject({ refused: 'ended' });
  expect(refused(over, resume)).toMatchObject({ refused: 'ended' });
});

test('the card shows it and the channel hears of both its ends', () => {
  const before = held().incident;
  const paused = { type: 'paused', by: person('ana'), untilAt: at('06:00'), why: '' } as const;
  const during = evolve(before, paused, at('02:05'));
  expect(effectsOf(paused, during, before).map(({ kind }) => kind)).toEqual(['card', 'say']);
  const ended = { type: 'pause-ended', by: person('ana'), because: 'asked' } as const;
  const after = evolve(during, ended, at('02:06'));
  expect(effectsOf(ended, after, during).map(({ kind }) => kind)).toEqual(['card', 'say']);
});
