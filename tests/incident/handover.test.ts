import { expect, test } from 'vitest';
import { type By, person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf, evolve } from '../../src/incident/decide.ts';
import { nextDue } from '../../src/incident/due.ts';
import type { Effect } from '../../src/incident/effects.ts';
import type { Fact } from '../../src/incident/facts.ts';
import { offerDues, offeredTo } from '../../src/incident/handover.ts';
import type { Incident, Role } from '../../src/incident/incident.ts';
import { isRefusal } from '../../src/incident/refusal.ts';
import { at, declared, type Life } from '../support/incident.ts';

const assign = (role: Role, user: string, by: By = person(user)): Command => ({
  type: 'assign-role',
  by,
  role,
  user,
  timeZone: null,
  onlyIfVacant: false,
});
const offer = (role: Role, user: string, by = 'ana', words = ''): Command => ({
  type: 'offer-role',
  by: person(by),
  role,
  user,
  timeZone: 'Europe/Berlin',
  words,
});
const answer = (type: 'accept-offer' | 'decline-offer' | 'withdraw-offer', by: string): Command => ({
  type,
  by: person(by),
  role: 'commander',
});
const posted = (user: string, offeredAt: string, ts: string): Command => ({
  type: 'note-offer-posted',
  role: 'commander',
  user,
  offeredAt: at(offeredAt),
  channel: `D${user}`,
  ts,
});

/** Ana commands since 02:01, has it, and offers command to Bea at 02:10; the DM stands. */
const offered = (): Life =>
  declared()
    .does('02:01', assign('commander', 'ana'))
    .does('02:10', offer('commander', 'bea', 'ana', 'going off shift'))
    .does('02:10', posted('bea', '02:10', '1.1'));

/** What one command obliges, fact by fact. */
function obliged(before: Incident, command: Command, time: string): { facts: Fact[]; effects: Effect[] } {
  const facts = decide(before, command, at(time));
  if (isRefusal(facts)) throw new Error(facts.refused);
  let incident = before;
  const effects = facts.flatMap((fact) => {
    const after = evolve(incident, fact, at(time));
    const owed = effectsOf(fact, after, incident);
    incident = after;
    return owed;
  });
  return { facts, effects };
}

test('an offer changes nothing but that somebody is asked: the old holder stays until Accept', () => {
  const { incident } = offered();
  expect(incident.roles.commander?.user).toBe('ana');
  expect(offeredTo(incident, 'bea')).toEqual(['commander']);
  const before = declared().does('02:01', assign('commander', 'ana')).incident;
  const { effects } = obliged(before, offer('commander', 'bea'), '02:10');
  const asked = { kind: 'offer', role: 'commander', user: 'bea', offeredAt: at('02:10'), isReminder: false };
  expect(effects).toEqual([asked]);
});

test('Accept: the role is theirs, both are credited and told, and the DM says what became of it', () => {
  const { facts, effects } = obliged(offered().incident, answer('accept-offer', 'bea'), '02:12');
  expect(facts).toEqual([
    {
      type: 'role-assigned',
      by: person('bea'),
      role: 'commander',
      user: 'bea',
      before: 'ana',
      timeZone: 'Europe/Berlin',
      handedOverBy: person('ana'),
    },
    { type: 'acknowledged', by: person('bea'), from: person('ana') },
  ]);
  const kinds = effects.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['card', 'say', 'topic', 'announcement', 'offer-over']));
  expect(effects.flatMap((effect) => (effect.kind === 'tell' ? [effect.user] : []))).toEqual(['bea', 'ana']);
});

