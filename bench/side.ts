import { type Bot, startBot } from './bot.ts';
import { command } from './requests.ts';
import { sender } from './sender.ts';
import { type SlackSide, startSlackProcess } from './slack.ts';

/** A Slack, and the production bot connected to it: three processes with this one. */
export interface Side {
  slack: SlackSide;
  bot: Bot;
}

export interface SideOptions {
  latencyMs: number;
  /** PagerDuty ids of services that `incident.yml` knows. */
  services?: readonly string[];
}

/** Runs `measure` beside a fresh pair and ends both, whatever happens. */
export async function beside<T>(options: SideOptions, measure: (side: Side) => Promise<T>): Promise<T> {
  const slack = await startSlackProcess();
  try {
    // It starts at full speed: how long Slack takes matters from the first request on.
    const bot = await startBot(slack, options.services);
    try {
      slack.setLatency(options.latencyMs);
      return await measure({ slack, bot });
    } finally {
      await bot.stop();
    }
  } finally {
    slack.stop();
  }
}

/** An incident with its channel and card. Returns the channel's id. */
export async function openIncident(
  { slack, bot }: Side,
  title = 'The incident of the bench',
): Promise<string> {
  const { send, close } = sender(bot.url, 1);
  await send(command(slack, 'U0ANA', 'C0NOWHERE', `declare sev3 ${title}`));
  const card = await slack.called((call) => call.isCard && call.text.includes(title), 'its card');
  await close();
  return card.channel;
}
