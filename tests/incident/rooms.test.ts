import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf, evolve } from '../../src/incident/decide.ts';
import { tooOften } from '../../src/incident/declaring.ts';
import type { Fact } from '../../src/incident/facts.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { callAddress } from '../../src/incident/references.ts';
import { at, declared } from '../support/incident.ts';

const makePrivate: Command = { type: 'make-private', by: person('bea') };
const channel = { id: 'C42', name: 'inc-42' };

/** With its channel, card and announcement. */
const placed = () =>
  declared()
    .does('02:00', { type: 'note-channel', channel, problem: null })
    .does('02:00', { type: 'note-posted', what: 'card', channel: 'C42', ts: '1.1' })
    .does('02:00', { type: 'note-posted', what: 'announcement', channel: 'C0', ts: '2.2' });

/** The last fact of what `command` leads to, with the incident before and after it. */
function led(before: Incident, command: Command): { fact: Fact; after: Incident; effects: string[] } {
  const decision = decide(before, command, at('02:05'));
  const fact = Array.isArray(decision) ? decision.at(-1) : undefined;
  if (!fact) throw new Error(`it led to ${JSON.stringify(decision)}`);
  const after = evolve(before, fact, at('02:05'));
  return { fact, after, effects: effectsOf(fact, after, before).map(({ kind }) => kind) };
}

test('made private: nothing that is public is known to it any more, and whoever was part of it and whoever asked is in', () => {
  const { after, effects } = led(placed().incident, makePrivate);
  expect(after).toMatchObject({
    isPrivate: true,
    channel: null,
    channelProblem: null,
    visibility: 'channel',
  });
  expect(after.places).toEqual({ card: undefined, announcement: undefined });
  expect(after.members.sort()).toEqual(['ana', 'bea']);
  expect(effects).toEqual(['withdraw-announcement', 'leave-channel', 'open-channel', 'say']);
});

