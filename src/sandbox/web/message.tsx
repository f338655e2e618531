import type { ReactNode } from 'react';
import { textAt } from '../json.ts';
import { repliesTo } from '../messages.ts';
import type { Place } from '../payloads.ts';
import { nameOf, readable } from '../render.ts';
import type { Channel, Ephemeral, Message, User, Workspace } from '../workspace.ts';
import { tsToMs } from '../workspace.ts';
import { Blocks } from './blocks.tsx';
import { Mrkdwn } from './drawn.tsx';
import { emojiOf } from './emoji.tsx';
import { FileCard } from './file.tsx';
import { elementId } from './sight.ts';
import { Time } from './time.tsx';

export interface MessageProps {
  ws: Workspace;
  viewer: User;
  channel: Channel;
  /** The conversation, or the thread at its side. */
  list: 'm' | 't';
}

const SYSTEM = /^(channel|group)_/;

/** One message of a list, as Slack shows it. */
export function MessageItem({ message, ...props }: MessageProps & { message: Message }) {
  const { ws, channel, list } = props;
  if (SYSTEM.test(message.subtype ?? '')) return <SystemLine {...props} message={message} />;
  const isPinned = channel.pins.some(({ ts }) => ts === message.ts);
  return (
    <li id={elementId(list, message.ts)} className={isPinned ? 'message pinned' : 'message'}>
      <Avatar ws={ws} userId={message.userId} name={authorOf(ws, message)} />
      <div className="message-body">
        <Head {...props} message={message}>
          {isPinned ? <span className="note">📌 Pinned</span> : null}
          {message.isBroadcast ? <span className="note">{broadcastNote(list)}</span> : null}
        </Head>
        <Content {...props} message={message} />
        <Reactions {...props} message={message} />
        {list === 'm' ? <ThreadLink {...props} message={message} /> : null}
      </div>
      <Tools {...props} message={message} />
    </li>
  );
}

const broadcastNote = (list: 'm' | 't'): string =>
  list === 'm' ? 'replied to a thread' : 'also sent to the channel';

function SystemLine({ ws, viewer, list, message }: MessageProps & { message: Message }) {
  const joined = /_join$/.test(message.subtype ?? '');
  const words = joined ? 'joined' : /_leave$/.test(message.subtype ?? '') ? 'left' : null;
  return (
    <li id={elementId(list, message.ts)} className="message system">
      <span className="message-body">
        <b>{nameOf(ws, message.userId)}</b> {words ?? <Mrkdwn ws={ws} viewer={viewer} text={message.text} />}{' '}
        <Time at={tsToMs(message.ts)} tz={viewer.tz} />
      </span>
    </li>
  );
}

/** The name over a message. */
export function authorOf(ws: Workspace, message: Message): string {
  if (message.username) return message.username;
  if (message.userId === 'USLACKBOT') return 'Slackbot';
  return ws.users.get(message.userId ?? '')?.realName ?? nameOf(ws, message.userId);
}

export function Avatar({ ws, userId, name }: { ws: Workspace; userId: string | null; name: string }) {
  const isApp = userId === null || userId === ws.app.userId;
  const hue = (name.charCodeAt(0) * 37 + name.charCodeAt(name.length - 1) + name.length) % 8;
  return (
    <span className={isApp ? 'avatar app' : `avatar hue-${hue}`} aria-hidden="true">
      {userId === ws.app.userId ? '🔔' : name.charAt(0).toUpperCase()}
    </span>
  );
}

function Head({
  ws,
  viewer,
  channel,
  message,
  children,
}: MessageProps & { message: Message; children?: ReactNode }) {
  const isApp = message.botId !== null;
  const name = authorOf(ws, message);
  const isKnown = ws.users.has(message.userId ?? '');
  return (
    <div className="message-head">
      {isKnown ? (
        <a className="author" href={`/as/${viewer.name}/in/${channel.id}?profile=${message.userId}`}>
          {name}
        </a>
      ) : (
        <span className="author">{name}</span>
      )}
      {isApp ? <span className="badge">APP</span> : null}
      <Time at={tsToMs(message.ts)} tz={viewer.tz} />
      {children}
    </div>
  );
}

