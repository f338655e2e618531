import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/config/defaults.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigurationError } from '../../src/config/problem.ts';
import { summarize } from '../../src/config/summary.ts';

const needed = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '0123456789abcdef' };

function disk(files: Record<string, string>) {
  return (path: string) => files[path] ?? null;
}

function complaints(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
}

test('without an incident.yml the defaults are in force', () => {
  expect(loadConfig(needed, disk({})).config).toEqual(defaultConfig());
});

test('an incident.yml in the usual place is read', () => {
  const { config } = loadConfig(needed, disk({ './incident.yml': 'command: /fire' }));
  expect(config.command).toBe('/fire');
});

test('a file that somebody asked for must exist', () => {
  const said = complaints(() => loadConfig({ ...needed, INCIDENT_CONFIG: '/etc/x.yml' }, disk({})));
  expect(said).toEqual([
    'INCIDENT_CONFIG: there is no file /etc/x.yml; correct the path, or unset it to run on the defaults',
  ]);
});

test('a file that cannot be read is reported with the reason', () => {
  const said = complaints(() =>
    loadConfig(needed, () => {
      throw new Error('EACCES: permission denied');
    }),
  );
  expect(said).toEqual([
    'INCIDENT_CONFIG: ./incident.yml cannot be read (EACCES: permission denied); let the user that runs Tocsin read it',
  ]);
});

test('what is wrong with the environment and with the file is reported together', () => {
  const said = complaints(() =>
    loadConfig({ PORT: 'x' }, disk({ './incident.yml': 'tick: often\ncolour: red' })),
  );
  expect(said.map((line) => line.split(':')[0])).toEqual([
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'PORT',
    'tick (line 1)',
    'colour (line 2)',
  ]);
});

test('config:check says what a file means: severities, who is on call now, services', () => {
  const file = `
teams:
  payments: { onCall: { startsOn: 2026-01-05, primary: [U0ANA, U0BEA, U0CAI] } }
  web:
catchAllTeam: payments
services: { checkout: { team: payments, critical: true, pagerduty: [PF9KMXH] } }
`;
  const { config } = loadConfig(needed, disk({ './incident.yml': file }));
  const said = summarize(config, Date.parse('2026-01-14T02:00Z'));
  expect(said).toContain('SEV4 low: no response target, no updates; 0s ticket announce-channel');
  expect(said).toContain(
    'payments: primary U0BEA, secondary U0CAI until 2026-01-19 09:00 UTC, then U0CAI (catch-all)',
  );
  expect(said).toContain('web: no on-call list');
  expect(said).toContain('checkout: team payments, critical, PagerDuty PF9KMXH');
});
