import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import Database from 'better-sqlite3';
import { startWorld, type World } from '../../src/sandbox/start.ts';
import { refOf } from './verdict.ts';

/** Incidents in whose channels there is far too much to say, and how much in all. */
const [talking, chatter] = [20, 10_000];
/** A real machine that is busy needs its time for what takes none on the world's clock. */
const [patienceMs, lookAgainMs] = [4_000, 5];
/** The world's clock goes on by so much when nothing came by then. */
const stepMs = 250;
const stepsMax = 200;

/** A page as Slack got it. Times epoch ms of the world's clock. */
export interface PageCall {
  incident: number;
  user: string;
  /** The rung of the ladder, from 0. */
  step: number | null;
  /** When it was decided on. */
  enqueuedAt: number;
  /** When the outbox began with it: from then on it is in flight. */
  claimedAt: number;
  calledAt: number;
  /** The same moment on a clock that nobody moves, ms. */
  reallyAt: number;
}

type Call = Pick<PageCall, 'calledAt' | 'reallyAt'>;

/** The world's clock was moved to a time. */
interface Moved {
  toAt: number;
  reallyAt: number;
}

export interface SlowWorld {
  world: World;
  /** Messages that wait and wake nobody. */
  waiting(): number;
  /** Every page so far, each call of it. */
  pages(): PageCall[];
  /** Moves the world's clock. */
  flow(ms: number): Promise<void>;
  /** When the world's clock began to come to that time, on a clock that nobody moves, ms. */
  reallyAt(at: number): number;
  /** Waits until it holds; the world's clock moves only where it must. */
  comes(what: string, holds: () => boolean): Promise<void>;
  end(): Promise<void>;
}

/** Ten thousand messages wait, and every call to Slack takes `callMs` of the world's clock. */
export async function slowWorld(at: string, callMs: number): Promise<SlowWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-slow-'));
  const databaseFile = join(folder, 'tocsin.db');
  const world = await startWorld({ at, databaseFile, slackTimeoutMs: 600_000, slack: { rateLimits: false } });
  const { slack, clock } = world;
  const talkers = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];
  for (let n = 0; n < talking; n += 1) {
    const who = slack.as(talkers[n % talkers.length]!);
    await who.command(`/incident declare sev3 Chatter ${n}`, { in: 'general' });
  }
  await world.settle();
  for (const name of talkers) await meet(world, name);
  const posts = new Map<string, Call[]>();
  const moved: Moved[] = [];
  const over = new AbortController();
  slack.watch(async (call, when) => {
    if (when !== 'before') return;
    const ref = call.method === 'chat.postMessage' ? refOf(call.args.metadata) : null;
    if (ref) posts.set(ref, [...(posts.get(ref) ?? []), { calledAt: call.at, reallyAt: performance.now() }]);
    await clock.sleepUntil(clock.now() + callMs, over.signal);
  });
  const database = new Database(databaseFile);
  multiply(database, clock.now());
  const waiting = database
    .prepare("select count(*) from outbox where state = 'pending' and json_extract(effect, '$.kind') = 'say'")
    .pluck();
  const flow = async (ms: number): Promise<void> => {
    moved.push({ toAt: clock.now() + ms, reallyAt: performance.now() });
    await world.flow(ms);
  };
  return {
    world,
    flow,
    reallyAt: (at) => moved.find(({ toAt }) => toAt >= at)?.reallyAt ?? performance.now(),
    waiting: () => waiting.get() as number,
    pages: () => pagesIn(posts, database),
    comes: async (what, holds) => {
      for (let step = 0; step < stepsMax; step += 1) {
        for (const endAt = Date.now() + patienceMs; Date.now() < endAt; await sleep(lookAgainMs)) {
          if (holds()) return;
        }
        await flow(stepMs);
      }
      throw new Error(`${what} did not come in ${(stepsMax * stepMs) / 1000} s of the world's clock`);
    },
    end: async () => {
      database.close();
      // What still waits for Slack is answered now, and so is what a bot that ends still has to say.
      over.abort();
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** They were written to before: the first page for somebody else costs one call more, which opens the conversation. */
async function meet({ slack, store, clock }: World, name: string): Promise<void> {
  const user = slack.userId(name);
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const dm = (await client.conversations.open({ users: user })).channel?.id ?? null;
  await store.savePerson({ user, name, timeZone: 'UTC', dm, isMember: true, at: clock.now() });
}

/** What was said in the channels is to be said again, as often as it takes. */
function multiply(database: Database.Database, at: number): void {
  const said = database
    .prepare("select count(*) from outbox where json_extract(effect, '$.kind') = 'say'")
    .pluck();
  const each = Math.ceil(chatter / (said.get() as number));
  database
    .prepare(
      `with recursive n(x) as (select 1 union all select x + 1 from n where x < @each)
       insert into outbox (key, ref, incident, effect, lane, queue, state, attempts, not_before, created_at)
       select key || '/' || x, ref || '-' || x, incident, effect, lane, queue || '/' || x, 'pending', 0, @at, @at
         from outbox, n where json_extract(effect, '$.kind') = 'say'`,
    )
    .run({ each, at });
}

interface PageRow {
  ref: string;
  incident: number;
  effect: string;
  created_at: number;
  sent_at: number;
}

function pagesIn(posts: ReadonlyMap<string, Call[]>, database: Database.Database): PageCall[] {
  const rows = database
    .prepare(
      `select ref, incident, effect, created_at, sent_at from outbox where lane = 0 and json_extract(effect, '$.kind') = 'page'`,
    )
    .all() as PageRow[];
  return rows.flatMap(({ ref, incident, effect, created_at: enqueuedAt, sent_at: claimedAt }) => {
    const { user, order } = JSON.parse(effect) as { user: string; order: { step: number | null } };
    const row = { incident, user, step: order.step, enqueuedAt, claimedAt };
    return (posts.get(ref) ?? []).map((call) => ({ ...row, ...call }));
  });
}
