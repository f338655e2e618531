import { titleOf } from './channel-list.tsx';
import { type SlashCommand, subcommandsOffered } from './commands.ts';
import { peopleIn } from './room.ts';
import type { Scene } from './scene.ts';

/** Where one types into the conversation; instead of it, why one cannot. */
export function Composer({ scene }: { scene: Scene }) {
  const { channel, user } = scene.sight;
  if (!channel) return <div id="composer" />;
  const base = `/as/${user.name}/in/${channel.id}`;
  if (channel.isArchived) {
    return (
      <div id="composer" className="composer">
        <p className="note">This channel is archived: nothing can be written here.</p>
      </div>
    );
  }
  if (!channel.members.has(user.id)) {
    return (
      <div id="composer" className="composer">
        <p>
          You see #{channel.name} from outside.{' '}
          <button type="button" className="primary" hx-post={`${base}/join`} hx-swap="none">
            Join channel
          </button>
        </p>
      </div>
    );
  }
  return (
    <div id="composer" className="composer">
      <TextForm
        scene={scene}
        threadTs={null}
        label={`Message ${channel.isIm ? '' : '#'}${titleOf(scene, channel)}`}
      />
      <Shortcuts scene={scene} />
    </div>
  );
}

/** The same for a thread. Slack takes no slash commands there. */
export function ThreadComposer({ scene, threadTs }: { scene: Scene; threadTs: string }) {
  const { channel, user } = scene.sight;
  if (!channel || channel.isArchived || !channel.members.has(user.id)) return null;
  return (
    <div className="composer">
      <TextForm scene={scene} threadTs={threadTs} label="Reply in thread" />
    </div>
  );
}

function TextForm({ scene, threadTs, label }: { scene: Scene; threadTs: string | null; label: string }) {
  const { channel, user } = scene.sight;
  const id = threadTs === null ? 'compose' : 'compose-reply';
  const listId = `${id}-choices`;
  return (
    <form
      className="compose"
      hx-post={`/as/${user.name}/in/${channel?.id}/send`}
      hx-swap="none"
      autoComplete="off"
    >
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <div id={listId} className="choices" role="listbox" aria-label="Completions" tabIndex={-1} hidden />
      <textarea
        id={id}
        name="text"
        rows={2}
        required
        placeholder={threadTs === null ? `${label}. Try /incident` : label}
        aria-autocomplete="list"
        aria-controls={listId}
        data-compose
      />
      {threadTs === null ? null : <input type="hidden" name="thread" value={threadTs} />}
      <div className="compose-row">
        {threadTs === null ? null : (
          <label>
            <input type="checkbox" name="broadcast" value="yes" /> Also send to the channel
          </label>
        )}
        <span className="note">Enter sends, Shift+Enter makes a new line</span>
        <button type="submit" className="primary">
          Send
        </button>
      </div>
    </form>
  );
}

function Shortcuts({ scene }: { scene: Scene }) {
  const { sight, room } = scene;
  const shortcuts = room.ws.app.shortcuts.filter(({ type }) => type === 'global');
  if (shortcuts.length === 0) return null;
  return (
    <details className="shortcuts">
      <summary>⚡ Shortcuts</summary>
      {shortcuts.map(({ name }) => (
        <button
          key={name}
          type="button"
          hx-post={`/as/${sight.user.name}/in/${sight.channel?.id}/shortcut`}
          hx-vals={JSON.stringify({ name })}
          hx-swap="none"
        >
          {name}
        </button>
      ))}
    </details>
  );
}

/** What the composer completes, for client.js: `/` commands, words after them, `@` people, `#` channels. */
export function completionsFor({ room }: Scene, commands: readonly SlashCommand[]) {
  const { ws } = room;
  return {
    commands: commands.map(({ command, description, usageHint }) => ({
      text: command,
      hint: usageHint,
      about: description,
    })),
    subcommands: subcommandsOffered.map(({ word, does }) => ({ text: word, hint: does })),
    people: [
      ...peopleIn(room.world).map(({ name, realName }) => ({ text: `@${name}`, hint: realName })),
      { text: `@${ws.users.get(ws.app.userId)?.name ?? ''}`, hint: ws.app.displayName },
      ...[...ws.groups.values()].map(({ handle, name }) => ({ text: `@${handle}`, hint: name })),
      { text: '@here', hint: 'everybody in this channel who is active' },
      { text: '@channel', hint: 'everybody in this channel' },
    ],
    channels: [...ws.channels.values()]
      .filter((one) => !one.isIm && !one.isPrivate && !one.isArchived)
      .map(({ name }) => ({ text: `#${name}`, hint: '' })),
  };
}
