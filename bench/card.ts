import { WebClient } from '@slack/web-api';
import { exactNow } from './clock.ts';
import { type Figure, median } from './figure.ts';
import { command } from './requests.ts';
import { sender } from './sender.ts';
import { beside, type Side } from './side.ts';

const latenciesMs = [50, 200] as const;
const declaresPerLatency = 20;
const bareCallPairs = 15;
/** Nobody declares before the last incident is furnished: what many at once do to each other is the burst's to show. */
const quietMs = 150;
/** What is ours, on top of the two calls as they take somebody who does nothing else in this very run. */
const oursMsMax = 15;

/** From the signed request to Slack's answer to the card. Everyone declares once, so nobody's name is known before. */
export async function cards(): Promise<Figure[]> {
  return beside({ latencyMs: 0 }, async (side) => {
    const figures: Figure[] = [];
    await declareAll(side, 0, 5, 90);
    for (const [n, latencyMs] of latenciesMs.entries()) {
      figures.push(await declareAll(side, latencyMs, declaresPerLatency, n * declaresPerLatency));
    }
    return figures;
  });
}

async function declareAll(side: Side, latencyMs: number, count: number, from: number): Promise<Figure> {
  const { slack, bot } = side;
  const { send, close } = sender(bot.url, 1);
  slack.setLatency(latencyMs);
  const bareMs = await bareCallsMs(slack, latencyMs);
  const tookMs: number[] = [];
  for (let n = from; n < from + count; n += 1) {
    const title = `Nothing works, take ${n} of ${latencyMs} ms`;
    const sentAt = exactNow();
    await send(command(slack, `U0R${n}`, 'C0NOWHERE', `declare sev2 ${title}`));
    const card = await slack.called(
      (call) => call.isCard && call.text.includes(title),
      `the card of ${title}`,
    );
    tookMs.push(card.at - sentAt);
    await slack.quiet(quietMs);
  }
  await close();
  return {
    name: `declare -> card, Slack at ${latencyMs} ms`,
    measured: median(tookMs),
    bar: bareMs + oursMsMax,
    unit: 'ms',
    detail: `${count} declares, one by one, slowest ${Math.max(...tookMs).toFixed(0)} ms; the two bare calls take ${bareMs.toFixed(0)} ms`,
  };
}

/** The two calls that nobody can do without, made by somebody who does nothing else: median of each, added up. */
async function bareCallsMs(slack: Side['slack'], latencyMs: number): Promise<number> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  const [created, posted]: [number[], number[]] = [[], []];
  for (let n = 0; n < bareCallPairs; n += 1) {
    const startedAt = performance.now();
    const { channel } = await client.conversations.create({ name: `bare-${latencyMs}-${n}` });
    created.push(performance.now() - startedAt);
    const text = `Nothing but words, take ${n}`;
    await client.chat.postMessage({ channel: channel!.id!, text });
    posted.push(performance.now() - startedAt - created.at(-1)!);
  }
  return median(created) + median(posted);
}
