import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../src/clock.ts';
import { type Slack, type SlackOptions, startSlack } from '../../src/sandbox/slack.ts';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';
import { endLater } from './endings.ts';

type Variables = Record<string, string>;

/** Tocsin in a process of its own, as production starts it. */
export interface Running {
  readonly child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Resolves with the port once it listens; rejects when it ends before. */
  readonly listening: Promise<number>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-process-'));
  endLater(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Arguments of Node that run a program of ours, whatever the current folder. */
export const programOf = (file: string): string[] => [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
  resolve(file),
];

/**
 * The production entry, or `program` (arguments of Node), with exactly this environment, in the current folder or
 * `inFolder`. It ends with the test.
 */
export function run(
  variables: Variables,
  program: readonly string[] = programOf('src/main.ts'),
  inFolder = '.',
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, program, {
    cwd: inFolder,
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endLater(() => child.kill('SIGKILL'));
  let output = '';
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  const listening = new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /listens on port (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then((how) => reject(new Error(`ended (${how}) before it listened: ${output}`)));
  });
  listening.catch(() => undefined);
  return { child, output: () => output, listening, ended };
}

/** A Slack that lives in real time, as a process on the real clock needs it. */
export async function slackNow(options: Partial<SlackOptions> = {}): Promise<Slack> {
  const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];
  const slack = await startSlack({ people, channels: ['general', 'incidents'], ...options, clock: realTime });
  endLater(() => slack.close());
  return slack;
}

const realTime: Clock = {
  now: Date.now,
  sleepUntil: (at, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, at - Date.now()));
      timer.unref();
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** Everything a start needs, with a database and an `incident.yml` in `home`. */
export function environmentOf(
  slack: Pick<Slack, 'apiUrl' | 'botToken' | 'signingSecret'>,
  home: string,
): Variables {
  const incidentConfig = join(home, 'incident.yml');
  writeFileSync(incidentConfig, defaultIncidentFile);
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    DATABASE_URL: `file:${join(home, 'data', 'tocsin.db')}`,
    INCIDENT_CONFIG: incidentConfig,
    PAGERDUTY_WEBHOOK_SECRET: 'canary-pagerduty-secret',
  };
}

/** Resolves when `holds` does; looks every few milliseconds, `withinMs` at most. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 90_000,
): Promise<void> {
  const endAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > endAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
