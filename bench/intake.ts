import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { freePort } from './bot.ts';
import { type Figure, median } from './figure.ts';
import { message, type Signer } from './requests.ts';
import { sender } from './sender.ts';
import { beside, openIncident, type Side } from './side.ts';

const [rounds, perRound, connections] = [9, 1_500, 50];
const ratioMin = 0.5;
const talkers = ['U0BEA', 'U0CAI', 'U0DANA', 'U0EVE', 'U0FINN'];

/**
 * Messages over signed HTTP: ours commits each (`synchronous=FULL`) before it answers, the bare Bolt app does nothing.
 * Rounds alternate, and the load comes from this process, which serves nobody.
 */
export async function intake(): Promise<Figure[]> {
  return beside({ latencyMs: 0 }, async (side) => {
    const channel = await openIncident(side);
    const bare = await startBareBolt(side.slack.signingSecret);
    try {
      const ours = sender(side.bot.url, connections);
      const theirs = sender(bare.url, connections);
      const rates: { ours: number; theirs: number }[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const rate = {
          theirs: await theirs.rate(some(side.slack, channel)),
          ours: await ours.rate(some(side.slack, channel)),
        };
        // The first round warms both up.
        if (round > 0) rates.push(rate);
      }
      await Promise.all([ours.close(), theirs.close()]);
      committed(side, (rounds + 1) * perRound);
      return [figure(rates)];
    } finally {
      bare.stop();
    }
  });
}

const some = (slack: Signer, channel: string) =>
  Array.from({ length: perRound }, (_, n) => message(slack, talkers[n % talkers.length]!, channel));

function figure(rates: { ours: number; theirs: number }[]): Figure {
  const [ours, theirs] = [median(rates.map((rate) => rate.ours)), median(rates.map((rate) => rate.theirs))];
  return {
    name: 'message intake, of a bare Bolt app',
    measured: ours / theirs,
    bar: ratioMin,
    unit: 'x',
    atLeast: true,
    detail: `${ours.toFixed(0)}/s committed against ${theirs.toFixed(0)}/s, ${rounds} alternating rounds of ${perRound}`,
  };
}

/** What was answered with 200 is on disk, or the rate means nothing. */
function committed({ bot }: Side, sent: number): void {
  const database = new Database(bot.databaseFile, { readonly: true });
  const stored = database
    .prepare("select count(*) from timeline where json_extract(fact, '$.type') = 'message-posted'")
    .pluck()
    .get();
  database.close();
  if (stored !== sent) throw new Error(`${sent} messages were answered, ${String(stored)} are stored`);
}

async function startBareBolt(signingSecret: string): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const script = fileURLToPath(new URL('./bare-bolt.ts', import.meta.url));
  const child = fork(script, [String(port), signingSecret], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
