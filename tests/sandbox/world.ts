import { afterEach } from 'vitest';
import type { MovableClock } from '../../src/sandbox/clock.ts';
import { movableClock } from '../../src/sandbox/clock.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, textAt } from '../../src/sandbox/json.ts';
import type { Slack, SlackOptions } from '../../src/sandbox/slack.ts';
import { startSlack } from '../../src/sandbox/slack.ts';
import type { TinyBot } from './bot.ts';
import { tinyBot } from './bot.ts';

export interface World {
  slack: Slack;
  bot: TinyBot;
  clock: MovableClock;
  /** Calls a method as JSON with the bot's token. */
  call: (method: string, args?: Json) => Promise<Json>;
  /** A channel that the bot made. */
  made: (name: string, isPrivate?: boolean) => Promise<string>;
}

const open: { close(): Promise<void> | void }[] = [];

/** Closes after the test. */
export function later<T extends { close(): Promise<void> | void }>(one: T): T {
  open.push(one);
  return one;
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A workspace at 02:00 and the tiny bot in it. */
export async function world(
  reply?: Parameters<typeof tinyBot>[1],
  options: Partial<SlackOptions> = {},
): Promise<World> {
  const clock = movableClock(Date.parse('2026-03-02T02:00:00Z'));
  const slack = later(await startSlack({ clock, ...options }));
  const bot = later(await tinyBot(slack, reply));
  const call = (method: string, args: Json = {}) => callJson(slack, method, args);
  const made = async (name: string, isPrivate = false) => {
    const { channel } = await call('conversations.create', { name, is_private: isPrivate });
    return textAt(channel, 'id');
  };
  return { slack, bot, clock, call, made };
}

async function callJson(slack: Slack, method: string, args: Json): Promise<Json> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
    body: JSON.stringify(args),
  });
  const body: unknown = await response.json();
  return isObject(body) ? body : {};
}

export function button(text: string, actionId: string, value = 'v'): Json {
  return { type: 'button', action_id: actionId, value, text: { type: 'plain_text', text } };
}

export function section(text: string): Json {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}
