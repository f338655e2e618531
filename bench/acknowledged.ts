import { paced } from './clock.ts';
import { type Figure, median, percentile } from './figure.ts';
import { click, command, message, type Ready } from './requests.ts';
import { type Answered, sender } from './sender.ts';
import { beside, openIncident, type Side } from './side.ts';

const latenciesMs = [0, 200] as const;
const [actsPerLatency, actEveryMs] = [300, 33];
const messageEveryMs = 20;
const [medianMsMax, percentileMsMax] = [10, 50];
const [burst, burstMsMax, burstLatencyMs] = [60, 300, 50];
const talkers = ['U0BEA', 'U0CAI', 'U0DANA', 'U0EVE', 'U0FINN'];

/** Commands and clicks acknowledged while messages come in at 50 a second. */
export async function acknowledgements(): Promise<Figure[]> {
  return beside({ latencyMs: 0 }, async (side) => {
    const channel = await openIncident(side);
    await actsAndMessages(side, channel, 60);
    const figures: Figure[] = [];
    for (const latencyMs of latenciesMs) {
      side.slack.setLatency(latencyMs);
      const answered = await actsAndMessages(side, channel, actsPerLatency);
      const tookMs = answered.map(({ ms }) => ms);
      const name = `command or click acknowledged, Slack at ${latencyMs} ms`;
      const detail = `${tookMs.length} of them, 50 messages/s, slowest ${Math.max(...tookMs).toFixed(0)} ms`;
      figures.push({
        name: `${name}: median`,
        measured: median(tookMs),
        bar: medianMsMax,
        unit: 'ms',
        detail,
      });
      const measured = percentile(tookMs, 0.99);
      figures.push({ name: `${name}: p99`, measured, bar: percentileMsMax, unit: 'ms', detail });
    }
    return figures;
  });
}

async function actsAndMessages(side: Side, channel: string, acts: number): Promise<Answered[]> {
  const [people, talk] = [sender(side.bot.url, 10), sender(side.bot.url, 10)];
  const messages = Math.floor((acts * actEveryMs) / messageEveryMs);
  const [answered] = await Promise.all([
    paced(acts, actEveryMs, (n) => people.send(act(side, channel, n))),
    paced(messages, messageEveryMs, (n) =>
      talk.send(message(side.slack, talkers[n % talkers.length]!, channel)),
    ),
  ]);
  await Promise.all([people.close(), talk.close()]);
  return answered;
}

/** What people do in an incident, in turn: some of it is recorded, some only read, some opens a modal. */
function act({ slack }: Side, channel: string, n: number): Ready {
  const user = talkers[n % talkers.length]!;
  const acts = [
    () => command(slack, user, channel, `note seen by ${user} (${n})`),
    () => command(slack, user, channel, ''),
    () => click(slack, user, channel, 'acknowledge', 1),
    () => command(slack, user, channel, 'list'),
    () => command(slack, user, channel, `update still at it (${n})`),
    () => click(slack, user, channel, 'post-update', 1),
    () => command(slack, user, channel, 'timeline'),
    () => command(slack, user, channel, 'declare'),
    () => click(slack, user, channel, 'take-command', 1),
  ];
  return acts[n % acts.length]!();
}

/** Everybody declares at the same moment. */
export async function burstOfDeclares(): Promise<Figure[]> {
  return beside({ latencyMs: burstLatencyMs }, async (side) => {
    await actsAndMessages(side, await openIncident(side), 30);
    const { send, close } = sender(side.bot.url, burst);
    const requests = Array.from({ length: burst }, (_, n) =>
      command(side.slack, `U0R${n}`, 'C0NOWHERE', `declare sev3 Burst, number ${n}`),
    );
    const tookMs = (await Promise.all(requests.map(send))).map(({ ms }) => ms);
    await close();
    return [
      {
        name: `burst of ${burst} declares acknowledged: slowest`,
        measured: Math.max(...tookMs),
        bar: burstMsMax,
        unit: 'ms',
        detail: `at the same moment, Slack at ${burstLatencyMs} ms, median ${median(tookMs).toFixed(0)} ms`,
      },
    ];
  });
}
