import type Database from 'better-sqlite3';

/** Changes committed together at the most. */
const batchMax = 500;

interface Job {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits in groups: changes that arrive in one turn of the event loop share one transaction, each in a savepoint of
 * its own, so that one that throws takes no other with it. A promise resolves after COMMIT, never before. This is what
 * makes `synchronous=FULL` affordable: one fsync serves all of them.
 */
export function groupCommit(database: Database.Database): <T>(run: () => T) => Promise<T> {
  const waiting: Job[] = [];
  let scheduled = false;
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) =>
    database.prepare(sql),
  );
  const [savepoint, release, undo] = ['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one'].map((sql) =>
    database.prepare(sql),
  );

  function runOne(job: Job): () => void {
    savepoint!.run();
    try {
      const value = job.run();
      release!.run();
      return () => job.resolve(value as never);
    } catch (error) {
      undo!.run();
      release!.run();
      return () => job.reject(error);
    }
  }

  function flush(): void {
    scheduled = false;
    const jobs = waiting.splice(0, batchMax);
    if (waiting.length > 0) schedule();
    try {
      begin!.run();
      const settled = jobs.map(runOne);
      commit!.run();
      for (const settle of settled) settle();
    } catch (error) {
      if (database.inTransaction) rollback!.run();
      for (const job of jobs) job.reject(error);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  return <T>(run: () => T) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ run, resolve: resolve as (value: never) => void, reject });
      schedule();
    });
}
