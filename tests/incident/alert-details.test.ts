import { expect, test } from 'vitest';
import { impactOf } from '../../src/incident/alert-details.ts';
import { person } from '../../src/incident/by.ts';
import { declared } from '../support/incident.ts';

test.each([
  [{ error_rate: 62 }, { errorRate: 62 }],
  [{ 'Error Rate': '62.5 %' }, { errorRate: 62.5 }],
  [{ 'latency-p99-ms': '2000ms' }, { latencyP99Ms: 2000 }],
  [
    { data_loss: 'yes', security_event: true, revenue_impacting: 'no' },
    { dataLoss: true, securityEvent: true },
  ],
  [{ error_rate: 'many', affected_users: -3, dependent_services: Number.NaN }, {}],
  [{ error_rate: { value: 62 }, __proto__: { data_loss: true } }, {}],
  [{ error_rate: '9'.repeat(5_000) }, {}],
  ['error_rate: 62', {}],
  [null, {}],
  [undefined, {}],
  [[62], {}],
])('the details %o say %o', (details, impact) => {
  expect(impactOf(details)).toEqual(impact);
});

const noted = (severity: 1 | 2 | 3 | 4) =>
  ({
    type: 'note-alert-details',
    id: 'Q1',
    impact: { errorRate: 62 },
    severity,
    reason: 'error_rate 62 >= 50',
  }) as const;
const byMachine = { by: { kind: 'pagerduty' }, severity: 2, provisional: true } as const;

test.each([
  ['worse', 1, { severity: 1, provisional: false }],
  ['the same', 2, { severity: 2, provisional: false }],
  ['better', 3, { severity: 2, provisional: true }],
] as const)('numbers that say %s than a provisional severity', (_how, severity, expected) => {
  expect(declared(byMachine).does('02:01', noted(severity)).incident).toMatchObject(expected);
});

test('numbers never override a person', () => {
  const life = declared(byMachine).does('02:01', {
    ...{ type: 'change-severity', by: person('bea'), to: 3, reason: 'one shop only' },
  });
  expect(life.does('02:02', noted(1)).incident).toMatchObject({
    severity: 3,
    severityReason: 'one shop only',
  });
});

test('what a person said of the impact stands', () => {
  const life = declared({ ...byMachine, impact: { errorRate: 5 } }).does('02:01', noted(2));
  expect(life.incident.impact).toEqual({ errorRate: 5 });
});
