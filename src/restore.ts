import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandFor, commandWithEnv, wordsTyped } from './command-line.ts';
import { databaseFileOf } from './config/environment.ts';
import { ConfigurationError, formatProblems } from './config/problem.ts';
import { readDotEnv } from './config/read-file.ts';
import { unsetDatabaseLines } from './config/unset.ts';
import { backupFolder } from './store/backup.ts';
import { DirectoryInUse } from './store/lock.ts';
import { PlaceRefused } from './store/place.ts';
import { BackupUnusable, listBackups, restore } from './store/restore.ts';
import { rightsCure, troubleWords } from './store/trouble.ts';

/** As main.ts: something to mend; Tocsin runs. */
const exits = { unusable: 1, directoryInUse: 3 } as const;
const listedMax = 200;
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

const usage = `Usage: ${commandFor('restore')}
         lists the backups of the database of DATABASE_URL
       ${commandFor('restore', '<file>')}
         puts that one in the database's place; stop Tocsin first. What was there is moved aside, never deleted.`;

/**
 * `npm run restore`: lists the backups of the database of DATABASE_URL. `npm run restore -- <file>`: puts that one in the
 * database's place, while Tocsin does not run. What was there is moved aside, never deleted.
 */
async function main(): Promise<void> {
  const words = wordsTyped(process, 1, usage);
  if (words === null) return;
  for (const line of unsetDatabaseLines(process.env, readDotEnv(), commandWithEnv('restore')))
    process.stderr.write(`${line}\n`);
  const path = databaseFileOf(process.env);
  const [given] = words;
  if (given === undefined) {
    list(path);
    return;
  }
  const inFolder = join(backupFolder(path), given);
  const done = await restore(path, existsSync(inFolder) ? inFolder : given);
  const at = new Date(done.backedUpAt).toISOString();
  say(`${path} is now the copy of ${at} (${ageOf(done.backedUpAt)} old, ${done.incidents} incidents).`);
  if (done.aside !== null) say(`What was there is in ${done.aside}: delete it when you are sure.`);
  say(`The next incident is INC-${done.nextId}: no number that was given since then is given again.`);
  say('Start Tocsin. Before it sends anything, it looks up what it may have sent after the copy was made.');
}

function list(path: string): void {
  const backups = listBackups(path);
  if (backups.length === 0) {
    say(`There are no backups of ${path} in ${backupFolder(path)}.`);
    return;
  }
  say(`Backups of ${path}, the newest first:`);
  for (const { name, at, bytes, isChecked } of backups.slice(0, listedMax)) {
    const megabytes = (bytes / 1024 ** 2).toFixed(1);
    const checked = isChecked ? 'checked when it was made' : 'checked when you restore it';
    say(`  ${name}  ${ageOf(at)} old, ${megabytes} MB, ${checked}`);
  }
  if (backups.length > listedMax) say(`  and ${backups.length - listedMax} older ones`);
  say(`To put one in the place of the database, stop Tocsin, then: ${commandFor('restore', '<file>')}`);
}

function ageOf(at: number): string {
  const ageMs = Math.max(0, Date.now() - at);
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} min`;
  return ageMs < 2 * dayMs ? `${Math.floor(ageMs / hourMs)} h` : `${Math.floor(ageMs / dayMs)} days`;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function wordsOf(error: unknown): string {
  if (error instanceof ConfigurationError) return formatProblems(error.problems);
  if (error instanceof DirectoryInUse) return 'Tocsin is running: stop it first, then restore.';
  if (error instanceof BackupUnusable || error instanceof PlaceRefused) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  const words = troubleWords(error, rightsCure) ?? message;
  return code === undefined ? String(error) : `Nothing was done: ${words}.`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exitCode = error instanceof DirectoryInUse ? exits.directoryInUse : exits.unusable;
});