test('taking command by accepting acknowledges; what the one going off had goes with it, what another has stays', () => {
  const given = declared()
    .does('02:01', assign('commander', 'ana', person('dana')))
    .does('02:05', offer('commander', 'bea'));
  expect(given.incident.acknowledged).toBeNull();
  expect(given.does('02:06', answer('accept-offer', 'bea')).incident.acknowledged?.by).toEqual(person('bea'));
  const moved = offered().does('02:12', answer('accept-offer', 'bea')).incident;
  expect(moved.acknowledged).toMatchObject({ by: person('bea'), at: at('02:12') });
  expect(moved.times.acknowledgedAt).toBe(at('02:01'));
  const cais = declared()
    .does('02:01', { type: 'acknowledge', by: person('cai'), onCall: true, confirmed: false })
    .does('02:02', assign('commander', 'ana'))
    .does('02:10', offer('commander', 'bea'))
    .does('02:11', answer('accept-offer', 'bea')).incident;
  expect(cais.acknowledged?.by).toEqual(person('cai'));
});

test('no answer: asked again after 5 minutes, the channel hears of it 5 minutes later, and then nothing more', () => {
  const life = offered();
  const types = (): string[] =>
    life.entries
      .filter(({ fact }) => fact.type.startsWith('offer-'))
      .map(({ at: time, fact }) => `${new Date(time).toISOString().slice(11, 16)} ${fact.type}`);
  life.passUntil('03:00');
  expect(types()).toEqual(['02:10 offer-posted', '02:15 offer-reminded', '02:20 offer-unanswered']);
  expect(offerDues(life.incident)).toEqual([]);
  expect(life.does('03:01', answer('accept-offer', 'bea')).incident.roles.commander?.user).toBe('bea');
});

test('the reminder is a new message and takes the first one away; after an absence the channel still waits 5 minutes', () => {
  const life = offered();
  const due = nextDue(life.incident);
  expect(due).toMatchObject({ rule: `offer-reminder-commander-${at('02:10')}`, at: at('02:15') });
  const { effects } = obliged(life.incident, { type: 'tick' }, '02:40');
  expect(effects).toEqual([
    { kind: 'offer', role: 'commander', user: 'bea', offeredAt: at('02:10'), isReminder: true },
    { kind: 'retract', place: { channel: 'Dbea', ts: '1.1' } },
  ]);
  const late = life.does('02:40', { type: 'tick' });
  expect(offerDues(late.incident).map((one) => one.at)).toEqual([at('02:45')]);
});

test('Not now: nothing changes, and whoever offered it and whoever holds it hear of it', () => {
  const life = declared()
    .does('02:01', assign('commander', 'ana'))
    .does('02:10', offer('commander', 'bea', 'dana'));
  const { effects } = obliged(life.incident, answer('decline-offer', 'bea'), '02:11');
  expect(effects.map((effect) => (effect.kind === 'tell' ? effect.user : effect.kind))).toEqual([
    'ana',
    'dana',
  ]);
  const after = life.does('02:11', answer('decline-offer', 'bea')).incident;
  expect(after.roles.commander?.user).toBe('ana');
  expect(offeredTo(after, 'bea')).toEqual([]);
});

const over = (place = { channel: 'Dbea', ts: '1.1' }) => ({
  kind: 'offer-over',
  role: 'commander',
  user: 'bea',
  place,
});

test.each<[string, Command]>([
  ['a new offer replaces it', offer('commander', 'cai')],
  ['it is withdrawn', answer('withdraw-offer', 'dana')],
  ['the role goes to somebody else', assign('commander', 'cai', person('dana'))],
  ['the role is dropped', { type: 'drop-role', by: person('ana'), role: 'commander' }],
  ['the incident is canceled', { type: 'cancel', by: person('ana'), why: '' }],
  [
    'the incident is resolved',
    { type: 'resolve', by: person('ana'), how: 'rollback', verified: true, text: '' },
  ],
])('%s: the offer is over, its DM says so, and it cannot be accepted any more', (_how, command) => {
  const life = offered();
  const { effects } = obliged(life.incident, command, '02:12');
  expect(effects).toContainEqual({ ...over(), about: expect.anything() });
  const after = life.does('02:12', command).incident;
  expect(offeredTo(after, 'bea')).toEqual([]);
  expect(isRefusal(decide(after, answer('accept-offer', 'bea'), at('02:13')))).toBe(true);
  expect(offerDues(after).filter(({ rule }) => rule.includes(String(at('02:10'))))).toEqual([]);
});

