import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { backUpByHand } from '../../src/store/backup.ts';
import { DatabaseDamaged } from '../../src/store/damage.ts';
import { DirectoryInUse } from '../../src/store/lock.ts';
import { NetworkFileSystem, networkNameOf } from '../../src/store/network.ts';
import { PlaceRefused } from '../../src/store/place.ts';
import { BackupUnusable, listBackups, restore } from '../../src/store/restore.ts';
import { stampOf } from '../../src/store/retention.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

const t0 = Date.UTC(2026, 2, 2, 2, 0);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-restore-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A test page that waits to go out. */
async function oblige(store: Store, n: number): Promise<void> {
  const desk = { ...store.desk('x'), team: 'x' } as never;
  const effects = [{ kind: 'test-page', n, user: 'UANA' } as const];
  const facts = [{ type: 'test-page-asked', by: 'UANA', n } as const];
  await store.updateDesk('x', () => ({ facts, desk, effects, dueAt: null }), { at: t0, cause: `n${n}` });
}

/** Closed databases: the copy says `old`, what is there now says `new`. */
async function closedWorld() {
  const directory = folder();
  const path = join(directory, 'tocsin.db');
  const store = await openSqlite(path, t0);
  await store.saveMeta('identity', 'old');
  await oblige(store, 1);
  const copy = await store.backUp(t0);
  await store.saveMeta('identity', 'new');
  store.close();
  return { directory, path, copy };
}

const identityIn = async (path: string): Promise<string | null> => {
  const store = await openSqlite(path, t0);
  const identity = store.meta('identity');
  store.close();
  return identity;
};

test('a restored database is the copy, and what was there is whole beside it', async () => {
  const { directory, path, copy } = await closedWorld();
  const bytes = readFileSync(copy);
  const { aside } = await restore(path, copy);
  expect(await identityIn(path)).toBe('old');
  expect(await identityIn(join(aside!, 'tocsin.db'))).toBe('new');
  expect(readFileSync(copy).equals(bytes)).toBe(true);
  expect(readdirSync(directory).filter((name) => /copying|restoring/.test(name))).toEqual([]);
});

test('of every row that waits in the copy the fate is unknown since it was obliged, once', async () => {
  const { path, copy } = await closedWorld();
  await restore(path, copy);
  const store = await openSqlite(path, t0 + 120_000);
  onTestFinished(() => store.close());
  expect(store.outboxReport(10)).toMatchObject({ waiting: 0, unknown: 1 });
  const [row] = await store.claim(['page'], t0 + 120_000, () => 10);
  expect(row).toMatchObject({ reconcile: true, sentAt: t0, createdAt: t0 });
  await store.settle(row!.id, { state: 'done' }, t0 + 120_000);
  await oblige(store, 2);
  store.close();
  const again = await openSqlite(path, t0 + 180_000);
  onTestFinished(() => again.close());
  expect(again.outboxReport(10)).toMatchObject({ waiting: 1, unknown: 0 });
});

test('while Tocsin runs nothing is restored, and a backup by hand is whole', async () => {
  const { path, copy } = await closedWorld();
  const running = await openSqlite(path, t0);
  onTestFinished(() => running.close());
  await expect(restore(path, copy)).rejects.toThrow(DirectoryInUse);
  const made = await backUpByHand(path, t0 + 1);
  await running.saveMeta('identity', 'goes on');
  const database = new Database(made, { readonly: true });
  onTestFinished(() => void database.close());
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.prepare("select value from meta where key = 'identity'").pluck().get()).toBe('new');
  expect(listBackups(path).map(({ name, isChecked }) => [name.split('-')[0], isChecked])).toEqual([
    ['by', true],
    ['scheduled', true],
  ]);
});

const damage = (file: string): void => {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4_096, 5 * 4_096);
  writeFileSync(file, bytes);
};

test.each<[string, (file: string) => void, RegExp]>([
  ['a damaged copy', damage, /is damaged/],
  ['a copy that was cut short', (file) => truncateSync(file, 10_000), /is damaged.+image is malformed/],
  [
    'a file that is no database',
    (file) => writeFileSync(file, 'no database '.repeat(999)),
    /is damaged, or no database of Tocsin's \(file is not a database\)\. Choose another one\./,
  ],
  [
    'a folder',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    /scheduled-.+ is a folder: name a file in it\./,
  ],
  [
    'a database of somebody else',
    (file) => {
      rmSync(file);
      new Database(file).exec('create table one (x)').close();
    },
    /is no database of Tocsin's/,
  ],
  [
    'a copy that a newer version wrote',
    (file) => {
      const database = new Database(file);
      database.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 9e15)");
      database.close();
    },
    /newer version/,
  ],
  ['a copy that is not there', (file) => rmSync(file), /There is no file/],
])('%s is refused, and the database is as it was', async (_title, spoil, words) => {
  const { directory, path, copy } = await closedWorld();
  spoil(copy);
  const refusal = await restore(path, copy).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(BackupUnusable);
  expect((refusal as Error).message).toMatch(words);
  expect(await identityIn(path)).toBe('new');
  expect(readdirSync(directory).filter((name) => /copying|restoring|replaced/.test(name))).toEqual([]);
});

