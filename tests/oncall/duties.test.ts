import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Desk, deskDueAt, emptyDesk, evolveDesk, onDuty } from '../../src/oncall/desk.ts';
import { decideDesk } from '../../src/oncall/desk-decisions.ts';
import { boundedDuties, type Duties, dutiesMax, levelsAt, saysTheSame } from '../../src/oncall/duties.ts';
import { onCallAt, type Schedule, shiftAt } from '../../src/oncall/schedule.ts';

const t0 = Date.parse('2026-03-02T02:00Z');
const hour = 3_600_000;
const day = 24 * hour;
const horizon = t0 + 35 * day;

/** `bea 1 0 12`: at level 1 from t0 to 12 h later; without hours: always. */
function dutiesOf(...lines: string[]): Duties {
  const list = lines.map((line) => {
    const [who = '', level, from, until] = line.split(' ');
    const at = (hours: string | undefined) => (hours === undefined ? null : t0 + Number(hours) * hour);
    return {
      level: Number(level),
      member: { kind: 'pagerduty', value: `P${who.toUpperCase()}`, name: who } as const,
      from: at(from),
      until: at(until),
    };
  });
  return { list, until: horizon };
}

const scheduleOf = (...lines: string[]): Schedule => ({
  primary: [],
  pagerduty: { policy: 'PX' },
  duties: dutiesOf(...lines),
});

const at = (schedule: Schedule, hours: number) => {
  const { primary, secondary, until, also } = shiftAt(schedule, t0 + hours * hour);
  const others = [...(also?.primary ?? []), ...(also?.secondary ?? [])].map(({ name }) => name).join();
  const end = Number.isFinite(until) ? (until - t0) / hour : 'ever';
  return `${primary?.name ?? '-'} ${secondary?.name ?? '-'} until ${end}${others ? ` with ${others}` : ''}`;
};

test.each<[what: string, lines: string[], hours: number, said: string]>([
  ['level 1 is primary, level 2 secondary', ['bea 1 0 12', 'cai 2'], 0, 'bea cai until 12'],
  [
    'the next turn begins when the last ends',
    ['bea 1 0 12', 'cai 1 12 24', 'dana 2'],
    12,
    'cai dana until 24',
  ],
  ['nobody stands in two places', ['bea 1', 'bea 2', 'cai 3'], 0, 'bea cai until ever'],
  ['a level with nobody is passed over', ['bea 1 0 12', 'cai 2', 'dana 3'], 13, 'cai dana until ever'],
  [
    'whose turn it is comes before whoever is always there',
    ['ana 1', 'bea 1 0 12', 'cai 2'],
    0,
    'bea cai until 12 with ana',
  ],
  ['nobody at all', [], 0, '- - until ever'],
  ['a beginning is a change too', ['bea 1 6 12', 'cai 1'], 0, 'cai - until 6'],
])('%s', (_what, lines, hours, said) => {
  expect(at(scheduleOf(...lines), hours)).toBe(said);
});

test('after all that was asked for, whoever was last on call stays it', () => {
  const schedule = scheduleOf('bea 1 0 12', `cai 1 12 ${36 * 24}`);
  expect(at(schedule, 40 * 24)).toBe('cai - until ever');
});

test('a stand-in counts over PagerDuty, and whoever is covered is nowhere else', () => {
  const cover = {
    place: 'primary',
    member: { kind: 'user', value: 'U0EVE' },
    from: t0,
    until: t0 + hour,
  } as const;
  const shift = shiftAt(scheduleOf('bea 1 0 12', 'bea 2', 'cai 2'), t0, [cover]);
  expect([shift.primary?.value, shift.secondary?.value, shift.until]).toEqual(['U0EVE', 'PCAI', t0 + hour]);
});

test('who comes next is the next who is somebody else', () => {
  const { next } = onCallAt(scheduleOf('bea 1 0 12', 'bea 1 12 24', 'cai 1 24 36'), t0);
  expect(next.primary?.name).toBe('cai');
});

/** Turns of any lengths, one after the other, at up to three levels. */
const anyDuties = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('ana', 'bea', 'cai'),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
    ),
    { maxLength: 20 },
  )
  .map((all) =>
    dutiesOf(...all.map(([level, who, from, hours]) => `${who} ${level} ${from} ${from + hours}`)),
  );

test('nothing changes between a moment and its "until", and nobody stands in two places', () => {
  fc.assert(
    fc.property(anyDuties, fc.integer({ min: 0, max: 60 * 4 }), fc.nat(), (duties, quarters, part) => {
      const schedule: Schedule = { primary: [], pagerduty: { policy: 'PX' }, duties };
      const now = t0 + (quarters * hour) / 4;
      const { until, ...shift } = shiftAt(schedule, now);
      const span = Math.min(until, now + 100 * hour) - now;
      const later = now + (part % span);
      const { until: laterUntil, ...same } = shiftAt(schedule, later);
      expect([same, laterUntil]).toEqual([shift, until]);
      const all = levelsAt(duties, now)
        .levels.flat()
        .map(({ value }) => value);
      expect(new Set(all).size).toBe(all.length);
    }),
  );
});

