import { expect, test } from 'vitest';
import { type By, person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf } from '../../src/incident/decide.ts';
import type { Role } from '../../src/incident/incident.ts';
import { at, declared } from '../support/incident.ts';

const assign = (role: Role, user: string, by: By = person(user), onlyIfVacant = false): Command => ({
  type: 'assign-role',
  by,
  role,
  user,
  timeZone: null,
  onlyIfVacant,
});
const drop = (role: Role): Command => ({ type: 'drop-role', by: person('ana'), role });

test('taking command acknowledges; being given it does not, and neither does any other role', () => {
  const taken = declared().does('02:03', assign('commander', 'ana'));
  expect(taken.incident.acknowledged).toMatchObject({ by: person('ana'), at: at('02:03') });
  const given = declared().does('02:03', assign('commander', 'cai', person('ana')));
  expect(given.incident.acknowledged).toBeNull();
  expect(declared().does('02:03', assign('comms', 'ana')).incident.acknowledged).toBeNull();
});

test('taking command does not take the incident from whoever has it', () => {
  const life = declared().does('02:02', {
    type: 'acknowledge',
    by: person('bea'),
    onCall: true,
    confirmed: false,
  });
  expect(life.does('02:03', assign('commander', 'ana')).incident.acknowledged?.by).toEqual(person('bea'));
});

test('two people press Take command: the second is told who was first; naming somebody replaces them', () => {
  const life = declared().does('02:03', assign('commander', 'ana', person('ana'), true));
  const second = assign('commander', 'bea', person('bea'), true);
  expect(decide(life.incident, second, at('02:04'))).toEqual({
    refused: 'role-taken',
    role: 'commander',
    user: 'ana',
    at: at('02:03'),
  });
  expect(life.does('02:05', assign('commander', 'bea')).incident.roles.commander?.user).toBe('bea');
  const again = assign('commander', 'bea');
  expect(decide(life.incident, again, at('02:06'))).toMatchObject({ refused: 'already-has-role' });
});

test('a role that is dropped is vacant since then; an empty one cannot be dropped', () => {
  const life = declared().does('02:03', assign('comms', 'ana')).does('02:30', drop('comms'));
  expect(life.incident.roles.comms).toBeUndefined();
  expect(life.incident.vacantSince.comms).toBe(at('02:30'));
  expect(decide(life.incident, drop('comms'), at('02:31'))).toMatchObject({ refused: 'role-vacant' });
});

test('whoever gets a role is invited, told by DM, and belongs to a private incident', () => {
  const before = declared({ isPrivate: true }).happens('02:00', {
    type: 'channel-opened',
    channel: { id: 'C42', name: 'inc-42' },
    problem: null,
  }).incident;
  const [fact] = decide(before, assign('tech', 'finn', person('ana')), at('02:03')) as [never];
  const after = declared({ isPrivate: true }).does('02:03', assign('tech', 'finn', person('ana'))).incident;
  expect(after.members).toContain('finn');
  expect(effectsOf(fact, { ...after, channel: before.channel }, before)).toEqual(
    expect.arrayContaining([
      { kind: 'invite', users: ['finn'] },
      { kind: 'tell', user: 'finn', about: fact },
    ]),
  );
});

test('no role changes hands after the end', () => {
  const life = declared().does('02:03', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(decide(life.incident, assign('commander', 'ana'), at('02:04'))).toMatchObject({ refused: 'ended' });
  expect(decide(life.incident, drop('commander'), at('02:04'))).toMatchObject({ refused: 'ended' });
});
