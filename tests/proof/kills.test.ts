import { beforeAll, expect, test } from 'vitest';
import { percentile } from '../../bench/figure.ts';
import { compiled } from '../kills/build.ts';
import { loadPerProcessor } from '../kills/load.ts';
import { killAgainAndAgain, pageWithinMs } from '../kills/world.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** Worlds side by side: while one bot starts, another one dies. */
const worlds = 3;
/** Compiling takes seconds, and many more on a busy machine. */
const builtWithinMs = 300_000;
let built = '';

beforeAll(() => {
  built = compiled();
}, builtWithinMs);

test('killed at random moments, the bot loses nothing and says nothing twice', async () => {
  const shares = Array.from({ length: worlds }, (_, n) => Math.floor((profile.kills + n) / worlds));
  const all = await Promise.all(
    shares.map((kills, n) => killAgainAndAgain({ built, name: `w${n}`, seed: seed + n, kills })),
  );
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  const [lost, doubled] = [all.flatMap((one) => one.lost), all.flatMap((one) => one.doubled)];
  const broken = all.flatMap((one) => [...one.broken, ...(one.integrity === 'ok' ? [] : [one.integrity])]);
  const unsettled = all.flatMap((one) => one.unsettled);
  for (const line of [...lost, ...doubled, ...broken, ...unsettled]) console.error(line);
  proved({
    goal: 2,
    tried: `${sum(({ kills }) => kills)} processes killed (SIGKILL) at a random moment, on disk`,
    seen: `${lost.length} lost, ${doubled.length} doubled of ${sum(({ taken }) => taken)} inputs taken and ${sum(({ posts }) => posts)} posts; ${broken.length} databases broken, ${unsettled.length} effects left`,
    bar: '0, 0, 0 and 0',
    holds: [lost, doubled, broken, unsettled].every((list) => list.length === 0),
  });
  const pagedMs = all.flatMap(({ firstPageMs }) => firstPageMs);
  expect(pagedMs.length).toBeGreaterThan(0);
  const p99 = percentile(pagedMs, 0.99);
  proved({
    goal: 2,
    tried: `${pagedMs.length} starts after a kill with a page due, from the line that it listens`,
    seen: `first page p99 ${p99.toFixed(0)} ms, median ${percentile(pagedMs, 0.5).toFixed(0)} ms (load ${loadPerProcessor()} per processor)`,
    bar: `<= ${pageWithinMs} ms`,
    holds: true,
    inTime: p99 <= pageWithinMs,
  });
});
