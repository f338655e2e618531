import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { type Afterwards, groupCommit } from '../../src/store/group.ts';

/** A table with a reference, and a second connection that sees only what is committed. */
function world(afterwards?: Afterwards) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-group-'));
  const database = new Database(join(folder, 'one.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('foreign_keys = ON');
  database.exec(
    'create table one (id integer primary key, parent integer references one (id) deferrable initially deferred)',
  );
  const outside = new Database(join(folder, 'one.db'), { readonly: true });
  onTestFinished(() => {
    outside.close();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const add =
    (id: number, parent: number | null = null) =>
    () =>
      database.prepare('insert into one values (?, ?)').run(id, parent).lastInsertRowid;
  const visible = () => outside.prepare('select id from one order by id').pluck().all();
  return { ...groupCommit(database, undefined, afterwards), add, visible, database };
}

test('a promise resolves after COMMIT: whoever looks from outside sees what it promised', async () => {
  const { commit, add, visible } = world();
  const seen: unknown[] = [];
  await Promise.all(
    [1, 2, 3].map((id) =>
      commit(() => {
        add(id)();
        seen.push(visible());
      }).then(() => seen.push(visible())),
    ),
  );
  expect(seen).toEqual([[], [], [], [1, 2, 3], [1, 2, 3], [1, 2, 3]]);
});

test('changes of one turn share a commit; one that throws is undone alone', async () => {
  const { commit, add, visible } = world();
  const outcomes = await Promise.allSettled([
    commit(add(1)),
    commit(() => {
      add(2)();
      throw new Error('a bug');
    }),
    commit(add(3)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(visible()).toEqual([1, 3]);
});

test('a COMMIT that fails rejects everybody in it, and the next group is not harmed', async () => {
  const { commit, add, visible } = world();
  const outcomes = await Promise.allSettled([commit(add(1)), commit(add(2, 99))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await commit(add(3));
  expect(visible()).toEqual([3]);
});

test('more changes than one group holds are all committed, in their order', async () => {
  const { commit, add, visible } = world();
  await Promise.all(Array.from({ length: 1_200 }, (_, n) => commit(add(n + 1))));
  expect(visible()).toHaveLength(1_200);
});

test('what rides comes after the changes of its commit, also when one of them asks for it', async () => {
  const { commit, ride, add, visible, database } = world();
  const ids = () => database.prepare('select id from one order by id').pluck().all();
  const seen: unknown[] = [];
  const riding: Promise<void>[] = [];
  const look = () => ride(() => void seen.push({ committed: visible(), written: ids() }));
  riding.push(look());
  await Promise.all([
    commit(() => {
      riding.push(look());
      add(1)();
    }),
    commit(add(2)),
  ]);
  await Promise.all(riding);
  expect(seen).toEqual([
    { committed: [], written: [1, 2] },
    { committed: [], written: [1, 2] },
  ]);
});

test('what changes leave is written before COMMIT, that of an undone one is taken back, and none outlives a roll-back', async () => {
  let left: number[] = [];
  const { commit, database, visible } = world({
    mark: () => {
      const before = [...left];
      return () => {
        left = before;
      };
    },
    write: () => {
      for (const id of left.splice(0)) database.prepare('insert into one values (?, null)').run(id);
    },
    forget: () => {
      left = [];
    },
  });
  const leave = (id: number) => () => void left.push(id);
  const fail = (id: number) => () => {
    left.push(id);
    throw new Error('a bug');
  };
  await Promise.allSettled([commit(leave(1)), commit(fail(2)), commit(leave(3))]);
  expect(visible()).toEqual([1, 3]);
  // The second 3 is refused when it is written: everybody in that commit hears of it.
  const outcomes = await Promise.allSettled([commit(leave(4)), commit(leave(3))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await commit(leave(5));
  expect(visible()).toEqual([1, 3, 5]);
});