function Content({ ws, viewer, channel, message }: MessageProps & { message: Message }) {
  const place: Place = { kind: 'message', channel, message };
  return (
    <div className="content">
      {message.blocks.length > 0 ? (
        <Blocks ws={ws} viewer={viewer} place={place} blocks={message.blocks} />
      ) : (
        <Mrkdwn ws={ws} viewer={viewer} text={message.text} />
      )}
      {message.edited ? <span className="note"> (edited)</span> : null}
      {message.files.map((file) => (
        <FileCard key={textAt(file, 'id')} ws={ws} viewer={viewer} place={place} file={file} />
      ))}
    </div>
  );
}

function Reactions({ ws, viewer, channel, message }: MessageProps & { message: Message }) {
  if (message.reactions.size === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {[...message.reactions].map(([name, users]) => (
        <li key={name}>
          <button
            type="button"
            aria-pressed={users.includes(viewer.id)}
            title={`:${name}: ${users.map((user) => nameOf(ws, user)).join(', ')}`}
            hx-post={`/as/${viewer.name}/in/${channel.id}/react`}
            hx-vals={JSON.stringify({ ts: message.ts, emoji: name })}
            hx-swap="none"
          >
            <span aria-hidden="true">{emojiOf(name)}</span>
            <span className="unseen">{name} </span> {users.length}
          </button>
        </li>
      ))}
    </ul>
  );
}

function ThreadLink({ viewer, channel, message }: MessageProps & { message: Message }) {
  const root = message.threadTs ?? message.ts;
  const replies = repliesTo(channel, root);
  const last = replies.at(-1);
  if (!last) return null;
  const words = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return (
    <a className="thread-link" href={`/as/${viewer.name}/in/${channel.id}?thread=${root}`}>
      {words}{' '}
      <span className="note">
        last at <Time at={tsToMs(last.ts)} tz={viewer.tz} />
      </span>
    </a>
  );
}

/** Plain buttons: client.js opens one menu for all messages, as thousands of them stand on a page. */
function Tools({ ws, viewer, channel, list, message }: MessageProps & { message: Message }) {
  if (message.subtype === 'tombstone') return null;
  const whose = `${authorOf(ws, message)}'s message`;
  const root = message.threadTs ?? message.ts;
  return (
    <div className="tools">
      {list === 'm' && !channel.isArchived ? (
        <a
          href={`/as/${viewer.name}/in/${channel.id}?thread=${root}`}
          aria-label={`Reply in thread to ${whose}`}
          title="Reply in thread"
        >
          💬
        </a>
      ) : null}
      <button
        type="button"
        aria-label={`More actions for ${whose}`}
        title="More actions"
        aria-haspopup="dialog"
        data-menu={`/as/${viewer.name}/in/${channel.id}/menu/${message.ts}`}
      >
        ⋯
      </button>
    </div>
  );
}

/** A message that only this person sees. */
export function EphemeralItem({
  ws,
  viewer,
  channel,
  list,
  ephemeral,
}: MessageProps & { ephemeral: Ephemeral }) {
  const place: Place = { kind: 'ephemeral', channel, ephemeral };
  return (
    <li id={elementId(list, ephemeral.ts)} className="message ephemeral">
      <Avatar ws={ws} userId={ws.app.userId} name={ws.app.displayName} />
      <div className="message-body">
        <div className="message-head">
          <span className="author">{ws.app.displayName}</span>
          <span className="badge">APP</span>
          <Time at={tsToMs(ephemeral.ts)} tz={viewer.tz} />
          <span className="note">👁 Only visible to you</span>
        </div>
        <div className="content">
          {ephemeral.blocks.length > 0 ? (
            <Blocks ws={ws} viewer={viewer} place={place} blocks={ephemeral.blocks} />
          ) : (
            <Mrkdwn ws={ws} viewer={viewer} text={ephemeral.text} />
          )}
        </div>
      </div>
      <div className="tools">
        <button
          type="button"
          aria-label="Dismiss this message"
          title="Dismiss"
          hx-post={`/as/${viewer.name}/in/${channel.id}/dismiss`}
          hx-vals={JSON.stringify({ ts: ephemeral.ts })}
          hx-swap="none"
        >
          ✕
        </button>
      </div>
    </li>
  );
}

/** One line for lists of pins: who and the beginning of what was said. */
export function firstWords(ws: Workspace, message: Message): string {
  return `${authorOf(ws, message)}: ${readable(ws, message.text).split('\n')[0] ?? ''}`;
}
