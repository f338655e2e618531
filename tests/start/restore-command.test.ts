import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { compiled } from '../kills/build.ts';
import { environmentOf, folder, run, slackNow } from '../support/process.ts';

/** Several cold starts on a busy machine. */
const withinMs = 300_000;

/** `npm run backup` or `npm run restore`, with what it printed and its code. */
function command(name: 'backup' | 'restore', databaseUrl: string, ...words: string[]): Promise<Ended> {
  return commandAs({}, name, databaseUrl, ...words);
}

interface Ended {
  code: number | null;
  output: string;
}

/** The same as another user. */
function commandAs(
  user: { uid?: number; gid?: number },
  name: 'backup' | 'restore',
  databaseUrl: string,
  ...words: string[]
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', `src/${name}.ts`, ...words], {
    ...user,
    env: { PATH, HOME, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** A backup of a database that nobody has open, by its path. */
async function goodBackup(): Promise<string> {
  const store = await openSqlite(join(folder(), 'tocsin.db'), 0);
  const made = await store.backUp(0);
  store.close();
  return made;
}

/** Who has rights to nothing here. */
const nobody = { uid: 65_534, gid: 65_534 };
/** Only root can be somebody else, and only where everybody may read this project. */
const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync('cat', ['src/backup.ts', 'node_modules/tsx/package.json'], nobody).status === 0;

test.skipIf(!canBeNobody)(
  'who may not read the database or its backups is told so, and as whom to run it',
  async () => {
    const copy = await goodBackup();
    const backups = join(copy, '..');
    const home = join(backups, '..');
    const databaseUrl = `file:${join(home, 'tocsin.db')}`;
    const cure = 'run this as the user that runs Tocsin';
    const closed = await commandAs(nobody, 'restore', databaseUrl);
    expect(closed.output).toContain(`tocsin.db cannot be read or written by this user`);
    chmodSync(home, 0o755);
    const listed = await commandAs(nobody, 'restore', databaseUrl);
    expect(listed.output).toContain(`Nothing was done: ${backups} cannot be read or written by this user`);
    const restored = await commandAs(nobody, 'restore', databaseUrl, copy);
    const copied = await commandAs(nobody, 'backup', databaseUrl);
    expect(copied.output).toMatch(/^There is no backup: .+tocsin.db cannot be read or written by this user/);
    for (const { code, output } of [closed, listed, restored, copied]) {
      expect([code, output.split('\n').length]).toEqual([1, 2]);
      expect(output).toContain(cure);
    }
  },
  withinMs,
);

test.skipIf(!canBeNobody)(
  "what root backs up and restores for the service's user, that user goes on with",
  async () => {
    const home = join(await goodBackup(), '..', '..');
    const databaseUrl = `file:${join(home, 'tocsin.db')}`;
    const all = (): string[] => ['.', ...readdirSync(home, { recursive: true, encoding: 'utf8' })];
    rmSync(join(home, 'tocsin.lock'));
    for (const name of all()) chownSync(join(home, name), nobody.uid, nobody.gid);
    const backup = await command('backup', databaseUrl);
    const name = /by-hand-.+\.db/.exec(backup.output)![0];
    chmodSync(join(home, 'backups', name), 0o644);
    const restored = await command('restore', databaseUrl, name);
    expect(restored.output).toContain('Start Tocsin.');
    expect(all().filter((file) => statSync(join(home, file)).uid !== nobody.uid)).toEqual([]);
    expect(statSync(join(home, 'tocsin.db')).mode & 0o777).toBe(0o600);
    const elsewhere = `file:${join(home, 'new', 'data', 'tocsin.db')}`;
    expect((await command('restore', elsewhere, join(home, 'backups', name))).code).toBe(0);
    expect(all().filter((file) => statSync(join(home, file)).uid !== nobody.uid)).toEqual([]);
    for (const url of [databaseUrl, elsewhere]) {
      expect((await commandAs(nobody, 'restore', url, join(home, 'backups', name))).code).toBe(0);
      expect((await commandAs(nobody, 'backup', url)).code).toBe(0);
    }
  },
  withinMs,
);

test(
  'a folder as the database is refused by the start, a backup and a restore, and stays as it is',
  async () => {
    const home = folder();
    const data = join(home, 'data');
    mkdirSync(data);
    chmodSync(data, 0o750);
    const databaseUrl = `file:${data}`;
    const words = `DATABASE_URL: ${data} is a folder; name a file in it, like file:${data}/tocsin.db\n`;
    const bot = run({ ...environmentOf(await slackNow(), home), DATABASE_URL: databaseUrl });
    expect([await bot.ended, bot.output()]).toEqual([1, words]);
    const refused = { code: 1, output: words };
    expect(await command('backup', databaseUrl)).toEqual(refused);
    expect(await command('restore', databaseUrl)).toEqual(refused);
    expect(await command('restore', databaseUrl, await goodBackup())).toEqual(refused);
    expect(statSync(data).mode & 0o777).toBe(0o750);
    expect(readdirSync(home).sort()).toEqual(['data', 'incident.yml']);
    expect(readdirSync(data)).toEqual([]);
  },
  withinMs,
);

test(
  'what a backup or a restore cannot do with its words is refused with its usage, and nothing is done; --help is the usage',
  async () => {
    const copy = await goodBackup();
    const databaseUrl = `file:${join(folder(), 'data', 'tocsin.db')}`;
    const [elsewhere, two, empty, option, help, short] = await Promise.all([
      command('backup', databaseUrl, '/mnt/usb/x.db'),
      command('restore', databaseUrl, copy, 'b.db'),
      command('restore', databaseUrl, ''),
      command('restore', databaseUrl, '--force', copy),
      command('backup', databaseUrl, '--help'),
      command('restore', databaseUrl, '-h'),
    ]);
    expect(elsewhere.output).toMatchInlineSnapshot(`
      "This takes no words, and was given /mnt/usb/x.db. Nothing was done.
      Usage: npm run backup
      Copies the database of DATABASE_URL into backups/ beside it, checks the copy and prints its path; Tocsin may run meanwhile.
      To have the copy elsewhere too, copy that file.
      "
    `);
    expect(two.output).toMatchInlineSnapshot(`
      "One file at a time, not 2. Nothing was done.
      Usage: npm run restore
               lists the backups of the database of DATABASE_URL
             npm run restore -- <file>
               puts that one in the database's place; stop Tocsin first. What was there is moved aside, never deleted.
      "
    `);
    expect(empty.output).toMatch(/^The name of the file is empty\. Nothing was done\.\nUsage: /);
    expect(option.output).toMatch(/^There is no option --force\. Nothing was done\.\nUsage: /);
    expect([elsewhere, two, empty, option].map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(elsewhere.output).toContain(help.output);
    expect(two.output).toContain(short.output);
    expect([help, short].map(({ code, output }) => [code, output.split('\n')[0]])).toEqual([
      [0, 'Usage: npm run backup'],
      [0, 'Usage: npm run restore'],
    ]);
    expect(existsSync(join(databaseUrl.slice('file:'.length), '..'))).toBe(false);
  },
  withinMs,
);

test(
  'what runs compiled, as in a container, names commands that work there',
  async () => {
    const built = compiled();
    const databaseUrl = `file:${join(await goodBackup(), '..', '..', 'tocsin.db')}`;
    const say = (program: string, ...words: string[]): string =>
      spawnSync(process.execPath, [join(built, 'dist', program), ...words], {
        env: { DATABASE_URL: databaseUrl },
        encoding: 'utf8',
      }).stdout;
    expect(say('backup.js', '--help')).toMatch(/^Usage: node dist\/backup\.js\n/);
    expect(say('config/check.js', '-h')).toContain(' node dist/config/check.js <file>\n');
    const listed = say('restore.js');
    expect(listed).toContain('stop Tocsin, then: node dist/restore.js <file>\n');
    expect(listed).not.toContain('npm');
  },
  withinMs,
);

test(
  'a backup is made while Tocsin runs; a restore is refused then with code 3, and done once it has ended',
  async () => {
    const home = folder();
    const slack = await slackNow();
    const environment = environmentOf(slack, home);
    const databaseUrl = environment.DATABASE_URL!;
    const bot = run(environment);
    await bot.listening;
    const backup = await command('backup', databaseUrl);
    expect(backup.output).toMatch(/backups\/by-hand-.+\.db\nIt is whole/);
    expect(backup.code).toBe(0);
    const name = /by-hand-.+\.db/.exec(backup.output)![0];
    const refused = await command('restore', databaseUrl, name);
    expect(refused).toEqual({ code: 3, output: 'Tocsin is running: stop it first, then restore.\n' });
    bot.child.kill('SIGTERM');
    await bot.ended;
    const listed = await command('restore', databaseUrl);
    expect(listed.output).toContain(`${name}  0 min old, `);
    expect(listed.output).toContain('npm run restore -- <file>');
    const restored = await command('restore', databaseUrl, name);
    expect(restored.code).toBe(0);
    expect(restored.output).toMatch(/What was there is in .+replaced-.+: delete it when you are sure\./);
    expect(restored.output).toMatch(/Start Tocsin\./);
    const again = run(environment);
    expect(await again.listening).toBeGreaterThan(0);
    const nothing = await command('restore', databaseUrl, 'no-such.db');
    expect(nothing.code).toBe(3);
    again.child.kill('SIGTERM');
    await again.ended;
    const missing = await command('restore', databaseUrl, 'no-such.db');
    expect(missing).toEqual({ code: 1, output: 'There is no file no-such.db.\n' });
    const path = join(home, 'nowhere', 'tocsin.db');
    const nowhere = await command('backup', `file:${path}`);
    const words = `DATABASE_URL: there is no file ${path}; set it as it is for Tocsin\n`;
    expect(nowhere).toEqual({ code: 1, output: words });
    expect(existsSync(join(path, '..'))).toBe(false);
  },
  withinMs,
);
