import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import { decide } from '../../src/incident/decide.ts';
import { at, declared } from '../support/incident.ts';
import { ladder, lastOrder, reaches } from '../support/ladder.ts';

const acknowledge = (user: string, more: { onCall?: boolean; confirmed?: boolean } = {}) =>
  ({ type: 'acknowledge', by: person(user), onCall: false, confirmed: false, ...more }) as const;

/** Bea was paged at 02:00. */
const paged = (more: Parameters<typeof declared>[0] = {}) => reaches(declared(more), '02:00', 'bea');
/** And took it at 02:03. */
const held = (more: Parameters<typeof declared>[0] = {}) => paged(more).does('02:03', acknowledge('bea'));

test('declaring is never an acknowledgement', () => {
  const { incident } = declared();
  expect(incident.acknowledged).toBeNull();
  expect(incident.times.acknowledgedAt).toBeNull();
});

test('somebody paged, on call or holding a role acknowledges at once', () => {
  expect(held().incident.acknowledged?.by).toEqual(person('bea'));
  expect(paged().does('02:01', acknowledge('eve', { onCall: true })).incident.acknowledged?.at).toBe(
    at('02:01'),
  );
  const scribe = paged().does('02:01', {
    type: 'assign-role',
    by: person('ana'),
    role: 'scribe',
    user: 'dana',
    timeZone: null,
    onlyIfVacant: false,
  });
  expect(scribe.does('02:02', acknowledge('dana')).incident.acknowledged?.by).toEqual(person('dana'));
});

test('anyone else, the declarer included, is asked first and told what it stops; saying so makes it theirs', () => {
  const life = paged();
  const refusal = {
    refused: 'confirm-acknowledge',
    nextAt: at('02:05'),
    nextTargets: ['oncall-secondary'],
  };
  expect(decide(life.incident, acknowledge('dana'), at('02:01'))).toEqual(refusal);
  expect(decide(life.incident, acknowledge('ana'), at('02:01'))).toEqual(refusal);
  life.does('02:02', acknowledge('dana', { confirmed: true }));
  expect(life.incident.acknowledged?.by).toEqual(person('dana'));
});

test('two people at once: the first wins, the second is told who and when', () => {
  expect(decide(held().incident, acknowledge('cai', { onCall: true }), at('02:03'))).toEqual({
    refused: 'already-acknowledged',
    by: person('bea'),
    at: at('02:03'),
  });
});

test('the first acknowledgement ends triage and sets MTTA; a later one leaves MTTA alone', () => {
  const life = reaches(declared({ by: { kind: 'pagerduty' } }), '02:00', 'bea');
  expect(life.incident.status).toBe('triage');
  life.does('02:03', acknowledge('bea'));
  expect(life.incident.status).toBe('investigating');
  life.does('02:04', { type: 'unacknowledge', by: person('bea') });
  life.does('02:08', acknowledge('cai', { onCall: true }));
  expect(life.incident.times.acknowledgedAt).toBe(at('02:03'));
  expect(life.incident.acknowledged?.at).toBe(at('02:08'));
});

test('given back: the next rung not yet reached fires at once, and the ladder goes on from there', () => {
  const life = held().does('02:10', { type: 'unacknowledge', by: person('bea') });
  expect(life.incident.acknowledged).toBeNull();
  expect(ladder(life.passUntil('02:15'))).toEqual([
    '02:00 page oncall-primary',
    '02:10 page oncall-secondary',
    '02:15 page engineering-manager',
  ]);
});

test('only the acknowledger or the commander gives it back', () => {
  const life = held().does('02:04', {
    type: 'assign-role',
    by: person('dana'),
    role: 'commander',
    user: 'dana',
    timeZone: null,
    onlyIfVacant: true,
  });
  expect(decide(life.incident, { type: 'unacknowledge', by: person('eve') }, at('02:05'))).toMatchObject({
    refused: 'not-the-acknowledger',
    by: person('bea'),
  });
  life.does('02:06', { type: 'unacknowledge', by: person('dana') });
  expect(life.incident.acknowledged).toBeNull();
});

test('given back with the ladder at its end, the phone numbers come again: nobody must be left unaware', () => {
  const life = declared()
    .passUntil('04:00')
    .does('04:05', acknowledge('dana', { confirmed: true }));
  life.does('04:06', { type: 'unacknowledge', by: person('dana') });
  expect(ladder(life).slice(-2)).toEqual(['04:00 phones', '04:06 phones']);
});

test("Can't fires the next rung at once; pressed twice it wakes nobody else", () => {
  const life = paged().does('02:01', { type: 'decline', by: person('bea') });
  expect(ladder(life)).toEqual(['02:00 page oncall-primary', '02:01 page oncall-secondary']);
  expect(decide(life.incident, { type: 'decline', by: person('bea') }, at('02:01'))).toEqual({
    refused: 'already-declined',
    at: at('02:01'),
  });
});

