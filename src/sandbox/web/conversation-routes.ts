import type { Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { findMessage } from '../messages.ts';
import type { Person } from '../person.ts';
import type { Channel } from '../workspace.ts';
import { MessageMenu } from './message-menu.tsx';
import type { Room } from './room.ts';
import { maySee } from './sight.ts';

/** Everything a person does in a conversation, through the driver's methods; mounted under `/as/<handle>`. */
export function conversationRoutes(desk: Hono, room: Room): void {
  desk.post('/in/:place/send', (c) => said(c, room));
  desk.post('/in/:place/join', (c) => {
    const channel = channelOf(c, room);
    return room.act(c, (person) => person.join(channel.id));
  });
  desk.post('/in/:place/react', async (c) => {
    const { channel, ts, form } = await spotOf(c, room);
    const emoji = form('emoji');
    const has = findMessage(channel, ts)?.reactions.get(emoji)?.includes(room.userOf(c).id);
    return room.act(c, (person) => person[has ? 'unreact' : 'react'](emoji, ts, { in: channel.id }));
  });
  desk.post('/in/:place/pin', async (c) => {
    const { channel, ts } = await spotOf(c, room);
    return room.act(c, (person) => person.pin(ts, { in: channel.id }));
  });
  desk.post('/in/:place/edit', async (c) => {
    const { channel, ts, form } = await spotOf(c, room);
    const text = form('text');
    return room.act(c, (person) => person.edit(ts, text, { in: channel.id }));
  });
  desk.post('/in/:place/delete', async (c) => {
    const { channel, ts } = await spotOf(c, room);
    return room.act(c, (person) => person.delete(ts, { in: channel.id }));
  });
  desk.post('/in/:place/dismiss', async (c) => {
    const { channel, ts } = await spotOf(c, room);
    return room.act(c, (person) => person.dismiss(ts, { in: channel.id }));
  });
  desk.post('/in/:place/shortcut', async (c) => {
    const { channel, ts, form } = await spotOf(c, room);
    const name = form('name');
    return room.act(c, (person) => person.shortcut(name, ts === '' ? {} : { message: ts, in: channel.id }));
  });
  desk.get('/in/:place/menu/:ts', (c) => menu(c, room));
}

/** The conversation in the address, if these eyes may see it. */
function channelOf(c: Context, room: Room): Channel {
  const channel = room.ws.channels.get(c.req.param('place') ?? '');
  if (channel && maySee(room.userOf(c), channel)) return channel;
  throw new HTTPException(404, { message: 'There is no such conversation' });
}

async function spotOf(c: Context, room: Room) {
  const channel = channelOf(c, room);
  const form = await formOf(c);
  return { channel, ts: form('ts'), form };
}

/** A form's fields as text; what is missing is ''. */
export async function formOf(c: Context): Promise<(name: string) => string> {
  const body = await c.req.parseBody();
  return (name) => {
    const value = body[name];
    return typeof value === 'string' ? value : '';
  };
}

async function said(c: Context, room: Room): Promise<Response> {
  const { channel, form } = await spotOf(c, room);
  const text = form('text').replaceAll('\r\n', '\n').trim();
  if (text === '') return c.body(null, 204);
  const thread = form('thread');
  return room.act(c, (person) =>
    speak(person, channel, { text, thread, broadcast: form('broadcast') !== '' }),
  );
}

async function speak(
  person: Person,
  channel: Channel,
  { text, thread, broadcast }: { text: string; thread: string; broadcast: boolean },
): Promise<void> {
  if (!text.startsWith('/')) {
    return person.say(text, { in: channel.id, ...(thread === '' ? {} : { thread, broadcast }) });
  }
  if (thread !== '') {
    const [command] = text.split(' ');
    throw new Error(`${command} is not supported in threads. Sorry! Mention the app there instead.`);
  }
  await person.command(text, { in: channel.id });
}

function menu(c: Context, room: Room): Response | Promise<Response> {
  const channel = channelOf(c, room);
  const message = findMessage(channel, c.req.param('ts') ?? '');
  if (!message) return c.html('<p class="note">This message is gone.</p>');
  const props = { ws: room.ws, viewer: room.userOf(c), channel, message };
  return c.html(renderToStaticMarkup(createElement(MessageMenu, props)));
}