test('private is refused where it is private, over, or its channel is just being opened', () => {
  const refused = (incident: Incident) => decide(incident, makePrivate, at('02:05'));
  expect(refused(declared({ isPrivate: true }).incident)).toEqual({ refused: 'already-private' });
  expect(refused(declared().incident)).toEqual({ refused: 'channel-opening' });
  const over = placed().does('02:04', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(refused(over.incident)).toMatchObject({ refused: 'ended', status: 'canceled' });
});

test('an announcement that arrives after the incident became private is taken away again, a card in the old channel too', () => {
  const { after } = led(placed().incident, makePrivate);
  for (const [what, where] of [
    ['announcement', 'C0'],
    ['card', 'C42'],
  ] as const) {
    const late = led(after, { type: 'note-posted', what, channel: where, ts: '3.3' });
    expect(late.after.places[what]).toBeUndefined();
    expect(late.effects).toEqual(['retract']);
  }
});

test('calls for help are taken away when it becomes private, one that arrives afterwards too', () => {
  const call = (ts: string): Command => ({ type: 'note-help-called', channel: 'C0', ts });
  const called = led(led(placed().incident, call('4.4')).after, call('5.5')).after;
  const { after, effects } = led(called, makePrivate);
  expect(effects.filter((kind) => kind === 'retract')).toHaveLength(2);
  expect(after.helpCalls).toBeUndefined();
  const late = led(after, call('6.6'));
  expect([late.after.helpCalls, late.effects]).toEqual([undefined, ['retract']]);
});

test('a storm’s list and an alert’s line are refreshed when one of them becomes private', () => {
  const listed = declared({ visibility: 'storm', stormOf: 7 }).incident;
  expect(led(listed, makePrivate).effects).toContain('storm-message');
  const alertLine = declared({ visibility: 'line' }).incident;
  expect(led(alertLine, makePrivate).after.visibility).toBe('channel');
});

test('a rename cleans the title, and is refused when nothing is left or nothing changes', () => {
  const rename = (title: string): Command => ({ type: 'rename', by: person('ana'), title });
  const { after, effects } = led(placed().incident, rename('  Cards\nfail\u202e  '));
  expect(after.title).toBe('Cards fail');
  expect(effects).toEqual(['card', 'rename-channel', 'purpose', 'announcement', 'say']);
  expect(decide(after, rename('Cards fail'), at('02:06'))).toEqual({ refused: 'same-title' });
  expect(decide(after, rename(' \u200b '), at('02:06'))).toMatchObject({ refused: 'empty' });
});

test('a rename of a private or a test incident announces nothing', () => {
  for (const more of [{ isPrivate: true }, { isTest: true }]) {
    const { effects } = led(declared(more).incident, { type: 'rename', by: person('ana'), title: 'Other' });
    expect(effects).not.toContain('announcement');
  }
});

test('the call: the same one again and one that is over are refused', () => {
  const set = (url: string): Command => ({ type: 'set-call', by: person('ana'), url });
  const life = placed().does('02:01', set('https://meet.example.com/1'));
  expect(life.incident.callUrl).toBe('https://meet.example.com/1');
  expect(decide(life.incident, set('https://meet.example.com/1'), at('02:02'))).toEqual({
    refused: 'same-call',
  });
  life.does('02:03', { type: 'cancel', by: person('ana'), why: 'nothing' });
  expect(decide(life.incident, set('https://meet.example.com/2'), at('02:04'))).toMatchObject({
    refused: 'ended',
  });
});

test.each([
  ['https://meet.example.com/1', 'https://meet.example.com/1'],
  [' <https://meet.example.com/1?a=b&c=d> ', 'https://meet.example.com/1?a=b&c=d'],
  ['<https://meet.example.com/1|meet.example.com/1>', 'https://meet.example.com/1'],
  ['http://meet.example.com/1', null],
  ['HTTPS://meet.example.com/1', 'HTTPS://meet.example.com/1'],
  ['ftp://meet.example.com/1', null],
  ['javascript:alert(1)', null],
  ['https://a:b@meet.example.com/1', null],
  ['https://meet.example.com/<!channel>', null],
  ['https://meet', null],
  ['', null],
])('the address of a call: %s', (typed, address) => {
  expect(callAddress(typed)).toBe(address);
});

test('the template of the configuration gives a call from the start', () => {
  const { policy } = declared().incident;
  const life = declared({ policy: { ...policy, callUrl: 'https://meet.example.com/{id}' } });
  expect(life.incident.callUrl).toBe('https://meet.example.com/42');
});

test('a runbook is bookmarked once; the service’s own becomes the incident’s', () => {
  const add = (service: string, url: string): Command => ({
    type: 'add-runbook',
    by: person('ana'),
    service,
    url,
  });
  const life = declared({ runbook: undefined }).does('02:01', add('payments', 'https://ok.example/p'));
  expect(life.incident.runbook).toBe('https://ok.example/p');
  life.does('02:02', add('search', 'https://ok.example/s'));
  expect(life.incident.runbooks).toEqual([{ service: 'search', url: 'https://ok.example/s' }]);
  expect(decide(life.incident, add('search', 'https://ok.example/s'), at('02:03'))).toEqual([]);
});

test('a limit of Slack is said once', () => {
  const met: Command = { type: 'note-limit', what: 'pins', error: 'restricted_action' };
  const { after, effects } = led(placed().incident, met);
  expect(effects).toEqual(['say']);
  expect(decide(after, met, at('02:06'))).toEqual([]);
});

test('too often: as many as allowed within the window, and again once the oldest of them is out of it', () => {
  const bound = { max: 2, windowMs: 600_000 };
  expect(tooOften([], bound)).toBeNull();
  expect(tooOften([at('02:05')], bound)).toBeNull();
  expect(tooOften([at('02:05'), at('02:01'), at('02:00')], bound)).toEqual({
    refused: 'declared-too-often',
    max: 2,
    windowMs: 600_000,
    nextAt: at('02:11'),
  });
});

test('a page to somebody whom no message can reach fires the next rung at once, but not another round, and nothing twice', () => {
  const life = declared();
  const [page] = life.entries.flatMap(({ fact }) => (fact.type === 'page-ordered' ? [fact.order] : []));
  if (!page) throw new Error('nobody was paged');
  const failed = (error: string): Command => ({ type: 'note-page-failed', user: 'bea', order: page, error });
  const types = (command: Command) => {
    const decision = decide(life.incident, command, at('02:01'));
    return Array.isArray(decision) ? decision.map(({ type }) => type) : decision;
  };
  expect(types(failed('user_disabled'))).toEqual(['page-failed', 'page-ordered']);
  expect(types(failed('fatal_error'))).toEqual(['page-failed']);
  life.does('02:01', failed('user_disabled'));
  expect(types(failed('user_disabled'))).toEqual(['page-failed']);
  life.does('02:02', { type: 'acknowledge', by: person('ana'), onCall: true, confirmed: true });
  expect(types(failed('user_disabled'))).toEqual(['page-failed']);
});
