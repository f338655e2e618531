import { findMessage } from '../messages.ts';
import { SITE } from '../pagerduty-events.ts';
import { titleOf, unreadOf } from './channel-list.tsx';
import { Mrkdwn, pagerdutyHere } from './drawn.tsx';
import { firstWords } from './message.tsx';
import type { Scene } from './scene.ts';
import { elementId, hrefTo } from './sight.ts';
import { unreadMax } from './unread.ts';

/** The line over a conversation: name, topic, bookmarks, how many are in it, what is pinned. */
export function Head({ scene }: { scene: Scene }) {
  const { channel } = scene.sight;
  if (!channel) return <HomeHead scene={scene} />;
  const { ws } = scene.room;
  const { user } = scene.sight;
  const details = hrefTo(scene.sight, { side: { kind: 'details' } });
  return (
    <header id="head">
      <h1>
        <ToChannels scene={scene} />
        {channel.isIm ? '' : channel.isPrivate ? '🔒 ' : '# '}
        {titleOf(scene, channel)}
        {channel.isArchived ? <span className="note"> archived</span> : null}
      </h1>
      <div className="topic">
        {channel.topic.value ? (
          <Mrkdwn ws={ws} viewer={user} text={channel.topic.value} />
        ) : (
          <span className="note">No topic</span>
        )}
      </div>
      <ul className="bookmarks">
        <li>
          <a href={details}>
            👥 {channel.members.size}
            <span className="unseen"> members and details</span>
          </a>
        </li>
        {channel.pins.length > 0 ? (
          <li>
            <a href={details}>📌 {channel.pins.length} pinned</a>
          </li>
        ) : null}
        {channel.bookmarks.map(({ id, title, link }) => (
          <li key={id}>
            {link.startsWith(`${SITE}/`) ? (
              <a href={pagerdutyHere}>🔖 {title}</a>
            ) : (
              <a href={link} target="_blank" rel="noreferrer">
                🔖 {title}
              </a>
            )}
          </li>
        ))}
      </ul>
    </header>
  );
}

/** On a phone the channels are away until asked for: how much is unread there stands here. */
function ToChannels({ scene }: { scene: Scene }) {
  const unread = unreadOf(scene);
  return (
    <a className="to-channels" href="#channels">
      <span aria-hidden="true">☰</span>
      <span className="unseen">Channels</span>
      {unread === 0 ? null : (
        <span className="count for-me">
          {unread >= unreadMax ? `${unreadMax - 1}+` : unread}
          <span className="unseen"> unread</span>
        </span>
      )}
    </a>
  );
}

function HomeHead({ scene }: { scene: Scene }) {
  return (
    <header id="head">
      <h1>
        <ToChannels scene={scene} />🏠 {scene.room.ws.app.displayName} Home
      </h1>
      <p className="topic">
        <a
          href={`/as/${scene.sight.user.name}/dm/${scene.room.ws.users.get(scene.room.ws.app.userId)?.name}`}
        >
          Messages
        </a>
      </p>
    </header>
  );
}

/** What stands at the right when one asks about a channel. */
export function Details({ scene }: { scene: Scene }) {
  const { channel, user } = scene.sight;
  const { ws } = scene.room;
  if (!channel) return <p>A Home has no details.</p>;
  const files = [...ws.files.values()].filter((file) => file.channels.includes(channel.id));
  const canvases = [...ws.canvases.values()].filter((one) => one.channelId === channel.id);
  return (
    <div id="side-live">
      <h3>Topic</h3>
      <div>{channel.topic.value ? <Mrkdwn ws={ws} viewer={user} text={channel.topic.value} /> : 'None'}</div>
      <h3>Purpose</h3>
      <div>
        {channel.purpose.value ? <Mrkdwn ws={ws} viewer={user} text={channel.purpose.value} /> : 'None'}
      </div>
      <h3>Pinned</h3>
      <ul>
        {channel.pins.map(({ ts }) => {
          const message = findMessage(channel, ts);
          return message ? (
            <li key={ts}>
              <a href={`#${elementId('m', ts)}`}>{firstWords(ws, message)}</a>
            </li>
          ) : null;
        })}
      </ul>
      <h3>Members</h3>
      <ul>
        {[...channel.members].map((id) => (
          <li key={id}>
            <a href={hrefTo(scene.sight, { side: { kind: 'profile', userId: id } })}>
              {ws.users.get(id)?.realName ?? id}
            </a>
          </li>
        ))}
      </ul>
      <h3>Files</h3>
      <ul>
        {files.map((file) => (
          <li key={file.id}>
            <a href={`/as/${user.name}/files/${file.id}`} target="_blank" rel="noreferrer">
              {file.name}
            </a>
          </li>
        ))}
      </ul>
      {canvases.map((canvas) => (
        <details key={canvas.id}>
          <summary>Canvas: {canvas.title}</summary>
          <pre>{canvas.markdown}</pre>
        </details>
      ))}
    </div>
  );
}
