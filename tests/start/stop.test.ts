import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Slack } from '../../src/sandbox/slack.ts';
import { environmentOf, folder, run, slackNow, until } from '../support/process.ts';

/** Cold starts on a busy machine. */
const withinMs = 300_000;

const states = (home: string): Record<string, number> => {
  const database = new Database(join(home, 'data', 'tocsin.db'), { readonly: true });
  const rows = database.prepare('select state, count(*) as n from outbox group by state').all();
  database.close();
  return Object.fromEntries((rows as { state: string; n: number }[]).map(({ state, n }) => [state, n]));
};

/** A bot with a page under way that Slack never answers. */
async function hanging(home: string, slack: Slack) {
  const process = run(environmentOf(slack, home));
  const port = await process.listening;
  slack.connect(`http://127.0.0.1:${port}`);
  await until('it knows who it is', () => slack.callsTo('auth.test').length > 0);
  slack.faults.always('chat.postMessage', { timeout: true, when: 'after' });
  await slack.as('ana').command('/incident declare sev1 Checkout is down');
  await until('the page is under way', () => slack.as('bea').dm().includes('Checkout is down'));
  return { process, port };
}

const pagesTo = (slack: Slack): number => slack.as('bea').dm().split('Checkout is down').length - 1;

test.concurrent(
  'SIGTERM: nothing is begun any more, it ends by itself within 15 s with code 0, and the log of the database is written back',
  async () => {
    const home = folder();
    const slack = await slackNow();
    const { process, port } = await hanging(home, slack);
    const askedAt = Date.now();
    process.child.kill('SIGTERM');
    await until('it is not ready any more', () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    const stoppingAt = Date.now();
    expect(await process.ended).toBe(0);
    expect(Date.now() - askedAt).toBeLessThan(20_000);
    // What was on its way to Slack by then has arrived.
    const later = slack.callsTo('chat.postMessage').filter(({ at }) => at > stoppingAt + 1_000);
    expect(later).toEqual([]);
    expect(existsSync(join(home, 'data', 'tocsin.db-wal'))).toBe(false);
  },
  withinMs,
);

test.concurrent(
  'a second SIGTERM ends it at once; what was under way stays so, is looked up by the next start, and arrives once',
  async () => {
    const home = folder();
    const slack = await slackNow();
    const { process } = await hanging(home, slack);
    const pages = pagesTo(slack);
    process.child.kill('SIGTERM');
    await until('it says that it stops', () => process.output().includes('SIGTERM: stopping'));
    process.child.kill('SIGTERM');
    expect(await process.ended).toBe(143);
    expect(states(home).sending).toBeGreaterThan(0);
    slack.faults.clear();
    const next = run(environmentOf(slack, home));
    slack.connect(`http://127.0.0.1:${await next.listening}`);
    await until('it looked, and nothing is in doubt any more', () => {
      const { sending = 0, unknown = 0, pending = 0 } = states(home);
      return sending + unknown + pending === 0;
    });
    expect(pagesTo(slack)).toBe(pages);
  },
  withinMs,
);
