import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { type Slack, startSlack } from '../../src/sandbox/slack.ts';
import { pagerdutySecret } from '../../src/sandbox/start.ts';
import { compiled, diskFolder } from '../kills/build.ts';
import { chanceOf } from '../kills/chance.ts';
import { inputsOf, people } from '../kills/inputs.ts';
import { laterClock } from '../kills/later.ts';
import { judge, waiting } from '../kills/verdict.ts';
import { environmentOf, type Running, run, until } from '../support/process.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** How long it is really stopped: in the full profile longer than a call to Slack may take. */
const stoppedMs = profile.name === 'full' ? 65_000 : 1_500;
/** So much goes by meanwhile on the clock that the bot reads: the second step of a SEV1 is due, and it was away. */
const [awayMs, secondStepMs] = [310_000, 300_000];
/** On call first, and five minutes later. */
const [primary, secondary] = ['bea', 'cai'];
const builtWithinMs = 300_000;
let built = '';

beforeAll(() => {
  built = compiled();
}, builtWithinMs);

test('stopped in the middle of a page and continued: it goes on, nobody took its place, nobody is paged twice, and its absence is noted', async () => {
  const home = diskFolder('stopped');
  const clock = laterClock(join(home, 'ahead'));
  const slack = await startSlack({ people, channels: ['general', 'incidents'], clock, rateLimits: false });
  const variables = { ...environmentOf(slack, home), PAGERDUTY_WEBHOOK_SECRET: pagerdutySecret };
  const databaseFile = join(home, 'data', 'tocsin.db');
  const program = [...clock.following, join(built, 'dist', 'main.js')];
  const bot = run(variables, program);
  const rival = { is: null as Running | null };
  try {
    const url = `http://127.0.0.1:${await bot.listening}`;
    slack.connect(url);
    const sending = { slack, clock, name: 'z', secret: pagerdutySecret };
    const inputs = inputsOf({ ...sending, url: () => url, onTaken: () => undefined });
    await stopInPage(slack, bot, () => inputs.declareNow(chanceOf(seed)));
    rival.is = run(variables, program);
    const alert = inputs.alertNow(chanceOf(seed));
    const code = await rival.is.ended;
    await sleep(stoppedMs);
    clock.skip(awayMs);
    bot.child.kill('SIGCONT');
    await alert;
    await inputs.insist();
    await until('the second is paged', () => slack.as(secondary).dm().includes('zd'));
    await until('everything has gone out', () => waiting(databaseFile) === 0);
    bot.child.kill('SIGTERM');
    expect(await bot.ended).toBe(0);
    const { lost, doubled, unsettled } = judge(databaseFile, inputs.all, slack.calls);
    const absences = absencesIn(databaseFile);
    for (const line of [...lost, ...doubled, ...unsettled]) console.error(line);
    proved({
      goal: 2,
      tried: `stopped (SIGSTOP) in the middle of a page for ${stoppedMs / 1000} s, ${awayMs / 1000} s of the bot's clock, and continued`,
      seen: `a second process ended with code ${code}; ${lost.length} lost, ${doubled.length} doubled, ${pages(slack, primary)} and ${pages(slack, secondary)} pages; absences noted: ${absences.length}`,
      bar: 'code 3; 0 and 0, 1 and 1; 1',
      holds:
        code === 3 &&
        lost.length + doubled.length + unsettled.length === 0 &&
        pages(slack, primary) === 1 &&
        pages(slack, secondary) === 1 &&
        absences.length === 1 &&
        absences[0]! >= secondStepMs,
    });
  } finally {
    for (const one of [bot, rival.is]) one?.child.kill('SIGKILL');
    await bot.ended;
    await slack.close();
    rmSync(home, { recursive: true, force: true });
  }
});

/** Resolves when the process is stopped and Slack has applied the page that it just sent. */
async function stopInPage(slack: Slack, { child }: Running, act: () => Promise<void>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    const end = slack.watch(({ method, args }, when) => {
      if (when !== 'after' || method !== 'chat.postMessage' || !String(args.channel).startsWith('D')) return;
      end();
      child.kill('SIGSTOP');
      resolve();
    });
  });
  await act();
  await stopped;
}

const pages = (slack: Slack, who: string): number => slack.as(who).dm().split('· zd').length - 1;

/** How long each absence on the timeline of the incident was, ms. */
function absencesIn(databaseFile: string): number[] {
  const database = new Database(databaseFile, { readonly: true });
  const facts = database
    .prepare("select fact from timeline where incident = 1 and json_extract(fact, '$.type') = 'was-away'")
    .pluck()
    .all() as string[];
  database.close();
  return facts.map((fact) => {
    const { fromAt, toAt } = JSON.parse(fact) as { fromAt: number; toAt: number };
    return toAt - fromAt;
  });
}
