import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type Slack, startSlack } from '../../src/sandbox/slack.ts';
import { pagerdutySecret } from '../../src/sandbox/start.ts';
import { environmentOf, type Running, run, until } from '../support/process.ts';
import { diskFolder } from './build.ts';
import { chanceOf } from './chance.ts';
import { inputsOf, people } from './inputs.ts';
import { laterClock } from './later.ts';
import { doom, drawDeath } from './life.ts';
import { judge, leftBehind, type Verdict, waiting } from './verdict.ts';

/** A tmpfs keeps nothing through a loss of power, and its commits cost nothing: no disk. */
const tmpfs = 0x01021994;
/** Between two lives: mostly a supervisor's seconds, sometimes the minutes after which steps of the ladder are due. */
const awayMs = [0, 1_000, 5_000, 20_000, 65_000, 130_000];
/** At the end every grace of a call in doubt is over. */
const lastAwayMs = 90_000;
/** Longer than the minute after which an edit in doubt is said once more (courier.ts). */
const settledWithinMs = 100_000;

export interface Killed extends Verdict {
  kills: number;
  /** Inputs that were answered with 2xx. */
  taken: number;
  /** Posts that Slack applied. */
  posts: number;
  /** Of each start that had a page to send: from the line that it listens to the page in Slack, ms. */
  firstPageMs: number[];
  /** Copies of the database after a kill that were not whole. */
  broken: string[];
}

export interface KilledWorld {
  /** Where the compiled bot is. */
  built: string;
  name: string;
  seed: number;
  kills: number;
}

/** One Slack and one database, and a bot that is killed again and again. */
export async function killAgainAndAgain({ built, name, seed, kills }: KilledWorld): Promise<Killed> {
  const [chance, home] = [chanceOf(seed), diskFolder('kills')];
  const clock = laterClock(join(home, 'ahead'));
  const slack = await startSlack({ people, channels: ['general', 'incidents'], clock, rateLimits: false });
  const live = {
    url: 'http://127.0.0.1:9',
    bot: null as Running | null,
    onTaken: (_kind: string): void => undefined,
  };
  let isWrong = false;
  try {
    if (statfsSync(home).type === tmpfs) throw new Error(`${home} is on a tmpfs: run the proof on a disk`);
    const variables = { ...environmentOf(slack, home), PAGERDUTY_WEBHOOK_SECRET: pagerdutySecret };
    const databaseFile = join(home, 'data', 'tocsin.db');
    const sending = { slack, clock, name, secret: pagerdutySecret };
    const inputs = inputsOf({ ...sending, url: () => live.url, onTaken: (kind) => live.onTaken(kind) });
    const seen = { firstPageMs: [] as number[], broken: [] as string[] };
    let pagesDue = 0;
    const startBot = (): Running => {
      live.bot = run(variables, [...clock.following, join(built, 'dist', 'main.js')]);
      return live.bot;
    };
    for (let n = 0; n < kills; n += 1) {
      const bot = startBot();
      const { died, taken, inputsGo } = doom(slack, bot, drawDeath(chance));
      live.onTaken = taken;
      const paged = firstPage(slack, bot, pagesDue);
      await goOn(slack, bot, live, () => {
        inputsGo();
        return inputs.live(chance);
      });
      await died;
      seen.firstPageMs.push(...(await paged));
      slack.connect(null);
      clock.skip(chance.oneOf(awayMs));
      const left = leftBehind(databaseFile, clock.now());
      pagesDue = left.pagesDue;
      if (left.integrity !== 'ok') seen.broken.push(`after kill ${n + 1}: ${left.integrity}`);
    }
    live.onTaken = () => undefined;
    clock.skip(lastAwayMs);
    await lastLife(slack, startBot(), live, databaseFile, inputs.insist);
    const verdict = judge(databaseFile, inputs.all, slack.calls);
    isWrong = [verdict.lost, verdict.doubled, verdict.unsettled, seen.broken].some(
      (lines) => lines.length > 0,
    );
    const posts = slack.callsTo('chat.postMessage').filter(({ ok }) => ok).length;
    return { ...verdict, ...seen, kills, posts, taken: inputs.all.filter((one) => one.taken).length };
  } finally {
    live.bot?.child.kill('SIGKILL');
    await live.bot?.ended;
    await slack.close();
    if (isWrong) console.error(`${name}: what is wrong can be looked at in ${home}`);
    else rmSync(home, { recursive: true, force: true });
  }
}

/** Once it listens, Slack and PagerDuty find it. One that dies before hears nothing. */
async function goOn(
  slack: Slack,
  bot: Running,
  live: { url: string },
  act: () => Promise<void>,
): Promise<void> {
  const port = await bot.listening.catch(() => null);
  if (port === null) return;
  live.url = `http://127.0.0.1:${port}`;
  slack.connect(live.url);
  await act();
}

/** Nothing disturbs the last one: everything is answered, everything goes out, and it ends as it should. */
async function lastLife(
  slack: Slack,
  bot: Running,
  live: { url: string },
  databaseFile: string,
  insist: () => Promise<void>,
): Promise<void> {
  await bot.listening;
  await goOn(slack, bot, live, insist);
  await slack.quiet();
  await until('everything has gone out', () => waiting(databaseFile) === 0, settledWithinMs).catch(
    () => undefined,
  );
  bot.child.kill('SIGTERM');
  await bot.ended;
}

/** How long the first page took where one was due, ms; nothing where the bot died before and had had the time. */
async function firstPage(slack: Slack, bot: Running, pagesDue: number): Promise<number[]> {
  if (pagesDue === 0) return [];
  let pagedAt: number | null = null;
  const stop = slack.watch(({ method, args }, when) => {
    const isPage = method === 'chat.postMessage' && String(args.channel).startsWith('D');
    if (when === 'before' && isPage) pagedAt ??= performance.now();
  });
  const listenedAt = await bot.listening.then(
    () => performance.now(),
    () => null,
  );
  await bot.ended;
  stop();
  if (listenedAt === null) return [];
  const tookMs = (pagedAt ?? performance.now()) - listenedAt;
  return pagedAt !== null || tookMs > pageWithinMs ? [tookMs] : [];
}

/** The bar: a page that is due goes out this soon after the start, ms. */
export const pageWithinMs = 2_000;
