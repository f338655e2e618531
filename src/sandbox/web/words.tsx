import type { ReactNode } from 'react';
import { nameOf, readable } from '../render.ts';
import type { User, Workspace } from '../workspace.ts';
import { emojiOf } from './emoji.ts';
import { maySee } from './sight.ts';

const PARTS = /(<[^<>\n]+>|https?:\/\/[^\s<>]+|:[a-z0-9_+-]+:|\n)/g;

/** A message's `text` (mrkdwn): mentions, links, emoji and line breaks. What has blocks is drawn by `Blocks`. */
export function Words({ ws, viewer, text }: { ws: Workspace; viewer: User; text: string }) {
  const parts = text.split(PARTS).filter((part) => part !== '');
  return <>{parts.map((part, at) => partOf(ws, viewer, part, at))}</>;
}

function partOf(ws: Workspace, viewer: User, part: string, key: number): ReactNode {
  if (part === '\n') return <br key={key} />;
  if (part.startsWith('<')) return referenceOf(ws, viewer, part.slice(1, -1), key);
  if (/^https?:/.test(part)) return <Link key={key} url={part} label={part} />;
  if (/^:[^:\s]+:$/.test(part)) return emojiOf(part.slice(1, -1));
  return readable(ws, part);
}

function referenceOf(ws: Workspace, viewer: User, inner: string, key: number): ReactNode {
  const [what = '', label = ''] = inner.split('|');
  if (what.startsWith('@')) {
    const isMe = what.slice(1) === viewer.id;
    return (
      <span key={key} className={isMe ? 'mention mine' : 'mention'}>
        @{label || nameOf(ws, what.slice(1))}
      </span>
    );
  }
  if (what.startsWith('#')) {
    const channel = ws.channels.get(what.slice(1));
    return (
      <a key={key} className="mention" href={`/as/${viewer.name}/in/${what.slice(1)}`}>
        {channel && !maySee(viewer, channel)
          ? '🔒 private channel'
          : `#${channel?.name ?? (label || what.slice(1))}`}
      </a>
    );
  }
  if (/^(https?|mailto):/.test(what)) return <Link key={key} url={what} label={label || what} />;
  return (
    <span key={key} className="mention">
      {readable(ws, `<${inner}>`)}
    </span>
  );
}

function Link({ url, label }: { url: string; label: string }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {label}
    </a>
  );
}
