import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import Database from 'better-sqlite3';
import { readIncidentFile } from '../src/config/incident-file.ts';
import { policyOf } from '../src/config/policy.ts';
import { createEngine, type Engine } from '../src/engine.ts';
import { person } from '../src/incident/by.ts';
import { movableClock } from '../src/sandbox/clock.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { startBotOn } from './bot.ts';
import { exactNow } from './clock.ts';
import { type Figure, median, percentile } from './figure.ts';
import { type SlackCall, type SlackSide, startSlackProcess } from './slack.ts';

const [incidents, chatterEach] = [1_000, 12];
const chatterMin = 10_000;
const pagedWithinMs = 1_000;
const ratioMax = 6;
/** Who is secondary of each team is due at SEV1's second step (product.md section 7). */
const stepMs = 5 * 60_000;
/** The clock of production beats at these moments. */
const beatMs = 5_000;
/** How long the database takes to furnish, and the bot to start. */
const [furnishMs, startMs] = [40_000, 4_000];
/** How long the last page may take before this gives up. */
const patienceMs = 30_000;
/** What the lane of pages has under way at once. */
const atOnce = 8;

/**
 * A thousand incidents, each with an on-call list of its own, are due at the same beat, while ten thousand messages wait
 * that nobody is woken by. Measured from the beat to the answer of Slack, which is at full speed and without rate limits.
 */
