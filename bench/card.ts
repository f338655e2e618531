import { WebClient } from '@slack/web-api';
import { exactNow } from './clock.ts';
import { type Figure, median } from './figure.ts';
import { command } from './requests.ts';
import { sender } from './sender.ts';
import { beside, type Side } from './side.ts';

const latenciesMs = [50, 200] as const;
const declaresPerLatency = 20;
const bareCalls = 15;
/** Two calls to Slack, one after the other, each as long as a bare call takes in this run, and what is ours. */
const [callsNeeded, oursMsMax] = [2, 15];

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
  const roundTripMs = await bareCallMs(slack);
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
  }
  await close();
  return {
    name: `declare -> card, Slack at ${latencyMs} ms`,
    measured: median(tookMs),
    bar: callsNeeded * roundTripMs + oursMsMax,
    unit: 'ms',
    detail: `${count} declares, slowest ${Math.max(...tookMs).toFixed(0)} ms; a bare call takes ${roundTripMs.toFixed(0)} ms`,
  };
}

/** What one call to this Slack takes somebody who does nothing else, median. */
async function bareCallMs(slack: Side['slack']): Promise<number> {
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  const tookMs: number[] = [];
  for (let n = 0; n < bareCalls; n += 1) {
    const startedAt = performance.now();
    await client.auth.test();
    tookMs.push(performance.now() - startedAt);
  }
  return median(tookMs);
}
