import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/config/defaults.ts';
import {
  classify,
  fromPagerDuty,
  fromPriority,
  type Impact,
  type Rule,
  serviceContext,
} from '../../src/incident/classify.ts';
import { nearest } from '../../src/incident/nearest.ts';
import { label, parseSeverity } from '../../src/incident/severity-scale.ts';

const config = defaultConfig();
const { rules, criticalServices } = config.classification;

/** What people read about an incident of `payments` (critical) or `blog` (not). */
function read(impact: Impact, service: string | null): string {
  const { severity, reason } = classify(impact, serviceContext(service, {}, criticalServices), rules);
  return `${label(severity)}: ${reason}`;
}

test.each<[Impact, string | null, string]>([
  [{ dataLoss: true }, 'blog', 'SEV1: data_loss'],
  [{ securityEvent: true }, 'payments', 'SEV1: security_event, critical service payments'],
  [{ securityEvent: true }, 'blog', 'SEV3: security_event'],
  [{ affectedUsers: 80 }, 'payments', 'SEV1: affected_users 80 >= 80, critical service payments'],
  [{ affectedUsers: 79.9 }, 'payments', 'SEV2: affected_users 79.9 >= 30'],
  [{ affectedUsers: 80 }, 'blog', 'SEV2: affected_users 80 >= 30'],
  [{ errorRate: 50, revenueImpacting: true }, 'blog', 'SEV1: error_rate 50 >= 50, revenue_impacting'],
  [{ errorRate: 62, revenueImpacting: true }, null, 'SEV1: error_rate 62 >= 50, revenue_impacting'],
  [{ errorRate: 49, revenueImpacting: true }, 'blog', 'SEV2: error_rate 49 >= 10, revenue_impacting'],
  [{ errorRate: 50 }, 'blog', 'SEV3: error_rate 50 >= 5'],
  [{ errorRate: 25 }, 'payments', 'SEV2: error_rate 25 >= 25, critical service payments'],
  [{ errorRate: 24.9 }, 'payments', 'SEV3: error_rate 24.9 >= 5'],
  [{ errorRate: 25 }, 'blog', 'SEV3: error_rate 25 >= 5'],
  [{ affectedUsers: 45 }, 'blog', 'SEV2: affected_users 45 >= 30'],
  [{ affectedUsers: 30 }, null, 'SEV2: affected_users 30 >= 30'],
  [{ affectedUsers: 29.9 }, 'blog', 'SEV3: affected_users 29.9 >= 5'],
  [{ errorRate: 10, revenueImpacting: true }, 'blog', 'SEV2: error_rate 10 >= 10, revenue_impacting'],
  [{ errorRate: 9.9, revenueImpacting: true }, 'blog', 'SEV3: error_rate 9.9 >= 5'],
  [{ dependentServices: 3, errorRate: 15 }, 'blog', 'SEV2: dependent_services 3 >= 3, error_rate 15 >= 15'],
  [{ dependentServices: 2, errorRate: 15 }, 'blog', 'SEV3: error_rate 15 >= 5'],
  [{ dependentServices: 3, errorRate: 14.9 }, 'blog', 'SEV3: error_rate 14.9 >= 5'],
  [{ latencyP99Ms: 5000 }, 'auth', 'SEV2: latency_p99_ms 5000 >= 5000, critical service auth'],
  [{ latencyP99Ms: 4999 }, 'auth', 'SEV3: latency_p99_ms 4999 >= 2000'],
  [{ latencyP99Ms: 5000 }, 'blog', 'SEV3: latency_p99_ms 5000 >= 2000'],
  [{ errorRate: 5 }, 'blog', 'SEV3: error_rate 5 >= 5'],
  [{ errorRate: 4.9 }, 'blog', 'SEV4: no rule matched'],
  [{ affectedUsers: 5 }, 'blog', 'SEV3: affected_users 5 >= 5'],
  [{ affectedUsers: 4.9 }, 'blog', 'SEV4: no rule matched'],
  [{ latencyP99Ms: 2000 }, 'blog', 'SEV3: latency_p99_ms 2000 >= 2000'],
  [{ latencyP99Ms: 1999 }, 'blog', 'SEV4: no rule matched'],
  [{ revenueImpacting: true }, 'payments', 'SEV4: no rule matched'],
  [{ dependentServices: 99 }, 'payments', 'SEV4: no rule matched'],
  [{ errorRate: Number.NaN, dataLoss: false }, 'payments', 'SEV4: no rule matched'],
  [{}, null, 'SEV4: no rule matched'],
])('%j on %s is read as %s', (impact, service, said) => {
  expect(read(impact, service)).toBe(said);
});

test('the first rule that matches decides, whatever comes after', () => {
  const own: Rule[] = [
    { severity: 3, when: { data_loss: true } },
    { severity: 1, when: { data_loss: true } },
  ];
  expect(classify({ dataLoss: true }, { service: null, critical: false }, own).severity).toBe(3);
});

test('a rule without conditions matches nothing, and > leaves its bound out', () => {
  const own: Rule[] = [
    { severity: 1, when: {} },
    { severity: 2, when: { error_rate: { operator: '>', value: 5 } } },
  ];
  const context = { service: null, critical: false };
  expect(classify({ errorRate: 5 }, context, own)).toEqual({ severity: 4, reason: 'no rule matched' });
  expect(classify({ errorRate: 5.1 }, context, own)).toEqual({ severity: 2, reason: 'error_rate 5.1 > 5' });
});

