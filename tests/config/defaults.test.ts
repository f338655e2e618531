import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultConfig, defaultDocument } from '../../src/config/defaults.ts';
import { environmentSchema } from '../../src/config/environment.ts';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import { policyOf } from '../../src/config/policy.ts';

const example = readFileSync(new URL('../../incident.example.yml', import.meta.url), 'utf8');
const minute = 60_000;

test('incident.example.yml says what the defaults say', () => {
  expect(readIncidentFile(example)).toEqual({ config: defaultConfig(), problems: [] });
});

test('incident.example.yml writes out every default, key for key', () => {
  const written: Record<string, unknown> = parse(example);
  const filled = JSON.parse(JSON.stringify(written), (key, value) => value ?? (key === 'phones' ? [] : {}));
  expect(filled).toEqual(defaultDocument);
});

test('what incident.example.yml shows in comments can be used as it stands', () => {
  const lines = example.split('\n');
  const shown = lines.map((line) => line.replace(/^( *)# (?=( *(- )?[\w-]+:( |$)))/, '$1'));
  const text = shown.filter((line) => !/^ *#/.test(line)).join('\n');
  const { config, problems } = readIncidentFile(text);
  expect(problems).toEqual([]);
  expect(config?.catchAllTeam).toBe('payments');
  expect(config?.phones).toEqual([{ name: 'Duty manager', number: '+49 30 1234567' }]);
  expect(config?.services.payments).toEqual({
    team: 'payments',
    critical: true,
    pagerduty: ['PF9KMXH'],
    routingKey: 'R0EXAMPLE0KEY0OF0THE0INTEGRATION',
    runbook: 'https://wiki.example.com/runbooks/payments',
    dependents: ['checkout'],
    escalation: 'database',
  });
  expect(config?.teams.payments?.onCall?.primary[0]?.members.map(({ kind }) => kind)).toEqual([
    'user',
    'user',
    'email',
  ]);
  expect(config?.targets['vp-engineering']?.map(({ kind }) => kind)).toEqual(['user', 'phone']);
});

test('.env.example lists the variables that are read, and no others', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map((found) => found[1]);
  expect(listed).toEqual(Object.keys(environmentSchema.shape));
});

test('the escalation is the one of the reference documents', () => {
  const ladders = Object.values(defaultConfig().escalation.steps).map((steps) =>
    steps.map(({ afterMs, action, target }) => `${afterMs / minute} ${action} ${target}`),
  );
  expect(ladders).toEqual([
    [
      '0 page oncall-primary',
      '5 page oncall-secondary',
      '10 page engineering-manager',
      '20 page vp-engineering',
      '30 page cto',
    ],
    [
      '0 page oncall-primary',
      '15 page oncall-secondary',
      '30 page engineering-manager',
      '60 notify director',
    ],
    ['0 notify oncall-primary', '60 notify team-lead', '240 notify engineering-manager'],
    ['0 ticket announce-channel'],
  ]);
});

test('response times and update cadence are those of the reference documents', () => {
  const { severities } = defaultConfig();
  const minutes = Object.values(severities).map(({ respondWithinMs, updateEveryMs }) => [
    respondWithinMs === null ? null : respondWithinMs / minute,
    updateEveryMs === null ? null : updateEveryMs / minute,
  ]);
  expect(minutes).toEqual([
    [5, 15],
    [15, 30],
    [60, 60],
    [null, null],
  ]);
});

test('the nudges are those of product.md, section 7', () => {
  const { cadence } = defaultConfig();
  const { severityUnsureMs, undecidedTriageMs, stillInvestigatingMs, channelSilentMs } = cadence;
  const { monitoringSilentMs, monitoringLongMs, commanderFatigueMs, commanderSilentMs } = cadence;
  const minutes = [severityUnsureMs, undecidedTriageMs, stillInvestigatingMs, channelSilentMs].map(inMinutes);
  expect(minutes).toEqual([10, 20, 30, 60]);
  expect([monitoringSilentMs, monitoringLongMs, commanderFatigueMs].map(inMinutes)).toEqual([720, 30, 240]);
  expect(Object.values(commanderSilentMs).map(inMinutes)).toEqual([20, 40, null, null]);
});

const inMinutes = (ms: number | null): number | null => (ms === null ? null : ms / minute);

test('somebody who changes their copy of the defaults changes nobody else’s', () => {
  defaultConfig().escalation.steps[1].length = 0;
  defaultConfig().classification.criticalServices.push('lunch');
  expect(defaultConfig().escalation.steps[1]).toHaveLength(5);
  expect(defaultConfig().classification.criticalServices).not.toContain('lunch');
});

test('an incident takes the rules of its clock with it, and they survive being stored as JSON', () => {
  const policy = policyOf(defaultConfig(), null);
  expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  expect(policy.channelTemplate).toBe('inc-{date}-{id}-{title}');
});
