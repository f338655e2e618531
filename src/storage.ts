import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { commandFor } from './command-line.ts';
import { type RestoredFrom, restoredFrom, type Store } from './store/store.ts';
import type { State } from './voice.ts';

export interface StorageDeps {
  store: Store;
  clock: Clock;
  state: State;
  log: Pick<Logger, 'warn' | 'error'>;
  /** Tells people what they must mend. Rejects where Slack does not take it. */
  alarm: (problem: string) => Promise<void>;
}

/** main.ts has one made this often (reliability.md 3.9). */
export const backupEveryMs = 900_000;
/** What was sent is on the timeline; the row that sent it is kept this long for whoever looks into trouble. */
const doneKeptMs = 30 * 24 * 3_600_000;
/** People are told of one kind of trouble this often, while it lasts. */
const alarmEveryMs = 3_600_000;
/** After an alarm that Slack did not take. */
const alarmRetryMs = 60_000;
/** How often the disk is looked at. */
const lookEveryMs = 60_000;
/** SQLite keeps it below 4 MB; where it grows past this, somebody reads and does not let go (reliability.md section 2). */
const writeAheadLogBytesMax = 64 * 1024 ** 2;
/** So long the doctor tells that the database was restored. */
const restoredToldMs = 24 * 3_600_000;

type Trouble = 'clock' | 'backup' | 'write-ahead log' | 'reserve' | 'restored';

/** Looks after the disk under the database: backups, and what is wrong there, in words with the cure. */
export function keepStorage({ store, clock, state, log, alarm }: StorageDeps) {
  /** When people may be told of it (again), epoch ms. */
  const silentUntil = new Map<Trouble, number>();
  const restored = restoredFrom(store.meta('restored-from'));
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isTold = restored?.told ?? true;
  let backingUp: Promise<void> | null = null;
  let telling: Promise<unknown> = Promise.resolve();

  /** The doctor says it while it lasts; people hear of it in the announce channel. */
  function trouble(which: Trouble, words: string): void {
    state.problems.set(which, words);
    const now = clock.now();
    if (now < (silentUntil.get(which) ?? 0)) return;
    silentUntil.set(which, now + alarmEveryMs);
    telling = alarm(words).catch((error: unknown) => {
      silentUntil.set(which, clock.now() + alarmRetryMs);
      log.warn({ err: error }, 'Slack did not take the alarm; it is tried again in a minute');
    });
  }

  const over = (which: Trouble): void => void (state.problems.delete(which) && silentUntil.delete(which));

  async function makeBackup(): Promise<void> {
    try {
      await store.backUp(clock.now());
      await store.forget(clock.now() - doneKeptMs);
      over('backup');
    } catch (error) {
      log.error({ err: error }, 'the backup failed');
      trouble('backup', `The last backup failed (${messageOf(error)}). ${backupCure}`);
    }
  }

  async function look(): Promise<void> {
    const { walBytes } = await store.watch.space();
    const megabytes = Math.floor(walBytes / 1024 ** 2);
    if (walBytes <= writeAheadLogBytesMax) over('write-ahead log');
    else trouble('write-ahead log', `${walWords} (${megabytes} MB). ${walCure}`);
    if (store.hasReserve()) over('reserve');
    else trouble('reserve', reserveWords);
  }

  /** Once, to everybody; and to whoever asks the doctor, for a day. */
  async function tellRestored(): Promise<void> {
    if (!restored || restored.restoredAt === null) return;
    const words = restoredWords(restored, restored.restoredAt);
    if (clock.now() - restored.restoredAt > restoredToldMs) return over('restored');
    state.problems.set('restored', words);
    if (isTold) return;
    isTold = true;
    log.warn({ file: restored.file }, words);
    await alarm(words)
      .then(() => store.saveMeta('restored-from', JSON.stringify({ ...restored, told: true })))
      .catch((error: unknown) => {
        isTold = false;
        log.warn({ err: error }, 'Slack did not take the news of the restore; it is tried again in a minute');
      });
  }

  return {
    /** Every few seconds; nobody waits for it. */
    tick: (): void => {
      if (clock.now() - lookedAt < lookEveryMs) return;
      lookedAt = clock.now();
      telling = Promise.all([tellRestored(), look()]).catch((error: unknown) => {
        log.warn({ err: error }, 'the disk of the database could not be looked at');
      });
    },
    /** The database could not be written. */
    failed: (error: unknown): void => trouble('clock', failureWords(error)),
    mended: (): void => over('clock'),
    /** A copy of the database, then it is tidied; a failure is told, and the next one tries again. One at a time. */
    backUp: (): Promise<void> => {
      backingUp ??= makeBackup().finally(() => {
        backingUp = null;
      });
      return backingUp;
    },
    isBackupDue: (): boolean => clock.now() - Number(store.meta('last-backup') ?? 0) >= backupEveryMs,
    idle: async (): Promise<void> => void (await telling),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const backupCure =
  'What happens from now on would be lost with the disk: look at the log, and free space on the disk of the database.';
const walWords = 'The write-ahead log of the database grows';
const walCure = 'Another program reads the database and does not let go: end it.';
const reserveWords =
  'The disk of the database was full, and Tocsin lives on the room that it kept for that. Free space there now.';

/** What is wrong with the disk, by SQLite's word for it. */
function failureWords(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const word = typeof code === 'string' ? code : '';
  if (word === 'SQLITE_FULL')
    return 'The disk is full: nothing can be recorded, and no page goes out. Free space on the disk of the database; Tocsin then goes on by itself.';
  if (word.startsWith('SQLITE_BUSY'))
    return 'Another program holds the database: nothing can be recorded, and no page goes out. End that program; Tocsin then goes on by itself.';
  if (word.startsWith('SQLITE_CORRUPT') || word === 'SQLITE_NOTADB')
    return `The database is damaged: what comes in is refused, and nobody can rely on pages. Stop Tocsin and put a backup in its place: ${commandFor('restore')} lists them.`;
  if (word.startsWith('SQLITE_IOERR') || word === 'SQLITE_READONLY' || word === 'SQLITE_CANTOPEN')
    return `The disk of the database fails (${word}): nothing can be recorded, and no page goes out. Look at the log of the machine.`;
  return 'The last tick failed: the database could not be written.';
}

function restoredWords({ backedUpAt, lost }: RestoredFrom, toAt: number): string {
  const [from, to] = [backedUpAt, toAt].map((at) =>
    new Date(at).toISOString().slice(0, 16).replace('T', ' '),
  );
  return `Tocsin's database was restored from a backup: what was done with it between ${from} and ${to} UTC is lost. ${lost ? lostWords(lost) : ''}Look at each open incident: acknowledge, set roles and severity again where they are wrong, and declare again what is missing.`;
}

function lostWords({ first, last }: { first: number; last: number }): string {
  if (first === last) return `INC-${first} is not in it: nobody is paged for it any more. `;
  const join = last === first + 1 ? 'and' : 'to';
  return `INC-${first} ${join} INC-${last} are not in it: nobody is paged for them any more. `;
}
