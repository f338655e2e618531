import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { repliesTo } from './messages.ts';
import { clockTime, contentText, nameOf, readable } from './render.ts';
import type { Channel, Message, Workspace } from './workspace.ts';
import { tsToMs } from './workspace.ts';

/** One message as it reads now. `text` begins with its author; Slack's own lines begin with a dash. */
export interface Entry {
  ts: string;
  /** `02:00`, UTC. */
  time: string;
  text: string;
  isReply: boolean;
}

/** A conversation as it is now: edits in place, deleted messages gone, replies under their parents. */
export function entries(ws: Workspace, channel: Channel): Entry[] {
  const entry = (message: Message): Entry => ({
    ts: message.ts,
    time: clockTime(tsToMs(message.ts)),
    text: messageText(ws, channel, message),
    isReply: message.threadTs !== null,
  });
  return channel.messages
    .filter((message) => message.threadTs === null)
    .flatMap((message) => [message, ...repliesTo(channel, message.ts)].map(entry));
}

/** The same as text: `[02:00] Tocsin: first line`, further lines and replies indented. */
export function transcript(ws: Workspace, channel: Channel): string {
  return entries(ws, channel)
    .map(({ time, text, isReply }) => {
      const indent = isReply ? '    ' : '';
      const start = `[${time}] `;
      return `${indent}${start}${text.split('\n').join(`\n${indent}${' '.repeat(start.length)}`)}`;
    })
    .join('\n');
}

const SYSTEM = /^(channel|group)_/;

/** A message with its author and marks, without its time. */
export function messageText(ws: Workspace, channel: Channel, message: Message): string {
  const author = message.username ?? nameOf(ws, message.userId);
  if (message.subtype && SYSTEM.test(message.subtype)) return `— ${systemText(ws, message, author)}`;
  const files = message.files.map((file) => `(file: ${textAt(file, 'title') || textAt(file, 'name')})`);
  const content = [contentText(ws, message), ...files].filter(Boolean).join('\n');
  return `${author}: ${content}${marks(ws, channel, message)}`;
}

function systemText(ws: Workspace, message: Message, author: string): string {
  const words = /_join$/.test(message.subtype ?? '')
    ? 'joined'
    : /_leave$/.test(message.subtype ?? '')
      ? 'left'
      : readable(ws, message.text);
  return `${author} ${words}`;
}

function marks(ws: Workspace, channel: Channel, message: Message): string {
  const reactions = [...message.reactions].map(
    ([name, users]) => ` :${name}: ${users.map((user) => nameOf(ws, user)).join(', ')}`,
  );
  return [
    message.edited ? ' (edited)' : '',
    message.isBroadcast ? ' (also sent to the channel)' : '',
    channel.pins.some(({ ts }) => ts === message.ts) ? ' (pinned)' : '',
    ...reactions,
  ].join('');
}

/** A modal or Home tab in text: title, blocks, inputs with what stands in them, buttons. */
export function viewText(body: Json, blockTexts: string[]): string {
  const title = textAt(body.title, 'text');
  const submit = textAt(body.submit, 'text');
  const close = textAt(body.close, 'text');
  const buttons = [submit, close].filter(Boolean).map((label) => `[${label}]`);
  return [title ? `## ${title}` : '', ...blockTexts, buttons.join(' ')].filter(Boolean).join('\n');
}
