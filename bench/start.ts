import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBot } from './bot.ts';
import { type Figure, median } from './figure.ts';
import { startSlackProcess } from './slack.ts';

const starts = 5;
const readyMsMax = 1_500;
const [idleMs, residentMbMax] = [5_000, 150];

/** `node dist/main.js` on an empty database: when it is ready, and what it holds when nothing happens. */
export async function start(): Promise<Figure[]> {
  const slack = await startSlackProcess();
  try {
    const readyMs: number[] = [];
    let residentMb = 0;
    for (let n = 1; n <= starts; n += 1) {
      const bot = await startBot(slack);
      readyMs.push(bot.readyMs);
      if (n === starts) {
        await sleep(idleMs);
        residentMb = residentOf(bot.pid);
      }
      await bot.stop();
    }
    const detail = `${starts} starts on an empty database, slowest ${Math.max(...readyMs).toFixed(0)} ms`;
    return [
      { name: 'ready after start', measured: median(readyMs), bar: readyMsMax, unit: 'ms', detail },
      {
        name: 'idle resident memory',
        measured: residentMb,
        bar: residentMbMax,
        unit: 'MB',
        detail: `${idleMs / 1000} s after it was ready`,
      },
    ];
  } finally {
    slack.stop();
  }
}

/** Resident memory of a process, MB. `ps` counts in KiB. */
const residentOf = (pid: number): number =>
  (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6;
