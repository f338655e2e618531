import type { Call } from '../src/sandbox/api.ts';
import { startSlack } from '../src/sandbox/slack.ts';
import { exactNow, realClock } from './clock.ts';

/** What this process is told. */
export type SlackOrder = { connect: string | null } | { latencyMs: number } | { end: true };

/** What it says. `at`: when Slack has answered, epoch ms with fractions. */
export type SlackWord =
  | { ready: { apiUrl: string; botToken: string; signingSecret: string } }
  | { call: { method: string; channel: string; text: string; isCard: boolean; at: number; error?: string } };

/** Everybody who declares something, besides the default cast. */
const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'].concat(
  Array.from({ length: Number(process.argv[2]) }, (_, n) => `r${n}`),
);

/** The sandbox's Slack in a process of its own, so that it takes no turns of the bot's event loop. */
const say = (word: SlackWord): void => void process.send?.(word);
const slack = await startSlack({ clock: realClock, people, rateLimits: false });
let latencyMs = 0;

/** The card alone has the menu of everything else. */
const isCard = (call: Call): boolean =>
  call.method === 'chat.postMessage' && JSON.stringify(call.args.blocks ?? '').includes('"action_id":"more"');

slack.watch((call, moment) => {
  if (moment === 'before') return;
  const { method, args, error } = call;
  // The call is applied, and its answer arrives half a round trip later.
  const at = exactNow() + latencyMs / 2;
  const [channel, text] = [args.channel, args.text].map(String) as [string, string];
  say({ call: { method, channel, text, isCard: isCard(call), at, error } });
});

process.on('message', (order: SlackOrder) => {
  if ('connect' in order) slack.connect(order.connect);
  else if ('latencyMs' in order) {
    latencyMs = order.latencyMs;
    slack.setLatency(latencyMs);
  } else process.exit(0);
});
process.on('disconnect', () => process.exit(0));

const { apiUrl, botToken, signingSecret } = slack;
say({ ready: { apiUrl, botToken, signingSecret } });
