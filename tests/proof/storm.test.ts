import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'undici';
import { beforeAll, expect, test } from 'vitest';
import { paced } from '../../bench/clock.ts';
import { percentile } from '../../bench/figure.ts';
import { startSlackProcess } from '../../bench/slack.ts';
import { pagerdutySecret } from '../../src/sandbox/start.ts';
import { compiled, diskFolder } from '../kills/build.ts';
import { loadPerProcessor } from '../kills/load.ts';
import { type StormRequest, stormOf } from '../kills/storm.ts';
import { environmentOf, run, until } from '../support/process.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

const isFull = profile.name === 'full';
/** 5,000 a minute: for a minute, or for a fifth of it. */
const [events, perMinute] = [isFull ? 5_000 : 1_000, 5_000];
/** What PagerDuty may have open. At once means that few wait for a connection. */
const [connectionsPaced, connectionsAtOnce] = [50, 500];
const [ackMsMax, slowestMsMax] = [100, 1_000];
const [allWithinMs, channelsMax] = [5_000, 5];
/** Lanes of the outbox in which somebody is paged. */
const pagesLeft = "select count(*) from outbox where lane = 0 and state in ('pending', 'sending', 'unknown')";
const builtWithinMs = 300_000;
let built = '';

beforeAll(() => {
  built = compiled();
}, builtWithinMs);

interface Answered {
  request: StormRequest;
  status: number;
  ms: number;
}

test('a storm of alerts: all genuine ones are stored and answered, forged ones refused, and nobody is paged twice', async () => {
  const requests = stormOf(events, pagerdutySecret, seed, Date.now());
  const { answered, lost, doubled, believed, channels, pagedTwice } = await weather(
    requests,
    60_000 / perMinute,
    connectionsPaced,
  );
  const genuine = answered.filter(({ request }) => request.kind !== 'forged');
  const forged = answered.filter(({ request }) => request.kind === 'forged');
  const tookMs = genuine.map(({ ms }) => ms);
  const p99 = percentile(tookMs, 0.99);
  const failed = genuine.filter((one) => !isOk(one)).length;
  const accepted = forged.filter(isOk).length + believed;
  for (const line of [...lost, ...doubled, ...pagedTwice]) console.error(line);
  expect(forged.length).toBeGreaterThan(0);
  proved({
    goal: 5,
    tried: `${genuine.length} PagerDuty events at ${perMinute} a minute, 10 % twice, 10 % out of order, and ${forged.length} forged`,
    seen: `${lost.length} lost, ${doubled.length} doubled, ${failed} not answered with 2xx, ${accepted} forged accepted, ${channels} channels, ${pagedTwice.length} paged twice`,
    bar: `0, 0, 0, 0, <= ${channelsMax}, 0`,
    holds: [...lost, ...doubled, ...pagedTwice].length + failed + accepted === 0 && channels <= channelsMax,
  });
  proved({
    goal: 5,
    tried: `the answers to these ${genuine.length}`,
    seen: `p99 ${p99.toFixed(1)} ms, median ${percentile(tookMs, 0.5).toFixed(1)} ms, slowest ${Math.max(...tookMs).toFixed(0)} ms (load ${loadPerProcessor()} per processor)`,
    bar: `p99 <= ${ackMsMax} ms, none over ${slowestMsMax} ms`,
    holds: true,
    inTime: p99 <= ackMsMax && Math.max(...tookMs) <= slowestMsMax,
  });
});

test.runIf(isFull)('five thousand alerts at once are all answered in five seconds', async () => {
  const requests = stormOf(events, pagerdutySecret, seed + 1, Date.now());
  const { answered, lost, allMs } = await weather(requests, 0, connectionsAtOnce);
  const failed = answered.filter((one) => one.request.kind !== 'forged' && !isOk(one)).length;
  proved({
    goal: 5,
    tried: `${requests.length} PagerDuty events at once, over ${connectionsAtOnce} connections`,
    seen: `all answered after ${(allMs / 1000).toFixed(1)} s, ${lost.length} lost, ${failed} not with 2xx`,
    bar: `<= ${allWithinMs / 1000} s, 0 and 0`,
    holds: lost.length === 0 && failed === 0,
    inTime: allMs <= allWithinMs,
  });
});

