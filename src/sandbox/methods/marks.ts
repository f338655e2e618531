import type { Json } from '../json.ts';
import { textAt } from '../json.ts';
import { findMessage, messageJson, pin, react, unreact } from '../messages.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { Bookmark, Channel, Message, Workspace } from '../workspace.ts';
import { newId, nextTs, seconds } from '../workspace.ts';
import type { Method } from './method.ts';
import { ownChannel } from './method.ts';

const TS = /^\d{9,}\.\d{6}$/;
const EMOJI_NAME = /^[a-z0-9_+'-]+$/;

/** Pins, reactions and bookmarks. */
export const markMethods: Readonly<Record<string, Method>> = {
  'pins.add': (ws, args) => {
    const { channel, message } = marked(ws, args);
    if (channel.pins.length >= LIMITS.pinsPerChannel) return refuse('too_many_pins');
    return pin(ws, channel, message, ws.app.userId) ? {} : refuse('already_pinned');
  },
  'pins.remove': (ws, args) => {
    const { channel, message } = marked(ws, args);
    const kept = channel.pins.filter(({ ts }) => ts !== message.ts);
    if (kept.length === channel.pins.length) return refuse('not_pinned');
    channel.pins = kept;
    const type = 'pin_removed';
    const item = { type: 'message', channel: channel.id, message: messageJson(ws, channel, message) };
    ws.publish({
      type,
      user: ws.app.userId,
      channel_id: channel.id,
      item,
      has_pins: kept.length > 0,
      event_ts: nextTs(ws, channel),
    });
    return {};
  },
  'pins.list': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel', 'channel_not_found');
    return { items: channel.pins.flatMap((entry) => pinJson(ws, channel, entry)) };
  },
  'reactions.add': (ws, args) => {
    const { channel, message } = marked(ws, args);
    const name = emojiName(args);
    if (!message.reactions.has(name) && message.reactions.size >= LIMITS.reactionsPerMessage) {
      return refuse('too_many_emoji');
    }
    return react(ws, channel, message, name, ws.app.userId) ? {} : refuse('already_reacted');
  },
  'reactions.remove': (ws, args) => {
    const { channel, message } = marked(ws, args);
    return unreact(ws, channel, message, emojiName(args), ws.app.userId) ? {} : refuse('no_reaction');
  },
  'bookmarks.add': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel_id');
    if (textAt(args, 'type') !== 'link') return refuse('invalid_bookmark_type');
    if (channel.bookmarks.length >= LIMITS.bookmarksPerChannel) return refuse('too_many_bookmarks');
    const now = ws.clock.now();
    const bookmark: Bookmark = {
      id: newId(ws, 'Bk'),
      title: textAt(args, 'title'),
      link: httpLink(textAt(args, 'link')),
      emoji: textAt(args, 'emoji'),
      createdAt: now,
      updatedAt: now,
    };
    channel.bookmarks.push(bookmark);
    return { bookmark: bookmarkJson(ws, channel, bookmark) };
  },
  'bookmarks.list': (ws, args) => {
    const channel = ownChannel(ws, args, 'channel_id', 'channel_not_found');
    return { bookmarks: channel.bookmarks.map((bookmark) => bookmarkJson(ws, channel, bookmark)) };
  },
  'bookmarks.edit': (ws, args) => {
    const { channel, bookmark } = bookmarked(ws, args);
    if (args.title !== undefined) bookmark.title = textAt(args, 'title');
    if (args.link !== undefined) bookmark.link = httpLink(textAt(args, 'link'));
    if (args.emoji !== undefined) bookmark.emoji = textAt(args, 'emoji');
    bookmark.updatedAt = ws.clock.now();
    return { bookmark: bookmarkJson(ws, channel, bookmark) };
  },
  'bookmarks.remove': (ws, args) => {
    const { channel, bookmark } = bookmarked(ws, args);
    channel.bookmarks = channel.bookmarks.filter((other) => other !== bookmark);
    return {};
  },
};

function marked(ws: Workspace, args: Json): { channel: Channel; message: Message } {
  const channel = ownChannel(ws, args);
  const ts = textAt(args, 'timestamp');
  if (!ts) return refuse('no_item_specified');
  if (!TS.test(ts)) return refuse('bad_timestamp');
  return { channel, message: findMessage(channel, ts) ?? refuse('message_not_found') };
}

function emojiName(args: Json): string {
  const name = textAt(args, 'name');
  return EMOJI_NAME.test(name) ? name : refuse('invalid_name');
}

function pinJson(ws: Workspace, channel: Channel, { ts, by, at }: Channel['pins'][number]): Json[] {
  const message = findMessage(channel, ts);
  if (!message) return [];
  return [
    {
      type: 'message',
      channel: channel.id,
      created: seconds(at),
      created_by: by,
      message: messageJson(ws, channel, message),
    },
  ];
}

function bookmarked(ws: Workspace, args: Json): { channel: Channel; bookmark: Bookmark } {
  const channel = ownChannel(ws, args, 'channel_id');
  const id = textAt(args, 'bookmark_id');
  return { channel, bookmark: channel.bookmarks.find((one) => one.id === id) ?? refuse('not_found') };
}

function httpLink(link: string): string {
  return /^https?:\/\/\S+$/.test(link) ? link : refuse('invalid_link');
}

function bookmarkJson(ws: Workspace, channel: Channel, bookmark: Bookmark): Json {
  return {
    id: bookmark.id,
    channel_id: channel.id,
    title: bookmark.title,
    link: bookmark.link,
    emoji: bookmark.emoji,
    icon_url: '',
    type: 'link',
    entity_id: null,
    date_created: seconds(bookmark.createdAt),
    date_updated: seconds(bookmark.updatedAt),
    rank: '',
    last_updated_by_user_id: ws.app.userId,
    last_updated_by_team_id: ws.team.id,
    shortcut_id: null,
    app_id: ws.app.id,
    app_action_id: null,
  };
}
