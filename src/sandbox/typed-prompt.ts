import { createInterface } from 'node:readline';
import type { Ink } from './ink.ts';
import { liveClock } from './live-clock.ts';
import { type Prompt, promptHelp, promptOf } from './prompt.ts';
import { startWorld, type World } from './start.ts';
import { cast } from './story.ts';

/** How often the bot's heart beats, and how often we look for what is new. */
const tickMs = 5_000;
const lookMs = 500;

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

/** The sandbox as a prompt: lines from the terminal or a pipe, until it ends. */
export async function runPrompt(ink: Ink): Promise<void> {
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