test('paged again in the next round, they may say again that they cannot', () => {
  const life = paged()
    .does('02:01', { type: 'decline', by: person('bea') })
    .passUntil('02:36');
  expect(lastOrder(life).target).toEqual({ kind: 'named', name: 'oncall-primary' });
  reaches(life, '02:36', 'bea').does('02:37', { type: 'decline', by: person('bea') });
  expect(ladder(life).at(-1)).toBe('02:37 page oncall-secondary');
});

test("Can't from somebody who was not asked changes nothing", () => {
  expect(decide(paged().incident, { type: 'decline', by: person('eve') }, at('02:01'))).toEqual({
    refused: 'not-asked',
  });
});

test("Can't from whoever has it gives it back", () => {
  const life = held().does('02:10', { type: 'decline', by: person('bea') });
  expect(life.incident.acknowledged).toBeNull();
  expect(ladder(life).at(-1)).toBe('02:10 page oncall-secondary');
});

test.each([
  { severity: 1, asked: '02:18', given: '02:23' },
  { severity: 2, asked: '02:33', given: '02:38' },
] as const)(
  'acknowledged, then silent at SEV$severity: "Still on it?" at $asked, given back and resumed at $given',
  ({ severity, asked, given }) => {
    const life = held({ severity }).passUntil(given);
    expect(ladder(life)).toEqual([
      '02:00 page oncall-primary',
      `${asked} page bea`,
      `${given} page oncall-secondary`,
    ]);
    expect(life.incident.acknowledged).toBeNull();
    expect(lastOrder(life).reason).toEqual({ why: 'silent', user: 'bea' });
  },
);

test('a message or a click of the acknowledger is an answer, another person’s message is not', () => {
  const life = held().says('02:10', 'bea', 'rolling back').passUntil('02:24');
  expect(ladder(life)).toEqual(['02:00 page oncall-primary']);
  life.says('02:24', 'cai', 'any news?').passUntil('02:25');
  expect(ladder(life).at(-1)).toBe('02:25 page bea');
  life.does('02:26', { type: 'confirm-still-on-it', by: person('bea') }).passUntil('02:40');
  expect(life.incident.acknowledged?.by).toEqual(person('bea'));
  expect(ladder(life).at(-1)).toBe('02:25 page bea');
  expect(ladder(life.passUntil('02:41')).at(-1)).toBe('02:41 page bea');
});

test('away while they were asked: their answer could not reach us, so they are asked once more', () => {
  const life = held().passUntil('02:18').does('02:40', { type: 'tick' });
  expect(ladder(life).slice(1)).toEqual(['02:18 page bea', '02:40 page bea']);
  expect(life.incident.acknowledged?.by).toEqual(person('bea'));
  expect(ladder(life.passUntil('02:45')).at(-1)).toBe('02:45 page oncall-secondary');
});

test('SEV3 asks nobody whether they are still on it, and neither does monitoring', () => {
  expect(ladder(held({ severity: 3 }).passUntil('+1 02:00'))).toEqual(['02:00 notify oncall-primary']);
  const watching = held().does('02:04', {
    type: 'change-status',
    by: person('bea'),
    to: 'monitoring',
    note: '',
  });
  expect(ladder(watching.passUntil('02:22'))).toEqual(['02:00 page oncall-primary']);
});

test('an acknowledgement from PagerDuty counts, and its "unacknowledged" resumes at once', () => {
  const alert = {
    id: 'P1',
    title: 'Checkout 5xx',
    url: null,
    service: 'payments',
    at: at('02:00'),
    createdAt: at('02:00'),
    severity: 1,
    severityReason: 'PagerDuty priority P1',
    assignees: [],
  } as const;
  const by = { kind: 'pagerduty', name: 'Bea' } as const;
  const life = declared({ by, alert: { ...alert, assignees: [] } });
  const news = (to: 'acknowledged' | 'triggered', time: string, unacknowledged = false) =>
    ({ type: 'note-alert', by, id: 'P1', to, at: at(time), unacknowledged }) as const;
  life.does('02:02', news('acknowledged', '02:02'));
  expect(life.incident.acknowledged?.by).toEqual(by);
  life.does('02:04', news('triggered', '02:04', true));
  expect(life.incident.acknowledged).toBeNull();
  expect(ladder(life).at(-1)).toBe('02:04 page oncall-secondary');
});

test('over is over: acknowledging or giving back says since when', () => {
  const life = held().does('02:10', { type: 'cancel', by: person('ana'), why: 'false alarm' });
  const ended = { refused: 'ended', status: 'canceled', at: at('02:10') };
  expect(decide(life.incident, acknowledge('bea'), at('02:11'))).toEqual(ended);
  expect(decide(life.incident, { type: 'unacknowledge', by: person('bea') }, at('02:11'))).toEqual(ended);
  expect(decide(life.incident, { type: 'decline', by: person('bea') }, at('02:11'))).toEqual(ended);
});
