import Database from 'better-sqlite3';

/** Changes committed together at the most. */
const batchMax = 500;
/**
 * Another program holds the database: each try waits `busy_timeout` (sqlite.ts) and then lets the event loop turn. All
 * together stay below the three seconds that Slack waits for an answer.
 */
const lockedTriesMax = 20;

/** A commit that took longer makes everybody wait: before the next one, whoever stands at the door is let in to share it. */
const slowMs = 50;
/** Let in is who comes until nobody came for so many turns of the event loop, and not for more than that many in all. */
const [quietTurns, gatherTurnsMax] = [32, 1_000];

const codeOf = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : '');

/** The disk's fault and not this change's: SQLite may have undone the whole transaction by itself. */
const isOfTheDisk = (error: unknown): boolean => /^SQLITE_(FULL|IOERR|CORRUPT|NOMEM)/.test(codeOf(error));

interface Job {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** What changes leave to be written once for all of them, before they are committed. */
export interface Afterwards {
  /** One change begins. What comes back is called when it is undone, and forgets what it left. */
  mark: () => () => void;
  write: () => void;
  /** Nothing is written any more: what was left belongs to changes that are undone. */
  forget: () => void;
}

const nothingAfterwards: Afterwards = {
  mark: () => () => undefined,
  write: () => undefined,
  forget: () => undefined,
};

/**
 * Commits in groups: changes that arrive in one turn of the event loop share one transaction, each in a savepoint of
 * its own, so that one that throws takes no other with it. A promise resolves after COMMIT, never before. This is what
 * makes `synchronous=FULL` affordable: one fsync serves all of them. `ride` is for what follows from the others: it
 * comes after them, and when one of them asks for it, into the very same commit. `makeRoom` is asked when the disk is
 * full; where it says that there is room now, the same changes are tried once more.
 */
export function groupCommit(
  database: Database.Database,
  makeRoom: () => boolean = () => false,
  afterwards = nothingAfterwards,
) {
  const waiting: Job[] = [];
  const riding: Job[] = [];
  let scheduled = false;
  let lockedTries = 0;
  let isSlow = false;
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) =>
    database.prepare(sql),
  );
  const [savepoint, release, undo] = ['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one'].map((sql) =>
    database.prepare(sql),
  );

  const next = (): Job | undefined => waiting.shift() ?? riding.shift();

  function runOne(job: Job): () => void {
    savepoint!.run();
    const takeBack = afterwards.mark();
    try {
      const value = job.run();
      release!.run();
      return () => job.resolve(value as never);
    } catch (error) {
      if (isOfTheDisk(error)) throw error;
      undo!.run();
      release!.run();
      takeBack();
      return () => job.reject(error);
    }
  }

  function flush(): void {
    scheduled = false;
    const jobs: Job[] = [];
    try {
      begin!.run();
      const settled: (() => void)[] = [];
      for (let job = next(); job; job = jobs.length < batchMax ? next() : undefined) {
        jobs.push(job);
        settled.push(runOne(job));
      }
      afterwards.write();
      const begunAt = performance.now();
      commit!.run();
      isSlow = performance.now() - begunAt > slowMs;
      lockedTries = 0;
      for (const settle of settled) settle();
    } catch (error) {
      if (database.inTransaction) rollback!.run();
      afterwards.forget();
      if (mayTryAgain(error)) {
        waiting.unshift(...jobs);
        schedule();
        return;
      }
      lockedTries = 0;
      const unbegun = jobs.length === 0 ? [...waiting.splice(0), ...riding.splice(0)] : [];
      for (const job of [...jobs, ...unbegun]) job.reject(error);
    }
    if (waiting.length + riding.length > 0) schedule();
  }

  function mayTryAgain(error: unknown): boolean {
    if (codeOf(error) === 'SQLITE_FULL') return makeRoom();
    if (!codeOf(error).startsWith('SQLITE_BUSY')) return false;
    lockedTries += 1;
    return lockedTries < lockedTriesMax;
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    if (isSlow) setImmediate(gather, 0, 0, gatherTurnsMax);
    else setImmediate(flush);
  }

  function gather(seen: number, quiet: number, turnsLeft: number): void {
    const { length } = waiting;
    const isEnough = quiet >= quietTurns || length >= batchMax || turnsLeft === 0;
    if (isEnough) flush();
    else setImmediate(gather, length, length === seen ? quiet + 1 : 0, turnsLeft - 1);
  }

  const into =
    (jobs: Job[]) =>
    <T>(run: () => T): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        jobs.push({ run, resolve: resolve as (value: never) => void, reject });
        schedule();
      });

  return { commit: into(waiting), ride: into(riding) };
}
