import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { startBotHere } from '../../src/sandbox/bot.ts';
import { startWorld, type World, type WorldOptions } from '../../src/sandbox/start.ts';
import { folder } from './process.ts';

export const healthToken = 'a-token-for-monitoring-0123456789';

/** A monitor that counts how often it is called, and answers with `status`. */
export async function monitor() {
  const seen = { beats: 0, status: 200 };
  const server = createServer((_req, res) => {
    seen.beats += 1;
    res.writeHead(seen.status, { location: '/elsewhere' }).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}/canary-heartbeat-key` };
}

/** A world whose bot beats at a monitor and answers whoever shows `healthToken`, on a database that a test can damage. */
export async function watchedWorld(options: Partial<WorldOptions> = {}, changes: Partial<Environment> = {}) {
  const { seen, url } = await monitor();
  const databaseFile = join(folder(), 'tocsin.db');
  const world = await startWorld({
    at: '2026-03-02T02:00Z',
    databaseFile,
    startBot: (boot, ...rest) =>
      startBotHere(
        { ...boot, environment: { ...boot.environment, healthToken, heartbeatUrl: url, ...changes } },
        ...rest,
      ),
    ...options,
  });
  onTestFinished(() => world.stop());
  /** What no code of ours would do to the database. */
  const damage = (...statements: string[]): void => {
    const database = new Database(databaseFile);
    database.pragma('foreign_keys = off');
    for (const statement of statements) database.exec(statement);
    database.close();
  };
  /** How often the monitor was called while so much time went by. */
  const beatsIn = async (duration: string): Promise<number> => {
    const before = seen.beats;
    await world.pass(duration);
    return seen.beats - before;
  };
  return { world, seen, url, damage, beatsIn };
}

/** What `/healthz`, or another route of monitoring, answers. */
export async function ask(world: World, path = '/healthz', token: string | null = healthToken) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${world.port}${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
}
