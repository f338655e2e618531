import { expect, test } from 'vitest';
import { locate, readIncidentFile } from '../../src/config/incident-file.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { checkReach } from '../../src/config/reach.ts';
import { checkPagerDutyAlone } from '../../src/config/reach-pagerduty.ts';
import { summarize } from '../../src/config/summary.ts';

const now = Date.parse('2026-03-02T02:00Z');

function configOf(text: string) {
  const { config, problems } = readIncidentFile(text);
  if (!config) throw new Error(formatProblems(problems));
  return config;
}

const team = (onCall: string): string => `teams:\n  payments:\n    onCall: ${onCall}\n`;
const scheduleOf = (onCall: string) => configOf(team(onCall)).teams.payments?.onCall;

test('a policy, or a schedule for each place; the user group goes with either', () => {
  expect(scheduleOf('{ pagerduty: { policy: PUS0KTE } }')).toEqual({
    primary: [],
    pagerduty: { policy: 'PUS0KTE' },
  });
  expect(scheduleOf('{ pagerduty: { primary: PI7DH85, secondary: PJK1QZ2 }, userGroup: S0123 }')).toEqual({
    primary: [],
    pagerduty: { primary: 'PI7DH85', secondary: 'PJK1QZ2' },
    userGroup: 'S0123',
  });
});

test.each([
  [
    '{ pagerduty: { policy: pus0kte } }',
    'pagerduty.policy (line 3): "pus0kte" is not the id of an escalation policy in PagerDuty; copy it from the address',
  ],
  ['{ pagerduty: { primary: 7 } }', 'pagerduty.primary (line 3): 7 is not the id of a schedule in PagerDuty'],
  [
    '{ pagerduty: { policy: PUS0KTE, secondary: PI7DH85 } }',
    'pagerduty (line 3): names a policy and schedules too; write policy: ',
  ],
  [
    '{ pagerduty: { secondary: PI7DH85 } }',
    'pagerduty (line 3): names neither a policy nor a primary schedule',
  ],
  [
    '{ pagerduty: { primary: PI7DH85, secondary: PI7DH85 } }',
    'pagerduty (line 3): names the same schedule twice',
  ],
  ['{ pagerduty: }', 'pagerduty (line 3): is empty'],
  ['{ pagerduty: PUS0KTE }', 'pagerduty (line 3): is not a map'],
  ['{ pagerduty: { polcy: PUS0KTE } }', 'pagerduty.polcy (line 3): unknown key; did you mean policy?'],
  [
    "{ pagerduty: { policy: PUS0KTE }, startsOn: '2026-01-05', primary: [U0BEA] }",
    'onCall (line 3): names people and PagerDuty too; keep primary and what goes with it, or pagerduty alone',
  ],
  [
    '{ pagerduty: { policy: PUS0KTE }, every: 7d }',
    'onCall.every (line 3): unknown key; known keys are pagerduty, userGroup',
  ],
])('%s is refused with line and cure', (onCall, said) => {
  const { problems } = readIncidentFile(team(onCall));
  expect(formatProblems(problems)).toContain(said);
  expect(problems).toHaveLength(1);
});

test.each([
  [
    "teams: { a: { onCall: { startsOn: '2026-01-05', primary: ['pagerduty:PF9KMXH'] } } }",
    'is a service or policy of PagerDuty, which cannot be on call',
  ],
  [
    'escalation: { steps: { 1: [{ after: 0s, action: notify, target: pagerduty:PF9KMXH }] } }',
    'pagerduty:PF9KMXH rings phones, which is no notice; use action: page',
  ],
  [
    'escalation: { steps: { 1: [{ after: 0s, action: page, target: pagerduty:payments }] } }',
    '"pagerduty:payments" is an unknown target',
  ],
])('%s is refused too', (text, said) => {
  expect(formatProblems(readIncidentFile(text).problems)).toContain(said);
});

test.each([
  ['teams:\n  a: { onCall: { pagerduty: { policy: PUS0KTE } } }', 'teams.a.onCall.pagerduty (line 2)'],
  [
    "teams:\n  a:\n    onCall: { startsOn: '2026-01-05', primary: [U0BEA, PLH1HKV] }",
    'teams.a.onCall.primary (line 3)',
  ],
  ['targets:\n  cto: PLH1HKV', 'targets.cto (line 2)'],
  ["teams:\n  a:\n    targets: { team-lead: ['pagerduty:PF9KMXH'] }", 'teams.a.targets.team-lead (line 3)'],
  [
    'escalation:\n  steps:\n    1: [{ after: 0s, action: page, target: [cto, pagerduty-policy:PUS0KTE] }]',
    'escalation.steps.1.#1.target (line 3)',
  ],
])('%s needs the token of PagerDuty, and is refused at the start without it', (text, place) => {
  const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'a'.repeat(32) };
  const said = `${place}: is in PagerDuty, and PAGERDUTY_API_TOKEN is not set; set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM_EMAIL`;
  expect(() => loadConfig(env, () => text)).toThrow(said);
  const token = { PAGERDUTY_API_TOKEN: 'u+abcdefghijklmnopqr', PAGERDUTY_FROM_EMAIL: 'bot@example.com' };
  expect(loadConfig({ ...env, ...token }, () => text).config).toEqual(configOf(text));
});

const ladder = (...targets: string[]): string =>
  `escalation: { steps: { 1: [${targets.map((target, n) => `{ after: ${n}m, action: page, target: '${target}' }`).join()}], 2: [], 3: [], 4: [] } }`;
const services = 'services: { payments: { team: payments } }\ncatchAllTeam: payments\n';

const findings = (text: string): string[] =>
  locate([...checkReach(configOf(text), now), ...checkPagerDutyAlone(configOf(text), now)], text).map(
    (problem) => formatProblems([problem]),
  );

test('that PagerDuty names somebody is taken on trust, as long as a step leads to somebody without it', () => {
  const source = team('{ pagerduty: { policy: PUS0KTE } }') + services;
  expect(findings(source + ladder('oncall-primary', 'oncall-secondary', 'U0DANA'))).toEqual([]);
  expect(findings(source + ladder('oncall-primary', 'oncall-secondary', 'pagerduty:PF9KMXH'))).toEqual([
    'escalation.steps.1 (line 6): SEV1 reaches nobody for payments, any other service unless PagerDuty has answered; add a step whose target is written here, like engineering-manager under targets',
  ]);
});

test('a schedule alone has no secondary', () => {
  const source = team('{ pagerduty: { primary: PI7DH85 } }') + services;
  const [found] = findings(source + ladder('oncall-primary', 'oncall-secondary', 'U0DANA'));
  expect(found).toContain('PagerDuty schedule PI7DH85 has no secondary: name a schedule for it, or a policy');
});

test('the summary says who answers, as far as the file knows', () => {
  const source = team('{ pagerduty: { policy: PUS0KTE } }') + services;
  const said = summarize(configOf(source + ladder('oncall-primary', 'pagerduty:PF9KMXH', 'U0DANA')), now);
  expect(said).toContain('payments: answered by PagerDuty policy PUS0KTE (catch-all)');
  expect(said).toContain(
    'SEV1 0s page primary of PagerDuty policy PUS0KTE, 1m page PagerDuty service PF9KMXH, 2m page U0DANA',
  );
});
