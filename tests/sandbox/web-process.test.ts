import { type ChildProcess, spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';

/** Two cold starts of the bot on a busy machine. */
const withinMs = 240_000;

interface Running {
  child: ChildProcess;
  ended: Promise<number | null>;
  output: () => string;
  /** What was printed, once these words are in it or the process has ended. */
  said: (words: string) => Promise<string>;
}

/** `npm run sandbox` without npm, and with nobody at the keyboard. */
function sandbox(...words: string[]): Running {
  const args = ['--import', 'tsx', 'src/sandbox/main.ts', '--no-open', ...words];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const looks = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of looks) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const said = (wanted: string) =>
    Promise.race([
      new Promise<string>((resolve) => {
        const look = () => {
          if (output.includes(wanted)) resolve(output);
        };
        looks.add(look);
        look();
      }),
      ended.then(() => output),
    ]);
  return { child, ended, output: () => output, said };
}

test('killed in the middle of its work and started again, the bot posts nothing twice', {
  timeout: withinMs,
}, async () => {
  const { said, child, ended } = sandbox('--port', '0');
  const output = await said('Ctrl-C ends it.');
  const url = /http:\/\/localhost:\d+/.exec(output)?.[0] ?? '';
  expect(output).toContain('Only this machine can open it (127.0.0.1): it has no password');
  const html = async (path: string) => (await fetch(`${url}${path}`)).text();
  const post = (path: string, fields: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { origin: url }, body: new URLSearchParams(fields) });
  const general = /\/as\/ana\/in\/(C\w+)/.exec(await html('/as/ana/'))?.[1] ?? '';

  await post('/as/ana/weather/doom');
  await post(`/as/ana/in/${general}/send`, { text: '/incident declare sev1 Checkout is down' });
  await expect.poll(() => html('/as/ana/'), { timeout: withinMs }).toContain('✖ Bot stopped');
  await post(`/as/ana/in/${general}/send`, { text: '/incident list' });
  await expect.poll(() => html('/as/ana/'), { timeout: withinMs }).toContain('dispatch_failed');

  await post('/as/ana/weather/start');
  await expect.poll(() => html('/as/ana/'), { timeout: withinMs }).toContain('✔ Bot ready');
  await post('/as/ana/clock/pass', { by: '1m' });
  const room = async () => /\/in\/(C\w+)[^>]*>(?:(?!<\/a>).)*inc-/.exec(await html('/as/ana/'))?.[1] ?? '';
  await expect.poll(room, { timeout: withinMs }).not.toBe('');
  const inside = await room();
  await expect.poll(() => html(`/as/ana/in/${inside}`), { timeout: withinMs }).toContain('Pinned');
  const page = await html(`/as/ana/in/${inside}`);
  expect(page.split('SEV1 · Checkout is down · INC-1').length - 1).toBe(1);

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('a port that is taken: one clear line, and how to take another', { timeout: withinMs }, async () => {
  const first = sandbox('--port', '0');
  const port = /localhost:(\d+)/.exec(await first.said('Ctrl-C ends it.'))?.[1] ?? '';
  const second = sandbox('--port', port);
  expect(await second.ended).toBe(1);
  expect(second.output()).toBe(
    `Port ${port} is taken, perhaps by another sandbox. Take another: npm run sandbox -- --port ${Number(port) + 1}\n`,
  );
});

test('an option that nobody knows, or a port that is none, is told with the help', {
  timeout: withinMs,
}, async () => {
  const [unknown, wrong] = [sandbox('--prot', '1'), sandbox('--port', 'http')];
  expect(await unknown.ended).toBe(1);
  expect(unknown.output()).toContain("Unknown option '--prot'");
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toContain('--port http is no port: write a number from 1 to 65535.');
  expect(wrong.output()).toContain('npm run sandbox [-- options]');
});
