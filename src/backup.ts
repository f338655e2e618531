import { commandFor, commandWithEnv, wordsTyped } from './command-line.ts';
import { databaseFileOf } from './config/environment.ts';
import { ConfigurationError, formatProblems } from './config/problem.ts';
import { readDotEnv } from './config/read-file.ts';
import { unsetDatabaseLines } from './config/unset.ts';
import { BackupFailed, backUpByHand } from './store/backup.ts';
import { DatabaseDamaged } from './store/damage.ts';
import { PlaceRefused } from './store/place.ts';
import { rightsCure, troubleWords } from './store/trouble.ts';

const usage = `Usage: ${commandFor('backup')}
Copies the database of DATABASE_URL into backups/ beside it, checks the copy and prints its path; Tocsin may run meanwhile.
To have the copy elsewhere too, copy that file.`;

/**
 * `npm run backup`: a checked copy of the database of DATABASE_URL beside it, whether or not Tocsin runs. Prints its
 * path. Needs no other variable. Ends with 1 where there is no whole copy.
 */
async function main(): Promise<void> {
  if (wordsTyped(process, 0, usage) === null) return;
  for (const line of unsetDatabaseLines(process.env, readDotEnv(), commandWithEnv('backup')))
    process.stderr.write(`${line}\n`);
  const path = databaseFileOf(process.env);
  const made = await backUpByHand(path, Date.now());
  process.stdout.write(
    `${made}\nIt is whole, and is never deleted by Tocsin. Keep a copy of it on another machine.\n`,
  );
}

function wordsOf(error: unknown): string {
  if (error instanceof ConfigurationError) return formatProblems(error.problems);
  if (error instanceof PlaceRefused || error instanceof DatabaseDamaged) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  const words = troubleWords(error, rightsCure) ?? message;
  return error instanceof BackupFailed || code !== undefined
    ? `There is no backup: ${words}.`
    : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exitCode = 1;
});
