import type { Database } from 'better-sqlite3';
import { type Revival, triesPerLife } from './store.ts';

/** Gives a call that failed for good another life, or ends it. Runs inside its caller's transaction. False: somebody did already. */
export function reviver(database: Database): (revival: Revival, at: number) => boolean {
  const revive = database.prepare(
    `update outbox set state = @as, error = @error, not_before = @at, settled_at = @at,
       attempts = (attempts / ${triesPerLife} + 1) * ${triesPerLife} where id = @row and state = 'dead'`,
  );
  return ({ row, as, error }, at) => revive.run({ row, as, error, at }).changes > 0;
}
