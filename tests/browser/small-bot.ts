import type { Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { objectsAt } from '../../src/sandbox/json.ts';
import { startWorld } from '../../src/sandbox/start.ts';
import { controlOf } from '../../src/sandbox/web/control.ts';
import { roomOf } from '../../src/sandbox/web/room.ts';
import { type TinyBot, tinyBot } from '../sandbox/bot.ts';
import { message, openedAt, type Sandbox, serveRoom } from './sandbox.ts';

export interface SmallRoom extends Sandbox {
  bot: TinyBot;
  /** Ana's browser in #general. */
  ana: Page;
  /** The bot posts blocks there; where they stand before Ana. */
  post(blocks: readonly Json[]): Promise<Locator>;
  /** What the bot was told of by clicks and choices, in order. */
  acted(): Json[];
}

/** The page with a bot behind it that says what the test wants, and remembers what it heard. */
export async function openSmallRoom(reply?: Parameters<typeof tinyBot>[1]): Promise<SmallRoom> {
  const channels = [{ name: 'general', bot: true }];
  const world = await startWorld({
    at: new Date(openedAt).toISOString(),
    botless: true,
    slack: { channels },
  });
  const bot = await tinyBot(world.slack, reply);
  const room = roomOf(world);
  const control = controlOf({ room, newWorld: async () => world, now: Date.now });
  onTestFinished(() => bot.close());
  const close = async () => {
    control.close();
    room.close();
    await world.stop();
  };
  const sandbox = await serveRoom({ room, control, close });
  const ana = await sandbox.as('ana');
  return {
    ...sandbox,
    bot,
    ana,
    post: async (blocks) => {
      const channel = world.slack.channel('general').id;
      await bot.client.apiCall('chat.postMessage', { channel, text: 'all of it', blocks });
      return message(ana, /./).locator('.content');
    },
    acted: () => bot.heard.flatMap(({ body }) => objectsAt(body, 'actions')),
  };
}
