import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { isOwnMoment } from '../support/mortal.ts';
import { type Plan, simulate } from './simulate.ts';
import { wrongIn } from './trials.ts';
import type { Left } from './world.ts';

/** Everything that may not be, of one run. */
const wrong = async (plan: Plan): Promise<string[]> => wrongIn(await simulate(plan));

/** The number of the `nth` step of that kind, where nothing goes wrong. */
async function stepOf(seed: number, kind: string, nth: number): Promise<number> {
  const { steps } = await simulate({ seed, weather: 'none' });
  const found = steps.flatMap((step, n) => (step === kind ? [n] : []));
  return found[nth]!;
}

test('three incidents come and go in a simulated world, and nothing is missing at the end', async () => {
  expect(await wrong({ seed: 1, weather: 'none' })).toEqual([]);
});

test.each<[title: string, where: 'killAt' | 'failAt', step: string, nth: number]>([
  [
    'killed after a message was posted and before that was on disk, nobody reads it twice',
    'killAt',
    'after chat.postMessage',
    3,
  ],
  [
    'killed while a start looks for what was under way, the next start finds it',
    'killAt',
    'after recover',
    0,
  ],
  [
    'a claim that is on disk, and was reported as failed, is looked up: nothing waits for ever',
    'failAt',
    'after claim',
    12,
  ],
  ['a claim that the disk did not take is made again', 'failAt', 'before claim', 12],
  ['an outcome that the disk did not take is written down later', 'failAt', 'before settle', 12],
])('%s', async (_title, where, step, nth) => {
  expect(await wrong({ seed: 1, weather: 'none', [where]: await stepOf(1, step, nth) })).toEqual([]);
});

test('killed while a page is on its way to somebody whose direct message had to be opened first, it rings once', async () => {
  // The fate of a kill that was followed by a second page, when its grace was counted from its claim (seeds.json).
  const story = { seed: 20261167, weather: 'none', story: 'shortest', drawnAt: 87 } as const;
  const { steps } = await simulate(story);
  const openedAt = steps.lastIndexOf('after conversations.open');
  const arrivedAt = steps.indexOf(
    'after chat.postMessage',
    steps.indexOf('before chat.postMessage', openedAt),
  );
  expect(arrivedAt - openedAt).toBeGreaterThan(5);
  for (let killAt = openedAt; killAt <= arrivedAt; killAt += 1)
    expect(await wrong({ ...story, killAt }), `killed at ${killAt}`).toEqual([]);
});

/** What a run killed there leaves at its first death: the database without what is drawn anew each time, and Slack. */
async function leftBy(plan: Plan): Promise<string> {
  const deaths: string[] = [];
  await simulate(plan, ({ path, far }: Left) => {
    const database = new Database(path, { readonly: true });
    const rows = [
      'select key, state, attempts, not_before, sent_at, settled_at, error from outbox order by id',
      'select id, state from incidents order by id',
      'select incident, seq, at, cause, fact from timeline order by incident, seq',
    ].map((read) => database.prepare(read).all());
    database.close();
    const { ws, asked } = far.slack;
    const seen = [...ws.channels.values()].map(({ name, messages }) => [
      name,
      messages.map(({ text }) => text),
    ]);
    deaths.push(JSON.stringify([rows, seen, asked.length, [...far.pagerduty.incidents]]));
  });
  return deaths[0]!;
}

test('a step that is left out leaves what the last one that was tried leaves', async () => {
  const story: Plan = { seed: 1, weather: 'none', story: 'shortest' };
  const { steps, points } = await simulate(story);
  expect(points.length).toBeGreaterThan(50);
  const leftOut = [...steps.keys()].filter((step) => !points.includes(step) && isOwnMoment(steps[step]!));
  expect(leftOut.length).toBeGreaterThan(30);
  for (const step of leftOut) {
    const before = points.findLast((point) => point < step)!;
    const [here, there] = [
      await leftBy({ ...story, killAt: step }),
      await leftBy({ ...story, killAt: before }),
    ];
    expect(here, `step ${step}, ${steps[step]}, as step ${before}, ${steps[before]}`).toBe(there);
  }
});
