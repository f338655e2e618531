import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { botArgument, botProcessOf, serveBot } from './bot-process.ts';
import type { Ink } from './ink.ts';
import { inkFor, privateLines } from './ink.ts';
import { type Stage, stageOf } from './stage.ts';
import { startWorld, type World } from './start.ts';
import { cast, playStory, storyStartsAt } from './story.ts';
import type { Expectation } from './story-checks.ts';
import { judgeStory } from './story-checks.ts';
import { storyAccount, storyIncidentFile } from './story-oncall.ts';
import { room as firstRoom } from './story-rooms.ts';

const help = `npm run demo [-- --plain]

Plays a night of two incidents through the real bot, against a Slack and a PagerDuty on this machine, and checks that
it came out whole (exit code 0, else 1). No account, no token, no network.

  --plain   no colours (so does NO_COLOR=1)
  --help    this`;

const intro = `Tocsin, one night in ninety minutes

You will see one incident from the alert to its closing: pages, a kill -9, a second report that is merged, command
handed over, the postmortem draft. Then a short one: cover, and PagerDuty in both directions.
The bot is the real one, in a process of its own, talking HTTP to a Slack and a PagerDuty that run on this machine;
only the clock is ours, so the night takes seconds.
On call: Bea, then Cai, who takes turns with Eve. Dana manages engineering, Eve is VP, Finn CTO. Ana works in support.

  What people see is printed as they see it:  │ in a channel or a phone   ┆ for one person alone
  ✎ a message that changed in place   ✗ one that was taken away   ⚙ something no person did`;

/** One that is killed and one that goes on. */
const botsInStory = 2;

/** Plays the story and says how it came out. */
async function demo(ink: Ink): Promise<boolean> {
  const startedAt = performance.now();
  const [title = '', ...rest] = intro.split('\n');
  console.log([ink(['bold', 'green'], title), ...rest].join('\n'));
  const world = await startWorld({
    at: storyStartsAt,
    incidentFile: storyIncidentFile,
    pagerduty: storyAccount,
    startBot: botProcessOf(fileURLToPath(import.meta.url), botsInStory),
  });
  try {
    const stage = stageOf(world, cast, ink, console.log);
    const trouble = await playStory(stage).then(
      () => [],
      (error: unknown) => [{ name: 'the story could be played to its end', missing: [String(error)] }],
    );
    const whole = [...trouble, ...(trouble.length > 0 ? [] : judgeStory(world))];
    if (trouble.length === 0) showEnd(world, stage, ink);
    return verdict(ink, whole, Math.round(performance.now() - startedAt));
  } finally {
    await world.stop();
  }
}

/** The card, the draft and its file as they stand now, and what it took. */
function showEnd({ slack }: World, stage: Stage, ink: Ink): void {
  const room = slack.channel(firstRoom.in);
  const [file] = room.files;
  const path = join(mkdtempSync(join(tmpdir(), 'tocsin-demo-')), file?.name ?? 'draft.md');
  writeFileSync(path, file?.content ?? '');
  const figure = (name: string) =>
    new RegExp(`\\| ${name} \\| ([^|]+) \\|`).exec(file?.content ?? '')?.[1] ?? 'no';
  const draft = room.entries().find(({ text }) => text.includes('Postmortem draft:'))?.text ?? '';
  stage.act('What you just saw');
  for (const line of privateLines(ink, 'The card at the end', room.pins[0] ?? '')) console.log(line);
  for (const line of privateLines(ink, 'The draft in five lines', draft.split('\n').slice(1, 6).join('\n')))
    console.log(line);
  console.log(`
  ${figure('Messages')} messages logged, ${figure('Pages')} pages, ${figure('Status updates')} status updates, ${slack.calls.length} calls to Slack, 1 kill -9 survived.
  The whole draft, as it was posted: ${path}`);
}

function verdict(ink: Ink, whole: readonly Expectation[], tookMs: number): boolean {
  console.log('');
  for (const { name, missing } of whole) {
    console.log(
      missing.length === 0 ? `  ${ink('green', '✓')} ${name}` : `  ${ink('red', '✗')} ${ink('bold', name)}`,
    );
    for (const line of missing) console.log(`      ${ink('red', line)}`);
  }
  const failed = whole.filter(({ missing }) => missing.length > 0).length;
  const words =
    failed === 0
      ? 'The story came out whole'
      : `The story did not come out whole: ${failed} of ${whole.length}`;
  console.log(
    `\n${ink(['bold', failed === 0 ? 'green' : 'red'], words)} (an incident of 90 minutes in ${(tookMs / 1000).toFixed(1)} s).`,
  );
  if (failed === 0) console.log('Play yourself: npm run sandbox');
  return failed === 0;
}

async function main(words: readonly string[]): Promise<void> {
  if (words.includes(botArgument)) return serveBot();
  const unknown = words.find((word) => !['--plain', '--help'].includes(word));
  if (unknown !== undefined || words.includes('--help')) {
    console.log(unknown === undefined ? help : `${unknown} is no option.\n\n${help}`);
    process.exitCode = unknown === undefined ? 0 : 1;
    return;
  }
  const ink = inkFor(process.stdout.isTTY, process.env, words.includes('--plain'));
  if (!(await demo(ink))) process.exitCode = 1;
}

await main(process.argv.slice(2));
