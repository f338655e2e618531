import { expect, test } from 'vitest';
import { percentile } from '../../bench/figure.ts';
import { turns } from '../../src/turns.ts';
import { chanceOf } from '../kills/chance.ts';
import { type PageCall, type SlowWorld, slowWorld } from '../kills/slow-world.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** What Slack takes for each call; ours give up after ten seconds. */
const slackMs = 9_000;
/** Each of six people may declare ten incidents in ten minutes, and up to four are those with the chatter. */
const [shortCount, fullCount] = [12, 36];
/** The second step of a SEV1 (`defaultPolicy`), and the third, which nobody waits for here. */
const [secondAfterMs, thirdAfterMs] = [300_000, 600_000];
const [pageWithinMs, dueWithinMs] = [1_000, 2_000];
/** The clock is moved by so much at a time. */
const stepMs = 1_000;
const chatterMin = 9_000;
/** What a step of the clock sets off besides begins within so many turns. */
const turnsPerStep = 20;

interface Declared {
  id: number;
  at: number;
  /** The same moment on a clock that nobody moves, ms. */
  reallyAt: number;
  /** When it is to be acknowledged; null: never. */
  acknowledgeAt: number | null;
  acknowledgedAt: number | null;
}

test('ten thousand messages wait and Slack takes nine seconds a call: pages go out at once, and none after an acknowledgement', async () => {
  const slow = await slowWorld('2026-03-02T02:00Z', slackMs);
  try {
    const waited = slow.waiting();
    expect(waited).toBeGreaterThan(chatterMin);
    const all = await declareAll(slow, profile.name === 'full' ? fullCount : shortCount);
    await passLadder(slow, all);
    report(slow, all, waited);
  } finally {
    await slow.end();
  }
});

/** One each second, on a world in which the calls before are still under way. */
async function declareAll(slow: SlowWorld, count: number): Promise<Declared[]> {
  const { world } = slow;
  const chance = chanceOf(seed);
  const who = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];
  const all: Declared[] = [];
  for (let n = 0; n < count; n += 1) {
    const [at, reallyAt] = [world.clock.now(), performance.now()];
    const answer = await world.slack.as(who[n % who.length]!).command(`/incident declare sev1 Down ${n}`);
    const id = Number(/INC-(\d+)/.exec(answer)?.[1]);
    // A quarter just before the second step is due, a quarter while its page is under way.
    const offsetMs = [null, -chance.between(1, 20_000), null, chance.between(stepMs, slackMs)][n % 4]!;
    const acknowledgeAt = offsetMs === null ? null : at + secondAfterMs + offsetMs;
    all.push({ id, at, reallyAt, acknowledgeAt, acknowledgedAt: null });
    await slow.comes(`the page for INC-${id}`, () => slow.pages().some(({ incident }) => incident === id));
    await slow.flow(1_000);
  }
  return all;
}

/** Time goes by until the third step has come where nobody has it; what is due has begun before the clock goes on. */
async function passLadder(slow: SlowWorld, all: Declared[]): Promise<void> {
  const { world } = slow;
  const endAt = Math.max(...all.map(({ at }) => at)) + thirdAfterMs + 2 * stepMs;
  const begun = new Set<string>();
  while (world.clock.now() < endAt) {
    const now = world.clock.now();
    await dueBegun(slow, all, now, begun);
    for (const one of all) {
      if (one.acknowledgeAt === null || one.acknowledgeAt > now || one.acknowledgedAt !== null) continue;
      await world.slack.as('bea').command(`/incident ${one.id} ack`);
      one.acknowledgedAt = world.clock.now();
    }
    await turns(turnsPerStep);
    await slow.flow(stepMs - (now % stepMs));
  }
}