test.each(['', '-wal', '-shm', 'all'])(
  'a restore that was killed after it moved %j aside is finished by the next start',
  async (last) => {
    const { directory, path, copy } = await closedWorld();
    // As kill -9 leaves it: with the write-ahead log beside it.
    const writer = new Database(path);
    writer.exec("update meta set value = 'newest' where key = 'identity'");
    const left = folder();
    for (const side of ['', '-wal', '-shm']) copyFileSync(`${path}${side}`, join(left, `tocsin.db${side}`));
    writer.close();
    for (const side of ['', '-wal', '-shm']) copyFileSync(join(left, `tocsin.db${side}`), `${path}${side}`);
    // Everything but the last step of a restore, which is then done again from a chosen one on.
    copyFileSync(copy, `${path}.restoring`);
    const sides = ['', '-wal', '-shm'];
    const moved = sides.slice(0, last === 'all' ? 3 : sides.indexOf(last));
    const aside = join(directory, `replaced-${stampOf(Math.floor(statSync(`${path}.restoring`).mtimeMs))}`);
    mkdirSync(aside);
    for (const side of moved) renameSync(`${path}${side}`, join(aside, `tocsin.db${side}`));
    expect(await identityIn(path)).toBe('old');
    expect(existsSync(`${path}.restoring`)).toBe(false);
    expect(await identityIn(join(aside, 'tocsin.db'))).toBe('newest');
  },
);

test('a file that is private already is not touched by a start', async () => {
  const { path } = await closedWorld();
  const lock = join(path, '..', 'tocsin.lock');
  const changed = (): bigint => statSync(lock, { bigint: true }).ctimeNs;
  const before = changed();
  (await openSqlite(path, t0)).close();
  expect(changed()).toBe(before);
});

test('a socket in the place of the database, or a folder in that of the lock, is refused and left alone', async () => {
  const directory = folder();
  const socket = join(directory, 'tocsin.db');
  const server = createServer().listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { mode } = statSync(socket);
  await expect(openSqlite(socket, t0)).rejects.toThrow(`DATABASE_URL: ${socket} is a socket; name a file`);
  expect([statSync(socket).mode, readdirSync(directory)]).toEqual([mode, ['tocsin.db']]);
  const lock = join(folder(), 'tocsin.lock');
  mkdirSync(lock, { mode: 0o750 });
  const refusal = await openSqlite(join(lock, '..', 'tocsin.db'), t0).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PlaceRefused);
  expect((refusal as Error).message).toBe(
    `${lock} is a folder, where Tocsin needs a file of its own; move it away`,
  );
  expect(statSync(lock).mode & 0o777).toBe(0o750);
});

test('a database on a network file system is refused before anything is written there', async () => {
  expect([0x6969, 0x517b, 0xff534d42, 0xfe534d42, -0x00acb2be].map(networkNameOf)).toEqual([
    'NFS',
    'SMB',
    'SMB',
    'SMB',
    'SMB',
  ]);
  expect([0xef53, 0x01021994, 0x58465342, 0x9123683e, 0x794c7630].map(networkNameOf)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
  const home = folder();
  const share = join(home, 'share');
  const opened = openSqlite(join(share, 'data', 'tocsin.db'), t0, {
    typeOf: (path) => (path === home ? 0x6969 : 0xef53),
  });
  await expect(opened).rejects.toThrow(NetworkFileSystem);
  await expect(opened).rejects.toThrow(/share\/data is on .+\(NFS\).+ local disk/);
  expect(existsSync(share)).toBe(false);
});

test('a damaged database is refused at the start, wherever the damage is, with the cure, and left as it is', async () => {
  const { path } = await closedWorld();
  const store = await openSqlite(path, t0);
  await store.quarantine({ at: t0, source: 'test', reason: 'large', body: Buffer.alloc(50_000, 1) });
  store.close();
  const bytes = readFileSync(path);
  // A page that nothing at a start reads.
  bytes.fill(0xa5, bytes.length - 4_096, bytes.length - 4_032);
  writeFileSync(path, bytes);
  const refusal = await openSqlite(path, t0).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DatabaseDamaged);
  expect((refusal as Error).message).toMatch(/is damaged .+npm run restore lists them/);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a text as the database is refused by start and backup, with what to do, and nothing is touched', async () => {
  const directory = folder();
  const path = join(directory, 'notes.txt');
  writeFileSync(path, 'buy milk', { mode: 0o644 });
  for (const act of [openSqlite, backUpByHand]) {
    const refusal = await act(path, t0).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseDamaged);
    expect((refusal as Error).message).toBe(
      `DATABASE_URL: ${path} is no database, or its beginning is damaged. Nothing was changed. Name another file, or put a backup in its place: npm run restore lists them`,
    );
  }
  const within = join(path, 'tocsin.db');
  for (const act of [openSqlite, backUpByHand, async () => listBackups(within)])
    await expect(act(within, t0)).rejects.toThrow(
      `DATABASE_URL: ${within} lies in a file; name one in a folder, like file:./data/tocsin.db`,
    );
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['buy milk', 0o644]);
  expect(readdirSync(directory)).toEqual(['notes.txt']);
});

test('no copy of a damaged database passes for a backup', async () => {
  const { directory, path } = await closedWorld();
  damage(path);
  await expect(backUpByHand(path, t0 + 1)).rejects.toThrow();
  const names = readdirSync(join(directory, 'backups'));
  expect(names.filter((name) => !name.startsWith('scheduled-'))).toEqual([]);
});
