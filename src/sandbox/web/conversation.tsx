import { renderToStaticMarkup } from 'react-dom/server';
import { repliesTo } from '../messages.ts';
import type { Channel, Ephemeral, Message, User, Workspace } from '../workspace.ts';
import { numberOf } from './blocks.tsx';
import type { Item } from './item-list.ts';
import { EphemeralItem, MessageItem, type MessageProps } from './message.tsx';
import { elementId } from './sight.ts';

/** The newest `last` of a conversation, oldest first, with what only this person sees; replies stand in threads. */
export function conversationItems(ws: Workspace, viewer: User, channel: Channel, last: number): Item[] {
  const props: MessageProps = { ws, viewer, channel, list: 'm' };
  const messages: Message[] = [];
  for (let at = channel.messages.length - 1; at >= 0 && messages.length < last; at -= 1) {
    const message = channel.messages[at]!;
    if (message.threadTs === null || message.isBroadcast) messages.push(message);
  }
  return itemsOf(props, messages.reverse(), (one) => one.threadTs === null);
}

/** How many of the conversation's messages stand before those. */
export function earlierThan(channel: Channel, items: number): number {
  const inThreads = channel.messages.filter((one) => one.threadTs !== null && !one.isBroadcast).length;
  return Math.max(0, channel.messages.length - inThreads - items);
}

/** A message and its replies. */
export function threadItems(ws: Workspace, viewer: User, channel: Channel, root: Message): Item[] {
  const props: MessageProps = { ws, viewer, channel, list: 't' };
  return itemsOf(props, [root, ...repliesTo(channel, root.ts)], (one) => one.threadTs === root.ts);
}

function itemsOf(
  props: MessageProps,
  messages: readonly Message[],
  isHere: (ephemeral: Ephemeral) => boolean,
): Item[] {
  const { ws, viewer, channel, list } = props;
  const pinned = new Set(channel.pins.map(({ ts }) => ts));
  const first = messages[0]?.ts ?? '';
  const shown = messages.map((message) => ({
    ts: message.ts,
    id: elementId(list, message.ts),
    mark: markOf(channel, message, pinned),
    html: () => renderToStaticMarkup(<MessageItem {...props} message={message} />),
  }));
  const own = ws.ephemerals
    .filter((one) => one.channelId === channel.id && one.userId === viewer.id && !one.isDeleted)
    .filter((one) => isHere(one) && one.ts >= first)
    .map((ephemeral) => ({
      ts: ephemeral.ts,
      id: elementId(list, ephemeral.ts),
      mark: `e${ephemeral.version}`,
      html: () => renderToStaticMarkup(<EphemeralItem {...props} ephemeral={ephemeral} />),
    }));
  if (own.length === 0) return shown;
  return [...shown, ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Everything that can change in a message, in a few characters: thousands are compared at each look. */
function markOf(channel: Channel, message: Message, pinned: ReadonlySet<string>): string {
  const { ts, text, blocks, edited, subtype, files, reactions, threadTs } = message;
  const replies = repliesTo(channel, threadTs ?? ts);
  const reacted =
    reactions.size === 0 ? '' : [...reactions].map(([name, users]) => `${name} ${users.join()}`).join();
  return `${numberOf(blocks)} ${edited?.ts ?? ''} ${subtype ?? ''} ${files.length} ${reacted} ${
    pinned.has(ts) ? 'p' : ''
  } ${replies.length} ${replies.at(-1)?.ts ?? ''} ${text}`;
}