export async function paging(): Promise<Figure[]> {
  mkdirSync('data', { recursive: true });
  const folder = mkdtempSync(join('data', 'bench-'));
  const slack = await startSlackProcess(incidents);
  try {
    const dueAt = Math.ceil((Date.now() + furnishMs) / beatMs) * beatMs;
    const dms = await furnish(join(folder, 'tocsin.db'), slack, dueAt);
    const bare = await bareLoop(slack, dms);
    await until(dueAt - startMs);
    const bot = await startBotOn(slack, folder, incidentFile);
    try {
      await until(dueAt);
      const paged = await pagesOf(slack, new Set(dms), dueAt);
      return figures(paged, bare, slack.heard().filter(({ at }) => at < dueAt).length, dueAt);
    } finally {
      await bot.stop();
    }
  } finally {
    slack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const until = (at: number): Promise<void> => {
  if (Date.now() > at) throw new Error(`furnishing took ${Date.now() - at} ms too long`);
  return sleep(at - Date.now());
};

/** A team and a service for each incident. */
const incidentFile = [
  'teams:',
  ...each(
    (n) => `  team${n}: { onCall: { startsOn: '2026-01-05', primary: [U0ANA], secondary: [U0R${n}] } }`,
  ),
  'services:',
  ...each((n) => `  service${n}: { team: team${n} }`),
  '',
].join('\n');

function each<T>(make: (n: number) => T): T[] {
  return Array.from({ length: incidents }, (_, n) => make(n));
}

/** The database as it is when the first step is long over and the second comes. Returns the DM of each secondary. */
async function furnish(path: string, slack: SlackSide, dueAt: number): Promise<string[]> {
  const { config, problems } = readIncidentFile(incidentFile);
  if (!config) throw new Error(JSON.stringify(problems[0]));
  const clock = movableClock(dueAt - stepMs);
  const store = await openSqlite(path, clock.now());
  const engine = createEngine({
    ...{ store, clock, machines: config.machines },
    declaring: { max: Number.POSITIVE_INFINITY, windowMs: beatMs },
    policy: (service) => policyOf(config, service),
    wake: () => undefined,
    report: (problem) => console.error(problem),
  });
  await engine.setSchedules(new Map(each((n) => [`team${n}`, config.teams[`team${n}`]!.onCall!])));
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const dms = await Promise.all(each((n) => known(client, store, `U0R${n}`, dueAt)));
  await Promise.all(each((n) => happened(client, engine, n, clock.now())));
  await store.saveMeta('last-tick', String(dueAt - beatMs));
  store.close();
  const database = new Database(path);
  database.exec(`delete from outbox where json_extract(effect, '$.kind') <> 'say'`);
  database.close();
  return dms;
}

async function known(client: WebClient, store: Store, user: string, at: number): Promise<string> {
  const dm = (await client.conversations.open({ users: user })).channel!.id!;
  await store.savePerson({ user, name: user, timeZone: null, dm, isMember: true, at });
  return dm;
}

/** Declared, with its channel, and with things said that still wait to be posted. */
async function happened(client: WebClient, engine: Engine, n: number, at: number): Promise<void> {
  const by = person('U0ANA');
  const what = { title: `Service ${n} is down`, severity: 1 as const, severityReason: 'set when declared' };
  const declaration = { ...what, by, provisional: false, service: `service${n}` };
  const declared = await engine.declare(declaration, `bench:${n}`);
  if (declared.outcome !== 'committed') throw new Error(declared.outcome);
  const { id } = declared.incident;
  const made = (await client.conversations.create({ name: `inc-${id}` })).channel!;
  const channel = { id: made.id!, name: made.name! };
  await engine.handle(id, { type: 'note-channel', channel, problem: null }, `bench:${n}:channel`);
  for (let m = 0; m < chatterEach; m += 1) {
    const text = { happening: `still down (${m})`, impact: '', doing: '', nextAt: at + stepMs * 10 };
    await engine.handle(id, { type: 'post-update', by, ...text }, `bench:${n}:${m}`);
  }
}

/** The same messages in a bare loop over one client, as many at once as the lane of pages has. */
async function bareLoop(slack: SlackSide, dms: readonly string[]): Promise<number[]> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  const startedAt = performance.now();
  const tookMs: number[] = [];
  const waiting = [...dms];
  const worker = async (): Promise<void> => {
    for (let channel = waiting.pop(); channel !== undefined; channel = waiting.pop()) {
      const section = { type: 'section', text: { type: 'mrkdwn', text: 'SEV1 · Checkout is down' } };
      await client.chat.postMessage({ channel, text: 'SEV1 Checkout is down.', blocks: [section] });
      tookMs.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tookMs;
}

async function pagesOf(slack: SlackSide, dms: Set<string>, dueAt: number): Promise<SlackCall[]> {
  const isPage = ({ method, channel, at }: SlackCall): boolean =>
    method === 'chat.postMessage' && at >= dueAt && dms.has(channel);
  while (exactNow() < dueAt + patienceMs) {
    const pages = slack.heard().filter(isPage);
    if (pages.length >= incidents) return pages;
    await sleep(50);
  }
  throw new Error(`${slack.heard().filter(isPage).length} of ${incidents} were paged in ${patienceMs} ms`);
}

function figures(pages: SlackCall[], bare: number[], saidBefore: number, dueAt: number): Figure[] {
  const [whom, tookMs] = [new Set(pages.map(({ channel }) => channel)), pages.map(({ at }) => at - dueAt)];
  if (whom.size !== incidents || pages.length !== incidents)
    throw new Error(`${pages.length} pages, ${whom.size} people`);
  const waiting = incidents * chatterEach - saidBefore;
  if (waiting < chatterMin) throw new Error(`only ${waiting} messages were waiting`);
  const [p50, p99, max] = [median(tookMs), percentile(tookMs, 0.99), Math.max(...tookMs)];
  const detail = `p50 ${p50.toFixed(0)} ms, slowest ${max.toFixed(0)} ms, ${waiting} chatter effects waiting`;
  const beside = percentile(bare, 0.99);
  return [
    {
      name: `${incidents} incidents due at once, paged: p99`,
      ...{ measured: p99, bar: pagedWithinMs, unit: 'ms', detail },
    },
    {
      name: 'the same, of a bare loop of the calls',
      measured: p99 / beside,
      bar: ratioMax,
      unit: 'x',
      detail: `${beside.toFixed(0)} ms for them, ${atOnce} at once, p50 ${median(bare).toFixed(0)} ms`,
    },
  ];
}
