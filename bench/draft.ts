import { exactNow } from './clock.ts';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';
import { command, message } from './requests.ts';
import { sender } from './sender.ts';
import { beside, openIncident } from './side.ts';

const [messages, drafts, withinMs] = [10_000, 3, 1_000];
const talkers = ['U0BEA', 'U0CAI', 'U0DANA', 'U0EVE', 'U0FINN'];

/** `/incident postmortem` of an incident with 10,000 messages, until the draft and its file are in the channel. */
export async function draft(): Promise<Figure[]> {
  return beside({ latencyMs: 0 }, async (side) => {
    const { slack, bot } = side;
    const channel = await openIncident(side);
    const { send, rate, close } = sender(bot.url, 50);
    await rate(
      Array.from({ length: messages }, (_, n) => message(slack, talkers[n % talkers.length]!, channel)),
    );
    const tookMs: number[] = [];
    for (let n = 0; n < drafts; n += 1) {
      const sentAt = exactNow();
      await send(command(slack, 'U0ANA', channel, 'postmortem'));
      const done = await slack.called(
        (call) => call.method === 'files.completeUploadExternal' && call.at > sentAt,
        'the draft',
      );
      tookMs.push(done.at - sentAt);
    }
    await close();
    return [
      {
        name: 'draft of a 10,000-message incident',
        measured: median(tookMs),
        bar: withinMs,
        unit: 'ms',
        detail: `command -> message and file in Slack at 0 ms, ${drafts} drafts, slowest ${Math.max(...tookMs).toFixed(0)} ms`,
      },
    ];
  });
}
