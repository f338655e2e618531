import { expect, test } from 'vitest';
import { playClock } from '../simulation/clock/play.ts';
import { changes, clockScript, zones } from '../simulation/clock/script.ts';
import { firstWrong } from '../support/tried.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** A page is late by this at most, once the machine is awake (reliability.md section 5, goal 7). */
const lateMsMax = 2_000;

test('whatever is done to a machine’s clock, nobody is paged early, twice or not at all, and late by two seconds at most', async () => {
  let pages = 0;
  let latestMs = 0;
  let scripts = 0;
  const failure = await firstWrong(
    'tests/proof/clock.test.ts',
    clockScript,
    async (script) => {
      const played = await playClock(script);
      scripts += 1;
      pages += played.pages;
      latestMs = Math.max(latestMs, played.latestMs);
      return played.wrong;
    },
    profile.clocks,
  );
  expect(failure, failure ?? '').toBeNull();
  proved({
    goal: 7,
    tried: `${scripts} scripts of a clock: set by 1 h to 30 days either way, sleeps to 12 h, 90 % of beats lost, restarts, each across one of ${changes.length} changes of ${zones.length} zones' clocks from 2025 to 2030`,
    seen: `${pages} pages: 0 lost, 0 early by more than 1 s, 1 prompt and 1 page per person and incident at most on catching up; the latest ${latestMs} ms after it was due and the machine awake`,
    bar: `0, 0, 1, and ${lateMsMax} ms`,
    holds: latestMs <= lateMsMax,
  });
});