const isOk = ({ status }: Answered): boolean => status >= 200 && status < 300;

/** Sends them to a fresh bot, and looks at what it stored and said when everybody was paged. */
async function weather(requests: readonly StormRequest[], everyMs: number, connections: number) {
  const home = diskFolder('storm');
  const slack = await startSlackProcess(0);
  const variables = { ...environmentOf(slack, home), PAGERDUTY_WEBHOOK_SECRET: pagerdutySecret };
  const bot = run(variables, [join(built, 'dist', 'main.js')]);
  try {
    const url = `http://127.0.0.1:${await bot.listening}`;
    slack.connect(url);
    const pool = new Pool(url, { connections, pipelining: 1 });
    const startedAt = performance.now();
    const before = new Map<string, Promise<unknown>>();
    const answered = await paced(requests.length, everyMs, (n) => {
      const request = requests[n]!;
      const turn = request.outOfOrder ? undefined : before.get(request.alert);
      const sent = Promise.resolve(turn).then(() => send(pool, request));
      if (!request.outOfOrder) before.set(request.alert, sent);
      return sent;
    });
    const allMs = performance.now() - startedAt;
    await pool.close();
    const database = new Database(join(home, 'data', 'tocsin.db'), { readonly: true });
    const left = database.prepare(pagesLeft).pluck();
    await until('everybody is paged', () => left.get() === 0);
    const seen = { answered, allMs, ...lookAt(database, requests) };
    database.close();
    return seen;
  } finally {
    bot.child.kill('SIGKILL');
    await bot.ended;
    slack.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function send(pool: Pool, request: StormRequest): Promise<Answered> {
  const startedAt = performance.now();
  const { headers, body } = request;
  const path = '/webhooks/pagerduty';
  const status = await pool.request({ path, method: 'POST', headers, body }).then(
    async (answer) => {
      await answer.body.dump();
      return answer.statusCode;
    },
    () => 0,
  );
  return { request, status, ms: performance.now() - startedAt };
}

/** What is on the disk of all that was sent. */
function lookAt(database: Database.Database, requests: readonly StormRequest[]) {
  const causes = new Set(database.prepare('select cause from seen').pluck().all() as string[]);
  const facts = database.prepare('select fact from timeline').pluck().all() as string[];
  const twice = database.prepare(
    `select cause || ' ' || json_extract(fact, '$.type') from timeline where cause like 'pagerduty:%'
       and json_extract(fact, '$.type') in ('declared', 'alert-attached', 'alert-changed')
     group by cause, json_extract(fact, '$.type') having count(*) > 1`,
  );
  const genuine = requests.filter(({ kind }) => kind === 'genuine');
  // What was resolved before we heard that it fired is remembered as that, and is nobody's incident.
  const isStored = ({ event, alert }: StormRequest): boolean =>
    causes.has(`pagerduty:${event}`) || causes.has(`pagerduty-cleared:${alert}`);
  const pages = database
    .prepare(
      `select incident || ' ' || json_extract(effect, '$.user') || ' ' || group_concat(json_extract(effect, '$.order')) from outbox
       where json_extract(effect, '$.kind') = 'page' and json_extract(effect, '$.order.action') = 'page' and state = 'done'
       group by incident, json_extract(effect, '$.user') having count(*) > 1`,
    )
    .pluck();
  const channels = database.prepare("select count(*) from incidents where visibility = 'channel'").pluck();
  return {
    lost: genuine.filter((one) => !isStored(one)).map(({ event, what }) => `lost: ${event} ${what}`),
    doubled: twice.pluck().all() as string[],
    believed: facts.filter((fact) => fact.includes('FORGED')).length,
    channels: channels.get() as number,
    pagedTwice: pages.all() as string[],
  };
}
