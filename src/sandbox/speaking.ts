import { join, leave, openIm } from './channels.ts';
import type { Which } from './find.ts';
import { conversationOf, messageMatching, userNamed } from './find.ts';
import type { Draft } from './messages.ts';
import { edit, pin, post, react, remove, unreact } from './messages.ts';
import { fileJson } from './methods/files.ts';
import { viewJson } from './methods/views.ts';
import type { Seat } from './seat.ts';
import { richTextOf, typed } from './typing.ts';
import type { Channel, StoredFile } from './workspace.ts';
import { newId, nextTs } from './workspace.ts';

interface In {
  in?: string;
}

/** What a person says and does in channels. Each resolves when the bot has answered the event. */
export interface Mouth {
  say(text: string, where?: In & { thread?: Which; broadcast?: boolean }): Promise<void>;
  /** Mentions the bot: `@tocsin text`. */
  mention(text: string, where?: In & { thread?: Which }): Promise<void>;
  edit(which: Which, text: string, where?: In): Promise<void>;
  delete(which: Which, where?: In): Promise<void>;
  react(emoji: string, which: Which, where?: In): Promise<void>;
  unreact(emoji: string, which: Which, where?: In): Promise<void>;
  pin(which: Which, where?: In): Promise<void>;
  /** Puts a message away that only this person sees, by its `ts`. Nobody hears of it. */
  dismiss(ts: string, where?: In): Promise<void>;
  upload(name: string, content: string, where?: In & { thread?: Which; comment?: string }): Promise<void>;
  join(channel: string): Promise<void>;
  leave(channel: string): Promise<void>;
  invite(handle: string, channel: string): Promise<void>;
  /** Opens the bot's Home tab, or its messages: the event is the same. */
  openHome(tab?: 'home' | 'messages'): Promise<void>;
}

export function mouthOf(seat: Seat): Mouth {
  const { ws, delivery, user } = seat;
  const at = (where: In): Channel => conversationOf(ws, user, where.in ?? seat.at);

  async function done(channel: Channel): Promise<void> {
    seat.readUntil = ws.nextNumber();
    await delivery.settled(channel.id);
  }

  async function speak(draft: Draft, where: In & { thread?: Which; broadcast?: boolean }): Promise<void> {
    const channel = at(where);
    if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    const root = where.thread ? messageMatching(ws, channel, where.thread) : undefined;
    const threadTs = root ? (root.threadTs ?? root.ts) : undefined;
    const id = ws.nextNumber().toString(16).padStart(12, '0');
    const extra = draft.subtype ? {} : { client_msg_id: `00000000-0000-4000-8000-${id}` };
    post(ws, channel, { ...draft, userId: user.id, threadTs, isBroadcast: where.broadcast, extra });
    await done(channel);
  }

  const say: Mouth['say'] = (text, where = {}) =>
    speak({ text: typed(ws, text), blocks: richTextOf(ws, text) }, where);

  return {
    say,
    mention: (text, where = {}) => say(`@${ws.users.get(ws.app.userId)?.name} ${text}`, where),
    edit: async (which, text, where = {}) => {
      const channel = at(where);
      const message = ownMessage(seat, channel, which);
      const blocks = richTextOf(ws, text);
      edit(ws, channel, message, { text: typed(ws, text), blocks, isMarked: true, by: user.id });
      await done(channel);
    },
    delete: async (which, where = {}) => {
      const channel = at(where);
      remove(ws, channel, ownMessage(seat, channel, which));
      await done(channel);
    },
    ...marksOf(seat, at, done),
    upload: async (name, content, where = {}) => {
      const file = storeFile(seat, name, content, at(where));
      const files = [fileJson(ws, file)];
      await speak({ text: typed(ws, where.comment ?? ''), subtype: 'file_share', files }, where);
    },
    ...movesOf(seat, done),
  };
}

function marksOf(
  { ws, user }: Seat,
  at: (where: In) => Channel,
  done: (channel: Channel) => Promise<void>,
): Pick<Mouth, 'react' | 'unreact' | 'pin' | 'dismiss'> {
  return {
    react: async (emoji, which, where = {}) => {
      const channel = at(where);
      react(ws, channel, messageMatching(ws, channel, which), emoji, user.id);
      await done(channel);
    },
    unreact: async (emoji, which, where = {}) => {
      const channel = at(where);
      unreact(ws, channel, messageMatching(ws, channel, which), emoji, user.id);
      await done(channel);
    },
    pin: async (which, where = {}) => {
      const channel = at(where);
      pin(ws, channel, messageMatching(ws, channel, which), user.id);
      await done(channel);
    },
    dismiss: async (ts, where = {}) => {
      const channel = at(where);
      const mine = ws.ephemerals.find(
        (one) => one.ts === ts && one.userId === user.id && one.channelId === channel.id,
      );
      if (mine) mine.isDeleted = true;
    },
  };
}

function movesOf(
  seat: Seat,
  done: (channel: Channel) => Promise<void>,
): Pick<Mouth, 'join' | 'leave' | 'invite' | 'openHome'> {
  const { ws, user } = seat;
  return {
    join: async (name) => {
      const channel = conversationOf(ws, user, name);
      if (channel.isPrivate)
        throw new Error(`${user.name} cannot join a private channel without an invitation`);
      join(ws, channel, user.id);
      await done(channel);
    },
    leave: async (name) => {
      const channel = conversationOf(ws, user, name);
      leave(ws, channel, user.id);
      await done(channel);
    },
    invite: async (handle, name) => {
      const channel = conversationOf(ws, user, name);
      join(ws, channel, userNamed(ws, handle).id, user.id);
      await done(channel);
    },
    openHome: async (tab = 'home') => {
      if (tab === 'home' && !ws.app.hasHome) throw new Error('the app has no Home tab');
      const { channel } = openIm(ws, ws.app.userId, user.id);
      const view = ws.views.get(ws.homes.get(user.id) ?? '');
      ws.publish({
        type: 'app_home_opened',
        user: user.id,
        channel: channel.id,
        tab,
        ...(view && tab === 'home' ? { view: viewJson(ws, view) } : {}),
        event_ts: nextTs(ws, channel),
      });
      await done(channel);
    },
  };
}

/** People edit and delete what they wrote themselves. */
function ownMessage(seat: Seat, channel: Channel, which: Which): Channel['messages'][number] {
  const message = messageMatching(seat.ws, channel, which);
  if (message.userId === seat.user.id) return message;
  throw new Error(`${seat.user.name} did not write the message that matches ${String(which)}`);
}

function storeFile({ ws, user }: Seat, name: string, text: string, channel: Channel): StoredFile {
  const content = Buffer.from(text);
  const file: StoredFile = {
    id: newId(ws, 'F'),
    name,
    title: name,
    userId: user.id,
    createdAt: ws.clock.now(),
    length: content.length,
    content,
    isComplete: true,
    channels: [channel.id],
  };
  ws.files.set(file.id, file);
  return file;
}
