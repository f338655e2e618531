import { Hono } from 'hono';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Json } from '../../src/sandbox/json.ts';
import { objectsAt } from '../../src/sandbox/json.ts';
import { findMessage } from '../../src/sandbox/messages.ts';
import { topModal } from '../../src/sandbox/methods/views.ts';
import type { Place } from '../../src/sandbox/payloads.ts';
import { placeKey } from '../../src/sandbox/places.ts';
import { blockRoutes } from '../../src/sandbox/web/block-routes.ts';
import { Blocks } from '../../src/sandbox/web/blocks.tsx';
import { Modal } from '../../src/sandbox/web/modal.tsx';
import type { Reply } from './bot.ts';
import { world } from './world.ts';

export const plain = (text: string): Json => ({ type: 'plain_text', text });
export const option = (text: string): Json => ({ text: plain(text), value: text.toLowerCase() });
/** A field of a form, called `The <name>`. */
export const input = (name: string, element: Json, more: Json = {}): Json => ({
  type: 'input',
  block_id: name,
  label: plain(`The ${name}`),
  element: { action_id: name, ...element },
  ...more,
});
export const actions = (...elements: Json[]): Json => ({ type: 'actions', block_id: 'row', elements });
type Behaviour = (
  body: Json,
  call: (method: string, args: Json) => Promise<unknown>,
) => Promise<Reply | undefined>;

/** Ana in front of the page, in #general with the bot. */
export async function desk(behaviour: Behaviour = async () => undefined) {
  const channels = [
    { name: 'general', bot: true },
    { name: 'secret-club', isPrivate: true, members: ['bea'] },
  ];
  const { slack, bot, clock, call } = await world(
    ({ body }, client) => behaviour(body, (method, args) => client.apiCall(method, args)),
    { channels },
  );
  const ws = slack.workspace;
  const ana = ws.users.get(slack.userId('ana'))!;
  const general = [...ws.channels.values()].find(({ name }) => name === 'general')!;
  const app = new Hono();
  const seat = new Hono();
  blockRoutes(seat, { userOf: () => ana, viewerOf: () => slack.as('ana'), changed: () => {} });
  app.route('/as/:who', seat);

  const post = async (path: string, fields: [string, string][]): Promise<Response> => {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    return app.request(`/as/ana/${path}`, { method: 'POST', body: form });
  };
  return {
    slack,
    bot,
    clock,
    ws,
    app,
    post,
    /** The bot posts blocks; what ana sees of them, and how she acts there. */
    say: async (blocks: readonly unknown[]) => {
      const { ok, ts, ...more } = await call('chat.postMessage', { channel: general.id, text: 'x', blocks });
      if (ok !== true) throw new Error(JSON.stringify(more));
      const message = findMessage(general, String(ts))!;
      const place: Place = { kind: 'message', channel: general, message };
      const press = (block: string, action: string, ...values: string[]) =>
        post('press', [
          ['spot', JSON.stringify({ place: placeKey(place), block, action })],
          ...values.map((value): [string, string] => ['value', value]),
        ]);
      const html = () =>
        renderToStaticMarkup(createElement(Blocks, { ws, viewer: ana, place, blocks: message.blocks }));
      return { press, html, place };
    },
    modal: () => renderToStaticMarkup(createElement(Modal, { ws, viewer: ana })),
    viewId: () => topModal(ws, ana.id)?.id ?? '',
    last: () => bot.heard.at(-1)?.body ?? {},
    acted: () => objectsAt(bot.heard.at(-1)?.body, 'actions')[0],
  };
}

/** What a reader sees: tags gone, entities read. */
export const words = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
