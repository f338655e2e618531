import { openIm } from './channels.ts';
import { findMessage } from './messages.ts';
import { messageText } from './transcript.ts';
import type { Channel, Message, User, Workspace } from './workspace.ts';

/** Finding things by the words that a person would use. Everything throws, saying what there is, when nothing fits. */

/** The channel with this name or id, else the newest whose name begins so. */
export function channelNamed(ws: Workspace, name: string): Channel {
  const wanted = name.replace(/^#/, '');
  const channels = [...ws.channels.values()].filter(({ isIm }) => !isIm);
  const exact = channels.find((channel) => channel.name === wanted || channel.id === wanted);
  const found = exact ?? channels.filter((channel) => channel.name.startsWith(wanted)).at(-1);
  if (found) return found;
  throw new Error(
    `There is no channel ${name}; there are ${channels.map((one) => `#${one.name}`).join(', ')}`,
  );
}

/** A conversation by id, a channel by name, or `dm`: this person's direct message with the bot. */
export function conversationOf(ws: Workspace, user: User, name: string): Channel {
  const known = ws.channels.get(name);
  if (known) return known;
  return name === 'dm' ? openIm(ws, ws.app.userId, user.id).channel : channelNamed(ws, name);
}

/** Which message: the newest whose text, as people read it, matches; or the one with exactly this `ts`. */
export type Which = RegExp | string;

/** That message; throws with all there are. */
export function messageMatching(ws: Workspace, channel: Channel, which: Which): Message {
  if (typeof which === 'string') return messageAt(channel, which);
  const found = channel.messages.findLast((message) => which.test(messageText(ws, channel, message)));
  if (found) return found;
  const there = channel.messages.map((message) => messageText(ws, channel, message)).join('\n');
  throw new Error(`No message in #${channel.name || 'dm'} matches ${String(which)}; there are\n${there}`);
}

function messageAt(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (message) return message;
  throw new Error(`That message of #${channel.name || 'dm'} is gone (${ts})`);
}

export function userNamed(ws: Workspace, handle: string): User {
  const wanted = handle.replace(/^@/, '');
  for (const user of ws.users.values()) if (user.name === wanted || user.id === wanted) return user;
  throw new Error(
    `There is nobody called ${handle}; there are ${[...ws.users.values()].map((u) => u.name).join(', ')}`,
  );
}
