import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultIncidentFile, pagerdutySecret } from '../src/sandbox/start.ts';
import type { SlackSide } from './slack.ts';

/** The production process, as `npm start` runs it. */
export interface Bot {
  url: string;
  pid: number;
  databaseFile: string;
  /** From spawning it to `/readyz` answering 200. */
  readyMs: number;
  /** Ends it and throws its data away. */
  stop(): Promise<void>;
}

const readyWithinMs = 15_000;
const lookAgainMs = 4;

/** Compiles what is about to be measured. */
export function build(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}

/** Starts it on an empty database. The data lies in `data/`, because `/tmp` is no disk on many machines. */
export async function startBot(slack: SlackSide, services: readonly string[] = []): Promise<Bot> {
  mkdirSync('data', { recursive: true });
  const folder = mkdtempSync(join('data', 'bench-'));
  const more = services.map((id) => `  ${id.toLowerCase()}: { team: payments, pagerduty: [${id}] }\n`);
  return startBotOn(slack, folder, defaultIncidentFile + more.join(''));
}

/** Starts it on the database `tocsin.db` in `folder`, which goes with it; empty where there is none. */
export async function startBotOn(slack: SlackSide, folder: string, incidentFile: string): Promise<Bot> {
  const config = join(folder, 'incident.yml');
  writeFileSync(config, incidentFile);
  const [port, databaseFile] = [await freePort(), join(folder, 'tocsin.db')];
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      PORT: String(port),
      DATABASE_URL: `file:${databaseFile}`,
      INCIDENT_CONFIG: config,
      PAGERDUTY_WEBHOOK_SECRET: pagerdutySecret,
      LOG_LEVEL: 'warn',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url);
  const readyMs = performance.now() - startedAt;
  slack.connect(url);
  return { url, pid: child.pid!, databaseFile, readyMs, stop: () => stopBot(child, slack, folder) };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const until = performance.now() + readyWithinMs;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    await answer?.text();
    if (answer?.status === 200) return;
    await sleep(lookAgainMs);
  }
  child.kill('SIGKILL');
  throw new Error(`the bot was not ready in ${readyWithinMs} ms (exit code ${child.exitCode})`);
}

async function stopBot(child: ChildProcess, slack: SlackSide, folder: string): Promise<void> {
  slack.connect(null);
  if (child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Below the ports that systems hand out by themselves, so that nobody takes one between the look and its use. */
const [portMin, portMax] = [20_000, 32_000];
let lastPort = portMin + (process.pid % (portMax - portMin));

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portMax - portMin; tries += 1) {
    lastPort = lastPort < portMax ? lastPort + 1 : portMin;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(lastPort, () => server.close(() => resolve(true)));
    });
    if (isFree) return lastPort;
  }
  throw new Error('no port is free');
}
