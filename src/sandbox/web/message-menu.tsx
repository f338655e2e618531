import type { Channel, Message, User, Workspace } from '../workspace.ts';
import { emojiOf } from './emoji.tsx';

/** The first three mean something to the bot. */
const offeredEmoji = ['pushpin', 'star', 'ticket', 'eyes', '+1', 'white_check_mark', 'tada'] as const;

interface MenuProps {
  ws: Workspace;
  viewer: User;
  channel: Channel;
  message: Message;
}

/** What one can do with a message: react, pin, the app's shortcuts, and with one's own: edit and delete. */
export function MessageMenu({ ws, viewer, channel, message }: MenuProps) {
  const base = `/as/${viewer.name}/in/${channel.id}`;
  const values = JSON.stringify({ ts: message.ts });
  const isOwn = message.userId === viewer.id && message.subtype === null;
  const root = message.threadTs ?? message.ts;
  return (
    <>
      <fieldset className="reactions" aria-label="React">
        {offeredEmoji.map((emoji) => (
          <button
            key={emoji}
            type="button"
            aria-label={emoji}
            aria-pressed={message.reactions.get(emoji)?.includes(viewer.id) ?? false}
            title={`:${emoji}:`}
            hx-post={`${base}/react`}
            hx-vals={JSON.stringify({ ts: message.ts, emoji })}
            hx-swap="none"
          >
            {emojiOf(emoji)}
          </button>
        ))}
      </fieldset>
      <a href={`${base}?thread=${root}`}>Reply in thread</a>
      <button type="button" hx-post={`${base}/pin`} hx-vals={values} hx-swap="none">
        Pin to the channel
      </button>
      <Shortcuts ws={ws} base={base} ts={message.ts} />
      {isOwn ? <OwnActs ws={ws} base={base} message={message} /> : null}
    </>
  );
}

function Shortcuts({ ws, base, ts }: { ws: Workspace; base: string; ts: string }) {
  const shortcuts = ws.app.shortcuts.filter(({ type }) => type === 'message');
  return (
    <>
      {shortcuts.map(({ name }) => (
        <button
          key={name}
          type="button"
          hx-post={`${base}/shortcut`}
          hx-vals={JSON.stringify({ ts, name })}
          hx-swap="none"
        >
          {name} <span className="note">{ws.app.displayName}</span>
        </button>
      ))}
    </>
  );
}

function OwnActs({ ws, base, message }: { ws: Workspace; base: string; message: Message }) {
  return (
    <>
      <details>
        <summary>Edit message</summary>
        <form className="stack" hx-post={`${base}/edit`} hx-swap="none">
          <input type="hidden" name="ts" value={message.ts} />
          <label>
            <span className="unseen">New text</span>
            <textarea name="text" rows={3} required defaultValue={typedText(ws, message)} />
          </label>
          <button type="submit" className="primary">
            Save
          </button>
        </form>
      </details>
      <button
        type="button"
        className="danger"
        hx-post={`${base}/delete`}
        hx-vals={JSON.stringify({ ts: message.ts })}
        hx-swap="none"
        hx-confirm="Delete this message?"
      >
        Delete message
      </button>
    </>
  );
}

/** As it was typed: mentions by name, entities as characters. */
function typedText(ws: Workspace, { text }: Message): string {
  return text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${ws.users.get(id)?.name ?? id}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `#${ws.channels.get(id)?.name ?? id}`)
    .replace(/<!subteam\^(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${ws.groups.get(id)?.handle ?? id}`)
    .replace(/<!(here|channel|everyone)>/g, '@$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
