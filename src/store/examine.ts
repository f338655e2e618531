import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** What a copy of the database turned out to hold. */
export interface Examined {
  /** SQLite's words for what is damaged; empty: nothing is. */
  damage: string[];
  /** False: a database, but none of Tocsin's. */
  isOurs: boolean;
  incidents: number;
  /** Number of the latest incident; 0: there is none. */
  lastId: number;
  /** Stamp of the last migration it has seen, as drizzle counts them (epoch ms). */
  migratedTo: number;
  /** The last sign of life of the process that wrote it, epoch ms; null: it never ticked. */
  tickedAt: number | null;
}

/**
 * In a thread of its own, because checking a gigabyte takes a second in which nobody would be answered; as text,
 * because a file would have one name before the build and another after it.
 */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
const { closeSync, fsyncSync, openSync } = require('node:fs');
const Database = require(workerData.driver);
function look(database) {
  database.pragma('journal_mode = DELETE');
  const one = (sql) => database.prepare(sql).pluck().get();
  const has = (table) => one("select count(*) from sqlite_master where type = 'table' and name = '" + table + "'") === 1;
  const damage = database.pragma('quick_check(5)').map((row) => row.quick_check.split('\\n').at(-1)).filter((word) => word !== 'ok');
  const isOurs = has('incidents') && has('meta') && has('__drizzle_migrations');
  return {
    damage, isOurs,
    incidents: isOurs ? one('select count(*) from incidents') : 0,
    lastId: isOurs ? one('select coalesce(max(id), 0) from incidents') : 0,
    migratedTo: isOurs ? Number(one('select coalesce(max(created_at), 0) from __drizzle_migrations')) : 0,
    tickedAt: isOurs ? Number(one("select value from meta where key = 'last-tick'")) || null : null,
  };
}
function examine() {
  const database = new Database(workerData.path, { fileMustExist: true });
  let found;
  try {
    found = look(database);
  } finally {
    database.close();
  }
  const file = openSync(workerData.path, 'r+');
  fsyncSync(file);
  closeSync(file);
  return found;
}
try {
  parentPort.postMessage({ found: examine() });
} catch ({ code, message }) {
  // As they are, SQLite's errors lose their words between two threads.
  parentPort.postMessage({ failed: { code, message } });
}
`;

/** What the thread says: one of the two. */
interface Outcome {
  found?: Examined;
  failed?: { code?: string; message: string };
}

const driver = createRequire(import.meta.url).resolve('better-sqlite3');

/**
 * Opens a copy that nobody else has open, makes it one file that needs no other beside it, checks it, and waits until it
 * is on the disk. Rejects with SQLite's error where it cannot even be read.
 */
export function examine(path: string): Promise<Examined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { eval: true, workerData: { path, driver } });
    worker.once('message', ({ found, failed }: Outcome) => {
      if (found) resolve(found);
      else reject(Object.assign(new Error(failed?.message), failed));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`nobody could say whether ${path} is whole`)));
  });
}
