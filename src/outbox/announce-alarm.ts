import { alarmMessage } from '../blocks/announce-channel.ts';
import { announceChannel } from './announce-channel.ts';
import type { Context } from './context.ts';

/** Says in the announce channel what is wrong with Tocsin itself. Throws what Slack throws; nothing is tried again here. */
export async function announceAlarm(context: Context, problem: string): Promise<void> {
  const { id } = await announceChannel(context);
  await context.slack.chat.postMessage({ channel: id, ...alarmMessage(problem) });
}
