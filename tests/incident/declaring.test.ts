import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { declaringEffects } from '../../src/incident/declaring.ts';
import { at, declared } from '../support/incident.ts';
import { ladder } from '../support/ladder.ts';

const firstFact = (life: ReturnType<typeof declared>) => {
  const fact = life.entries[0]?.fact;
  if (fact?.type !== 'declared') throw new Error('it does not begin with being declared');
  return fact;
};

test('declared by a person it is investigating, opened by a machine it is in triage', () => {
  expect(declared().incident.status).toBe('investigating');
  expect(declared({ by: { kind: 'pagerduty' } }).incident.status).toBe('triage');
});

test('it carries the policy it was declared under', () => {
  const life = declared();
  expect(life.incident.policy).toEqual(firstFact(life).policy);
});

test('taking command while declaring also acknowledges, so nobody is paged', () => {
  const life = declared({ takeCommand: true, timeZone: 'Europe/Berlin' });
  expect(life.incident.roles.commander).toMatchObject({ user: 'ana', timeZone: 'Europe/Berlin' });
  expect(life.incident.acknowledged?.by).toEqual(person('ana'));
  expect(ladder(life)).toEqual([]);
});

test('it may have started earlier, never later than now', () => {
  expect(declared({ startedAt: at('01:30') }).incident.times).toMatchObject({
    startedAt: at('01:30'),
    detectedAt: at('02:00'),
    declaredAt: at('02:00'),
  });
  expect(declared({ startedAt: at('05:00') }).incident.times.startedAt).toBe(at('02:00'));
});

test('a title is one line without control and bidi characters; an absurdly long one is cut, never refused', () => {
  const { incident } = declared({ title: `a\u202eb\u0000\n\n  c${'x'.repeat(5_000)}` });
  expect(incident.title.startsWith('ab c')).toBe(true);
  expect(incident.title.length).toBe(3_000);
});

test('a channel for an incident, a line for a SEV4 alert, a place in the list for a storm', () => {
  const of = (more: Parameters<typeof declared>[0]) => declaringEffects(firstFact(declared(more)));
  expect(of({})).toEqual([{ kind: 'open-channel' }]);
  expect(of({ visibility: 'line' })).toEqual([{ kind: 'announcement' }]);
  expect(of({ visibility: 'storm', stormOf: 7 })).toEqual([{ kind: 'storm-message', head: 7 }]);
});
