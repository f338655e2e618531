import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/defaults.ts';
import { locate, readIncidentFile } from '../../src/config/incident-file.ts';
import { loadConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import { ConfigurationError, formatProblems } from '../../src/config/problem.ts';
import { checkReach } from '../../src/config/reach.ts';
import { summarize } from '../../src/config/summary.ts';

/** A Monday. */
const now = Date.parse('2026-03-02T02:00Z');

function configOf(text: string): Config {
  const { config, problems } = readIncidentFile(text);
  if (!config) throw new Error(formatProblems(problems));
  return config;
}

const complaints = (text: string): string =>
  readIncidentFile(text)
    .problems.map((problem) => formatProblems([problem]))
    .join('\n');

/** What `config:check` says of the steps, one line each. */
const holes = (text: string): string[] =>
  locate(checkReach(configOf(text), now), text).map((problem) => formatProblems([problem]));

const everybody =
  'targets: { engineering-manager: U0DANA, team-lead: U0DANA, director: U0EVE, vp-engineering: U0EVE, cto: U0FINN }';

const policies = `
services: { search: { escalation: quick }, cart: { team: shop }, till: { team: shop, escalation: slow }, blog: }
teams: { shop: { escalation: quick } }
escalation:
  repeat: 1
  policies:
    quick:
      repeat: 3
      workingHours: { days: [mon], from: 08:00, to: 18:00 }
      steps: { 1: [{ after: 0s, action: page, target: [U0BEA, cto], inHours: { action: notify }, outOfHours: { target: cto } }] }
    slow: { repeatAfter: 1h }
timeZone: Europe/Berlin
`;

test('a named policy says what differs; the rest is as for everybody', () => {
  const config = configOf(policies);
  const everywhere = policyOf(config, 'blog').escalation;
  expect(everywhere).toEqual({ ...defaultEscalation(), repeat: 1 });
  expect(policyOf(config, 'search').escalation).toEqual({
    ...everywhere,
    name: 'quick',
    repeat: 3,
    hours: { days: [1], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' },
    steps: {
      ...everywhere.steps,
      1: [
        {
          afterMs: 0,
          action: 'page',
          target: 'U0BEA',
          also: ['cto'],
          inHours: { action: 'notify', target: 'U0BEA', also: ['cto'] },
          outOfHours: { action: 'page', target: 'cto' },
        },
      ],
    },
  });
});

test('an incident takes its policy with it as JSON, whole', () => {
  const policy = policyOf(configOf(policies), 'search');
  expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
});

function defaultEscalation() {
  const { policies: _none, ...rest } = defaultConfig().escalation;
  return rest;
}

test('a service’s own policy comes first, then its team’s, then that for everybody; the catch-all team’s for what nobody owns', () => {
  const config = configOf(policies);
  const names = ['search', 'cart', 'till', 'blog', 'never heard of', null];
  const chosen = (of: Config) => names.map((service) => policyOf(of, service).escalation.name);
  expect(chosen(config)).toEqual(['quick', 'quick', 'slow', undefined, undefined, undefined]);
  expect(chosen(configOf(`${policies}catchAllTeam: shop`))).toEqual([
    'quick',
    'quick',
    'slow',
    'quick',
    'quick',
    'quick',
  ]);
});

const step = (more: string): string => `escalation: { steps: { 1: [{ after: 0s, action: page, ${more} }] } }`;

test.each([
  [step('target: oncal-primary'), '"oncal-primary" is an unknown target; did you mean oncall-primary?'],
  [step('target: []'), 'escalation.steps.1.#1.target (line 1): is an empty list'],
  [
    step('target: [cto, oncal-primary]'),
    'escalation.steps.1.#1.target.#2 (line 1): "oncal-primary" is an unknown',
  ],
  [
    step('target: cto, inHours: { target: ctoo }'),
    'steps.1.#1.inHours.target (line 1): "ctoo" is an unknown target',
  ],
  [
    step('target: cto, outOfHours: { action: ticket }'),
    'outOfHours.action (line 1): a ticket cannot go to "cto"',
  ],
  [step('target: cto, atNight: {}'), 'steps.1.#1.atNight (line 1): unknown key'],
  [step('target: webhook:noc'), '"noc" is an unknown webhook; add it under webhooks'],
  [
    `${step('target: webhook:nok')}\nwebhooks: { noc: { url: https://noc.example.com } }`,
    'did you mean noc?',
  ],
  [
    step(`target: [${Array(11).fill('cto').join(', ')}]`),
    'names more than 10 targets; make a user group of them',
  ],
  ['targets: { cto: webhook:noc }', 'targets.cto (line 1): "noc" is an unknown webhook'],
  [
    'webhooks: { noc: { url: http://noc.example.com } }',
    'webhooks.noc.url (line 1): "http://noc.example.com" is not an https',
  ],
  ['webhooks: { noc: { url: https://me:secret@noc.example.com } }', 'is not an https address'],
  [
    'services: { a: { escalation: quik } }',
    '"quik" is an unknown escalation policy; add it under escalation.policies',
  ],
  ['teams: { a: { escalation: quik } }\nescalation: { policies: { quick: } }', 'did you mean quick?'],
  [
    'escalation: { policies: { q: { steps: { 1: [{ after: 5m, action: page, target: cto }, { after: 1m, action: page, target: cto }] } } } }',
    'policies.q.steps.1.#2.after (line 1): 1m is written after 5m',
  ],
  [
    'escalation: { policies: { q: { workingHours: { days: [mon], from: 09:00, to: 08:00 } } } }',
    'is not later than from',
  ],
  [
    'escalation: { policies: { q: { workingHours: { days: [mon], from: 09:00, to: 18:00, timeZone: Mars/Olympus } } } }',
    'is not a time zone',
  ],
  [
    "teams: { a: { onCall: { startsOn: 2026-01-05, primary: ['webhook:noc'] } } }",
    'is a webhook, which cannot be on call',
  ],
  ['teams: { a: { onCall: { startsOn: 2026-01-05, primary: [] } } }', 'is an empty list'],
])('%s is refused with line and cure', (text, said) => {
  expect(complaints(text)).toContain(said);
});

test('webhooks need a secret to be signed with, and it is asked for by name', () => {
  const file = 'webhooks: { noc: { url: http://127.0.0.1:9/x } }';
  const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'a'.repeat(32) };
  const load = (more: Record<string, string>) => loadConfig({ ...env, ...more }, () => file);
  expect(load({ WEBHOOK_SECRET: 's'.repeat(16) }).environment.webhookSecret).toBe('s'.repeat(16));
  expect(() => load({})).toThrow(ConfigurationError);
  expect(() => load({})).toThrow('WEBHOOK_SECRET: is missing, though incident.yml has the webhook noc');
  expect(() => load({ WEBHOOK_SECRET: 'short' })).toThrow('is too short to be a secret');
});

const complete = `
teams:
  payments: { onCall: { startsOn: 2026-01-05, primary: [U0BEA, U0CAI] } }
catchAllTeam: payments
services: { payments: { team: payments }, search: }
${everybody}
`;

test('config:check is silent when every step of every service reaches somebody', () => {
  expect(holes(complete)).toEqual([]);
});

test('config:check names each step that reaches nobody, for which services, with line and cure', () => {
  const text = complete.replace(', cto: U0FINN', '').replace('U0EVE,', '"+49 30 1234567",');
  const said = holes(`${text}escalation:\n  repeat: 1\n`);
  expect(said).toContain(
    'escalation.steps.1.#5 (line 7): SEV1 after 30m (page cto) reaches nobody for payments, search, any other service: nobody is configured as CTO; add cto under targets, or take the step out',
  );
  expect(said.join('\n')).toContain('SEV2 after 1h (notify director) reaches nobody');
  expect(said.join('\n')).toContain('director for all teams is a phone number only');
  expect(said).toHaveLength(2);
});

test('config:check without a catch-all: a service that no team owns wakes nobody', () => {
  const said = holes(complete.replace('catchAllTeam: payments', ''));
  expect(said[0]).toContain(
    'SEV1 after 0s (page oncall-primary) reaches nobody for search: no team owns search',
  );
  expect(said.join('\n')).toContain('reaches nobody for any other service: no service is named');
  expect(said.join('\n')).toContain('name a catchAllTeam');
});

test('config:check looks a year ahead: a secondary who is there in business hours alone', () => {
  const text = complete.replace(
    'primary: [U0BEA, U0CAI]',
    'primary: U0BEA, secondary: [{ members: U0CAI, hours: { days: [mon, tue, wed, thu, fri], from: 09:00, to: 17:00 } }]',
  );
  expect(holes(text)[0]).toContain(
    'SEV1 after 5m (page oncall-secondary) reaches nobody for payments, search, any other service from 2026-03-02 02:00 to 2026-03-02 09:00 UTC: the payments on-call list names no on-call secondary then',
  );
  const both = `${text}escalation: { steps: { 1: [{ after: 5m, action: page, target: [oncall-secondary, cto] }], 2: [{ after: 5m, action: page, target: cto, inHours: { target: oncall-secondary } }] } }\n`;
  expect(holes(both)).toEqual([]);
  const wrong = both.replace('inHours', 'outOfHours');
  expect(holes(wrong)).toHaveLength(1);
  expect(holes(wrong)[0]).toContain('SEV2 after 5m outside working hours (page oncall-secondary)');
});

test('config:check finds the hour that the clocks take away from two rotations in different zones', () => {
  const text = complete.replace(
    'primary: [U0BEA, U0CAI]',
    `primary: U0BEA, secondary: [
        { members: U0CAI, timeZone: Europe/Berlin, hours: { from: 08:00, to: 20:00 } },
        { members: U0DANA, timeZone: America/New_York, hours: { from: 14:00, to: 02:00 } }]`,
  );
  const said = holes(text);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/from 2026-03-\d\d \d\d:00 to 2026-03-\d\d \d\d:00 UTC/);
});

test('config:check says who is told now, service by service, and by which policy', () => {
  const said = summarize(
    configOf(
      `${complete}escalation: { policies: { quick: { steps: { 1: [{ after: 0s, action: page, target: [cto, webhook:noc] }] } } } }
webhooks: { noc: { url: https://noc.example.com } }`.replace('search: }', 'search: { escalation: quick } }'),
    ),
    now,
  );
  expect(said).toContain(
    '  payments:\n    SEV1 0s page U0CAI, 5m page U0BEA, 10m page U0DANA, 20m page U0EVE, 30m page U0FINN',
  );
  expect(said).toContain('  search (policy quick):\n    SEV1 0s page U0FINN and webhook noc\n');
  expect(said).toContain('    SEV4 0s ticket announce-channel');
});