/** Waits for the page of every step that is due. */
async function dueBegun(
  slow: SlowWorld,
  all: readonly Declared[],
  now: number,
  begun: Set<string>,
): Promise<void> {
  for (const { id, at, acknowledgedAt } of all) {
    if (acknowledgedAt !== null) continue;
    for (const [step, afterMs] of [
      [1, secondAfterMs],
      [2, thirdAfterMs],
    ]) {
      const isDue = at + afterMs! <= now;
      const isThere = () => slow.pages().some((page) => page.incident === id && page.step === step);
      if (isDue && !begun.has(`${id} ${step}`)) await slow.comes(`step ${step} of INC-${id}`, isThere);
      if (isDue) begun.add(`${id} ${step}`);
    }
  }
}

/** From a moment to the call, ms: of the clock that the test moves, and what the machine took on top. */
interface Took {
  worldMs: number;
  realMs: number;
}

const took = (page: PageCall, at: number, reallyAt: number): Took => ({
  worldMs: page.calledAt - at,
  realMs: page.reallyAt - reallyAt,
});

const p99Of = (all: readonly Took[]): Took => ({
  worldMs: percentile(
    all.map(({ worldMs }) => worldMs),
    0.99,
  ),
  realMs: percentile(
    all.map(({ realMs }) => realMs),
    0.99,
  ),
});

function report(slow: SlowWorld, all: Declared[], waited: number): void {
  const pages = slow.pages();
  const of = (id: number, step: number) => pages.filter((page) => page.incident === id && page.step === step);
  const first = all.map(({ id, at, reallyAt }) => took(of(id, 0)[0]!, at, reallyAt));
  const afterDue = (step: number, afterMs: number): Took[] =>
    all.flatMap(({ id, at }) =>
      of(id, step).map((page) => took(page, at + afterMs, slow.reallyAt(at + afterMs))),
    );
  const second = afterDue(1, secondAfterMs);
  const third = afterDue(2, thirdAfterMs);
  const late = all.flatMap(({ id, acknowledgedAt }) =>
    acknowledgedAt === null
      ? []
      : pages.filter((page) => page.incident === id && page.claimedAt > acknowledgedAt),
  );
  const inFlight = all.flatMap(({ id, acknowledgedAt }) =>
    acknowledgedAt === null
      ? []
      : pages.filter(
          ({ incident, claimedAt, calledAt }) =>
            incident === id && claimedAt <= acknowledgedAt && calledAt + slackMs > acknowledgedAt,
        ),
  );
  const due = [...second, ...third];
  const held = all.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length;
  expect(second.length).toBeGreaterThan(0);
  expect(held).toBeGreaterThan(0);
  const [enqueued, lateness] = [p99Of(first), p99Of(due)];
  const early = [...first, ...due].filter(({ worldMs }) => worldMs < 0).length;
  const beside = `${waited} messages waiting, Slack at ${slackMs / 1000} s a call, on a clock that the test moves; what the machine took counts too`;
  proved({
    goal: 4,
    tried: `${first.length} pages enqueued, ${beside}`,
    seen: `enqueue to call p99 ${enqueued.worldMs} + ${enqueued.realMs.toFixed(0)} ms; ${slow.waiting()} messages still waited at the end`,
    bar: `<= ${pageWithinMs} ms`,
    holds: enqueued.worldMs <= pageWithinMs,
    inTime: enqueued.worldMs + enqueued.realMs <= pageWithinMs,
  });
  proved({
    goal: 4,
    tried: `${due.length} steps of the ladder due, ${held} incidents acknowledged around theirs, the same`,
    seen: `due to call p99 ${lateness.worldMs} + ${lateness.realMs.toFixed(0)} ms, ${early} early, ${late.length} claimed after an acknowledgement, ${inFlight.length} in flight then`,
    bar: `<= ${dueWithinMs} ms, 0 and 0`,
    holds: lateness.worldMs <= dueWithinMs && early + late.length === 0,
    inTime: lateness.worldMs + lateness.realMs <= dueWithinMs,
  });
}