test('other roles changing hands leave the offer alone; two roles can be offered at once', () => {
  const life = offered()
    .does('02:11', assign('comms', 'ana'))
    .does('02:11', offer('comms', 'cai'))
    .does('02:12', assign('tech', 'finn'));
  expect(offeredTo(life.incident, 'bea')).toEqual(['commander']);
  expect(offeredTo(life.incident, 'cai')).toEqual(['comms']);
});

test('a DM that arrives after its offer is over goes again', () => {
  const life = declared()
    .does('02:01', assign('commander', 'ana'))
    .does('02:10', offer('commander', 'bea'))
    .does('02:10', offer('commander', 'cai'));
  const { effects } = obliged(life.incident, posted('bea', '02:10', '1.1'), '02:10');
  expect(effects).toEqual([{ kind: 'retract', place: { channel: 'Dbea', ts: '1.1' } }]);
  const after = life.does('02:10', posted('bea', '02:10', '1.1')).incident;
  expect(after.offers?.commander).toMatchObject({ to: 'cai', place: null });
});

test('somebody who cannot be reached by DM: the offer is over and the channel hears why', () => {
  const failed: Command = {
    type: 'note-offer-failed',
    role: 'commander',
    user: 'bea',
    offeredAt: at('02:10'),
    error: 'cannot_dm_bot',
  };
  const { facts, effects } = obliged(offered().incident, failed, '02:11');
  expect(facts).toMatchObject([{ type: 'offer-failed', user: 'bea', from: 'ana', error: 'cannot_dm_bot' }]);
  expect(effects.map(({ kind }) => kind)).toContain('say');
  const gone = offered().does('02:11', answer('withdraw-offer', 'ana')).incident;
  expect(decide(gone, failed, at('02:12'))).toEqual([]);
});

test('an offer of a private incident lets the person in, or they could not read what they are asked', () => {
  const before = declared({ isPrivate: true })
    .happens('02:00', { type: 'channel-opened', channel: { id: 'C42', name: 'inc-42' }, problem: null })
    .does('02:01', assign('commander', 'ana')).incident;
  const { effects } = obliged(before, offer('commander', 'zoe'), '02:10');
  expect(effects[0]).toEqual({ kind: 'invite', users: ['zoe'] });
});

test('every wrong offer or answer is refused by name', () => {
  const life = offered();
  const refusal = (command: Command, incident = life.incident) => decide(incident, command, at('02:11'));
  expect(refusal(offer('tech', 'bea'))).toEqual({ refused: 'nothing-to-hand-over', role: 'tech' });
  expect(refusal(offer('commander', 'ana', 'bea'))).toMatchObject({ refused: 'already-has-role' });
  expect(refusal(offer('commander', 'cai', 'cai'))).toMatchObject({
    refused: 'offer-to-oneself',
    user: 'ana',
  });
  expect(refusal(offer('commander', 'bea'))).toMatchObject({ refused: 'already-offered', at: at('02:10') });
  expect(refusal(answer('accept-offer', 'cai'))).toMatchObject({ refused: 'offer-gone', user: 'ana' });
  expect(refusal(answer('decline-offer', 'ana'))).toMatchObject({ refused: 'offer-gone' });
  const ended = offered().does('02:11', { type: 'cancel', by: person('ana'), why: '' }).incident;
  expect(refusal(offer('commander', 'cai'), ended)).toMatchObject({ refused: 'ended' });
  expect(refusal(answer('accept-offer', 'bea'), ended)).toMatchObject({ refused: 'ended' });
  expect(refusal(answer('withdraw-offer', 'ana'), ended)).toMatchObject({ refused: 'ended' });
});
