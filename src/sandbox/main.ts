import { fstatSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { botArgument, botProcessOf, serveBot } from './bot-process.ts';
import { openBrowser } from './browser.ts';
import { inkFor } from './ink.ts';
import { promptHelp } from './prompt.ts';
import { runPrompt } from './typed-prompt.ts';

const portDefault = 3100;
const hostDefault = '127.0.0.1';

const help = `npm run sandbox [-- options]

Runs the real bot with a Slack, six people and a PagerDuty on this machine, and shows them at
http://localhost:${portDefault}. Ctrl-C ends it; nothing is kept.

  --port 3101     another port
  --host 0.0.0.0  lets others in. Default ${hostDefault}: the page has no password, and whoever opens it is everybody
  --no-open       does not open the browser
  --prompt        types instead of clicking; so does a pipe
  --plain         no colours at the prompt (so does NO_COLOR=1)
  --help          this

${promptHelp}`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  'no-open': { type: 'boolean' },
  prompt: { type: 'boolean' },
  plain: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Wanted = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** What was asked for, or what is wrong with it. */
function readOptions(words: readonly string[]): Wanted | string {
  try {
    const { values } = parseArgs({ args: [...words], options });
    const port = Number(values.port ?? portDefault);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return values;
    return `--port ${values.port} is no port: write a number from 1 to 65535.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lines come from a pipe or a file. A terminal, or nothing at all (`/dev/null`), types none. */
function isPiped(): boolean {
  try {
    const input = fstatSync(process.stdin.fd);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false;
  }
}

/** React asks at its loading which of its two it is; the one for development draws at a fifth of the speed. */
async function pageParts() {
  process.env.NODE_ENV ??= 'production';
  const { servePage } = await import('./web/server.ts');
  const { openWorkshop } = await import('./web/workshop.ts');
  return { servePage, openWorkshop };
}

/** Listens there for a moment, so that no bot is started in vain. Rejects where that cannot be. */
async function probe({ port, host }: Address): Promise<true> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** The page, until a signal ends it. */
async function runPage({ port, host = hostDefault, ...wanted }: Wanted): Promise<void> {
  const at = { port: Number(port ?? portDefault), host };
  const refuse = (error: NodeJS.ErrnoException) => {
    console.error(whyNot(error, at));
    process.exitCode = 1;
    return null;
  };
  if (!(await probe(at).catch(refuse))) return;
  const startBot = botProcessOf(fileURLToPath(import.meta.url), 1);
  const { servePage, openWorkshop } = await pageParts();
  const workshop = await openWorkshop({ now: Date.now, startBot });
  const { room, control } = workshop;
  const page = await servePage(room, control, at).catch(refuse);
  if (!page) return workshop.close();
  control.run();
  console.log(`The sandbox is open: ${page.url}
Slack ${room.world.slack.apiUrl} and the bot ${control.bot.healthUrl} run on this machine. ${whoMayCome(host)} Ctrl-C ends it.`);
  if (process.stdout.isTTY && !wanted['no-open']) openBrowser(page.url);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await page.close();
  await workshop.close();
}

const whoMayCome = (host: string): string =>
  host === hostDefault
    ? `Only this machine can open it (${hostDefault}): it has no password; --host lets others in.`
    : `Whoever reaches ${host} can be anybody in it: it has no password.`;

interface Address {
  port: number;
  host: string;
}

function whyNot({ code, message }: NodeJS.ErrnoException, { port, host }: Address): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken, perhaps by another sandbox. Take another: npm run sandbox -- --port ${port + 1}`;
  }
  if (code === 'EACCES')
    return `Port ${port} is not ours to take. Take another: npm run sandbox -- --port ${portDefault}`;
  return `The page cannot listen on ${host}:${port}: ${message}`;
}

async function main(words: readonly string[]): Promise<void> {
  if (words.includes(botArgument)) return serveBot();
  const wanted = readOptions(words);
  if (typeof wanted === 'string' || wanted.help) {
    console.log(typeof wanted === 'string' ? `${wanted}\n\n${help}` : help);
    process.exitCode = typeof wanted === 'string' ? 1 : 0;
    return;
  }
  const isForPage = wanted.port !== undefined || wanted.host !== undefined;
  if (wanted.prompt || (isPiped() && !isForPage)) {
    return runPrompt(inkFor(process.stdout.isTTY, process.env, wanted.plain ?? false));
  }
  return runPage(wanted);
}

await main(process.argv.slice(2));
