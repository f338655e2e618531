import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';

/** Longer than a busy machine takes to start a process. */
const patienceMs = 50_000;

/** What `npm run config:check <file>` runs, in a process of its own and with no other variable. */
function check(file: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'incident.yml');
  writeFileSync(path, file);
  return checkWith(path);
}

/** The same, with anything typed behind the command. */
function checkWith(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/config/check.ts', ...words],
    { encoding: 'utf8', timeout: patienceMs, env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  );
  return { status, stdout, stderr };
}

test('config:check of a file that reaches somebody at every step ends with 0, and says so and what it means', () => {
  const { status, stdout, stderr } = check(defaultIncidentFile);
  expect(stderr).toBe('');
  expect(stdout).toContain('incident.yml is fine: every step reaches somebody');
  expect(stdout).toContain('payments: primary U0BEA, secondary U0CAI, in every shift (catch-all)');
  expect(status).toBe(0);
});

test('config:check of a file that is wrong ends with 1, with line and cure', () => {
  const { status, stdout, stderr } = check(
    'teams:\n  web:\n    onCall: { startsOn: 2026-01-05, primary: [] }\n',
  );
  expect(stderr).toMatch(
    /teams\.web\.onCall\.primary \(line 3\): is an empty list; write at least one entry/,
  );
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('config:check of a file that can be used but has a step that wakes nobody ends with 1, and names the step', () => {
  const { status, stdout, stderr } = check(defaultIncidentFile.replace('cto: [U0FINN], ', ''));
  expect(stderr).toMatch(/SEV1 after 30m \(page cto\) reaches nobody .*; add cto under targets/);
  expect(stdout).toContain('incident.yml can be used, but see above');
  expect(status).toBe(1);
});

test('config:check of a file that is not there names no variable that nobody set; --help says what can be typed', () => {
  expect(checkWith('nope.yml')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'config:check: there is no file nope.yml; correct the path\n',
  });
  expect(checkWith('src').stderr).toBe('config:check: src is a folder; name a file in it\n');
  const { status, stdout } = checkWith('--help');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm run config:check\n/)]);
  expect(checkWith('a.yml', 'b.yml')).toMatchObject({ status: 1, stderr: expect.stringContaining(stdout) });
});
