import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Slack } from '../../src/sandbox/slack.ts';
import { environmentOf, folder, programOf, run, slackNow, until } from '../support/process.ts';

/** A cold start takes seconds, and five of them side by side on a busy machine many more. */
const withinMs = 300_000;
/** The incident's, once it is there. */
const channelOf = (slack: Slack) =>
  slack.channels().some((name) => name.startsWith('inc-')) ? slack.channel('inc-') : null;
const noStack = expect.not.stringMatching(/^\s+at /m);

test.concurrent(
  'a missing or malformed environment ends the start with one plain line per problem',
  async () => {
    const wrong = { SLACK_BOT_TOKEN: 'xoxp-wrong-kind', PORT: '99999', DATABASE_URL: 'postgres://x' };
    const process = run(wrong, programOf('src/main.ts'), folder());
    expect(await process.ended).toBe(1);
    expect(process.output()).toMatchInlineSnapshot(`
      "SLACK_BOT_TOKEN: is not a bot token; copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your Slack app
      SLACK_SIGNING_SECRET: is missing; copy the Signing Secret from Basic Information in your Slack app
      PORT: "99999" is not a port; use a number from 0 (any free port) to 65535, like 3000
      DATABASE_URL: names a database that is not supported; only SQLite files are: write file: and a path, like file:./data/tocsin.db
      "
    `);
  },
  withinMs,
);

test.concurrent(
  'settings that are missing while a .env lies there that nobody read: the command that reads it is named',
  async () => {
    const home = folder();
    writeFileSync(join(home, '.env'), '# mine\nSLACK_BOT_TOKEN=xoxb-1\nDATABASE_URL=file:./my.db\n');
    const bot = run({}, programOf('src/main.ts'), home);
    expect(await bot.ended).toBe(1);
    expect(bot.output()).toMatch(
      /^SLACK_BOT_TOKEN: is missing; .+\nSLACK_SIGNING_SECRET: .+\nThere is a \.env here that was not read: node --env-file=\.env dist\/main\.js\n$/,
    );
    const backup = run({}, programOf('src/backup.ts'), home);
    expect(await backup.ended).toBe(1);
    const unset = (name: string): string[] => [
      'DATABASE_URL is not set: ./data/tocsin.db is meant.',
      `There is a .env here that was not read: node --env-file=.env --import tsx src/${name}.ts`,
    ];
    expect(backup.output().split('\n')).toEqual([
      ...unset('backup'),
      'DATABASE_URL: there is no file ./data/tocsin.db; set it as it is for Tocsin',
      '',
    ]);
    const restore = run({ DATABASE_URL: ' ' }, programOf('src/restore.ts'), home);
    expect(await restore.ended).toBe(0);
    expect(restore.output().split('\n').sort()).toEqual(
      ['', 'There are no backups of ./data/tocsin.db in data/backups.', ...unset('restore')].sort(),
    );
  },
  withinMs,
);

test.concurrent(
  'a mistake in incident.yml is said with its line and its cure',
  async () => {
    const home = folder();
    const slack = { apiUrl: 'http://127.0.0.1:9/api/', botToken: 'xoxb-1', signingSecret: 'canary-signing' };
    const environment = environmentOf(slack, home);
    writeFileSync(join(home, 'incident.yml'), 'severites: {}\ncadence: 5\n');
    const process = run(environment);
    expect(await process.ended).toBe(1);
    expect(process.output().split('\n')[0]).toMatch(/^severites \(line 1\): .+; .*severities/);
    expect(process.output()).toEqual(noStack);
  },
  withinMs,
);

test.concurrent(
  'a port that is taken is one plain line',
  // Side by side with others only its own hook is surely its own: another's end once set the port free.
  async ({ onTestFinished }) => {
    const other = createServer().listen(0);
    onTestFinished(() => void other.close());
    await until('the other listens', () => other.listening);
    const { port } = other.address() as AddressInfo;
    const slack = await slackNow();
    const process = run({ ...environmentOf(slack, folder()), PORT: String(port) });
    expect(await process.ended).toBe(1);
    expect(process.output()).toBe(
      `PORT: ${port} is taken by another program; stop it, or choose another port\n`,
    );
  },
  withinMs,
);

test.concurrent(
  'a file that is no database is said, not thrown',
  async () => {
    const home = folder();
    const slack = await slackNow();
    const environment = environmentOf(slack, home);
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'tocsin.db'), 'this is no database, however long it may be'.repeat(100));
    const process = run(environment);
    expect(await process.ended).toBe(1);
    expect(process.output()).toBe(
      `DATABASE_URL: ${join(home, 'data', 'tocsin.db')} is no database, or its beginning is damaged. Nothing was changed. Name another file, or put a backup in its place: npm run restore lists them\n`,
    );
  },
  withinMs,
);

test.concurrent(
  'a token that Slack refuses ends the start, in words',
  async () => {
    const slack = await slackNow();
    slack.tokens.revoke();
    const process = run(environmentOf(slack, folder()));
    expect(await process.ended).toBe(1);
    expect(process.output()).toContain(
      'Slack refuses SLACK_BOT_TOKEN (invalid_auth): copy the Bot User OAuth Token',
    );
    expect(process.output()).not.toContain(slack.botToken);
    expect(process.output()).toEqual(noStack);
  },
  withinMs,
);

