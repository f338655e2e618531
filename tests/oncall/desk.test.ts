import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Address } from '../../src/oncall/address.ts';
import {
  type Desk,
  type DeskCommand,
  type DeskFact,
  type DeskRefusal,
  deskDueAt,
  emptyDesk,
  evolveDesk,
  onDuty,
} from '../../src/oncall/desk.ts';
import { decideDesk } from '../../src/oncall/desk-decisions.ts';
import { deskEffects } from '../../src/oncall/desk-effects.ts';
import type { Schedule } from '../../src/oncall/schedule.ts';

const person = (value: string): Address => ({ kind: 'user', value });
/** Ana, Bea, Cai, week by week from Monday 09:00 UTC; Ana begins on 5 January. */
const weekly: Schedule = {
  primary: [
    {
      startsOn: '2026-01-05',
      handoverAt: '09:00',
      timeZone: 'UTC',
      everyHours: 168,
      members: ['ana', 'bea', 'cai'].map(person),
    },
  ],
};
const on = (when: string): number => Date.parse(`2026-01-${when.replace(' ', 'T')}Z`);

/** A desk with its schedule, and what happened at it. */
function desk(schedule: Schedule | null = weekly) {
  let state: Desk = emptyDesk('payments');
  const facts: DeskFact[] = [];
  const effects: string[] = [];
  function does(when: string, command: DeskCommand): DeskRefusal | DeskFact[] {
    const decision = decideDesk(state, command, on(when));
    if (!Array.isArray(decision)) return decision;
    for (const fact of decision) {
      state = evolveDesk(state, fact, on(when));
      facts.push(fact);
      effects.push(
        ...deskEffects(fact, state).map((effect) =>
          `${effect.kind} ${'user' in effect ? effect.user : ''}`.trim(),
        ),
      );
    }
    return decision;
  }
  does('05 10:00', { type: 'set-schedule', schedule });
  effects.length = 0;
  const who = (when: string): string => {
    const duty = onDuty(state, on(when));
    return `${duty?.primary?.value}, then ${duty?.secondary?.value}`;
  };
  return { does, who, effects, state: () => state, dueAt: (when: string) => deskDueAt(state, on(when)) };
}

const override = (user: string, from: string, until: string, place: 'primary' | 'secondary' = 'primary') =>
  ({ type: 'override', by: 'dana', user, place, from: on(from), until: on(until) }) as const;

test('an override moves the page for as long as it lasts, and everybody it concerns is told', () => {
  const payments = desk();
  payments.does('06 12:00', override('eve', '06 12:00', '06 14:00'));
  expect(payments.who('06 11:59')).toBe('ana, then bea');
  expect(payments.who('06 12:00')).toBe('eve, then bea');
  expect(payments.who('06 14:00')).toBe('ana, then bea');
  expect(payments.effects).toEqual(['tell-desk dana', 'tell-desk eve', 'tell-desk ana']);
});

test('a cover that is taken back is gone at once', () => {
  const payments = desk();
  payments.does('06 12:00', override('eve', '06 12:00', '06 14:00'));
  payments.does('06 12:10', { type: 'remove-cover', by: 'eve', n: 1 });
  expect(payments.who('06 12:30')).toBe('ana, then bea');
  expect(payments.does('06 12:11', { type: 'remove-cover', by: 'eve', n: 1 })).toEqual({
    refused: 'unknown-cover',
  });
});

test('cover is asked of the others, the first who accepts has it, and the other questions say so', () => {
  const payments = desk();
  const hours = { from: on('06 18:00'), until: on('06 22:00') };
  payments.does('06 12:00', { type: 'ask-cover', by: 'ana', ...hours });
  expect(payments.effects).toEqual(['ask-cover bea', 'ask-cover cai']);
  for (const user of ['bea', 'cai']) {
    payments.does('06 12:00', { type: 'note-asked', n: 1, user, channel: `D-${user}`, ts: '1.0' });
  }
  payments.effects.length = 0;
  payments.does('06 12:05', { type: 'accept-cover', by: 'cai', n: 1 });
  expect(payments.who('06 17:59')).toBe('ana, then bea');
  expect(payments.who('06 18:00')).toBe('cai, then bea');
  expect(payments.effects).toEqual(['tell-desk ana', 'cover-card bea', 'cover-card cai']);
  expect(payments.does('06 12:06', { type: 'accept-cover', by: 'bea', n: 1 })).toEqual({
    refused: 'unknown-request',
  });
});

test('a question that arrives after somebody accepted says so by itself', () => {
  const payments = desk();
  payments.does('06 12:00', { type: 'ask-cover', by: 'ana', from: on('06 18:00'), until: on('06 22:00') });
  payments.does('06 12:01', { type: 'accept-cover', by: 'cai', n: 1 });
  payments.effects.length = 0;
  payments.does('06 12:02', { type: 'note-asked', n: 1, user: 'bea', channel: 'D-bea', ts: '1.0' });
  expect(payments.effects).toEqual(['cover-card bea']);
});

