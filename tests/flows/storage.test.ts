import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { startBotHere, startBotOn } from '../../src/sandbox/bot.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const down = { service: 'PPAYMNT', title: 'Checkout is down', urgency: 'high' } as const;

/** A world whose database answers every commit with this word of SQLite's, while there is one. */
async function faulty() {
  const fault: { word: string | null; commits: number } = { word: null, commits: 0 };
  const world = await start({
    startBot: startBotOn({
      verbose: (sql) => {
        if (sql !== 'COMMIT') return;
        fault.commits += 1;
        if (fault.word !== null) throw new Database.SqliteError('made by the test', fault.word);
      },
    }),
  });
  await world.slack.as('ana').command('/incident declare sev3 Search is slow');
  await world.settle();
  return { world, fault };
}

const statuses = ({ pagerduty }: World) =>
  pagerduty.deliveries
    .at(-1)
    ?.attempts.map(({ outcome }) => ('status' in outcome ? outcome.status : outcome));
const readiness = async ({ port }: World) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
const alarms = ({ slack }: World, words: string) =>
  slack.channel('incidents').transcript().split(words).length - 1;
/** What Ana sees of a command: the answer, or Slack's word for one that failed. */
const answered = ({ slack }: World, words: string): Promise<string> =>
  slack
    .as('ana')
    .command(words)
    .catch((error: unknown) => String(error));

const faults: [word: string, alarm: string][] = [
  ['SQLITE_FULL', 'The disk is full'],
  ['SQLITE_BUSY', 'Another program holds the database'],
  ['SQLITE_CORRUPT', 'The database is damaged'],
  ['SQLITE_IOERR_WRITE', 'The disk of the database fails'],
];

test.each(faults)(
  'every commit fails with %s: nothing is said to be done, people are told, and it goes on by itself',
  async (word, alarm) => {
    const { world, fault } = await faulty();
    fault.word = word;
    const before = world.store.list({ limit: 10 }).length;
    await world.pagerduty.trigger(down);
    const answer = await answered(world, '/incident declare sev1 Everything is down');
    await world.tick().catch(() => undefined);
    await world.settle();
    expect(world.store.list({ limit: 10 })).toHaveLength(before);
    expect(statuses(world)).toEqual([503]);
    expect(answer).not.toContain('INC-');
    expect(await readiness(world)).toBe(503);
    await world.tick().catch(() => undefined);
    await world.settle();
    expect(alarms(world, alarm)).toBe(1);
    expect(await answered(world, '/incident doctor')).toContain(alarm);
    fault.word = null;
    await world.pass('1m');
    expect(statuses(world)?.at(-1)).toBe(202);
    expect(world.store.list({ limit: 10 })).toHaveLength(before + 1);
    expect(await readiness(world)).toBe(200);
    expect(await answered(world, '/incident doctor')).not.toContain(alarm);
    expect(world.slack.as('bea').dm()).toContain('Checkout is down');
  },
);

test('a failing backup is an alarm, told once an hour while it lasts, and over with the next good one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let backUp = async (): Promise<void> => undefined;
  const world = await start({
    databaseFile: join(folder, 'tocsin.db'),
    startBot: async (...boot) => {
      const bot = await startBotHere(...boot);
      backUp = bot.backUp!;
      return bot;
    },
  });
  // A file where the folder of the backups is to be.
  writeFileSync(join(folder, 'backups'), '');
  for (let quarter = 0; quarter < 6; quarter += 1) {
    await backUp();
    await world.settle();
    await world.pass('15m');
  }
  expect(alarms(world, 'The last backup failed')).toBe(2);
  expect(await answered(world, '/incident doctor')).toContain('The last backup failed');
  rmSync(join(folder, 'backups'));
  await backUp();
  expect(await answered(world, '/incident doctor')).not.toContain('The last backup failed');
  expect(world.store.meta('last-backup')).toBe(String(world.clock.now()));
});

test('somebody reads the database and does not let go: the doctor says so once its log is past 64 MB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tocsin.db');
  const world = await start({ databaseFile });
  const reader = new Database(databaseFile, { readonly: true });
  onTestFinished(() => void reader.close());
  reader.exec('begin');
  reader.prepare('select count(*) from incidents').get();
  const { quarantine, meta } = world.store;
  expect(meta('last-tick')).not.toBeNull();
  for (let n = 0; n < 9; n += 1) {
    await quarantine({ at: 0, source: 'test', reason: 'large', body: Buffer.alloc(8 * 1024 ** 2, n) });
  }
  await world.pass('2m');
  expect(await answered(world, '/incident doctor')).toContain('The write-ahead log of the database grows');
  reader.exec('commit');
  await quarantine({ at: 0, source: 'test', reason: 'small', body: Buffer.alloc(8 * 1024 ** 2, 99) });
  await world.pass('2m');
  expect(await answered(world, '/incident doctor')).not.toContain('The write-ahead log');
});