test.concurrent(
  'an app-level token that Slack refuses ends the start, in words',
  async () => {
    const slack = await slackNow({ socketMode: true });
    const environment = { ...environmentOf(slack, folder()), SLACK_APP_TOKEN: 'xapp-1-canary-wrong' };
    const process = run(environment);
    expect(await process.ended).toBe(1);
    expect(process.output()).toContain(
      'Slack refuses SLACK_APP_TOKEN (invalid_auth): make an app-level token',
    );
    expect(process.output()).not.toContain('canary-wrong');
    expect(process.output()).toEqual(noStack);
  },
  withinMs,
);

test.concurrent(
  'over a socket it takes a command, survives the loss of the socket and of the network, and ends with code 0',
  async () => {
    const slack = await slackNow({ socketMode: true });
    slack.connect('by socket');
    const { SLACK_SIGNING_SECRET: _, ...environment } = environmentOf(slack, folder());
    const process = run({ ...environment, SLACK_APP_TOKEN: slack.appToken });
    await process.listening;
    await until('the socket is open', () => slack.sockets.count() === 1);
    await until('it knows who it is', () => slack.callsTo('auth.test').length > 0);
    slack.sockets.disconnect('refresh_requested');
    await until(
      'only the next socket is open',
      () => slack.sockets.greeted() === 2 && slack.sockets.count() === 1,
    );
    slack.faults.next('apps.connections.open', 'reset', 2);
    slack.sockets.cut();
    // Pauses between tries grow, and a greeting may take its time: longer than all of them together.
    await until('it came back', () => slack.sockets.greeted() >= 3 && slack.sockets.count() === 1);
    // Its answer may be later than the three seconds that Slack waits for one.
    await slack.as('ana').command('/incident declare --test sev3 Over a socket');
    await until('it is declared', () => channelOf(slack) !== null);
    process.child.kill('SIGTERM');
    expect(await process.ended).toBe(0);
    expect(process.output()).not.toContain('unexpected');
  },
  withinMs,
);

test.concurrent(
  'a missing scope ends the start and names the scope and the manifest',
  async () => {
    const slack = await slackNow({ scopes: ['app_mentions:read', 'chat:write', 'commands'] });
    const process = run(environmentOf(slack, folder()));
    expect(await process.ended).toBe(1);
    expect(process.output()).toMatch(/The Slack app lacks the scope bookmarks:read: paste manifest\.yml/);
  },
  withinMs,
);

test.concurrent(
  'the second process on one data directory ends with code 3; after kill -9 the lock is free',
  async () => {
    const slack = await slackNow();
    const environment = environmentOf(slack, folder());
    const first = run(environment);
    await first.listening;
    const second = run(environment);
    expect(await second.ended).toBe(3);
    expect(second.output()).toMatch(
      /^Another Tocsin is already using .+\. Stop it first, or give this one a DATABASE_URL of its own\.\n$/,
    );
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await run(environment).listening).toBeGreaterThan(0);
  },
  withinMs,
);

test.concurrent(
  'it is ready though Slack hangs, and SIGTERM ends it with code 0',
  async () => {
    const slack = await slackNow();
    slack.faults.always('auth.test', 'timeout');
    const process = run(environmentOf(slack, folder()));
    const port = await process.listening;
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ok: true }]);
    process.child.kill('SIGTERM');
    expect(await process.ended).toBe(0);
  },
  withinMs,
);

test.concurrent.each(['by HTTP', 'by socket'])(
  '%s: logs are JSON, and at level trace they hold no secret and nothing that people wrote',
  async (way) => {
    const isSocket = way === 'by socket';
    const slack = await slackNow({ socketMode: isSocket });
    if (isSocket) slack.connect(way);
    const token: Record<string, string> = isSocket ? { SLACK_APP_TOKEN: slack.appToken } : {};
    const process = run({ ...environmentOf(slack, folder()), ...token, LOG_LEVEL: 'trace' });
    const port = await process.listening;
    if (!isSocket) slack.connect(`http://127.0.0.1:${port}`);
    else await until('the socket is open', () => slack.sockets.count() === 1);
    for (const fault of [
      { status: 500 },
      { error: 'internal_error' },
      { status: 429, retryAfter: 1 },
    ] as const)
      slack.faults.next('chat.postMessage', fault);
    await slack.as('ana').command('/incident declare sev1 canary-title');
    await until('the page', () => slack.as('bea').dm().includes('canary-title'));
    await until('Ana is in the channel', () => channelOf(slack)?.members.includes('ana') ?? false);
    await slack.as('ana').say('canary-message', { in: 'inc-' });
    const body = JSON.stringify({ canary: 'canary-webhook' });
    const headers = { 'x-pagerduty-signature': 'v1=canary-signature' };
    await fetch(`http://127.0.0.1:${port}/webhooks/pagerduty`, { method: 'POST', body, headers });
    process.child.kill('SIGTERM');
    await process.ended;
    const lines = process.output().trim().split('\n');
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    for (const secret of [slack.botToken, slack.signingSecret, slack.appToken, '/link/', 'canary']) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  },
  withinMs,
);
