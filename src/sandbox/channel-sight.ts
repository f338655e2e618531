import { findMessage } from './messages.ts';
import { canvasesIn } from './methods/canvases.ts';
import { contentText, nameOf } from './render.ts';
import type { Entry } from './transcript.ts';
import { entries, transcript } from './transcript.ts';
import type { Channel, Message, Workspace } from './workspace.ts';

/** A channel as somebody with open eyes sees it now. */
export interface ChannelSight {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly purpose: string;
  /** Handles, in the order in which they came. */
  readonly members: string[];
  readonly bookmarks: { title: string; link: string }[];
  /** Texts of the pinned messages. */
  readonly pins: string[];
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly messages: readonly Message[];
  /** Files shared here, with what is in them. */
  readonly files: { name: string; content: string }[];
  /** The canvases among its tabs. */
  readonly canvases: { title: string; markdown: string; access: 'read' | 'write' }[];
  /** The messages as they read now, replies after their parents. */
  entries(): Entry[];
  transcript(): string;
}

export function channelSight(ws: Workspace, channel: Channel): ChannelSight {
  return {
    id: channel.id,
    name: channel.name,
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    members: [...channel.members].map((id) => ws.users.get(id)?.name ?? nameOf(ws, id)),
    bookmarks: channel.bookmarks.map(({ title, link }) => ({ title, link })),
    pins: channel.pins.flatMap(({ ts }) => {
      const message = findMessage(channel, ts);
      return message ? [contentText(ws, message)] : [];
    }),
    isPrivate: channel.isPrivate,
    isArchived: channel.isArchived,
    messages: channel.messages,
    files: [...ws.files.values()]
      .filter(({ channels }) => channels.includes(channel.id))
      .map(({ name, content }) => ({ name, content: content?.toString('utf8') ?? '' })),
    canvases: canvasesIn(ws, channel.id).map(({ title, markdown, access }) => ({ title, markdown, access })),
    entries: () => entries(ws, channel),
    transcript: () => transcript(ws, channel),
  };
}
