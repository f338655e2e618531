import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import Database from 'better-sqlite3';
import { createEngine, type Engine } from '../src/engine.ts';
import { person } from '../src/incident/by.ts';
import type { Policy } from '../src/incident/policy.ts';
import { movableClock } from '../src/sandbox/clock.ts';
import { defaultIncidentFile } from '../src/sandbox/start.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { defaultPolicy } from '../tests/support/policy.ts';
import { startBotOn } from './bot.ts';
import { exactNow } from './clock.ts';
import { type Figure, median, percentile } from './figure.ts';
import { type SlackCall, type SlackSide, startSlackProcess } from './slack.ts';

const [incidents, chatterEach] = [1_000, 30];
const chatterMin = 10_000;
const pagedWithinMs = 1_000;
const ratioMax = 6;
/** No reminder comes meanwhile. */
const farMs = 86_400_000;
/** The clock of production beats at these moments. */
const beatMs = 5_000;
/** How long the bot may take to start. */
const startMs = 10_000;
/** How long the last page may take before this gives up. */
const patienceMs = 30_000;
/** What the lane of pages has under way at once. */
const atOnce = 8;

/**
 * A thousand incidents, each with somebody of its own to wake, are due at the same beat, while ten thousand messages wait
 * that nobody is woken by. Measured from the beat to the answer of Slack, which is at full speed and without rate limits.
 */
export async function paging(): Promise<Figure[]> {
  mkdirSync('data', { recursive: true });
  const folder = mkdtempSync(join('data', 'bench-'));
  const slack = await startSlackProcess(incidents);
  try {
    const path = join(folder, 'tocsin.db');
    const dms = await furnish(path, slack);
    const bare = await bareLoop(slack, dms);
    const dueAt = Math.ceil((Date.now() + startMs) / beatMs) * beatMs;
    makeDue(path, dueAt);
    await sleep(dueAt - startMs - Date.now());
    const bot = await startBotOn(slack, folder, defaultIncidentFile);
    try {
      if (Date.now() > dueAt) throw new Error('the bot took too long to start');
      await sleep(dueAt - Date.now());
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

/** The second step of each incident tells somebody of its own. */
function policyOf(service: string | null): Policy {
  const { escalation } = defaultPolicy;
  const [first] = escalation.steps[1];
  const second = { afterMs: 300_000, action: 'page' as const, target: `U0R${service}` };
  return {
    ...defaultPolicy,
    escalation: { ...escalation, steps: { ...escalation.steps, 1: [first!, second] } },
  };
}

/** `make` for each incident, in order, as many at once as the lane of pages has. */
async function each<T>(make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < incidents; n = next++) made[n] = await make(n);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return made;
}

/** The database as it is when the first step is long over and the second comes. Returns the DM of each secondary. */
async function furnish(path: string, slack: SlackSide): Promise<string[]> {
  const clock = movableClock(Date.now());
  const store = await openSqlite(path, clock.now());
  const engine = createEngine({
    ...{ store, clock },
    machines: { channelsMax: 0, windowMs: beatMs, reopenWithinMs: beatMs },
    declaring: { max: Number.POSITIVE_INFINITY, windowMs: beatMs },
    policy: policyOf,
    wake: () => undefined,
    report: (problem) => console.error(problem),
  });
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const dms = await each((n) => known(client, store, `U0R${n}`, clock.now()));
  await each((n) => happened(client, engine, n, clock.now()));
  store.close();
  multiplyChatter(path);
  return dms;
}

/** The second step of all of them, at that moment. */
function makeDue(path: string, at: number): void {
  const database = new Database(path);
  database
    .prepare("update incidents set due_at = @at, state = json_set(state, '$.escalation.next.at', @at)")
    .run({ at });
  database.close();
}

/** Of what waits only the words in the channels are left, each as often as it takes. */
function multiplyChatter(path: string): void {
  const database = new Database(path);
  database.exec(`delete from outbox where json_extract(effect, '$.kind') <> 'say'`);
  database
    .prepare(
      `with recursive n(x) as (select 1 union all select x + 1 from n where x < ?)
       insert into outbox (key, ref, incident, effect, lane, queue, state, attempts, not_before, created_at)
       select key || '/' || x, ref || '-' || x, incident, effect, lane, queue, state, attempts, not_before, created_at
         from outbox, n`,
    )
    .run(chatterEach - 1);
  database.close();
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
  const declaration = { ...what, by, provisional: false, service: String(n) };
  const declared = await engine.declare(declaration, `bench:${n}`);
  if (declared.outcome !== 'committed') throw new Error(declared.outcome);
  const { id } = declared.incident;
  const made = (await client.conversations.create({ name: `inc-${id}` })).channel!;
  const channel = { id: made.id!, name: made.name! };
  await engine.handle(id, { type: 'note-channel', channel, problem: null }, `bench:${n}:channel`);
  const update = { happening: 'still down', impact: '', doing: '', nextAt: at + farMs };
  await engine.handle(id, { type: 'post-update', by, ...update }, `bench:${n}:update`);
}

/** The same messages in a bare loop over one client, as many at once as the lane of pages has. */
async function bareLoop(slack: SlackSide, dms: readonly string[]): Promise<number[]> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  const startedAt = performance.now();
  const tookMs: number[] = [];
  await each(async (n) => {
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'SEV1 · Checkout is down' } };
    await client.chat.postMessage({ channel: dms[n]!, text: 'SEV1 Checkout is down.', blocks: [section] });
    tookMs.push(performance.now() - startedAt);
  });
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