test('whoever asked hears of the last no, and of the time that passed', () => {
  const payments = desk();
  payments.does('06 12:00', { type: 'ask-cover', by: 'ana', from: on('06 18:00'), until: on('06 22:00') });
  payments.effects.length = 0;
  payments.does('06 12:01', { type: 'decline-cover', by: 'bea', n: 1 });
  expect(payments.effects).toEqual([]);
  payments.does('06 12:02', { type: 'decline-cover', by: 'cai', n: 1 });
  expect(payments.effects).toEqual(['tell-desk ana']);
  expect(payments.dueAt('06 12:03')).toBe(on('06 18:00'));
  payments.does('06 18:00', { type: 'tick' });
  expect(payments.effects).toEqual(['tell-desk ana', 'tell-desk ana']);
  expect(payments.who('06 19:00')).toBe('ana, then bea');
});

test('cover for right now has half an hour to be accepted', () => {
  const payments = desk();
  payments.does('06 12:00', { type: 'ask-cover', by: 'ana', from: on('06 12:00'), until: on('06 16:00') });
  expect(payments.does('06 12:29', { type: 'tick' })).toEqual([]);
  expect(payments.does('06 12:30', { type: 'tick' })).toMatchObject([
    { type: 'request-over', why: 'unanswered' },
  ]);
});

test.each<[string, DeskCommand, DeskRefusal]>([
  ['an end before its beginning', override('eve', '06 14:00', '06 12:00'), { refused: 'backwards' }],
  ['a time that is over', override('eve', '05 10:00', '05 11:00'), { refused: 'past' }],
  [
    'a cover longer than a month',
    { ...override('eve', '06 12:00', '06 13:00'), until: on('06 12:00') + 32 * 86_400_000 },
    { refused: 'too-long', daysMax: 31 },
  ],
  [
    'the primary covering themself',
    override('ana', '06 12:00', '06 14:00'),
    { refused: 'already-on-call', place: 'primary' },
  ],
  [
    'cover asked by somebody who is not on call',
    { type: 'ask-cover', by: 'cai', from: on('06 18:00'), until: on('06 22:00') },
    { refused: 'not-on-call', next: on('12 09:00') },
  ],
  [
    'an answer to a question that nobody asked',
    { type: 'accept-cover', by: 'bea', n: 7 },
    { refused: 'unknown-request' },
  ],
])('%s is refused', (_what, command, refusal) => {
  const payments = desk();
  const before = payments.state();
  expect(payments.does('06 11:00', command)).toEqual(refusal);
  expect(payments.state()).toBe(before);
});

test('who asks twice, answers their own question or was not asked is told so', () => {
  const payments = desk();
  const ask = { type: 'ask-cover', by: 'ana', from: on('06 18:00'), until: on('06 22:00') } as const;
  payments.does('06 12:00', ask);
  expect(payments.does('06 12:01', ask)).toEqual({ refused: 'asked-already', n: 1 });
  expect(payments.does('06 12:01', { type: 'accept-cover', by: 'ana', n: 1 })).toEqual({
    refused: 'own-request',
  });
  expect(payments.does('06 12:01', { type: 'accept-cover', by: 'zoe', n: 1 })).toEqual({
    refused: 'not-asked',
  });
});

test('a team without a schedule has nothing to cover', () => {
  expect(desk(null).does('06 11:00', override('eve', '06 12:00', '06 14:00'))).toEqual({
    refused: 'no-schedule',
  });
});

test('a handover is announced once, when it happens, and not for the first shift ever', () => {
  const payments = desk();
  expect(payments.dueAt('06 00:00')).toBe(on('12 09:00'));
  expect(payments.does('12 08:59', { type: 'tick' })).toEqual([]);
  expect(payments.does('12 09:00', { type: 'tick' })).toMatchObject([
    { before: { primary: person('ana') }, after: { primary: person('bea') } },
  ]);
  expect(payments.effects).toEqual(['move-pages', 'brief-shift', 'brief-shift', 'brief-shift']);
  expect(payments.does('12 09:05', { type: 'tick' })).toEqual([]);
});

test('whatever is arranged: nobody stands twice, somebody always does, and the desk is due when it changes', () => {
  const users = ['ana', 'bea', 'cai', 'dana', 'eve'];
  const hour = 3_600_000;
  const arrangement = fc.record({
    user: fc.constantFrom(...users),
    place: fc.constantFrom<'primary' | 'secondary'>('primary', 'secondary'),
    fromHour: fc.integer({ min: 0, max: 400 }),
    hours: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(
      fc.array(arrangement, { maxLength: 8 }),
      fc.integer({ min: 0, max: 500 }),
      (list, hourLater) => {
        const payments = desk();
        const start = on('05 10:00');
        for (const { user, place, fromHour, hours } of list) {
          const from = start + fromHour * hour;
          payments.does('05 10:00', {
            type: 'override',
            by: 'dana',
            user,
            place,
            from,
            until: from + hours * hour,
          });
        }
        const at = start + hourLater * hour;
        const duty = onDuty(payments.state(), at);
        expect(duty?.primary).not.toBeNull();
        expect(duty?.secondary).not.toEqual(duty?.primary);
        const until = duty?.until ?? 0;
        expect(until).toBeGreaterThan(at);
        const { until: _until, ...people } = duty ?? {};
        expect(onDuty(payments.state(), until - 1)).toMatchObject(people);
      },
    ),
  );
});
