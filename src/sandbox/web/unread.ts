import { mentionsIn } from '../mentions.ts';
import type { Channel, Message, User, Workspace } from '../workspace.ts';

/** What somebody has not read in one conversation. */
export interface Unread {
  /** Messages of others, at most `unreadMax`. */
  count: number;
  /** Some of it is meant for this person: a direct message, or a mention. */
  isForMe: boolean;
}

/** Who has read what, until when. */
export interface Reads {
  /** This person has the conversation open, to its end. */
  read(user: User, channel: Channel): void;
  unread(user: User, channel: Channel): Unread;
}

/** More is shown as "99+". */
export const unreadMax = 100;

/** The title of a tab: `(3) #general`. client.js counts on in the same way. */
export const titleFor = (title: string, unread: number): string =>
  unread === 0 ? title : `(${unread >= unreadMax ? `${unreadMax - 1}+` : unread}) ${title}`;

const SYSTEM = /^(channel|group)_/;

/** What stands there at the beginning counts as read. */
export function readsOf(ws: Workspace): Reads {
  const until = new Map<string, string>();
  const start = new Map([...ws.channels.values()].map(({ id, messages }) => [id, messages.at(-1)?.ts ?? '']));
  const keyOf = (user: User, channel: Channel) => `${user.id} ${channel.id}`;
  return {
    read: (user, channel) => {
      until.set(keyOf(user, channel), channel.messages.at(-1)?.ts ?? '');
    },
    unread: (user, channel) => {
      const readUntil = until.get(keyOf(user, channel)) ?? start.get(channel.id) ?? '';
      return countFrom(ws, user, channel, readUntil);
    },
  };
}

function countFrom(ws: Workspace, user: User, channel: Channel, readUntil: string): Unread {
  const unread: Unread = { count: 0, isForMe: false };
  for (let at = channel.messages.length - 1; at >= 0 && unread.count < unreadMax; at -= 1) {
    const message = channel.messages[at]!;
    if (message.ts <= readUntil) break;
    if (message.userId === user.id || SYSTEM.test(message.subtype ?? '')) continue;
    unread.count += 1;
    unread.isForMe ||= isFor(ws, user, channel, message);
  }
  return unread;
}

function isFor(ws: Workspace, user: User, channel: Channel, message: Message): boolean {
  if (channel.isIm) return true;
  return mentionsIn(ws, channel, message).some(
    ({ who }) =>
      who === user.id ||
      who === 'channel' ||
      who === 'here' ||
      who === 'everyone' ||
      !!ws.groups.get(who)?.users.includes(user.id),
  );
}
