import { createInterface } from 'node:readline';
import type { Ink } from './ink.ts';
import { inkFor } from './ink.ts';
import { liveClock } from './live-clock.ts';
import { type Prompt, promptHelp, promptOf } from './prompt.ts';
import { startWorld, type World } from './start.ts';
import { cast } from './story.ts';

/** How often the bot's heart beats, and how often we look for what is new. */
const tickMs = 5_000;
const lookMs = 500;

const help = `npm run sandbox [-- --plain]

Runs the real bot with a Slack, six people and a PagerDuty on this machine, on the real clock, until quit or Ctrl-C.
Also reads its lines from a pipe, and ends with it. --plain (or NO_COLOR=1): no colours.

${promptHelp}`;

/** One line after the other, each to its end. A pipe's end, quit or Ctrl-C ends it. */
async function converse(prompt: Prompt, ink: Ink): Promise<void> {
  const isTerminal = process.stdin.isTTY;
  const input = createInterface({
    input: process.stdin,
    output: isTerminal ? process.stdout : undefined,
    prompt: ink('bold', 'tocsin> '),
  });
  input.on('SIGINT', () => input.close());
  if (isTerminal) input.prompt();
  for await (const line of input) {
    if (!isTerminal && line.trim() !== '') console.log(ink('bold', `> ${line.trim()}`));
    if (!(await prompt.obey(line))) break;
    if (isTerminal) input.prompt();
  }
  input.close();
}

/** Real time goes by: the bot ticks, and what people see is printed as it comes. Returns what ends that. */
function live(world: World, prompt: Prompt): () => void {
  const heart = setInterval(() => void world.tick().catch(tellTrouble), tickMs);
  const eyes = setInterval(() => prompt.look(), lookMs);
  return () => {
    clearInterval(heart);
    clearInterval(eyes);
  };
}

const tellTrouble = (error: unknown): void => console.error(`the tick failed: ${String(error)}`);

async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => !['--plain', '--help'].includes(word));
  if (unknown !== undefined || words.includes('--help')) {
    console.log(unknown === undefined ? help : `${unknown} is no option.\n\n${help}`);
    process.exitCode = unknown === undefined ? 0 : 1;
    return;
  }
  const ink = inkFor(process.stdout.isTTY, process.env, words.includes('--plain'));
  const clock = liveClock(Date.now);
  const world = await startWorld({ at: new Date(clock.now()).toISOString(), clock });
  const prompt = promptOf(world, cast, ink, console.log);
  console.log(
    `Slack ${world.slack.apiUrl} and the bot http://127.0.0.1:${world.port} are running.\n\n${promptHelp}\n`,
  );
  const end = live(world, prompt);
  await converse(prompt, ink);
  end();
  await world.stop();
}

await main(process.argv.slice(2));
