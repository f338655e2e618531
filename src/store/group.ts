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
 * makes `synchronous=FULL` affordable: one fsync serves all of them. `ride` is for what follows from the others: it
 * comes after them, and when one of them asks for it, into the very same commit.
 */
export function groupCommit(database: Database.Database) {
  const waiting: Job[] = [];
  const riding: Job[] = [];
  let scheduled = false;
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) =>
    database.prepare(sql),
  );
  const [savepoint, release, undo] = ['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one'].map((sql) =>
    database.prepare(sql),
  );

  const next = (): Job | undefined => waiting.shift() ?? riding.shift();

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
    const jobs: Job[] = [];
    try {
      begin!.run();
      const settled: (() => void)[] = [];
      for (let job = next(); job; job = jobs.length < batchMax ? next() : undefined) {
        jobs.push(job);
        settled.push(runOne(job));
      }
      commit!.run();
      for (const settle of settled) settle();
    } catch (error) {
      if (database.inTransaction) rollback!.run();
      const unbegun = jobs.length === 0 ? [...waiting.splice(0), ...riding.splice(0)] : [];
      for (const job of [...jobs, ...unbegun]) job.reject(error);
    }
    if (waiting.length + riding.length > 0) schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
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
