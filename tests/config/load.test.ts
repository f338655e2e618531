import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultConfig } from '../../src/config/defaults.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigurationError } from '../../src/config/problem.ts';
import { readFileIfPresent } from '../../src/config/read-file.ts';
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

test('a folder in the place of the file is called one, with where it may come from', () => {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const load = (INCIDENT_CONFIG: string) => () =>
    loadConfig({ ...needed, INCIDENT_CONFIG }, readFileIfPresent);
  expect(complaints(load(path))).toEqual([
    `INCIDENT_CONFIG: ${path} is a folder, probably made by docker run -v because there was no such file; remove it and write the file, or correct the path`,
  ]);
  writeFileSync(join(path, 'text'), '');
  expect(complaints(load(join(path, 'text', 'incident.yml')))).toEqual([
    expect.stringMatching(/^INCIDENT_CONFIG: there is no file .+; correct the path, or unset it/),
  ]);
});

test('a mistake that has no key is said of the file that was read, by its name', () => {
  const load = (text: string) =>
    complaints(() => loadConfig({ ...needed, INCIDENT_CONFIG: './other/t.yml' }, () => text));
  expect(load('a: [1\nb: 2')).toEqual([
    expect.stringContaining('other/t.yml (line 2, column 1): is not readable YAML ('),
  ]);
  expect(load('just words')).toEqual([
    expect.stringContaining('other/t.yml (line 1): is not a plain map of keys;'),
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
    'payments: primary U0BEA, secondary U0CAI until 2026-01-19 09:00 UTC, next primary U0CAI, secondary U0ANA (catch-all)',
  );
  expect(said).toContain('web: no on-call list');
  expect(said).toContain('checkout: team payments, critical, PagerDuty PF9KMXH');
});