test('the dependents that are configured count when nobody reported a number', () => {
  const services = { search: { dependents: ['shop', 'blog', 'app'] } };
  const context = serviceContext('search', services, criticalServices);
  expect(classify({ errorRate: 15 }, context, rules).severity).toBe(2);
  expect(classify({ errorRate: 15, dependentServices: 0 }, context, rules).severity).toBe(3);
});

test('a service is critical by the list unless it says otherwise itself', () => {
  const services = { auth: { critical: false }, cart: { critical: true }, payments: {} };
  const critical = (name: string | null) => serviceContext(name, services, criticalServices).critical;
  expect([critical('auth'), critical('cart'), critical('payments'), critical('api-gateway')]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect([critical('blog'), critical('constructor'), critical(null)]).toEqual([false, false, false]);
});

test('more impact never lowers the severity', () => {
  const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  const impacts = fc.record({
    errorRate: percent,
    affectedUsers: percent,
    latencyP99Ms: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
    dependentServices: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
    dataLoss: fc.boolean(),
    securityEvent: fc.boolean(),
    revenueImpacting: fc.boolean(),
  });
  const more = (a?: number, b?: number) =>
    a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
  fc.assert(
    fc.property(impacts, impacts, fc.boolean(), fc.boolean(), (impact, extra, critical, alsoCritical) => {
      const worse: Impact = {
        errorRate: more(impact.errorRate, extra.errorRate),
        affectedUsers: more(impact.affectedUsers, extra.affectedUsers),
        latencyP99Ms: more(impact.latencyP99Ms, extra.latencyP99Ms),
        dependentServices: more(impact.dependentServices, extra.dependentServices),
        dataLoss: impact.dataLoss || extra.dataLoss,
        securityEvent: impact.securityEvent || extra.securityEvent,
        revenueImpacting: impact.revenueImpacting || extra.revenueImpacting,
      };
      const before = classify(impact, { service: 'x', critical }, rules);
      const after = classify(worse, { service: 'x', critical: critical || alsoCritical }, rules);
      expect(after.severity).toBeLessThanOrEqual(before.severity);
    }),
  );
});

test.each([
  [{ priority: 'P1', urgency: 'low' }, 'SEV1: PagerDuty priority P1'],
  [{ priority: 'P2' }, 'SEV2: PagerDuty priority P2'],
  [{ priority: 'p3' }, 'SEV3: PagerDuty priority p3'],
  [{ priority: 'P4' }, 'SEV4: PagerDuty priority P4'],
  [{ priority: 'P5' }, 'SEV4: PagerDuty priority P5'],
  [{ priority: null, urgency: 'critical' }, 'SEV1: PagerDuty urgency critical'],
  [{ priority: null, urgency: 'high' }, 'SEV2: PagerDuty urgency high'],
  [{ priority: null, urgency: 'low' }, 'SEV3: PagerDuty urgency low'],
  [{ priority: 'Whenever', urgency: 'high' }, 'SEV2: PagerDuty urgency high'],
  [{ priority: 'constructor', urgency: 'toString' }, 'SEV3: PagerDuty urgency toString'],
  [{}, 'SEV3: PagerDuty gave no priority or urgency'],
])('a PagerDuty alert with %j is provisionally %s', (alert, said) => {
  const { severity, reason, provisional } = fromPagerDuty(alert, config.pagerduty);
  expect(`${label(severity)}: ${reason}`).toBe(said);
  expect(provisional).toBe(true);
});

test('impact times urgency gives the priority, and the priority the severity', () => {
  const cell = (impact: 'high' | 'medium' | 'low', urgency: 'high' | 'medium' | 'low') =>
    fromPriority(impact, urgency, config.priorityMatrix);
  expect(cell('high', 'high')).toEqual({
    severity: 1,
    priority: 'P1',
    reason: 'P1: impact high, urgency high',
  });
  expect(cell('high', 'low')).toEqual({
    severity: 3,
    priority: 'P3',
    reason: 'P3: impact high, urgency low',
  });
  expect(cell('medium', 'high').priority).toBe('P2');
  expect(cell('low', 'low').severity).toBe(4);
});

test.each([
  ['sev1', 1],
  ['SEV 2', 2],
  ['sev-3', 3],
  [' 4 ', 4],
  ['critical', 1],
  ['Major', 2],
  ['severity 3', 3],
  ['low', 4],
  ['sev5', null],
  ['0', null],
  ['', null],
  ['sev', null],
  ['sev12', null],
])('%j is severity %s', (text, severity) => {
  expect(parseSeverity(text)).toBe(severity);
});

test.each([
  ['decalre', 'declare'],
  ['RESOLV', 'resolve'],
  ['ak', 'ack'],
  ['escal', 'escalate'],
  ['esc', 'escalate'],
  ['5', null],
  ['x', null],
  ['', null],
  ['postmortem!!!!!', null],
])('%s probably means %s', (word, meant) => {
  expect(nearest(word, ['declare', 'resolve', 'ack', 'escalate', 'postmortem', 'sev'])).toBe(meant);
});

test('a title pasted in place of a command gets no suggestion, however long it is', () => {
  expect(nearest('declare'.repeat(1_000), ['declare'])).toBeNull();
});
