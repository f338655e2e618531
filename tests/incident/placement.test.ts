import { expect, test } from 'vitest';
import type { AlertNews } from '../../src/incident/alerts.ts';
import { person } from '../../src/incident/by.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { outgrows, placeAlert, type Surroundings } from '../../src/incident/placement.ts';
import { at, declared } from '../support/incident.ts';

const alert = (more: Partial<AlertNews> = {}): AlertNews => ({
  ...{ id: 'Q1', title: 'Checkout is down', url: null, service: 'payments' },
  ...{ at: at('02:30'), createdAt: at('02:30'), severity: 2, severityReason: 'PagerDuty urgency high' },
  assignees: [],
  ...more,
});
const nothing: Surroundings = {
  ...{ linked: null, openByService: null, resolvedByService: null },
  ...{ openedByMachines: [], stormHead: null, clearedAt: null },
};
const place = (around: Partial<Surroundings>, more: Partial<AlertNews> = {}) =>
  placeAlert(alert(more), { ...nothing, ...around }, { channelsMax: 5, endedSince: at('02:00') });

const open = (severity: 1 | 2 | 3 | 4 = 2): Incident =>
  declared({ by: { kind: 'pagerduty' }, severity, alert: alert({ at: at('02:00') }) }).incident;
const resolved = (severity: 1 | 2 | 3 | 4 = 2, statusAt = at('02:20')): Incident => ({
  ...{ ...open(severity), id: 43, status: 'resolved', statusAt },
});
const five = Array.from({ length: 5 }, (_, n) => ({ ...open(), id: n + 1 }));

test.each<[string, Partial<Surroundings>, Partial<AlertNews>, object]>([
  ['alone, it opens a channel', {}, {}, { visibility: 'channel' }],
  ['of SEV4, it is a line', {}, { severity: 4 }, { visibility: 'line' }],
  ['its service has an open incident: it joins', { openByService: open() }, {}, { attachTo: 42 }],
  ['of SEV4, it joins too', { openByService: open() }, { severity: 4 }, { attachTo: 42 }],
  ['worse, it joins and raises there', { openByService: open(3) }, { severity: 1 }, { attachTo: 42 }],
  [
    'within 30 min of a resolve, it belongs to that one',
    { resolvedByService: resolved() },
    {},
    { attachTo: 43 },
  ],
  ['but not when it is worse', { resolvedByService: resolved(3) }, {}, { visibility: 'channel' }],
  [
    'nor when it is a SEV4: nobody is paged for it',
    { resolvedByService: resolved() },
    { severity: 4 },
    { visibility: 'line' },
  ],
  [
    'resolved there before we heard of it, it opens nothing',
    { clearedAt: at('02:31') },
    {},
    { refused: 'stale' },
  ],
  ['fired again after that, it does', { clearedAt: at('02:29') }, {}, { visibility: 'channel' }],
  [
    'the sixth in ten minutes is listed in the storm',
    { openedByMachines: five, stormHead: 5 },
    {},
    { visibility: 'storm', stormOf: 5 },
  ],
  ['the fifth is not', { openedByMachines: five.slice(1), stormHead: 5 }, {}, { visibility: 'channel' }],
  [
    'in a storm a SEV4 is a line as ever',
    { openedByMachines: five, stormHead: 5 },
    { severity: 4 },
    { visibility: 'line' },
  ],
  [
    'known here: it stays with its open incident',
    { linked: open(), openByService: { ...open(), id: 9 } },
    {},
    { attachTo: 42 },
  ],
  ['with one that ended just now', { linked: resolved() }, {}, { attachTo: 43 }],
  ['not with one that ended long ago', { linked: resolved(2, at('01:59')) }, {}, { visibility: 'channel' }],
  ['nor with an ended one that it is worse than', { linked: resolved(3) }, {}, { visibility: 'channel' }],
  [
    'late news of an ended one stays there',
    { linked: resolved(3, at('01:00')) },
    { at: at('01:59') },
    { attachTo: 43 },
  ],
])('%s', (_what, around, more, placement) => {
  expect(place(around, more)).toEqual(placement);
});

test('a dismissed alert that PagerDuty makes a P1 outgrows its incident; a resolved or a milder one does not', () => {
  const life = declared({
    by: { kind: 'pagerduty' },
    severity: 4,
    visibility: 'line',
    alert: alert({ severity: 4 }),
  });
  const worse = {
    type: 'note-alert-severity',
    by: { kind: 'pagerduty' },
    id: 'Q1',
    at: at('02:40'),
    reason: 'P1',
  } as const;
  expect(outgrows(life.incident, { ...worse, severity: 1 })).toBe(false);
  life.does('02:35', { type: 'cancel', by: person('ana'), why: 'dismissed' });
  expect(outgrows(life.incident, { ...worse, severity: 1 })).toBe(true);
  expect(outgrows(life.incident, { ...worse, severity: 4 })).toBe(false);
  const over = {
    type: 'note-alert',
    by: worse.by,
    id: 'Q1',
    to: 'resolved',
    at: at('02:50'),
    unacknowledged: false,
  } as const;
  life.does('02:50', over);
  expect(outgrows(life.incident, { ...worse, severity: 1 })).toBe(false);
});
