import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import { at, declared } from '../support/incident.ts';

const ana = person('ana');
const update = (happening: string, more: { impact?: string; nextAt?: number } = {}): Command => ({
  type: 'post-update',
  by: ana,
  happening,
  impact: more.impact ?? '',
  doing: '',
  nextAt: more.nextAt ?? null,
});
const noChange = { type: 'no-change', by: ana } as const;

test('an update promises the next one by the severity, or at the time that was chosen', () => {
  const life = declared().does('02:10', update('Rolling back'));
  expect(life.incident.updates).toMatchObject({ dueAt: at('02:25'), noChangeRunning: 0, messagesSince: 0 });
  life.does('02:20', update('Still rolling back', { nextAt: at('03:20') }));
  expect(life.incident.updates.dueAt).toBe(at('03:20'));
});

test('SEV4 owes no update, before and after one was posted', () => {
  const life = declared({ severity: 4 });
  expect(life.incident.updates.dueAt).toBeNull();
  expect(life.does('02:10', update('A typo')).incident.updates.dueAt).toBeNull();
});

test('the impact stays as it was said last', () => {
  const life = declared()
    .does('02:10', update('Down', { impact: 'EU cards' }))
    .does('02:20', update('Better'));
  expect(life.incident.impactText).toBe('EU cards');
  expect(life.incident.updates.last?.impact).toBe('EU cards');
});

test('"No change" counts twice running; then an update must be written, and it may be said again', () => {
  const life = declared();
  expect(decide(life.incident, noChange, at('02:05'))).toEqual({ refused: 'no-update-yet' });
  life.does('02:10', update('Rolling back')).does('02:20', noChange).does('02:30', noChange);
  expect(life.incident.updates.dueAt).toBe(at('02:45'));
  expect(decide(life.incident, noChange, at('02:40'))).toEqual({ refused: 'no-change-used-up', max: 2 });
  life.does('02:41', update('Rolled back'));
  expect(life.does('02:50', noChange).incident.updates.noChangeRunning).toBe(1);
});

test('messages since the last update are counted, people’s only', () => {
  const life = declared()
    .does('02:10', update('Rolling back'))
    .says('02:11', 'bea', 'one')
    .says('02:12', 'cai', 'two');
  expect(life.incident.updates.messagesSince).toBe(2);
  expect(life.does('02:20', update('Done')).incident.updates.messagesSince).toBe(0);
});

test('an empty update, a promise in the past, or an update after the end is refused', () => {
  const life = declared();
  const refused = (command: Command) => decide(life.incident, command, at('02:10'));
  expect(refused(update(' \u200b '))).toMatchObject({ refused: 'empty' });
  expect(refused(update('x', { nextAt: at('02:10') }))).toMatchObject({ refused: 'stale' });
  life.does('02:09', { type: 'cancel', by: ana, why: 'nothing' });
  expect(refused(update('x'))).toMatchObject({ refused: 'ended', status: 'canceled' });
  expect(refused(noChange)).toMatchObject({ refused: 'ended' });
});