test('an answer that only looks further is no news; another person, or an end that is near, is', () => {
  const known = dutiesOf('bea 1 0 12', 'cai 1 12 24');
  const further = { ...dutiesOf('cai 1 12 24'), until: horizon + day };
  expect(saysTheSame(known, further, t0 + 13 * hour)).toBe(true);
  expect(saysTheSame(known, further, t0 + hour)).toBe(false);
  expect(saysTheSame(known, dutiesOf('bea 1 0 11', 'cai 1 11 24'), t0)).toBe(false);
  expect(saysTheSame(known, known, horizon - 20 * day)).toBe(false);
  expect(saysTheSame(undefined, known, t0)).toBe(false);
});

test('more duties than are kept: the soonest are, and the time after them counts as not asked for', () => {
  const many = Array.from({ length: dutiesMax + 20 }, (_, n) => `p${n} 1 ${n} ${n + 1}`);
  const kept = boundedDuties(dutiesOf(...many), t0);
  expect(kept.list).toHaveLength(dutiesMax);
  expect(kept.until).toBe(t0 + dutiesMax * hour);
});

/** The desk after these commands, all at `now`. */
function after(
  desk: Desk,
  now: number,
  ...commands: Parameters<typeof decideDesk>[1][]
): { desk: Desk; facts: string[] } {
  let current = desk;
  const facts: string[] = [];
  for (const command of commands) {
    const decided = decideDesk(current, command, now);
    if ('refused' in decided) throw new Error(decided.refused);
    for (const fact of decided) {
      current = evolveDesk(current, fact, now);
      facts.push(fact.type);
    }
  }
  return { desk: current, facts };
}

const written: Schedule = { primary: [], pagerduty: { policy: 'PX' } };
const answered = (...lines: string[]) => ({ type: 'note-duties', duties: dutiesOf(...lines) }) as const;

test('a desk has nobody on call, and nothing due, before the first answer; which hands nothing over', () => {
  const waiting = after(emptyDesk('payments'), t0, { type: 'set-schedule', schedule: written });
  expect([onDuty(waiting.desk, t0), deskDueAt(waiting.desk, t0)]).toEqual([null, null]);
  const told = after(waiting.desk, t0, answered('bea 1 0 12', 'cai 1 12 24'));
  expect(told.facts).toEqual(['duties-known', 'members-asked', 'shift-changed']);
  expect(deskDueAt(told.desk, t0)).toBe(t0 + 12 * hour);
  expect(after(told.desk, t0, answered('bea 1 0 12', 'cai 1 12 24')).facts).toEqual([]);
});

test('the last answer survives a start with the same source, and not one with another', () => {
  const { desk } = after(
    emptyDesk('payments'),
    t0,
    { type: 'set-schedule', schedule: written },
    answered('bea 1 0 12'),
  );
  const again = after(desk, t0, { type: 'set-schedule', schedule: written });
  expect(onDuty(again.desk, t0)?.primary?.name).toBe('bea');
  const moved = { primary: [], pagerduty: { policy: 'POTHER' } };
  expect(onDuty(after(desk, t0, { type: 'set-schedule', schedule: moved }).desk, t0)).toBeNull();
});

test('who somebody is in Slack is kept from answer to answer, and may turn out to be somebody else', () => {
  const address = { kind: 'pagerduty', value: 'PBEA' } as const;
  const first = after(
    emptyDesk('payments'),
    t0,
    { type: 'set-schedule', schedule: written },
    answered('bea 1 0 12'),
    {
      type: 'note-known',
      known: [{ address, user: 'U0BEA' }],
    },
  );
  expect(onDuty(first.desk, t0)?.primary).toEqual({ kind: 'user', value: 'U0BEA' });
  const next = after(first.desk, t0, answered('bea 1 0 13'));
  expect(next.facts).toEqual(['duties-known']);
  expect(onDuty(next.desk, t0)?.primary?.value).toBe('U0BEA');
  const other = after(next.desk, t0, { type: 'note-known', known: [{ address, user: 'U0BEATRICE' }] });
  expect(onDuty(other.desk, t0)?.primary?.value).toBe('U0BEATRICE');
  expect(other.desk.shift?.primary?.value).toBe('U0BEATRICE');
  expect(other.desk.known).toEqual([{ address, user: 'U0BEATRICE' }]);
});

test('members are looked up a few at a time, the unknown first, all of them in the course of a day', () => {
  const many = Array.from({ length: 60 }, (_, n) => `p${n} 1 ${n} ${n + 1}`);
  const { desk } = after(
    emptyDesk('payments'),
    t0,
    { type: 'set-schedule', schedule: written },
    answered(...many),
  );
  const asked = new Set<string>();
  for (let hours = 0; hours < 24; hours += 1) {
    const facts = decideDesk(desk, { type: 'look-up-members' }, t0 + hours * hour);
    const addresses =
      'refused' in facts
        ? []
        : facts.flatMap((fact) => (fact.type === 'members-asked' ? fact.addresses : []));
    expect(addresses.length).toBeLessThanOrEqual(20);
    for (const { value } of addresses) asked.add(value);
  }
  expect(asked.size).toBe(60);
});
